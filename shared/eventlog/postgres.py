"""A log in PostgreSQL: a group of appends is one call of one function, which holds the log's lock."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any, Final

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.clock import Clock, micros
from shared.eventlog.groups import Groups, Outcome, Pending
from shared.eventlog.port import AppendRefused, LogUnavailable, StreamConflict
from shared.eventlog.records import ZERO, Append, Appended, Head, Page, Record
from shared.eventlog.waking import Wakeup
from shared.look import Look

POLL_SECONDS: Final = 0.025  # for what other processes append; this process's own appends wake at once
COMMIT_SECONDS: Final = 10
READ_SECONDS: Final = 10
READ_ATTEMPTS: Final = 3  # the first that is in vain clears the pool of what else was lost with it
_COLUMNS: Final = (
    "log, position, stream, version, event_id, type, schema_version, data, metadata, occurred_at, recorded_at, prev_hash, hash"
)
_APPEND: Final = "select n, outcome, first, last, recorded, fingerprint, stream, actual from append_events($1, $2, $3, $4, $5)"
# The connection went, or the wait for its answer ended: what was asked may have been done all the same.
_UNKNOWN: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    OSError,  # TimeoutError among them
)
# The server said that it did nothing, for now.
_NOT_NOW: Final = (
    asyncpg.QueryCanceledError,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
)
_AWAY: Final = (OperationalError, InterfaceError, DBAPIError, *_NOT_NOW, *_UNKNOWN)


class PostgresLog:
    """An `EventLog` over a service's PostgreSQL database, as the application role.

    Appends go over one connection of their own, reads over the engine's pool.
    """

    def __init__(self, engine: AsyncEngine, name: str, *, clock: Clock) -> None:
        self.name = name
        self._engine, self._clock = engine, clock
        self._incarnation = ""
        self._groups = Groups(name, self._commit)
        self._wakeup = Wakeup()
        self._append_over: tuple[AsyncConnection, asyncpg.Connection] | None = None
        self._streams = Look(self._read_streams)
        self._pages: dict[tuple[int, int, int], asyncio.Task[Page]] = {}  # being read, for all who ask for the same

    async def open(self) -> None:
        """Read the incarnation that `migrate` gave the log.

        Raises:
            LogUnavailable: the database is away, or holds no such log.
        """
        rows = await self._fetch("select incarnation from log where name = $1", self.name)
        if not rows:
            raise LogUnavailable(f"there is no log {self.name}: run `doithoai migrate`")
        self._incarnation = rows[0][0]
        self._wakeup.reached((await self.head()).position)

    async def close(self) -> None:
        await self._groups.close()
        await self._drop_connection()

    @property
    def incarnation(self) -> str:
        return self._incarnation

    async def append(self, append: Append) -> Appended:
        return await self._groups.add(append)

    async def find_command(self, command_id: str) -> Appended | None:
        rows = await self._fetch(
            "select command_id, fingerprint, first, last, recorded_at from command where log = $1 and command_id = $2",
            self.name,
            command_id,
        )
        if not rows:
            return None
        found = _stood(rows[0])
        self._wakeup.reached(found.last)
        return found

    async def read(self, after: int, limit: int) -> Page:
        # Every subscription wakes at once and asks for the same page. Whoever knows of a later append asks anew.
        key = (after, limit, self._wakeup.position)
        reading = self._pages.get(key)
        if reading is None:
            reading = self._pages[key] = asyncio.create_task(self._page(after, limit))
            reading.add_done_callback(lambda done: self._read_to_the_end(key, done))
        return await asyncio.shield(reading)

    def _read_to_the_end(self, key: tuple[int, int, int], done: asyncio.Task[Page]) -> None:
        self._pages.pop(key, None)
        if not done.cancelled():
            done.exception()  # looked at, also where all who asked were cancelled

    async def _page(self, after: int, limit: int) -> Page:
        # The event at `after` comes along for its hash: one round trip.
        rows = await self._fetch(
            f"select {_COLUMNS} from event where log = $1 and position >= $2 order by position limit $3",
            self.name,
            max(after, 1),
            limit + (1 if after else 0),
        )
        previous = ZERO
        if after and rows:
            previous, rows = rows[0][12], rows[1:]
        return Page(self._incarnation, after, previous, tuple(map(Record._make, rows)))

    async def head(self) -> Head:
        rows = await self._fetch(
            "select position, hash, recorded_at from event where log = $1 order by position desc limit 1", self.name
        )
        head = Head(self._incarnation, *(rows[0] if rows else (0, ZERO, 0)))
        self._wakeup.reached(head.position)  # whoever reads after this joins no read that may have begun before it
        return head

    async def hash_at(self, position: int) -> bytes | None:
        if position == 0:
            return ZERO
        rows = await self._fetch("select hash from event where log = $1 and position = $2", self.name, position)
        return rows[0][0] if rows else None

    async def read_stream(self, stream: str, after: int = 0, until_position: int | None = None) -> list[Record]:
        rows = await self._fetch(
            f"select {_COLUMNS} from event where log = $1 and stream = $2 and version > $3 and position <= $4 order by version",
            self.name,
            stream,
            after,
            until_position if until_position is not None else 2**62,
        )
        return list(map(Record._make, rows))

    async def read_streams(self, streams: tuple[str, ...]) -> dict[str, list[Record]]:
        # Commands that come together read together: a question costs more than the few events of a stream.
        found = await self._streams.fresh(*streams)
        return {stream: found[stream] for stream in streams}

    async def _read_streams(self, streams: frozenset[str]) -> dict[str, list[Record]]:
        found: dict[str, list[Record]] = {stream: [] for stream in streams}
        if len(streams) == 1:
            return {stream: await self.read_stream(stream) for stream in streams}
        query = f"select {_COLUMNS} from event where log = $1 and stream = any($2) order by stream, version"
        for row in await self._fetch(query, self.name, list(streams)):
            found[row[2]].append(Record._make(row))
        return found

    async def streams(self, prefix: str = "", after: str = "", limit: int = 1_000) -> list[str]:
        rows = await self._fetch(
            'select stream from stream_head where log = $1 and stream collate "C" > $2 and left(stream, $3) = $4 '
            'order by stream collate "C" limit $5',
            self.name,
            after,
            len(prefix),
            prefix,
            limit,
        )
        return [row[0] for row in rows]

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        async def ask() -> int:
            return (await self.head()).position

        return await self._wakeup.beyond(position, timeout, poll=ask, every=POLL_SECONDS)

    async def _fetch(self, query: str, *arguments: Any) -> list[Any]:
        # A connection of the pool may have died since it was last used, or lead nowhere, which only time tells; the
        # driver is used directly, so the pool does not notice by itself. Reading again on another one does no harm.
        for attempt in range(READ_ATTEMPTS):
            async with _unavailable_instead(self.name), self._engine.connect() as connection:
                driver = await _driver_of(connection)
                try:
                    found: list[Any] = await driver.fetch(query, *arguments, timeout=READ_SECONDS)
                except _NOT_NOW:
                    raise
                except _UNKNOWN:
                    await _discard(connection, driver)
                    if attempt == READ_ATTEMPTS - 1:
                        raise
                else:
                    return found
        raise AssertionError("the loop returns or raises")

    async def _commit(self, group: Sequence[Pending]) -> list[Outcome]:
        try:
            outcomes = await self._call_surely(group)
        except _AWAY as error:
            return [LogUnavailable(f"{self.name}: {type(error).__name__}")] * len(group)
        except (asyncpg.PostgresError, ValueError, OverflowError) as error:
            # One bad row fails the whole call and nothing of it was written: halve until it stands alone.
            if len(group) == 1:
                return [AppendRefused(f"{type(error).__name__}")]
            middle = len(group) // 2
            return [*await self._commit(group[:middle]), *await self._commit(group[middle:])]
        self._wakeup.reached(max((outcome.last for outcome in outcomes if isinstance(outcome, Appended)), default=0))
        return outcomes

    async def _call_surely(self, group: Sequence[Pending]) -> list[Outcome]:
        """Call; where no answer came, whether it was done or not, call once more over another connection.

        The function takes the log's lock before it looks the command ids up, so it finds what the first call committed,
        or waits for it; and should the first call still be under way, it will find what the second one did.
        """
        try:
            return await self._call(group)
        except _NOT_NOW:
            raise
        except _UNKNOWN:
            await self._drop_connection()
        try:
            outcomes = await self._call(group)
        except BaseException:
            await self._drop_connection()
            raise
        return [
            replace(outcome, replayed=False)
            if isinstance(outcome, Appended) and outcome.fingerprint == pending.append.fingerprint
            else outcome
            for pending, outcome in zip(group, outcomes, strict=True)
        ]

    async def _call(self, group: Sequence[Pending]) -> list[Outcome]:
        driver = await self._driver()
        rows = await driver.fetch(_APPEND, self.name, micros(self._clock.now()), *_arguments(group), timeout=COMMIT_SECONDS)
        if rows[0][1] == "all":
            return _all_went_in(group, rows[0][2], rows[0][4])
        outcomes: list[Outcome] = [LogUnavailable("no outcome")] * len(group)
        for n, outcome, first, last, recorded, fingerprint, stream, actual in rows:
            append = group[n - 1].append
            if outcome == "conflict":
                outcomes[n - 1] = StreamConflict(stream, _expected(append, stream), actual)
            else:
                replayed = outcome == "replayed"
                print_of = fingerprint if replayed else append.fingerprint
                outcomes[n - 1] = Appended(append.command_id, print_of, first, last, recorded, replayed)
        return outcomes

    async def _driver(self) -> asyncpg.Connection:
        if self._append_over is None:
            connection = await self._engine.connect()
            self._append_over = connection, await _driver_of(connection)
        return self._append_over[1]

    async def _drop_connection(self) -> None:
        held, self._append_over = self._append_over, None
        if held is not None:
            await _discard(*held)
            with contextlib.suppress(Exception):
                await held[0].close()


async def _driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    return (await connection.get_raw_connection()).driver_connection


async def _discard(connection: AsyncConnection, driver: asyncpg.Connection) -> None:
    # Ended at once: a graceful end waits for a server that may be away.
    driver.terminate()
    with contextlib.suppress(Exception):
        # What took this one mostly took all that were made before it: none of them is handed out again. SQLAlchemy calls
        # the same for a statement that goes through it, and offers nothing public beside.
        connection.sync_engine.pool._invalidate(await connection.get_raw_connection(), _checkin=False)  # noqa: SLF001
        await connection.invalidate()


def _stood(row: Any) -> Appended:
    return Appended(row[0], row[1], row[2], row[3], row[4], replayed=True)


def _expected(append: Append, stream: str) -> int:
    stated = [(w.stream, w.expected) for w in append.writes] + [(g.stream, g.expected) for g in append.guards]
    return next(expected for name, expected in stated if name == stream)


def _all_went_in(group: Sequence[Pending], first: int, recorded: int) -> list[Outcome]:
    outcomes: list[Outcome] = []
    for pending in group:
        last = first + sum(map(len, pending.hashes)) - 1
        outcomes.append(Appended(pending.append.command_id, pending.append.fingerprint, first, last, recorded))
        first = last + 1
    return outcomes


def _arguments(group: Sequence[Pending]) -> tuple[list[Any], list[Any], list[Any]]:
    """The function's rows: new_command, stream_check, new_event. Commands count from 1."""
    commands: list[tuple[Any, ...]] = []
    checks: list[tuple[Any, ...]] = []
    events: list[tuple[Any, ...]] = []
    for n, (append, hashes_of, _) in enumerate(group, start=1):
        before = len(events)
        for write, hashes in zip(append.writes, hashes_of, strict=True):
            stream, version, previous = write.stream, write.expected, write.prev_hash
            checks.append((n, stream, version, previous, version + len(hashes), hashes[-1]))
            for event, hash in zip(write.events, hashes, strict=True):
                version += 1
                events.append((stream, version, *event, previous, hash))
                previous = hash
        checks.extend((n, guard.stream, guard.expected, None, None, None) for guard in append.guards)
        commands.append((append.command_id, append.fingerprint, len(events) - before))
    return commands, checks, events


@asynccontextmanager
async def _unavailable_instead(name: str) -> AsyncIterator[None]:
    try:
        yield
    except _AWAY as error:
        raise LogUnavailable(f"{name}: {type(error).__name__}") from error
