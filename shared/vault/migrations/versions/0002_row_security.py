"""Rows are held to the tenant of a connection (`row_security`)."""

from alembic import op

from shared import row_security

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_security.guard(op.get_bind())


def downgrade() -> None:
    row_security.unguard(op.get_bind())
