"""Rows are held to the tenant of a connection (`row_security`); read models are the owner's, and logs their tenant's."""

from alembic import op

from shared import row_security
from shared.eventlog import schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    row_security.install(connection)
    row_security.take_over(connection)
    row_security.guard(connection)
    schema.renew_append(connection)


def downgrade() -> None:
    row_security.unguard(op.get_bind())
