"""What the feeds remember in a service's database: how far its log was published, how far foreign topics were read."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

FEED_TABLES: Final = MetaData()

RELAY_CURSOR: Final = Table(
    "relay_cursor",
    FEED_TABLES,
    Column("log", Text, primary_key=True),
    Column("incarnation", Text, nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

# `offset` is a word of SQL.
FOREIGN_POSITION: Final = Table(
    "foreign_position",
    FEED_TABLES,
    Column("consumer", Text, primary_key=True),
    Column("topic", Text, primary_key=True),
    Column("partition", Integer, primary_key=True),
    Column("next_offset", BigInteger, nullable=False),
)
