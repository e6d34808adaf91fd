"""What every event log promises, on SQLite and on PostgreSQL as the application's role."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.servers.postgres import app_url, owner_url
from shared.clock import ScriptClock, instant
from shared.eventlog import schema
from shared.eventlog.port import (
    MAX_EVENT_BYTES,
    MAX_EVENTS_PER_APPEND,
    AppendRefused,
    CommandIdReused,
    EventLog,
    StreamConflict,
)
from shared.eventlog.postgres import PostgresLog
from shared.eventlog.records import ZERO, Append, Appended, Guard, NewEvent, Write, event_hash
from shared.eventlog.sqlite import SqliteLog
from shared.row_security import SETTING
from tests.shared.appending import CLOCK, NAME, TENANT, append, event, grow

Opened = Callable[[], Awaitable[EventLog]]


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def another(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Opened]:
    """Opens the same log once more, as another process would."""
    opened: list[SqliteLog | PostgresLog] = []
    engines = []
    if request.param == "sqlite":
        path = tmp_path / "intake.db"
        engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
        async with engine.begin() as connection:
            await connection.run_sync(schema.create)
        await engine.dispose()
        import sqlite3

        sqlite3.connect(path).execute("pragma journal_mode = wal").connection.close()

        async def open_one() -> EventLog:
            log = SqliteLog(path, NAME, clock=CLOCK)
            await log.open("i-1")
            opened.append(log)
            return log

    else:
        address, database = request.getfixturevalue("postgres"), request.getfixturevalue("database_name")
        owner = create_async_engine(owner_url(address, database))
        async with owner.begin() as connection:
            await connection.run_sync(schema.create)
            await connection.run_sync(schema.open_log, NAME, "i-1")
        await owner.dispose()

        async def open_one() -> EventLog:
            engine = create_async_engine(app_url(address, database), connect_args={"server_settings": {SETTING: TENANT}})
            engines.append(engine)
            log = PostgresLog(engine, NAME, clock=CLOCK)
            await log.open()
            opened.append(log)
            return log

    yield open_one
    for log in opened:
        await log.close()
    for engine in engines:
        await engine.dispose()


@pytest.fixture
async def log(another: Opened) -> EventLog:
    return await another()


async def test_what_was_appended_is_read_back_byte_for_byte(log: EventLog) -> None:
    asked = append("opinion-A", 3)
    appended = await log.append(asked)
    assert (appended.first, appended.last, appended.replayed) == (1, 3, False)
    records = await log.read_stream("opinion-A")
    assert [record.version for record in records] == [1, 2, 3]
    assert [record.data for record in records] == [e.data for e in asked.writes[0].events]
    assert [record.event_id for record in records] == [e.event_id for e in asked.writes[0].events]
    assert records[0].recorded == 1_672_800_000_000_000
    previous = ZERO
    for record, new in zip(records, asked.writes[0].events, strict=True):
        assert record.prev_hash == previous
        previous = event_hash(NAME, "opinion-A", record.version, new, previous)
        assert record.hash == previous


async def test_an_empty_log_has_a_head_at_zero(log: EventLog) -> None:
    head = await log.head()
    assert (head.position, head.hash, head.incarnation) == (0, ZERO, "i-1")
    assert (await log.read(0, 10)).records == ()
    assert await log.hash_at(0) == ZERO
    assert await log.hash_at(1) is None


async def test_a_stream_found_elsewhere_is_a_conflict_and_writes_nothing(log: EventLog) -> None:
    await log.append(append("opinion-A"))
    with pytest.raises(StreamConflict) as conflict:
        await log.append(append("opinion-A", at=0))
    assert (conflict.value.stream, conflict.value.expected, conflict.value.actual) == ("opinion-A", 0, 1)
    with pytest.raises(StreamConflict):
        await log.append(append("opinion-B", at=4))
    with pytest.raises(StreamConflict):
        await log.append(append("opinion-A", at=1, prev=b"x" * 32))
    assert (await log.head()).position == 1


async def test_several_streams_move_together_or_not_at_all(log: EventLog) -> None:
    await grow(log, "case-A")
    both = Append("c-1", b"f" * 32, (Write("task-B", 0, (event(),)), Write("case-A", 0, (event(),))))
    with pytest.raises(StreamConflict):
        await log.append(both)
    assert await log.read_stream("task-B") == []


async def test_a_guard_holds_a_stream_it_does_not_write(log: EventLog) -> None:
    await grow(log, "case-A", 2)
    with pytest.raises(StreamConflict):
        await log.append(append("session-S", guards=(Guard("case-A", 1),)))
    appended = await log.append(append("session-S", guards=(Guard("case-A", 2), Guard("case-B", 0))))
    assert appended.last == 3
    assert len(await log.read_stream("case-A")) == 2


async def test_a_command_id_answers_with_its_first_outcome(log: EventLog) -> None:
    first = await log.append(append("opinion-A", 2, command="c-1"))
    again = await log.append(append("opinion-A", 2, command="c-1"))
    assert (again.first, again.last, again.replayed) == (first.first, first.last, True)
    assert await log.find_command("c-1") == again
    assert await log.find_command("c-2") is None
    assert (await log.head()).position == 2


async def test_a_command_id_with_another_body_is_refused_and_the_first_stands(log: EventLog) -> None:
    await log.append(append("opinion-A", command="c-1"))
    other = Append("c-1", b"g" * 32, (Write("opinion-B", 0, (event(),)),))
    with pytest.raises(CommandIdReused):
        await log.append(other)
    assert await log.read_stream("opinion-B") == []


async def test_a_conflicting_command_never_fails_its_neighbours(log: EventLog) -> None:
    await grow(log, "opinion-0")
    asked = [append(f"opinion-{n}") for n in range(60)]
    outcomes = await asyncio.gather(*(log.append(one) for one in asked), return_exceptions=True)
    assert isinstance(outcomes[0], StreamConflict)
    assert all(isinstance(outcome, Appended) for outcome in outcomes[1:])
    assert (await log.head()).position == 60


async def test_a_malformed_row_never_fails_its_neighbours(log: EventLog) -> None:
    bad = NewEvent(uuid4(), "opinion.received", 1, b"{}", b"{}", 2**63)
    asked = [append(f"opinion-{n}") for n in range(20)]
    asked.insert(7, Append("bad", b"f" * 32, (Write("opinion-bad", 0, (bad,)),)))
    outcomes = await asyncio.gather(*(log.append(one) for one in asked), return_exceptions=True)
    assert isinstance(outcomes.pop(7), AppendRefused)
    assert all(isinstance(outcome, Appended) for outcome in outcomes)
    assert (await log.head()).position == 20


@pytest.mark.parametrize(
    "refused",
    [
        Append("c", b"f" * 32, ()),
        Append("c", b"f" * 32, (Write("opinion-A", 0, ()),)),
        append("opinion-A", MAX_EVENTS_PER_APPEND + 1),
        Append("c", b"f" * 32, (Write("opinion-A", 0, (event("x" * MAX_EVENT_BYTES),)),)),
        Append("c", b"f" * 32, (Write("opinion-A", 0, (event(),)), Write("opinion-A", 1, (event(),)))),
    ],
    ids=["nothing", "empty write", "too many", "too large", "a stream twice"],
)
async def test_what_can_never_be_stored_is_refused_at_once(log: EventLog, refused: Append) -> None:
    with pytest.raises(AppendRefused):
        await log.append(refused)
    assert (await log.head()).position == 0


async def test_recorded_time_never_goes_back(log: EventLog) -> None:
    clock = ScriptClock(instant(5))
    log._clock = clock  # type: ignore[attr-defined]
    await grow(log, "opinion-A")
    log._clock = ScriptClock(instant(3))  # type: ignore[attr-defined]
    await grow(log, "opinion-A")
    log._clock = ScriptClock(instant(9))  # type: ignore[attr-defined]
    await grow(log, "opinion-A")
    assert [record.recorded for record in await log.read_stream("opinion-A")] == [5, 5, 9]


async def test_pages_join_without_a_hole_and_carry_their_predecessor(log: EventLog) -> None:
    for n in range(7):
        await grow(log, f"opinion-{n % 3}", 2)
    first = await log.read(0, 5)
    second = await log.read(5, 100)
    assert [r.position for r in first.records + second.records] == list(range(1, 15))
    assert first.previous_hash == ZERO
    assert second.previous_hash == first.records[-1].hash == await log.hash_at(5)
    assert (await log.read(14, 10)).records == ()


async def test_a_stream_is_read_from_a_version_and_up_to_a_position(log: EventLog) -> None:
    await grow(log, "opinion-A", 3)
    await grow(log, "opinion-B", 1)
    await grow(log, "opinion-A", 1)
    assert [r.version for r in await log.read_stream("opinion-A", after=2)] == [3, 4]
    assert [r.version for r in await log.read_stream("opinion-A", until_position=4)] == [1, 2, 3]
    several = await log.read_streams(("opinion-A", "opinion-B", "opinion-C"))
    assert {stream: len(records) for stream, records in several.items()} == {"opinion-A": 4, "opinion-B": 1, "opinion-C": 0}


async def test_streams_are_listed_in_order_by_prefix_and_page(log: EventLog) -> None:
    for stream in ("task-2", "case-9", "task-1", "task-10"):
        await grow(log, stream)
    assert await log.streams() == ["case-9", "task-1", "task-10", "task-2"]
    assert await log.streams("task-", after="task-1", limit=1) == ["task-10"]


async def test_who_waits_is_woken_by_an_append_and_not_before(log: EventLog) -> None:
    assert not await log.wait_beyond(0, 0.05)
    waiting = asyncio.create_task(log.wait_beyond(0, 10))
    await grow(log, "opinion-A")
    assert await waiting
    assert await log.wait_beyond(0, 0)


async def test_positions_stay_dense_and_a_reader_misses_nothing_under_eight_writers(another: Opened) -> None:
    """Eight writers over connections of their own, conflicts among them, and a reader that follows all the while."""
    logs = [await another() for _ in range(8)]
    following = await another()
    total = 8 * 40
    seen: list[int] = []
    done = asyncio.Event()

    async def follow() -> None:
        while not (done.is_set() and seen and seen[-1] == (await following.head()).position):
            page = await following.read(seen[-1] if seen else 0, 50)
            if page.records:
                assert page.records[0].position == (seen[-1] if seen else 0) + 1
                seen.extend(record.position for record in page.records)
            else:
                await following.wait_beyond(seen[-1] if seen else 0, 0.05)

    async def write(n: int, log: EventLog) -> int:
        written = 0
        choose = random.Random(n)
        while written < 40:
            stream = f"opinion-{choose.randrange(6)}"
            try:
                await grow(log, stream, choose.choice((1, 1, 3)))
            except StreamConflict:
                continue
            written += 1
        return written

    reader = asyncio.create_task(follow())
    assert sum(await asyncio.gather(*(write(n, log) for n, log in enumerate(logs)))) == total
    done.set()
    await reader
    assert seen == list(range(1, len(seen) + 1))
    assert seen[-1] == (await following.head()).position
