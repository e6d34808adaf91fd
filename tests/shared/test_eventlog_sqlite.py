"""What only the log in a SQLite file must hold: one file with read models, readers beside the owner, commits that fail."""

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from shared.clock import ScriptClock, instant
from shared.database import Database
from shared.eventlog import schema
from shared.eventlog.port import LogUnavailable, StreamConflict
from shared.eventlog.records import Append, Appended, Write
from shared.eventlog.sqlite import SqliteLog
from tests.support import records

NAME = "intake/sonla"
CLOCK = ScriptClock(instant(1_672_800_000_000_000))


def one(number: int) -> Append:
    """An event in a stream of its own."""
    return Append(f"c-{number}", b"f" * 32, (Write(f"opinion-{number}", 0, (records.event(number),)),))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = Database(f"sqlite+aiosqlite:///{tmp_path / 'intake.db'}")
    async with opened.write() as connection:
        await connection.run_sync(schema.create)
        await connection.run_sync(schema.open_log, NAME, "i-1")
        await connection.execute(text("create table cases (id integer primary key, n integer not null)"))
    yield opened
    await opened.close()


@pytest.mark.parametrize("shared_lock", [True, False], ids=["one process", "as another process"])
async def test_appends_and_read_models_share_a_file_and_none_is_lost(
    database: Database, tmp_path: Path, shared_lock: bool
) -> None:
    lock = database.write_lock if shared_lock else None
    log = SqliteLog(tmp_path / "intake.db", NAME, clock=CLOCK, write_lock=lock)
    await log.open("i-1")

    async def project(n: int) -> None:
        async with database.write() as connection:
            (seen,) = (await connection.execute(text("select count(*) from cases"))).one()
            await asyncio.sleep(0)
            await connection.execute(text("insert into cases (n) values (:n)"), {"n": seen})

    await asyncio.gather(*(log.append(one(n)) for n in range(1, 101)), *(project(n) for n in range(60)))
    assert (await log.head()).position == 100
    async with database.read() as connection:
        counted = (await connection.execute(text("select n from cases order by id"))).scalars().all()
    assert counted == list(range(60))
    await log.close()


async def test_a_read_model_that_fails_leaves_nothing_and_holds_nobody_up(database: Database, tmp_path: Path) -> None:
    log = SqliteLog(tmp_path / "intake.db", NAME, clock=CLOCK, write_lock=database.write_lock)
    await log.open("i-1")

    async def fail() -> None:
        async with database.write() as connection:
            await connection.execute(text("insert into cases (n) values (1)"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    await log.append(one(1))
    async with database.read() as connection:
        assert (await connection.execute(text("select count(*) from cases"))).scalar() == 0
    await log.close()


async def test_a_reader_beside_the_owner_sees_what_is_appended_and_cannot_append(database: Database, tmp_path: Path) -> None:
    owner = SqliteLog(tmp_path / "intake.db", NAME, clock=CLOCK, write_lock=database.write_lock)
    await owner.open("i-1")
    reader = SqliteLog(tmp_path / "intake.db", NAME, clock=CLOCK, read_only=True)
    await reader.open("i-9")
    await owner.append(one(1))
    head = await reader.head()
    assert (head.position, head.incarnation) == (1, "i-1")
    with pytest.raises(LogUnavailable):
        await reader.append(one(2))
    await reader.close()
    await owner.close()


async def test_logs_in_one_file_have_positions_and_streams_of_their_own(database: Database, tmp_path: Path) -> None:
    logs = []
    for name in ("intake/sonla", "intake/dienbien"):
        log = SqliteLog(tmp_path / "intake.db", name, clock=CLOCK, write_lock=database.write_lock)
        await log.open(name)
        logs.append(log)
    first, second = logs
    for n in (1, 2, 3):
        await first.append(one(n))
    await second.append(one(1))
    assert [(await log.head()).position for log in logs] == [3, 1]
    assert [record.log for record in (await second.read(0, 10)).records] == ["intake/dienbien"]
    assert len(await first.read_stream("opinion-1")) == len(await second.read_stream("opinion-1")) == 1
    assert await second.hash_at(2) is None
    await asyncio.gather(*(log.close() for log in logs))


class Failing:
    """A writer's connection whose next commit fails, before or after it has reached the disk."""

    def __init__(self, connection: sqlite3.Connection, *, commits: bool) -> None:
        self._connection, self._commits, self._left = connection, commits, 1

    def execute(self, statement: str, *values: Any) -> sqlite3.Cursor:
        if statement == "commit" and self._left:
            self._left -= 1
            if self._commits:
                self._connection.execute(statement)
            raise sqlite3.OperationalError("disk I/O error")
        return self._connection.execute(statement, *values)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


@pytest.mark.parametrize("commits", [True, False], ids=["after it reached the disk", "before it did"])
async def test_the_outcome_of_a_commit_that_failed_is_found_by_the_command_ids(
    database: Database, tmp_path: Path, commits: bool
) -> None:
    log = SqliteLog(tmp_path / "intake.db", NAME, clock=CLOCK, write_lock=database.write_lock)
    await log.open("i-1")
    await log.append(one(1))
    assert log._writer is not None
    log._writer = Failing(log._writer, commits=commits)  # type: ignore[assignment]
    stale = Append("c-stale", b"f" * 32, (Write("opinion-1", 0, (records.event(9),)),))
    new, replayed, conflicting = await asyncio.gather(
        *(log.append(each) for each in (one(2), one(1), stale)), return_exceptions=True
    )
    if commits:
        assert isinstance(new, Appended)
        assert (new.first, new.replayed) == (2, False)
    else:
        assert isinstance(new, LogUnavailable)
    assert isinstance(replayed, Appended)
    assert replayed.replayed
    assert isinstance(conflicting, StreamConflict)
    again = await log.append(one(2))
    assert (again.first, again.replayed) == (2, commits)
    assert [record.position for record in (await log.read(0, 10)).records] == [1, 2]
    await log.close()
