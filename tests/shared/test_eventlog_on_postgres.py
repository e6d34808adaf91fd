"""What the log on PostgreSQL keeps though writers stay open, connections are lost and backends killed."""

import asyncio
import random
from collections.abc import Callable

import asyncpg
import pytest
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.servers.postgres import app_url, owner_url
from shared.eventlog import postgres as of_postgres
from shared.eventlog import schema
from shared.eventlog.groups import Pending
from shared.eventlog.port import (
    EventLog,
    LogUnavailable,
)
from shared.eventlog.postgres import _APPEND, PostgresLog, _arguments
from shared.eventlog.records import Append, Appended, Page, Record, chain
from shared.row_security import SETTING
from tests.shared.appending import CLOCK, NAME, TENANT, append, grow
from tests.support.wire import wire


@pytest.mark.servers
@pytest.mark.parametrize("ends", ["commit", "rollback"])
async def test_a_writer_held_open_hides_nothing_and_leaves_no_hole(postgres: str, database_name: str, ends: str) -> None:
    """An append stands uncommitted: nobody sees past it while it does, and whichever way it ends positions stay dense."""
    log, other = await _two_postgres_logs(postgres, database_name)
    await grow(log, "opinion-A")
    holder = await _as_application(postgres, database_name)
    transaction = holder.transaction()
    await transaction.start()
    await _append_over(holder, append("opinion-held", 3, command="held"))
    blocked = asyncio.create_task(grow(other, "opinion-B"))
    assert not await log.wait_beyond(1, 0.2)
    assert not blocked.done()
    await getattr(transaction, ends)()
    held = 3 if ends == "commit" else 0
    assert (await blocked).first == 2 + held
    await holder.close()
    assert [r.position for r in (await log.read(0, 10)).records] == list(range(1, 3 + held))
    assert (await log.find_command("held") is not None) == bool(held)
    await _close(log, other)


@pytest.mark.servers
async def test_rolled_back_appends_among_writers_leave_no_hole(postgres: str, database_name: str) -> None:
    log, other = await _two_postgres_logs(postgres, database_name)
    connection = await _as_application(postgres, database_name)

    async def roll_back(n: int) -> None:
        transaction = connection.transaction()
        await transaction.start()
        await _append_over(connection, append(f"opinion-back-{n}", 2))
        await transaction.rollback()

    async def write(name: str, log: EventLog) -> None:
        for n in range(25):
            await log.append(append(f"opinion-{name}-{n}"))

    async def keep_rolling_back() -> None:
        for n in range(25):
            await roll_back(n)

    await asyncio.gather(write("a", log), write("b", other), keep_rolling_back())
    await connection.close()
    records = (await log.read(0, 1_000)).records
    assert [record.position for record in records] == list(range(1, 51))
    assert not any(record.stream.startswith("opinion-back") for record in records)
    await _close(log, other)


@pytest.mark.servers
async def test_a_reader_misses_nothing_under_eight_writers_with_rollbacks_and_one_held_open(
    postgres: str, database_name: str
) -> None:
    """All at once: eight writers, appends that are rolled back, one that stands open for a while before it ends either way."""
    logs: list[PostgresLog] = [*await _two_postgres_logs(postgres, database_name)]
    logs += [await _postgres_log(postgres, database_name) for _ in range(6)]
    following = await _postgres_log(postgres, database_name)
    seen: list[Record] = []
    written = asyncio.Event()

    async def follow() -> None:
        while not (written.is_set() and (await following.head()).position == len(seen)):
            page = await following.read(len(seen), 40)
            assert [record.position for record in page.records] == [len(seen) + n + 1 for n in range(len(page.records))]
            assert not seen or page.previous_hash == seen[-1].hash
            seen.extend(page.records)
            await following.wait_beyond(len(seen), 0.05)

    async def write(name: str, log: EventLog) -> None:
        for n in range(25):
            await log.append(append(f"opinion-{name}-{n}"))

    async def hold_open(name: str, *, rounds: int, seconds: float, keeps: Callable[[int], bool]) -> None:
        connection = await _as_application(postgres, database_name)
        for n in range(rounds):
            transaction = connection.transaction()
            await transaction.start()
            await _append_over(connection, append(f"opinion-{name}-{n}", 2))
            await asyncio.sleep(seconds)
            await (transaction.commit() if keeps(n) else transaction.rollback())
            await asyncio.sleep(0.01)
        await connection.close()

    reader = asyncio.create_task(follow())
    await asyncio.gather(
        *(write(str(n), log) for n, log in enumerate(logs)),
        hold_open("back", rounds=20, seconds=0, keeps=lambda _n: False),
        hold_open("held", rounds=6, seconds=0.15, keeps=lambda n: n % 2 == 0),
    )
    written.set()
    await reader
    streams = {record.stream for record in seen}
    assert len(seen) == 8 * 25 + 3 * 2
    assert {f"opinion-held-{n}" for n in range(6)} & streams == {"opinion-held-0", "opinion-held-2", "opinion-held-4"}
    assert not any(stream.startswith("opinion-back") for stream in streams)
    await _close(*logs, following)


