"""A log in PostgreSQL: a group of appends is one call of one function, which holds the log's lock."""

import contextlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from itertools import chain
from typing import Any, Final

import asyncpg
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from shared.clock import Clock, micros
from shared.eventlog.groups import Groups, Pending
from shared.eventlog.port import AppendRefused, LogUnavailable, StreamConflict
from shared.eventlog.records import ZERO, Append, Appended, Head, Page, Record
from shared.eventlog.waking import Wakeup

POLL_SECONDS: Final = 0.025  # for what other processes append; this process's own appends wake at once
COMMIT_SECONDS: Final = 10
READ_ATTEMPTS: Final = 8
_COLUMNS: Final = (
    "log, position, stream, version, event_id, type, schema_version, data, metadata, occurred_at, recorded_at, prev_hash, hash"
)
_APPEND: Final = (
    "select n, outcome, first, last, recorded, fingerprint, stream, actual from append_events("
    + ", ".join(f"${n}" for n in range(1, 20))
    + ")"
)
_GONE: Final = (asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InterfaceError, OSError)
_TRANSIENT: Final = (
    *_GONE,
    asyncpg.InsufficientResourcesError,
    asyncpg.LockNotAvailableError,
    asyncpg.QueryCanceledError,
    asyncpg.SerializationError,
    asyncpg.DeadlockDetectedError,
    TimeoutError,
)


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
        self._append_over: AsyncConnection | None = None

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
        return _stood(rows[0]) if rows else None

    async def read(self, after: int, limit: int) -> Page:
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
        return Head(self._incarnation, *(rows[0] if rows else (0, ZERO, 0)))

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
        found: dict[str, list[Record]] = {stream: [] for stream in streams}
        if len(streams) == 1:
            return {streams[0]: await self.read_stream(streams[0])}
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
        # A connection of the pool may have died since it was last used; the driver is used directly, so the pool does
        # not notice by itself. Reading again on another one does no harm.
        for attempt in range(READ_ATTEMPTS):
            async with _unavailable_instead(self.name), self._engine.connect() as connection:
                try:
                    found: list[Any] = await (await _driver_of(connection)).fetch(query, *arguments)
                except _GONE:
                    await connection.invalidate()
                    if attempt == READ_ATTEMPTS - 1:
                        raise
                else:
                    return found
        raise AssertionError("the loop returns or raises")

    async def _commit(self, group: Sequence[Pending]) -> None:
        try:
            outcomes = await self._call(group)
        except _TRANSIENT:
            await self._drop_connection()
            await self._resolve(group)
            return
        except (asyncpg.PostgresError, ValueError, OverflowError) as error:
            await self._isolate(group, error)
            return
        for pending, outcome in zip(group, outcomes, strict=True):
            pending.settle(outcome)
            if isinstance(outcome, Appended):
                self._wakeup.reached(outcome.last)

    async def _isolate(self, group: Sequence[Pending], error: Exception) -> None:
        # One bad row fails the whole call and nothing of it was written: halve until it stands alone.
        if len(group) == 1:
            group[0].settle(AppendRefused(f"{type(error).__name__}"))
            return
        middle = len(group) // 2
        await self._commit(group[:middle])
        await self._commit(group[middle:])

    async def _resolve(self, group: Sequence[Pending]) -> None:
        # The connection went while the call was on its way: it may have been committed, or may still run. Whoever
        # holds the log's lock knows, because the other transaction, if it lives, holds it too.
        ids = [pending.append.command_id for pending in group]
        try:
            async with _unavailable_instead(self.name), self._engine.connect() as connection:
                driver = await _driver_of(connection)
                async with driver.transaction():
                    await driver.execute("select pg_advisory_xact_lock(hashtextextended($1, 42))", self.name)
                    rows = await driver.fetch(
                        "select command_id, fingerprint, first, last, recorded_at from command "
                        "where log = $1 and command_id = any($2)",
                        self.name,
                        ids,
                    )
        except LogUnavailable as error:
            for pending in group:
                pending.settle(error)
            return
        known = {row[0]: replace(_stood(row), replayed=False) for row in rows}
        for pending in group:
            found = known.get(pending.append.command_id)
            pending.settle(found or LogUnavailable(f"{self.name}: the store was away; nothing was written"))
            if found:
                self._wakeup.reached(found.last)

    async def _call(self, group: Sequence[Pending]) -> list[Appended | Exception]:
        driver = await self._driver()
        rows = await driver.fetch(_APPEND, self.name, micros(self._clock.now()), *_arguments(group), timeout=COMMIT_SECONDS)
        outcomes: list[Appended | Exception] = [LogUnavailable("no outcome")] * len(group)
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
            self._append_over = await self._engine.connect()
        return await _driver_of(self._append_over)

    async def _drop_connection(self) -> None:
        connection, self._append_over = self._append_over, None
        if connection is not None:
            with contextlib.suppress(Exception):
                await connection.invalidate()
            with contextlib.suppress(Exception):
                await connection.close()


async def _driver_of(connection: AsyncConnection) -> asyncpg.Connection:
    return (await connection.get_raw_connection()).driver_connection


def _stood(row: Any) -> Appended:
    return Appended(row[0], row[1], row[2], row[3], row[4], replayed=True)


def _expected(append: Append, stream: str) -> int:
    stated = [(w.stream, w.expected) for w in append.writes] + [(g.stream, g.expected) for g in append.guards]
    return next(expected for name, expected in stated if name == stream)


def _arguments(group: Sequence[Pending]) -> list[list[Any]]:
    """The function's arrays: two by command, four by checked stream, eleven by event. Commands count from 1."""
    checks: list[tuple[Any, ...]] = []
    events: list[tuple[Any, ...]] = []
    for n, pending in enumerate(group, start=1):
        append = pending.append
        checks.extend((n, guard.stream, guard.expected, None) for guard in append.guards)
        for write, hashes in zip(append.writes, pending.hashes, strict=True):
            checks.append((n, write.stream, write.expected, write.prev_hash))
            events.extend(
                (n, write.stream, version, *event[:6], previous, hash)
                for event, version, previous, hash in zip(
                    write.events,
                    range(write.expected + 1, write.expected + 1 + len(hashes)),
                    chain([write.prev_hash], hashes),
                    hashes,
                    strict=False,
                )
            )
    commands: list[list[Any]] = [[p.append.command_id for p in group], [p.append.fingerprint for p in group]]
    return commands + _columns(checks, 4) + _columns(events, 11)


def _columns(rows: list[tuple[Any, ...]], width: int) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)] if rows else [[] for _ in range(width)]


@asynccontextmanager
async def _unavailable_instead(name: str) -> AsyncIterator[None]:
    try:
        yield
    except (OperationalError, InterfaceError, DBAPIError, *_TRANSIENT) as error:
        raise LogUnavailable(f"{name}: {type(error).__name__}") from error
