"""A database of ours on SQLite: few trips to its thread, questions that change nothing, writes that are counted."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiosqlite
import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError, OperationalError

from shared.database import Database
from shared.sqlite import AT_ONCE

NUMBERS = text(
    "with recursive numbers(n) as (select 1 union all select n + 1 from numbers where n < :most) select n from numbers order by n"
)


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    made = Database(f"sqlite+aiosqlite:///{tmp_path / 'one.db'}")
    async with made.write() as connection:
        await connection.execute(text("create table fact (n integer primary key)"))
    yield made
    await made.close()


async def numbers(database: Database, most: int) -> list[int]:
    async with database.read() as connection:
        return list((await connection.execute(NUMBERS, {"most": most})).scalars())


async def facts(database: Database) -> list[int]:
    async with database.read() as connection:
        return list((await connection.execute(text("select n from fact order by n"))).scalars())


async def put(database: Database, *added: int) -> None:
    async with database.write() as connection:
        for n in added:
            await connection.execute(text("insert into fact values (:n)"), {"n": n})


@pytest.mark.parametrize("most", [1, AT_ONCE - 1, AT_ONCE, AT_ONCE + 1, 10 * AT_ONCE])
async def test_every_row_of_an_answer_comes_once_and_in_order(database: Database, most: int) -> None:
    assert await numbers(database, most) == list(range(1, most + 1))


@pytest.mark.parametrize("most", [AT_ONCE - 1, AT_ONCE, 10 * AT_ONCE + 1])
async def test_so_do_the_rows_of_an_answer_that_is_streamed(database: Database, most: int) -> None:
    async with database.stream() as connection:
        found = [row.n async for row in await connection.stream(NUMBERS, {"most": most})]
    assert found == list(range(1, most + 1))


async def test_a_question_goes_to_the_thread_once(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    await facts(database)
    trips: list[Any] = []
    execute: Any = aiosqlite.Connection._execute

    async def counted(connection: aiosqlite.Connection, fn: Any, *args: Any, **kwargs: Any) -> Any:
        trips.append(fn)
        return await execute(connection, fn, *args, **kwargs)

    monkeypatch.setattr(aiosqlite.Connection, "_execute", counted)
    await facts(database)
    assert len(trips) == 1


async def test_a_question_sees_what_was_committed_when_its_statement_began(database: Database) -> None:
    async with database.read() as connection:
        before = (await connection.execute(text("select count(*) from fact"))).scalar_one()
        await put(database, 1)
        after = (await connection.execute(text("select count(*) from fact"))).scalar_one()
    assert (before, after) == (0, 1)


async def test_what_reads_can_change_nothing(database: Database) -> None:
    with pytest.raises(OperationalError, match="readonly"):
        async with database.read() as connection:
            await connection.execute(text("insert into fact values (1)"))
    assert await facts(database) == []


async def test_what_fails_leaves_nothing_behind(database: Database) -> None:
    with pytest.raises(IntegrityError):
        await put(database, 1, 1)
    assert await facts(database) == []


async def test_a_write_is_counted_before_the_next_may_begin_even_where_its_writer_left(database: Database) -> None:
    commits = database.commits
    await put(database, 1)
    assert database.commits == commits + 1
    writer = asyncio.create_task(put(database, 2))
    await asyncio.sleep(0)
    assert database.write_lock.locked()
    writer.cancel()
    with pytest.raises(asyncio.CancelledError):
        await writer
    assert database.commits == commits + 2


async def test_whoever_leaves_in_the_middle_of_a_statement_harms_nobody_else(database: Database) -> None:
    long = asyncio.create_task(numbers(database, 1_000_000))
    await asyncio.sleep(0.05)
    long.cancel()
    with pytest.raises(asyncio.CancelledError):
        await long
    await put(database, 1)
    assert [await facts(database) for _ in range(3)] == [[1]] * 3