@pytest.mark.servers
async def test_one_snapshot_for_a_whole_transaction_is_refused(postgres: str, database_name: str) -> None:
    """It would be older than the lock, and positions would be given twice."""
    log, other = await _two_postgres_logs(postgres, database_name)
    connection = await _as_application(postgres, database_name)
    with pytest.raises(asyncpg.RaiseError):
        async with connection.transaction(isolation="repeatable_read"):
            await _append_over(connection, append("opinion-A"))
    await connection.close()
    await _close(log, other)


@pytest.mark.servers
async def test_a_lock_that_never_comes_is_given_up_and_nothing_is_known_to_be_lost(postgres: str, database_name: str) -> None:
    log, other = await _two_postgres_logs(postgres, database_name, lock_timeout_ms=200)
    holder = await _as_application(postgres, database_name)
    await holder.execute("select pg_advisory_lock(hashtextextended($1, 42))", NAME)
    with pytest.raises(LogUnavailable):
        await log.append(append("opinion-A", command="c-1"))
    await holder.close()
    assert (await other.append(append("opinion-A", command="c-1"))).replayed is False
    await _close(log, other)


# A connection that is cut while it is being set up is dropped by the pool without being closed, and says so when collected.
@pytest.mark.servers
async def test_an_answer_lost_after_the_commit_is_found_by_the_command_id(postgres: str, database_name: str) -> None:
    async with wire(postgres) as cut:
        log, other = await _two_postgres_logs(postgres, database_name, through=cut.address)
        await grow(log, "opinion-A")
        cut.cut_next_answer()
        appended = await log.append(append("opinion-B", 2, command="c-1"))
        assert (appended.first, appended.last, appended.replayed, cut.cuts) == (2, 3, False, 1)
        assert await other.find_command("c-1") is not None
        assert (await grow(log, "opinion-B")).first == 4
        await _close(log, other)


@pytest.mark.servers
async def test_a_request_lost_on_its_way_is_sent_again(postgres: str, database_name: str) -> None:
    async with wire(postgres) as cut:
        log, other = await _two_postgres_logs(postgres, database_name, through=cut.address)
        await grow(log, "opinion-A")
        cut.cut_next_request()
        appended = await log.append(append("opinion-B", command="c-1"))
        assert (appended.first, appended.replayed, cut.cuts) == (2, False, 1)
        assert (await other.head()).position == 2
        await _close(log, other)


@pytest.mark.servers
async def test_a_store_that_is_away_is_said_to_be_unavailable_and_found_again(postgres: str, database_name: str) -> None:
    async with wire(postgres) as cut:
        log, other = await _two_postgres_logs(postgres, database_name, through=cut.address)
        await grow(log, "opinion-A")
        cut.cut_all_requests()
        with pytest.raises(LogUnavailable):
            await log.append(append("opinion-B", command="c-1"))
        with pytest.raises(LogUnavailable):
            await log.read(0, 10)
        assert await other.find_command("c-1") is None
        cut.mend()
        assert (await log.append(append("opinion-B", command="c-1"))).first == 2
        assert len((await log.read(0, 10)).records) == 2
        await _close(log, other)


@pytest.mark.servers
async def test_connections_that_lead_nowhere_hold_nobody_up_for_long(
    postgres: str, database_name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_postgres, "READ_SECONDS", 0.5, raising=False)
    monkeypatch.setattr(of_postgres, "COMMIT_SECONDS", 0.5)
    async with wire(postgres) as hole:
        log, other = await _two_postgres_logs(postgres, database_name, through=hole.address)
        await grow(log, "opinion-A")
        await asyncio.gather(*(log.hash_at(1) for _ in range(5)))  # as many connections as the pool takes
        hole.swallow()
        async with asyncio.timeout(10):  # seconds for the pool to end each, none of which answers
            pages = await asyncio.gather(*(log.read(after, 10) for after in (0, 0, 0, 1)))
            assert [len(page.records) for page in pages] == [1, 1, 1, 0]
            assert (await grow(log, "opinion-B")).first == 2
        await _close(log, other)


@pytest.mark.servers
async def test_a_restarted_server_is_read_and_appended_to_at_once_however_many_connections_were_lost(
    postgres: str, database_name: str
) -> None:
    log, other = await _two_postgres_logs(postgres, database_name, pool_size=16)
    await grow(log, "opinion-A")
    await asyncio.gather(*(log.hash_at(1) for _ in range(60)))
    killer = await asyncpg.connect(f"postgresql://postgres@{postgres}/{database_name}")
    lost = await killer.fetch(
        "select pg_terminate_backend(pid) from pg_stat_activity "
        "where datname = current_database() and pid <> pg_backend_pid() and query like '%from event%'"
    )
    await killer.close()
    assert len(lost) > of_postgres.READ_ATTEMPTS
    assert len((await log.read(0, 10)).records) == 1
    assert (await grow(log, "opinion-B")).first == 2
    await _close(log, other)


