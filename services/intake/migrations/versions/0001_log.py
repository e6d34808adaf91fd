"""The log of the service, what its subscriptions remember, how far its feeds have come. Runs before the code that needs it."""

from alembic import op

from services.intake.readmodel import feeds as items
from shared.eventlog import schema as log
from shared.feeds import tables as feeds
from shared.subscriptions import schema as subscriptions

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    connection = op.get_bind()
    log.create(connection)
    subscriptions.create(connection)
    feeds.create(connection)
    items.create(connection)


def downgrade() -> None:
    connection = op.get_bind()
    items.drop(connection)
    feeds.drop(connection)
    subscriptions.drop(connection)
    log.drop(connection)
