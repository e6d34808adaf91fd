"""Breaks things in the files of a data directory from outside, as a disk, a person or a wrong table would."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def execute(data: Path, database: str, statement: str) -> int:
    """Run one statement in a database behind the back of the house; how many rows it touched."""
    with closing(sqlite3.connect(data / f"{database}.db", timeout=10)) as connection:
        touched = connection.execute(statement).rowcount
        connection.commit()
        return touched


def tables_of(data: Path, database: str) -> list[str]:
    """The tables of a database."""
    with closing(sqlite3.connect(data / f"{database}.db", timeout=10)) as connection:
        return [name for (name,) in connection.execute("select name from sqlite_master where type = 'table' order by name")]


@contextmanager
def refusing_table(data: Path, database: str, table: str, when: str) -> Iterator[None]:
    """Within the block the table takes no row of which `when` holds: whoever projects one meets a lasting fault."""
    execute(
        data,
        database,
        f"create trigger spoiled before insert on {table} when {when} begin select raise(abort, 'spoiled'); end",
    )
    try:
        yield
    finally:
        execute(data, database, "drop trigger spoiled")


def change_byte(file: Path, old: bytes, new: bytes) -> None:
    """Write `new` over the first `old` in a closed database."""
    content = file.read_bytes()
    assert old in content
    assert len(old) == len(new)
    file.write_bytes(content.replace(old, new, 1))
