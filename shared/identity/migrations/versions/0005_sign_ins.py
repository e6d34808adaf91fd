"""Second steps, accounts at the provider of the province, the trail of sign-ins."""

from alembic import op

from shared.identity import schema

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.create_sign_ins(op.get_bind())


def downgrade() -> None:
    schema.drop_sign_ins(op.get_bind())