@pytest.mark.servers
@pytest.mark.parametrize("told_by", ["head", "find_command"])
async def test_who_knows_of_an_append_of_another_process_joins_no_read_begun_before_it(
    postgres: str, database_name: str, told_by: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    log, other = await _two_postgres_logs(postgres, database_name)
    page, begun, go_on = log._page, asyncio.Event(), asyncio.Event()

    async def slow(after: int, limit: int) -> Page:
        read = await page(after, limit)
        begun.set()
        await go_on.wait()
        return read

    monkeypatch.setattr(log, "_page", slow)
    before = asyncio.create_task(log.read(0, 10))
    await begun.wait()
    await other.append(append("opinion-A", command="c-1"))
    assert (await log.head()).position == 1 if told_by == "head" else await log.find_command("c-1")
    after = asyncio.create_task(log.read(0, 10))
    await asyncio.sleep(0)
    go_on.set()
    assert [len((await read).records) for read in (before, after)] == [0, 1]
    await _close(log, other)


@pytest.mark.servers
async def test_a_backend_killed_at_any_moment_leaves_no_outcome_in_doubt(postgres: str, database_name: str) -> None:
    """Some commands are refused, and then nothing of them stands; the others stand where they were said to stand."""
    log, other = await _two_postgres_logs(postgres, database_name)
    killer = await asyncpg.connect(f"postgresql://postgres@{postgres}/{database_name}")
    choose = random.Random(7)

    async def kill(pid: int) -> None:
        await asyncio.sleep(choose.uniform(0, 0.003))
        await killer.execute("select pg_terminate_backend($1)", pid)

    outcomes: dict[str, object] = {}
    for n in range(60):
        outcomes[f"w-{n}"] = await log.append(append(f"opinion-w-{n}", command=f"w-{n}"))  # a warm connection
        killing = asyncio.create_task(kill((await log._driver()).get_server_pid()))
        commands = [f"c-{n}-{m}" for m in range(5)]
        asked = [log.append(append(f"opinion-{command}", command=command)) for command in commands]
        outcomes |= zip(commands, await asyncio.gather(*asked, return_exceptions=True), strict=True)
        await killing
    await killer.close()
    for command, outcome in outcomes.items():
        found = await other.find_command(command)
        if isinstance(outcome, Appended):
            assert found is not None
            assert (found.first, found.last) == (outcome.first, outcome.last)
        else:
            assert isinstance(outcome, LogUnavailable)
            assert found is None
    refused = sum(isinstance(outcome, LogUnavailable) for outcome in outcomes.values())
    assert refused < len(outcomes) / 4
    records = (await other.read(0, 1_000)).records
    assert [record.position for record in records] == list(range(1, len(records) + 1))
    assert len(records) == sum(isinstance(outcome, Appended) for outcome in outcomes.values())
    await _close(log, other)


@pytest.mark.servers
@pytest.mark.parametrize(
    "statement",
    [
        "update event set data = 'x'",
        "delete from event",
        "truncate event",
        "insert into event select * from event",
        "update stream_head set version = 9",
        "delete from command",
        "alter table event add column x int",
        "drop table event",
    ],
)
async def test_the_application_can_neither_change_nor_delete_what_stands(
    postgres: str, database_name: str, statement: str
) -> None:
    log, other = await _two_postgres_logs(postgres, database_name)
    await grow(log, "opinion-A")
    connection = await _as_application(postgres, database_name)
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connection.execute(statement)
    await connection.close()
    await _close(log, other)


async def _two_postgres_logs(
    address: str, database: str, *, through: str = "", lock_timeout_ms: int = 5_000, pool_size: int = 5
) -> tuple[PostgresLog, PostgresLog]:
    """The same log opened twice; the first `through` another address, where one is given."""
    owner = create_async_engine(owner_url(address, database))
    async with owner.begin() as connection:
        await connection.run_sync(schema.create)
        await connection.run_sync(schema.open_log, NAME, "i-1")
    await owner.dispose()
    first, second = [
        await _postgres_log(way, database, lock_timeout_ms=lock_timeout_ms, pool_size=pool_size)
        for way in (through or address, address)
    ]
    return first, second


async def _postgres_log(address: str, database: str, *, lock_timeout_ms: int = 5_000, pool_size: int = 5) -> PostgresLog:
    """The log opened over connections of its own, as the application's role."""
    settings = {"server_settings": {"lock_timeout": str(lock_timeout_ms), SETTING: TENANT}}
    engine = create_async_engine(app_url(address, database), connect_args=settings, pool_size=pool_size)
    log = PostgresLog(engine, NAME, clock=CLOCK)
    await log.open()
    return log


async def _as_application(address: str, database: str) -> asyncpg.Connection:
    return await asyncpg.connect(app_url(address, database).replace("+asyncpg", ""), server_settings={SETTING: TENANT})


async def _append_over(connection: asyncpg.Connection, asked: Append) -> None:
    """What a log does, in a transaction that somebody else holds."""
    hashes = tuple(tuple(chain(NAME, write)) for write in asked.writes)
    pending = Pending(asked, hashes, asyncio.get_running_loop().create_future())
    await connection.fetch(_APPEND, NAME, 1_672_800_000_000_000, *_arguments([pending]))


async def _close(*logs: PostgresLog) -> None:
    for log in logs:
        await log.close()
        await log._engine.dispose()
