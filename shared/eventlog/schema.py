"""The tables of a service's log, on SQLite and on PostgreSQL; called from each service's first migration."""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection, text

APP_ROLE: Final = "doithoai_app"

_SCRIPT: Final = Path(__file__).parent / "postgres.sql"
POSITION_BITS: Final = 40  # of an event's id in SQLite; above them stands the number of its log
# In SQLite an event's key is one number made of its log's and its position: appends then fill page after page, and what a
# commit writes is a fifth less.
_SQLITE: Final = (
    "create table log (number integer primary key, name text not null unique, incarnation text not null) strict",
    f"""create table event (
        id integer primary key, log text not null,
        position integer generated always as (id & {(1 << POSITION_BITS) - 1}) virtual,
        stream text not null, version integer not null,
        event_id blob not null, type text not null, schema_version integer not null,
        data blob not null, metadata blob not null, occurred_at integer not null, recorded_at integer not null,
        prev_hash blob not null, hash blob not null) strict""",
    "create unique index event_stream on event (log, stream, version)",
    """create table stream_head (
        log text not null, stream text not null, version integer not null, hash blob not null,
        primary key (log, stream)) strict, without rowid""",
    """create table command (
        log text not null, command_id text not null, fingerprint blob not null,
        first integer not null, last integer not null, recorded_at integer not null,
        primary key (log, command_id)) strict, without rowid""",
    """create table tree_root (
        log text not null, size integer not null, root blob not null, frontier blob not null,
        primary key (log, size)) strict, without rowid""",
)


def create(connection: Connection) -> None:
    """Make the tables; on PostgreSQL also the functions, and what the application role may do.

    The application role reads, and appends through `append_events`; it can neither change nor delete an event.
    The role must exist (see `create_role`).
    """
    if connection.dialect.name == "sqlite":
        for statement in _SQLITE:
            connection.execute(text(statement))
        return
    for statement in statements_of(_SCRIPT, connection):
        connection.exec_driver_sql(statement)


def renew_append(connection: Connection) -> None:
    """Let events be appended as this code has it, in a log that was made by an older one."""
    if connection.dialect.name == "postgresql":
        (renewed,) = (each for each in statements_of(_SCRIPT, connection) if "create or replace function append_events(" in each)
        connection.exec_driver_sql(renewed)


def drop(connection: Connection) -> None:
    """Undo `create`."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("drop function append_events")
        connection.exec_driver_sql("drop function open_log")
        connection.exec_driver_sql("drop type new_command, stream_check, new_event")
    for table in ("tree_root", "command", "stream_head", "event", "log"):
        connection.execute(text(f"drop table {table}"))


def open_log(connection: Connection, name: str, incarnation: str) -> str:
    """Make a log's place (on PostgreSQL its partition) and give it its incarnation; one that stands keeps its own.

    Run by the owner. Returns the incarnation in force.
    """
    if connection.dialect.name == "postgresql":
        return str(
            connection.execute(text("select open_log(:name, :incarnation)"), {"name": name, "incarnation": incarnation}).scalar()
        )
    connection.execute(
        text("insert or ignore into log (name, incarnation) values (:name, :incarnation)"),
        {"name": name, "incarnation": incarnation},
    )
    return str(connection.execute(text("select incarnation from log where name = :name"), {"name": name}).scalar())


def create_role(connection: Connection) -> None:
    """Make the application's role where it is not there; needs the right to make roles."""
    if (
        connection.dialect.name == "postgresql"
        and not connection.execute(
            text("select exists (select from pg_roles where rolname = :role)"), {"role": APP_ROLE}
        ).scalar()
    ):
        connection.exec_driver_sql(f"create role {APP_ROLE} login")


def statements_of(script: Path, connection: Connection) -> list[str]:
    """The statements of a script of PostgreSQL's, for the schema that the connection works in."""
    schema = connection.dialect.identifier_preparer.quote(str(connection.scalar(text("select current_schema()"))))
    return script.read_text(encoding="utf-8").replace("{schema}", schema).split("\n-- next\n")
