"""Posts are taken away from accounts."""

from alembic import op

from shared.identity import schema

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    schema.let_posts_go(op.get_bind())


def downgrade() -> None:
    schema.keep_posts(op.get_bind())
