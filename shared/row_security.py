"""Row security of PostgreSQL: a connection of the application sees and writes rows of the tenant it was opened for alone.

It stands beneath the conditions of every query: a `where` that was forgotten finds nothing of another tenant's. The
application owns no table, so it cannot take a policy off; the owner, who migrates, is not held by them.
"""

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, MetaData, text

from shared.eventlog.schema import APP_ROLE, statements_of

SETTING: Final = "doithoai.tenant"  # given when a connection is opened
OWN: Final = f"current_setting('{SETTING}', true)"
OF_LOGS: Final = {
    "log": "name",
    "event": "log",
    "stream_head": "log",
    "command": "log",
    "tree_root": "log",
    "dead_letter": "source",
}
READ_MODEL: Final = "read_model"  # the policy's name on tables that the application makes, rebuilds and swaps
STANDING: Final = "tenant"  # on all others
_KEEP: Final = text("select keep_read_models(:names)")
_SCRIPT: Final = Path(__file__).parent / "row_security.sql"


class WrongOwner(Exception):
    """Whoever migrates cannot hold the application to a tenant; the message says what to grant or set."""


def install(connection: Connection) -> None:
    """Make the functions by which the application hands its read models to the owner; on SQLite there is one tenant a file.

    Raises:
        WrongOwner
    """
    if connection.dialect.name != "postgresql":
        return
    owner = connection.scalar(text("select current_user"))
    if owner == APP_ROLE:
        raise WrongOwner(f"{APP_ROLE} must not own the tables: set DOITHOAI_POSTGRES_OWNER to the role that does")
    if not connection.scalar(text("select pg_has_role(current_user, :app, 'usage')"), {"app": APP_ROLE}):
        raise WrongOwner(f"the owner must have the application's rights: grant {APP_ROLE} to {owner} with inherit true")
    for statement in statements_of(_SCRIPT, connection):
        filled = statement.replace("{app}", APP_ROLE).replace("{policy}", READ_MODEL).replace("{own}", OWN)
        connection.exec_driver_sql(filled)


def remove(connection: Connection) -> None:
    """Undo `install`."""
    if connection.dialect.name == "postgresql":
        for function in ("keep_read_models(text[])", "drop_read_models(text[])", "rename_read_models(text[], text[])"):
            connection.exec_driver_sql(f"drop function if exists {function}")


def guard(connection: Connection, *, but: Collection[str] = ()) -> None:
    """Hold every table of the database that has a tenant to it, `but` some; again, those that came since. Run by the owner."""
    if connection.dialect.name != "postgresql":
        return
    for table, condition in _unguarded(connection, but):
        connection.exec_driver_sql(f"alter table {table} enable row level security")
        connection.exec_driver_sql(f"create policy {STANDING} on {table} using ({condition})")


def unguard(connection: Connection) -> None:
    """Undo `guard` and `take_over`: an older version rebuilds read models as their owner."""
    if connection.dialect.name != "postgresql":
        return
    found = connection.execute(
        text("select tablename::text, policyname::text from pg_policies where schemaname = current_schema()")
    )
    for table, policy in found.all():
        connection.exec_driver_sql(f'drop policy {policy} on "{table}"')
        connection.exec_driver_sql(f'alter table "{table}" disable row level security')
        if policy == READ_MODEL:
            connection.exec_driver_sql(f'alter table "{table}" owner to {APP_ROLE}')


def is_held(connection: Connection) -> bool:
    """Whether whoever asks is held to a tenant: he is above no policy, and owns no table."""
    if connection.dialect.name != "postgresql":
        return True
    above = "select rolsuper or rolbypassrls from pg_roles where rolname = current_user"
    owns = "select exists (select from pg_tables where schemaname = current_schema() and tableowner = current_user)"
    return not (connection.scalar(text(above)) or connection.scalar(text(owns)))


def make_read_models(connection: Connection, tables: MetaData) -> None:
    """Make tables of a projection as the application, and let the owner keep them."""
    tables.create_all(connection)
    if connection.dialect.name == "postgresql":
        connection.execute(_KEEP, {"names": list(tables.tables)})


def drop_read_models(connection: Connection, names: Sequence[str]) -> None:
    """Drop those of these tables that are there."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select drop_read_models(:names)"), {"names": list(names)})
        return
    for name in names:
        connection.exec_driver_sql(f'drop table if exists "{name}"')


def rename_read_models(connection: Connection, names: Mapping[str, str]) -> None:
    """Let each table have another name, at once."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("select rename_read_models(:before, :after)"), {"before": [*names], "after": [*names.values()]})
        return
    for before, after in names.items():
        connection.exec_driver_sql(f'alter table "{before}" rename to "{after}"')


def take_over(connection: Connection) -> None:
    """Let the owner keep the read models that the application made before it handed them over. Run by the owner."""
    if connection.dialect.name == "postgresql":
        made = connection.execute(
            text("select tablename::text from pg_tables where schemaname = current_schema() and tableowner = :app"),
            {"app": APP_ROLE},
        )
        connection.execute(_KEEP, {"names": list(made.scalars())})


def _unguarded(connection: Connection, but: Collection[str]) -> list[tuple[str, str]]:
    """Tables without a policy, with the condition on their rows."""
    standing = connection.execute(
        text(
            "select c.relname::text, a.attname::text from pg_class c join pg_attribute a on a.attrelid = c.oid"
            " where c.relnamespace = current_schema()::regnamespace and c.relkind in ('r', 'p') and not c.relispartition"
            " and not c.relrowsecurity and not a.attisdropped and a.attnum > 0 order by 1, 2"
        )
    ).all()
    found = [(table, column) for table, column in standing if table not in but]
    of_logs = [
        (table, f"split_part({OF_LOGS[table]}, '/', 2) = {OWN}") for table in sorted({name for name, _ in found} & {*OF_LOGS})
    ]
    return [*of_logs, *((f'"{table}"', f"tenant = {OWN}") for table, column in found if column == "tenant")]
