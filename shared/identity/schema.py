"""The tables of the database `access`."""

from typing import Final

from sqlalchemy import BigInteger, Column, Connection, LargeBinary, MetaData, Table, Text, text

from shared.eventlog.schema import APP_ROLE

TABLES: Final = MetaData()

ACCESS_TOKEN: Final = Table(
    "access_token",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("secret_hash", LargeBinary, nullable=False),  # SHA-256; the secret is shown once and kept nowhere
    Column("tenant", Text, nullable=False),
    Column("person", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("capacities", Text, nullable=False),  # role codes, separated by blanks
    Column("created_at", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("used_at", BigInteger),
)


def create(connection: Connection) -> None:
    """Make the tables."""
    TABLES.create_all(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"grant select, insert, update on access_token to {APP_ROLE}"))


def drop(connection: Connection) -> None:
    """Undo `create`."""
    TABLES.drop_all(connection)
