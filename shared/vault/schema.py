"""The vault's tables."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, LargeBinary, MetaData, Table, Text, text

from shared.eventlog.schema import APP_ROLE

TABLES: Final = MetaData()

RECORD: Final = Table(
    "record",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Column("purpose", Text, nullable=False),
    Column("person", Text),  # whose key wraps its key; none: the master key does
    Column("master", Text),  # the master key that wraps its key; none where a person's does
    Column("wrapped_key", LargeBinary),  # none: erased
    Column("sealed", LargeBinary),
    Column("command_id", Text, nullable=False),
    Column("stored_at", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Column("kept", Boolean, nullable=False),  # known to stand in a log, or kept for another reason: not swept
    Column("erased_at", BigInteger),
    Index("record_person", "tenant", "person"),
    Index("record_stored", "tenant", "kept", "stored_at"),
    Index("record_master", "tenant", "master"),
)

PERSON: Final = Table(
    "person",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Column("master", Text, nullable=False),
    Column("wrapped_key", LargeBinary),  # none: destroyed, and nothing can be sealed for this person again
    Column("erased_at", BigInteger),
)

TOKEN: Final = Table(
    "token",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("token", Text, primary_key=True),
    Column("ref", Text, primary_key=True),
    Index("token_ref", "tenant", "ref"),
)

ACCESS: Final = Table(
    "access",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("reader", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("refs", Text, nullable=False),  # separated by blanks
    Index("access_at", "tenant", "at"),
)


def create(connection: Connection) -> None:
    """Make the tables; the application's role adds to the access log and can neither change nor delete it."""
    TABLES.create_all(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"grant select, insert, update, delete on record, person, token to {APP_ROLE}"))
        connection.execute(text(f"grant select, insert on access to {APP_ROLE}"))
        if (connection.dialect.server_version_info or ()) >= (17,):
            connection.execute(text(f"grant maintain on record, person, token to {APP_ROLE}"))  # to vacuum what was erased


def drop(connection: Connection) -> None:
    """Undo `create`."""
    TABLES.drop_all(connection)
