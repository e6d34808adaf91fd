"""Accounts of people, the posts they act from, and their sessions in the browser."""

from alembic import op

from shared.identity import schema

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.create_accounts(op.get_bind())


def downgrade() -> None:
    schema.drop_accounts(op.get_bind())
