"""Subscriptions that stand at one place are moved on in one transaction; where one cannot go along, each goes its own way."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import pytest
from sqlalchemy import Column, MetaData, Table, Text, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.eventlog.records import Recorded
from shared.feeds import Delivery
from shared.subscriptions import checkpoints
from shared.subscriptions.declared import Projection, Rows, Subscription
from shared.subscriptions.together import move_together
from tests.support.tallying import FENCED, Stage, echo, mail, postgres_stage, tally

TABLES: Final = MetaData()
LATEST: Final = Table(
    "latest_report",
    TABLES,
    Column("stream", Text, primary_key=True),
    Column("report", Text, nullable=False),
)


def latest() -> Projection:
    """The last report of each stream."""

    async def apply(recorded: Recorded, rows: Rows) -> None:
        rows.put(LATEST, {"stream": recorded.stream, "report": recorded.event.report.removeprefix("report-")})

    return Projection(name="latest", version=1, sources=("source",), tables=TABLES, events=FENCED, apply=apply)


async def latest_reports(stage: Stage) -> dict[str, str]:
    async with stage.database.read() as connection:
        return {row.stream: row.report for row in await connection.execute(select(LATEST))}


def subscriptions(stage: Stage) -> tuple[Subscription, ...]:
    return tally(stage.faults), latest()


async def ten(stage: Stage) -> None:
    for n in range(1, 11):
        await stage.say(f"fence-{'ABC'[n % 3]}", str(n))


ALL_TEN = {"fence-A": "3 6 9", "fence-B": "1 4 7 10", "fence-C": "2 5 8"}
LAST_OF_TEN = {"fence-A": "9", "fence-B": "10", "fence-C": "8"}


@pytest.fixture
def transactions(monkeypatch: pytest.MonkeyPatch) -> list[Database]:
    """Every transaction that was begun to write, by its database."""
    begun: list[Database] = []
    write = Database.write

    @asynccontextmanager
    async def counted(database: Database) -> AsyncIterator[AsyncConnection]:
        begun.append(database)
        async with write(database) as connection:
            yield connection

    monkeypatch.setattr(Database, "write", counted)
    return begun


async def test_what_stands_at_one_place_moves_in_one_transaction(either: Stage, transactions: list[Database]) -> None:
    await ten(either)
    following = either.follow(*subscriptions(either))
    await following.prepare()
    transactions.clear()
    assert await following.drain()
    assert len(transactions) == 1
    assert (await either.streams(), await latest_reports(either)) == (ALL_TEN, LAST_OF_TEN)
    assert await either.cursor("tally") == await either.cursor("latest")
    assert {status.position for status in following.status()} == {10}


async def test_nothing_is_written_once_all_stand_at_the_end(stage: Stage, transactions: list[Database]) -> None:
    await ten(stage)
    following = stage.follow(*subscriptions(stage))
    await following.drain()
    transactions.clear()
    assert not await following.drain()
    assert transactions == []


async def test_poison_of_one_parks_in_that_one_alone(either: Stage) -> None:
    either.faults.always("report-4", KeyError("a word"))
    await ten(either)
    await either.follow(*subscriptions(either)).drain()
    assert await either.streams() == {**ALL_TEN, "fence-B": "1"}
    assert await latest_reports(either) == LAST_OF_TEN
    parked = [(letter.subscription, letter.position) for letter in await either.letters(*subscriptions(either)).list()]
    assert parked == [("tally", 4), ("tally", 7), ("tally", 10)]


async def test_what_comes_later_waits_behind_what_is_parked_while_others_go_on(either: Stage) -> None:
    either.faults.always("report-4", KeyError("a word"))
    await ten(either)
    following = either.follow(*subscriptions(either))
    await following.drain()
    either.faults.mend()
    await either.say("fence-B", "11")
    await either.say("fence-C", "12")
    await following.drain()
    assert await either.streams() == {**ALL_TEN, "fence-B": "1", "fence-C": "2 5 8 12"}
    assert await latest_reports(either) == {**LAST_OF_TEN, "fence-B": "11", "fence-C": "12"}


async def test_a_fault_that_passes_leaves_nothing_half_done(either: Stage) -> None:
    either.faults.once("report-5", OperationalError("…", {}, OSError("away")))
    await ten(either)
    await either.follow(*subscriptions(either)).drain()
    assert (await either.streams(), await latest_reports(either)) == (ALL_TEN, LAST_OF_TEN)
    assert await either.letters(*subscriptions(either)).list() == []


async def test_processes_and_dispatches_go_along_with_what_does_not_concern_them(
    stage: Stage, transactions: list[Database]
) -> None:
    await stage.append("fence-A", ("never.heard_of", 1, b"{}"))
    following = stage.follow(*subscriptions(stage), echo(stage.faults), mail(stage.faults, stage.sent))
    await following.prepare()
    transactions.clear()
    await following.drain()
    assert len(transactions) == 1
    assert {status.position for status in following.status()} == {1}


async def test_processes_and_dispatches_do_what_they_are_for_by_themselves(either: Stage) -> None:
    await ten(either)
    await either.follow(*subscriptions(either), echo(either.faults), mail(either.faults, either.sent)).drain()
    assert (await either.streams(), await latest_reports(either)) == (ALL_TEN, LAST_OF_TEN)
    assert sorted(map(int, await either.echoes())) == list(range(1, 11))
    assert len(either.sent) == len(set(either.sent)) == 20


async def test_two_processes_of_a_service_apply_each_event_once(either: Stage) -> None:
    await ten(either)
    first, second = either.follow(*subscriptions(either)), either.follow(*subscriptions(either))
    await first.prepare()
    await second.prepare()
    await asyncio.gather(first.drain(), second.drain())
    await second.drain()
    assert (await either.streams(), await latest_reports(either)) == (ALL_TEN, LAST_OF_TEN)
    assert {status.position for status in (*first.status(), *second.status())} == {10}


async def test_another_incarnation_of_the_source_stops_all_of_them(either: Stage) -> None:
    await ten(either)
    following = either.follow(*subscriptions(either))
    await following.drain()
    await either.new_incarnation("second")
    await either.say("fence-A", "11")
    await following.drain()
    assert {(status.state, status.reason) for status in following.status()} == {("halted", "another-incarnation")}
    assert (await either.streams(), await latest_reports(either)) == (ALL_TEN, LAST_OF_TEN)


@pytest.mark.servers
async def test_a_checkpoint_that_a_rebuild_holds_keeps_nobody_else_waiting(postgres: str, database_name: str) -> None:
    async with postgres_stage(postgres, database_name) as stage:
        following = stage.follow(*subscriptions(stage))
        await following.prepare()
        await ten(stage)
        held, free = following.followers
        delivery = Delivery(held.source, await held.reader.read(0, 100))
        async with stage.database.write() as rebuild:
            await checkpoints.lock(rebuild, held.subscription, held.source)
            async with asyncio.timeout(2):  # a lock is waited for longer
                assert not await move_together([held, free], delivery, stage.database, stage.clock)
                await free.catch_up()
        assert [status.position for status in following.status()] == [0, 10]
        await following.drain()
        assert (await stage.streams(), await latest_reports(stage)) == (ALL_TEN, LAST_OF_TEN)
        assert {status.state for status in following.status()} == {"running"}


async def test_nobody_queues_for_a_turn_that_was_just_given_on(stage: Stage) -> None:
    following = stage.follow(*subscriptions(stage))
    await following.prepare()
    await ten(stage)
    free, taken = following.followers
    delivery = Delivery(free.source, await free.reader.read(0, 100))
    finish = asyncio.Event()

    async def work() -> None:
        async with taken.turn:
            await finish.wait()

    async with taken.turn:
        working = asyncio.create_task(work())
        await asyncio.sleep(0)
    assert not taken.turn.locked()  # released, and promised to the one who waits
    async with asyncio.timeout(2):
        assert not await move_together([free, taken], delivery, stage.database, stage.clock)
    assert not free.turn.locked()
    finish.set()
    await working
    assert await move_together([free, taken], delivery, stage.database, stage.clock)
