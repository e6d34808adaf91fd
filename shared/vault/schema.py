"""The vault's tables."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Connection, Identity, Index, Integer, LargeBinary, MetaData, Table, Text, text
from sqlalchemy.dialects.postgresql import ARRAY

from shared.eventlog.schema import APP_ROLE

TABLES: Final = MetaData()
_NUMBER: Final = BigInteger().with_variant(Integer, "sqlite")  # only an INTEGER numbers SQLite's rows by itself

RECORD: Final = Table(
    "record",
    TABLES,
    Column("n", _NUMBER, Identity(), primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("ref", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("person", Text),  # whose key wraps its key, inside the master key's wrapping
    Column("master", Text, nullable=False),  # the master key that wraps its key, and keys its search tokens
    Column("wrapped_key", LargeBinary),  # none: erased
    Column("sealed", LargeBinary),
    # Search tokens, sorted, none where it is not searchable; on SQLite packed, 8 bytes each, and indexed by `token`.
    Column("tokens", LargeBinary().with_variant(ARRAY(BigInteger), "postgresql")),
    Column("command_id", Text, nullable=False),
    Column("stored_at", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Column("kept", Boolean, nullable=False),  # something refers to it for sure: not swept
    Column("doubted_at", BigInteger),  # when a sweep first found nothing that refers to it
    Column("erased_at", BigInteger),
    Index("record_ref", "tenant", "ref", unique=True),
)
Index(
    "record_person",
    RECORD.c.tenant,
    RECORD.c.person,
    postgresql_where=RECORD.c.person.is_not(None),
    sqlite_where=RECORD.c.person.is_not(None),
)
Index(
    "record_loose",
    RECORD.c.tenant,
    RECORD.c.stored_at,
    postgresql_where=RECORD.c.kept.is_(False),
    sqlite_where=RECORD.c.kept.is_(False),
)
# Tokens gather in a short list that is merged into the index when full: the writer who fills it waits for the merging.
Index("record_tokens", RECORD.c.tokens, postgresql_using="gin", postgresql_with={"gin_pending_list_limit": 1024}).ddl_if(
    dialect="postgresql"
)

# SQLite only; PostgreSQL indexes the array itself.
TOKEN: Final = Table(
    "token",
    TABLES,
    Column("token", Integer, primary_key=True, autoincrement=False),
    Column("n", Integer, primary_key=True),  # of the record
    sqlite_with_rowid=False,
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

# A put holds the row of its master key; a rotation retires the row first, so that nothing is wrapped under a dying key.
MASTER: Final = Table(
    "master",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("begun_at", BigInteger, nullable=False),
    Column("retired_at", BigInteger),
)

ACCESS: Final = Table(
    "access",
    TABLES,
    Column("id", _NUMBER, Identity(), primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("reader", Text, nullable=False),
    Column("purpose", Text, nullable=False),
    Column("refs", Text, nullable=False),  # separated by blanks
    Index("access_at", "tenant", "at"),
    Index("access_reader", "tenant", "reader", "at"),
)

ERASURE: Final = Table(
    "erasure",
    TABLES,
    Column("id", _NUMBER, Identity(), primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("subject", Text, nullable=False),  # a reference, or a person
    Column("records", Integer, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("masters", Text, nullable=False),  # the master keys of its day, separated by blanks
    Index("erasure_subject", "tenant", "subject"),
)

# Without row security: they hold what is sealed, rotation wraps all tenants' texts or would destroy a key that another
# needs, and an index of tokens is no use beneath a policy (`@>` may tell of rows that it hides).
OPEN_TO_ALL_TENANTS: Final = ("record", "person", "master")
_REWRITTEN: Final = "record, person, master"
_ADDED: Final = "access, erasure"


def create(connection: Connection) -> None:
    """Make the tables; the application's role adds to the access log and the erasures, and can change or delete neither."""
    postgres = connection.dialect.name == "postgresql"
    TABLES.create_all(connection, tables=[table for table in TABLES.sorted_tables if not (postgres and table is TOKEN)])
    if postgres:
        connection.execute(text(f"grant select, insert, update, delete on {_REWRITTEN} to {APP_ROLE}"))
        connection.execute(text(f"grant select, insert on {_ADDED} to {APP_ROLE}"))
        if (connection.dialect.server_version_info or ()) >= (17,):
            connection.execute(text(f"grant maintain on record, person to {APP_ROLE}"))  # to vacuum what was erased


def drop(connection: Connection) -> None:
    """Undo `create`."""
    TABLES.drop_all(connection)
