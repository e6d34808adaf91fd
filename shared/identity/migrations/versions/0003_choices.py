"""What people choose for themselves about their pages."""

from alembic import op

from shared.identity import schema

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.create_choices(op.get_bind())


def downgrade() -> None:
    schema.drop_choices(op.get_bind())
