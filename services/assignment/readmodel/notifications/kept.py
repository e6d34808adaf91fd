"""What no log says of notices: who has looked, how he is reached, which addresses his calendar has, what was mailed.

Instants are microseconds since 1970 UTC. An address of mail lies in the vault under its person; of a secret only a hash is kept.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, Integer, LargeBinary, MetaData, String, Table, text

from shared.eventlog.schema import APP_ROLE

KEPT: Final = MetaData()

# Up to which position of the log somebody has looked at a case or a piece of work.
notice_seen: Final = Table(
    "notice_seen",
    KEPT,
    Column("tenant", String(40), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("opens", String(100), primary_key=True),
    Column("position", BigInteger, nullable=False),
)

notice_reach: Final = Table(
    "notice_reach",
    KEPT,
    Column("tenant", String(40), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("address", String(32), nullable=False),  # a reference into the vault
    Column("mail", Boolean, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
)

notice_calendar: Final = Table(
    "notice_calendar",
    KEPT,
    Column("secret_hash", LargeBinary, primary_key=True),  # SHA-256
    Column("id", String(32), nullable=False),
    Column("tenant", String(40), nullable=False),
    Column("person", String(40), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Index("notice_calendar_person", "tenant", "person"),
)

# What goes out by mail: the ledger of the dispatch enters each once, and here it waits for its hour.
notice_mail: Final = Table(
    "notice_mail",
    KEPT,
    Column("tenant", String(40), primary_key=True),
    Column("event", String(32), primary_key=True),
    Column("person", String(40), primary_key=True),
    Column("opens", String(100), nullable=False),
    Column("kind", String(20), nullable=False),
    Column("due_day", String(10), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("state", String(10), nullable=False),  # queued | sent | failed | dropped
    Column("letter", String(64)),  # which letter tells of it: settled before the first try, so that a second one is the same
    Column("send_at", BigInteger, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("queued_at", BigInteger, nullable=False),
    Column("settled_at", BigInteger),
    Index("notice_mail_next", "tenant", "state", "send_at"),
    Index("notice_mail_of", "tenant", "person", "opens"),
)


def create(connection: Connection) -> None:
    """Make the tables; the application's role may use them."""
    KEPT.create_all(connection)
    if connection.dialect.name == "postgresql":
        names = ", ".join(KEPT.tables)
        connection.execute(text(f"grant select, insert, update, delete on {names} to {APP_ROLE}"))


def drop(connection: Connection) -> None:
    """Undo `create`."""
    KEPT.drop_all(connection)
