"""What people have looked at, how they are reached, the addresses of their calendars, and what was mailed."""

from alembic import op

from services.assignment.readmodel.notifications import kept

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept.create(op.get_bind())


def downgrade() -> None:
    kept.drop(op.get_bind())
