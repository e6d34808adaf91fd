"""What subscriptions remember in a service's database: where they stand, what is parked, what was sent."""

from typing import Final

from sqlalchemy import BigInteger, Column, Connection, Index, Integer, LargeBinary, MetaData, Table, Text, text

from shared import row_security
from shared.eventlog.schema import APP_ROLE

TABLES: Final = MetaData()

CHECKPOINT: Final = Table(
    "checkpoint",
    TABLES,
    Column("subscription", Text, primary_key=True),
    Column("source", Text, primary_key=True),  # the log's name
    Column("incarnation", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("kafka_partition", Integer),
    Column("kafka_offset", BigInteger),
    Column("updated_at", BigInteger, nullable=False),  # microseconds since 1970 UTC
)

# A pointer, never a copy: what is requeued is read again from its log, with today's code and today's erasures.
DEAD_LETTER: Final = Table(
    "dead_letter",
    TABLES,
    Column("subscription", Text, primary_key=True),
    Column("source", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("event_id", Text, nullable=False),  # a restored log may hold another event there
    Column("stream", Text, nullable=False),
    Column("type", Text, nullable=False),
    Column("keys", Text, nullable=False),  # sequence keys, one a line
    Column("error", Text, nullable=False),  # what failed, as `faults.said` puts it, or that it only waits behind another
    Column("attempts", Integer, nullable=False),
    Column("first_at", BigInteger, nullable=False),
    Column("state", Text, nullable=False),  # parked | requeued | discarded
    Column("reason", Text),  # code of a discard
    Column("decided_at", BigInteger),
    Column("decided_by", Text),  # id of whoever requeued or discarded it
    Index("dead_letter_state", "subscription", "state"),
)

PROJECTION: Final = Table(
    "projection",
    TABLES,
    Column("name", Text, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("tables", Text, nullable=False),  # names, separated by blanks
)

LEDGER: Final = Table(
    "ledger",
    TABLES,
    Column("subscription", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("recipient", Text, primary_key=True),
    Column("channel", Text, primary_key=True),
    Column("state", Text, nullable=False),  # sending | sent
    Column("at", BigInteger, nullable=False),
)


def create(connection: Connection) -> None:
    """Make the tables; the application's role may use them, and make tables of its own for read models."""
    TABLES.create_all(connection)
    if connection.dialect.name == "postgresql":
        names = ", ".join(TABLES.tables)
        connection.execute(text(f"grant select, insert, update, delete on {names} to {APP_ROLE}"))
        connection.execute(text(f"grant usage, create on schema public to {APP_ROLE}"))
    row_security.install(connection)


def drop(connection: Connection) -> None:
    """Undo `create`."""
    row_security.remove(connection)
    TABLES.drop_all(connection)
