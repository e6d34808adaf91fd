"""What was read and erased is held to the tenant of a connection; texts are not (`schema.OPEN_TO_ALL_TENANTS`)."""

from alembic import op

from shared import row_security
from shared.vault import schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    row_security.guard(op.get_bind(), but=schema.OPEN_TO_ALL_TENANTS)


def downgrade() -> None:
    row_security.unguard(op.get_bind())
