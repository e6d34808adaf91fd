"""A log in a SQLite file: one writer thread, each group of appends one durable transaction."""

import asyncio
import contextlib
import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain
from pathlib import Path
from typing import Any, Final, TypeVar
from uuid import UUID

from shared.clock import Clock, micros
from shared.eventlog.groups import Groups, Outcome, Pending
from shared.eventlog.port import AppendRefused, LogUnavailable, StreamConflict
from shared.eventlog.records import ZERO, Append, Appended, Head, Page, Record
from shared.eventlog.schema import POSITION_BITS
from shared.eventlog.waking import Wakeup

T = TypeVar("T")
_LAST_POSITION: Final = (1 << POSITION_BITS) - 1
BUSY_SECONDS: Final = 30
POLL_SECONDS: Final = 1.0  # one process owns a data directory; another one only reads beside it
_COLUMNS: Final = (
    "log, position, stream, version, event_id, type, schema_version, data, metadata, occurred_at, recorded_at, prev_hash, hash"
)
_INSERT: Final = (
    "insert into event (id, log, stream, version, event_id, type, schema_version, data, metadata, occurred_at, recorded_at, "
    "prev_hash, hash) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
_TOGETHER: Final = 100  # rows of one statement: a twentieth quicker than one by one
_INSERT_TOGETHER: Final = _INSERT + ", (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)" * (_TOGETHER - 1)
_LAST: Final = "select position, hash, recorded_at from event where id > ? and id <= ? order by id desc limit 1"
_HEAD: Final = (
    "insert into stream_head values (?, ?, ?, ?) on conflict do update set version = excluded.version, hash = excluded.hash"
)
_PRAGMAS: Final = ("journal_mode = wal", "synchronous = full", "secure_delete = on")
_MALFORMED: Final = (sqlite3.IntegrityError, sqlite3.DataError, sqlite3.InterfaceError, sqlite3.ProgrammingError, OverflowError)


class SqliteLog:
    """An `EventLog` over one SQLite file, which read models may share; `write_lock` queues their writers with ours."""

    def __init__(
        self, path: Path, name: str, *, clock: Clock, write_lock: asyncio.Lock | None = None, read_only: bool = False
    ) -> None:
        self.name = name
        self._path, self._clock, self._read_only = path, clock, read_only
        self._write_lock = write_lock or asyncio.Lock()
        self._writing = ThreadPoolExecutor(1, thread_name_prefix=f"append-{name}")
        self._reading = ThreadPoolExecutor(1, thread_name_prefix=f"read-{name}")
        self._writer: sqlite3.Connection | None = None
        self._reader: sqlite3.Connection | None = None
        self._incarnation = ""
        self._number = 0  # of the log in this file, shifted to where an event's id has it
        self._groups = Groups(name, self._commit)
        self._wakeup = Wakeup()

    async def open(self, incarnation: str) -> None:
        """Open the log; one that is new gets `incarnation`, an old one keeps its own."""
        if not self._read_only:
            await self._in(self._writing, lambda: self._begin_log(incarnation))
        await self._in(self._reading, self._begin_reading)
        self._wakeup.reached((await self.head()).position)

    async def close(self) -> None:
        await self._groups.close()
        for pool, connection in ((self._writing, self._writer), (self._reading, self._reader)):
            if connection is not None:
                await self._in(pool, connection.close)
            pool.shutdown()

    async def append(self, append: Append) -> Appended:
        if self._read_only:
            raise LogUnavailable(f"{self.name} was opened for reading")
        return await self._groups.add(append)

    async def find_command(self, command_id: str) -> Appended | None:
        return await self._in(self._reading, lambda: _command(self._read_from, self.name, command_id))

    async def read(self, after: int, limit: int) -> Page:
        def page() -> Page:
            rows = self._read_from.execute(
                f"select {_COLUMNS} from event where id > ? and id <= ? order by id limit ?",
                (self._number + after, self._number + _LAST_POSITION, limit),
            ).fetchall()
            return Page(self._incarnation, after, self._hash_at(after) or ZERO, tuple(map(_record, rows)))

        return await self._in(self._reading, page)

    async def head(self) -> Head:
        def end() -> Head:
            row = self._read_from.execute(_LAST, (self._number, self._number + _LAST_POSITION)).fetchone()
            return Head(self._incarnation, *(row or (0, ZERO, 0)))

        return await self._in(self._reading, end)

    async def hash_at(self, position: int) -> bytes | None:
        return await self._in(self._reading, lambda: self._hash_at(position))

    async def read_stream(self, stream: str, after: int = 0, until_position: int | None = None) -> list[Record]:
        bound = until_position if until_position is not None else 2**62

        def records() -> list[Record]:
            rows = self._read_from.execute(
                f"select {_COLUMNS} from event where log = ? and stream = ? and version > ? and position <= ? order by version",
                (self.name, stream, after, bound),
            )
            return [_record(row) for row in rows]

        return await self._in(self._reading, records)

    async def read_streams(self, streams: tuple[str, ...]) -> dict[str, list[Record]]:
        def records() -> dict[str, list[Record]]:
            found: dict[str, list[Record]] = {stream: [] for stream in streams}
            marks = ",".join("?" * len(streams))
            query = f"select {_COLUMNS} from event where log = ? and stream in ({marks}) order by stream, version"
            for row in self._read_from.execute(query, (self.name, *streams)):
                found[row[2]].append(_record(row))
            return found

        return await self._in(self._reading, records)

    async def streams(self, prefix: str = "", after: str = "", limit: int = 1_000) -> list[str]:
        query = "select stream from stream_head where log = ? and stream > ? and substr(stream, 1, ?) = ? order by stream limit ?"

        def ids() -> list[str]:
            return [row[0] for row in self._read_from.execute(query, (self.name, after, len(prefix), prefix, limit))]

        return await self._in(self._reading, ids)

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        async def ask() -> int:
            return (await self.head()).position

        return await self._wakeup.beyond(position, timeout, poll=ask, every=POLL_SECONDS)

    @property
    def incarnation(self) -> str:
        return self._incarnation

    @property
    def _read_from(self) -> sqlite3.Connection:
        if self._reader is None:
            raise LogUnavailable(f"{self.name} is not open")
        return self._reader

    def _hash_at(self, position: int) -> bytes | None:
        if position == 0:
            return ZERO
        row = self._read_from.execute("select hash from event where id = ?", (self._number + position,)).fetchone()
        return row[0] if row else None

    async def _in(self, pool: ThreadPoolExecutor, work: Callable[[], T]) -> T:
        try:
            return await asyncio.get_running_loop().run_in_executor(pool, work)
        except sqlite3.OperationalError as error:
            raise LogUnavailable(f"{self.name}: {error}") from error

    def _begin_log(self, incarnation: str) -> None:
        self._writer = connection = _connect(self._path)
        connection.execute("begin immediate")
        connection.execute("insert or ignore into log (name, incarnation) values (?, ?)", (self.name, incarnation))
        connection.execute("commit")

    def _begin_reading(self) -> None:
        self._reader = _connect(self._path, read_only=True)
        row = self._reader.execute("select incarnation, number from log where name = ?", (self.name,)).fetchone()
        if row is None:
            raise LogUnavailable(f"{self._path.name} holds no log {self.name}: run `doithoai migrate`")
        self._incarnation, self._number = row[0], row[1] << POSITION_BITS

    async def _commit(self, group: Sequence[Pending]) -> list[Outcome]:
        now = micros(self._clock.now())
        async with self._write_lock:
            outcomes = await self._in(self._writing, lambda: self._write(group, now))
        self._wakeup.reached(max((outcome.last for outcome in outcomes if isinstance(outcome, Appended)), default=0))
        return outcomes

    def _write(self, group: Sequence[Pending], now: int) -> list[Outcome]:
        connection = self._writer
        if connection is None:
            raise LogUnavailable(f"{self.name} is not open")
        connection.execute("begin immediate")
        try:
            base, _, last = connection.execute(_LAST, (self._number, self._number + _LAST_POSITION)).fetchone() or (0, ZERO, 0)
            stamp = max(now, last)
            outcomes: list[Outcome] = []
            for pending in group:
                outcome = self._write_one(connection, pending, base, stamp)
                if isinstance(outcome, Appended) and not outcome.replayed:
                    base = outcome.last
                outcomes.append(outcome)
            try:
                connection.execute("commit")
            except sqlite3.OperationalError as error:
                return self._found(connection, outcomes, error)
        except BaseException:
            with contextlib.suppress(sqlite3.Error):
                connection.execute("rollback")
            raise
        return outcomes

    def _found(self, connection: sqlite3.Connection, outcomes: Sequence[Outcome], error: sqlite3.Error) -> list[Outcome]:
        """The outcomes after a commit that failed, which is never tried again: whatever reached the disk stands.

        Raises:
            sqlite3.Error: it cannot be told; whoever asks again under the same command id will be.
        """
        with contextlib.suppress(sqlite3.Error):
            connection.execute("rollback")
        if connection.in_transaction:  # then we should see what nobody else does
            raise error
        return [
            LogUnavailable(f"{self.name}: {error}")
            if isinstance(outcome, Appended) and _command(connection, self.name, outcome.command_id) is None
            else outcome
            for outcome in outcomes
        ]

    def _write_one(self, connection: sqlite3.Connection, pending: Pending, base: int, stamp: int) -> Outcome:
        append = pending.append
        try:
            if (earlier := _command(connection, self.name, append.command_id)) is not None:
                return earlier
            if (conflict := self._conflict(connection, append)) is not None:
                return conflict
            rows, heads = self._rows(pending, base, stamp)
        except _MALFORMED as error:
            return AppendRefused(type(error).__name__)
        connection.execute("savepoint one")
        try:
            _insert(connection, rows)
            connection.executemany(_HEAD, heads)
            last = base + len(rows)
            connection.execute(
                "insert into command values (?, ?, ?, ?, ?, ?)",
                (self.name, append.command_id, append.fingerprint, base + 1, last, stamp),
            )
        except _MALFORMED as error:
            connection.execute("rollback to one")
            connection.execute("release one")
            return AppendRefused(type(error).__name__)
        connection.execute("release one")
        return Appended(append.command_id, append.fingerprint, base + 1, last, stamp)

    def _conflict(self, connection: sqlite3.Connection, append: Append) -> StreamConflict | None:
        expected = [(write.stream, write.expected, write.prev_hash) for write in append.writes]
        for stream, version, head in [*expected, *((guard.stream, guard.expected, None) for guard in append.guards)]:
            row = connection.execute(
                "select version, hash from stream_head where log = ? and stream = ?", (self.name, stream)
            ).fetchone()
            stands, hash = row or (0, None)
            if stands != version or (head is not None and hash is not None and hash != head):
                return StreamConflict(stream, version, stands)
        return None

    def _rows(self, pending: Pending, base: int, stamp: int) -> tuple[list[tuple[Any, ...]], list[tuple[Any, ...]]]:
        name, number = self.name, self._number
        rows: list[tuple[Any, ...]] = []
        heads = []
        position = base
        for write, hashes in zip(pending.append.writes, pending.hashes, strict=True):
            stream, version, previous = write.stream, write.expected, write.prev_hash
            for (event_id, *event), hash in zip(write.events, hashes, strict=True):
                position += 1
                version += 1
                rows.append((number + position, name, stream, version, event_id.bytes, *event, stamp, previous, hash))
                previous = hash
            heads.append((name, stream, version, previous))
        return rows, heads


def _connect(path: Path, *, read_only: bool = False) -> sqlite3.Connection:
    mode = "ro" if read_only else "rw"
    connection = sqlite3.connect(
        f"file:{path}?mode={mode}", uri=True, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    if not read_only:
        for pragma in _PRAGMAS:
            connection.execute(f"pragma {pragma}")
    return connection


def _insert(connection: sqlite3.Connection, rows: Sequence[tuple[Any, ...]]) -> None:
    rest = len(rows) - len(rows) % _TOGETHER
    for n in range(0, rest, _TOGETHER):
        connection.execute(_INSERT_TOGETHER, tuple(chain.from_iterable(rows[n : n + _TOGETHER])))
    connection.executemany(_INSERT, rows[rest:])


def _command(connection: sqlite3.Connection, log: str, command_id: str) -> Appended | None:
    row = connection.execute(
        "select command_id, fingerprint, first, last, recorded_at from command where log = ? and command_id = ?",
        (log, command_id),
    ).fetchone()
    return Appended(row[0], row[1], row[2], row[3], row[4], replayed=True) if row else None


def _record(row: tuple[Any, ...]) -> Record:
    return Record._make((*row[:4], UUID(bytes=row[4]), *row[5:]))
