"""The tables of the database `access`. Instants are microseconds since 1970 UTC; of a secret only a hash is kept."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Connection, Index, LargeBinary, MetaData, Table, Text, inspect, text

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
    Column("by_provider", Boolean),  # begun by the province's sign-in, not by a password of ours; unknown of the oldest
    Index("web_session_account", "tenant", "name"),
)

ACCOUNT_CODE: Final = Table(
    "account_code",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("secret", Text, nullable=False),  # of the authenticator app, sealed
    Column("last_step", BigInteger, nullable=False),  # the latest that a code was taken of: none is taken twice
    Column("begun_at", BigInteger, nullable=False),
    Column("confirmed_at", BigInteger),  # from when on it is asked for
)

ACCOUNT_RECOVERY: Final = Table(
    "account_recovery",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("code_hash", Text, primary_key=True),  # HMAC-SHA256 under the installation's key
    Column("used_at", BigInteger),
)

ACCOUNT_SUBJECT: Final = Table(
    "account_subject",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("issuer", Text, primary_key=True),
    Column("subject", Text, primary_key=True),  # as the provider calls a person: an id that it gives to no other
    Column("name", Text, nullable=False),
    Column("linked_at", BigInteger, nullable=False),
    Index("account_subject_name", "tenant", "issuer", "name", unique=True),
)

SIGN_IN: Final = Table(
    "sign_in",
    TABLES,
    Column("id", Text, primary_key=True),
    Column("tenant", Text, nullable=False),
    Column("name", Text, nullable=False),  # empty where no account has the name that was typed
    Column("at", BigInteger, nullable=False),
    Column("place", Text, nullable=False),  # a network
    Column("how", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Index("sign_in_name", "tenant", "name", "at"),
    Index("sign_in_at", "tenant", "at"),
)

USED_ONCE: Final = Table(
    "used_once",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("id", Text, primary_key=True),  # SHA-256 of what opens once
    Column("until", BigInteger, nullable=False),  # then it opens nothing anyway
)

SIGN_INS: Final = (ACCOUNT_CODE, ACCOUNT_RECOVERY, ACCOUNT_SUBJECT, SIGN_IN, USED_ONCE)

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


def create_sign_ins(connection: Connection) -> None:
    """Make the tables of second steps, of accounts at the province's provider and of the trail of sign-ins."""
    TABLES.create_all(connection, tables=list(SIGN_INS))
    if not _by_provider(connection):  # a database that begins today was given the column with its table
        connection.execute(text("alter table web_session add column by_provider boolean"))
    if connection.dialect.name == "postgresql":
        names = ", ".join(table.name for table in SIGN_INS)
        connection.execute(text(f"grant select, insert, update, delete on {names} to {APP_ROLE}"))


def drop_sign_ins(connection: Connection) -> None:
    """Undo `create_sign_ins`."""
    TABLES.drop_all(connection, tables=list(SIGN_INS))
    if _by_provider(connection):
        connection.execute(text("alter table web_session drop column by_provider"))


def _by_provider(connection: Connection) -> bool:
    return any(column["name"] == "by_provider" for column in inspect(connection).get_columns("web_session"))


def let_posts_go(connection: Connection) -> None:
    """Let the application take a post away from an account."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"grant delete on account_post to {APP_ROLE}"))


def keep_posts(connection: Connection) -> None:
    """Undo `let_posts_go`."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"revoke delete on account_post from {APP_ROLE}"))
