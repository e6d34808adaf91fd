"""The tables of the database `access`. Instants are microseconds since 1970 UTC; of a secret only a hash is kept."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, LargeBinary, MetaData, Table, Text, text

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
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("revoked_at", BigInteger),
    Column("used_at", BigInteger),
)

ACCOUNT: Final = Table(
    "account",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("name", Text, primary_key=True),  # what is typed to sign in: an id, not the name of a person
    Column("person", Text, nullable=False),
    Column("password", Text, nullable=False),  # argon2id
    Column("must_change", Boolean, nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("locked_at", BigInteger),
)

ACCOUNT_POST: Final = Table(
    "account_post",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("office", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("capacities", Text, nullable=False),  # as of a token
)

ACCOUNT_CHOICE: Final = Table(
    "account_choice",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("single_keys", Boolean, nullable=False),  # whether single letters press what a page offers (WCAG 2.1.4)
)

WEB_SESSION: Final = Table(
    "web_session",
    TABLES,
    Column("id", Text, primary_key=True),  # SHA-256 of the secret in the cookie, in hexadecimal digits
    Column("tenant", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("office", Text, nullable=False),  # the post that is acted from
    Column("unit", Text, nullable=False),
    Column("begun_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),
    Index("web_session_account", "tenant", "name"),
)

ACCOUNTS: Final = (ACCOUNT, ACCOUNT_POST, WEB_SESSION)


def create(connection: Connection) -> None:
    """Make the table of tokens, with which this database began."""
    TABLES.create_all(connection, tables=[ACCESS_TOKEN])
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"grant select, insert, update on access_token to {APP_ROLE}"))


def drop(connection: Connection) -> None:
    """Undo `create`."""
    TABLES.drop_all(connection, tables=[ACCESS_TOKEN])


def create_accounts(connection: Connection) -> None:
    """Make the tables of accounts and their sessions; sessions that are over are cleared away."""
    TABLES.create_all(connection, tables=list(ACCOUNTS))
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"grant select, insert, update on account, account_post to {APP_ROLE}"))
        connection.execute(text(f"grant select, insert, update, delete on web_session to {APP_ROLE}"))


def drop_accounts(connection: Connection) -> None:
    """Undo `create_accounts`."""
    TABLES.drop_all(connection, tables=list(ACCOUNTS))


def create_choices(connection: Connection) -> None:
    """Make the table of what people choose for themselves."""
    TABLES.create_all(connection, tables=[ACCOUNT_CHOICE])
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"grant select, insert, update on account_choice to {APP_ROLE}"))


def drop_choices(connection: Connection) -> None:
    """Undo `create_choices`."""
    TABLES.drop_all(connection, tables=[ACCOUNT_CHOICE])


def let_posts_go(connection: Connection) -> None:
    """Let the application take a post away from an account."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"grant delete on account_post to {APP_ROLE}"))


def keep_posts(connection: Connection) -> None:
    """Undo `let_posts_go`."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"revoke delete on account_post from {APP_ROLE}"))
