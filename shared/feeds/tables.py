"""What the feeds remember in a service's database: how far its log was published, how far foreign topics were read."""

from typing import Final

from sqlalchemy import BigInteger, Column, Connection, Integer, LargeBinary, MetaData, Table, Text

from shared.eventlog.schema import APP_ROLE

FEED_TABLES: Final = MetaData()

RELAY_CURSOR: Final = Table(
    "relay_cursor",
    FEED_TABLES,
    Column("log", Text, primary_key=True),
    Column("incarnation", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# The name `offset` alone would be a word of SQL.
FOREIGN_POSITION: Final = Table(
    "foreign_position",
    FEED_TABLES,
    Column("consumer", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
)


def create(connection: Connection) -> None:
    """Make the tables; on PostgreSQL the application's role may read and write them."""
    FEED_TABLES.create_all(connection)
    if connection.dialect.name == "postgresql":
        for table in FEED_TABLES.sorted_tables:
            connection.exec_driver_sql(f"grant select, insert, update on {table.name} to {APP_ROLE}")


def drop(connection: Connection) -> None:
    """Undo `create`."""
    FEED_TABLES.drop_all(connection)
