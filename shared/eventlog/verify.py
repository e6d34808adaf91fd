"""Going over a whole log again: hashes, chains, density, order of time, and everything that was ever stored about it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, NamedTuple

import orjson
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncResult

from shared.database import Database
from shared.eventlog.port import EventLog
from shared.eventlog.records import ZERO, NewEvent, Record, event_hash, leaf_data
from shared.merkle import Frontier

PAGE: Final = 2_000
MAX_FAULTS: Final = 1_000  # more say nothing new

_ROOTS: Final = "select size as at, root from tree_root where log = :log order by size"
_COMMANDS: Final = "select first as at, last, recorded_at, command_id from command where log = :log order by first"
# One statement each: events that are appended meanwhile are in both tables or in neither.
_HEADS_WITHOUT_EVENT: Final = """
    select h.stream, h.version, h.hash, e.position, e.hash as stands
      from stream_head h
      left join event e on e.log = h.log and e.stream = h.stream and e.version = h.version
     where h.log = :log and (e.hash is null or e.hash <> h.hash)"""
_EVENTS_WITHOUT_HEAD: Final = """
    select e.stream, e.version, e.position
      from event e
      left join stream_head h on h.log = e.log and h.stream = e.stream
     where e.log = :log and (h.version is null or h.version < e.version)"""
# Tables that hold cursors into logs: what names the holder, and what names the log.
_CURSORS: Final = (("checkpoint", "subscription", "source"), ("relay_cursor", "'relay'", "log"))


class Kind(StrEnum):
    """What was found."""

    BYTES_CHANGED = "bytes-changed"  # the event does not have the hash that was stored with it
    CHAIN_BROKEN = "chain-broken"  # it does not follow on its predecessor in the stream
    POSITION_GAP = "position-gap"
    RECORDED_BACK = "recorded-back"  # recorded before its predecessor in the log
    COMMAND_DIFFERS = "command-differs"  # not where, or not when, its command was recorded
    ROOT_DIFFERS = "root-differs"  # the tree up to here had another root
    HEAD_DIFFERS = "head-differs"  # a stream's stored head is not its last event
    CURSOR_DIFFERS = "cursor-differs"  # whoever read up to here read another event
    LOG_SHORT = "log-short"  # something was stored about a position or version beyond the end


class Fault(NamedTuple):
    """One finding: between `position` and `last`, which are the same where it is exact."""

    position: int
    last: int
    kind: Kind
    what: str


@dataclass(frozen=True, slots=True)
class Report:
    """What a verification found. `root` is the tree's at `events`, in hexadecimal."""

    log: str
    incarnation: str
    events: int
    streams: int
    root: str
    roots_compared: int
    faults: tuple[Fault, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing was found."""
        return not self.faults


class Cursor(NamedTuple):
    """How far somebody has read, and the hash of the event there."""

    holder: str
    position: int
    hash: bytes


async def verify(
    log: EventLog, database: Database, others: Sequence[Database] = (), at: Callable[[int], None] = lambda _position: None
) -> Report:
    """Read the whole log and hold it against itself and against what `database` and `others` remember of it.

    `database` is the log's own; `others` are those of services that follow it, for their cursors. Events are read page by
    page, and `at` hears how far it is; one entry a stream is kept in memory. What was changed together with everything that
    remembers it is not found here: that takes a root that has left the installation.

    Raises:
        LogUnavailable: the store is away.
    """
    incarnation = (await log.head()).incarnation
    # What is remembered is read before the end of the log: it cannot be ahead of a log that is whole.
    cursors = [cursor for one in (database, *others) for cursor in await _cursors(one, log.name, incarnation)]
    async with database.stream() as connection:
        if database.dialect == "postgresql":
            await connection.execute(text("set local statement_timeout = 0"))
        roots = await _Rows.of(connection, _ROOTS, log.name)
        commands = await _Rows.of(connection, _COMMANDS, log.name)
        going = _Verification(log.name, roots, commands, cursors)
        head = await log.head()
        while going.position < head.position:
            records = (await log.read(going.position, min(PAGE, head.position - going.position))).records
            if not records:
                break
            for record in records:
                await going.take(record)
            at(going.position)
        await going.end()
        await going.compare_heads(connection)
    return going.report(incarnation)


class _Rows:
    """Rows in the order of their column `at`, one ahead."""

    def __init__(self, rows: AsyncResult[Any]) -> None:
        self._rows = rows
        self.next: Any = None

    @classmethod
    async def of(cls, connection: AsyncConnection, query: str, log: str) -> "_Rows":
        rows = cls(await connection.stream(text(query), {"log": log}))
        await rows.step()
        return rows

    async def step(self) -> None:
        self.next = await self._rows.fetchone()


class _Verification:
    """One going over a log, event by event."""

    def __init__(self, log: str, roots: _Rows, commands: _Rows, cursors: Sequence[Cursor]) -> None:
        self.position = 0
        self._log, self._roots, self._commands = log, roots, commands
        self._cursors: dict[int, list[Cursor]] = {}
        for cursor in cursors:
            self._cursors.setdefault(cursor.position, []).append(cursor)
        self._recorded = 0
        self._tree = Frontier()
        self._streams: dict[str, tuple[int, bytes]] = {}  # version and hash of the last event seen
        self._command: Any = None
        self._root_good = 0  # the tree agreed up to here
        self._roots_compared = 0
        self._root_differed = False
        self._faults: list[Fault] = []

    async def take(self, record: Record) -> None:
        """The next event of the log."""
        position = record.position
        if position != self.position + 1:
            self._found(Kind.POSITION_GAP, self.position + 1, "nothing stands here", position - 1)
        self._hash_and_chain(record)
        if record.recorded < self._recorded:
            self._found(Kind.RECORDED_BACK, position, "recorded before its predecessor")
        await self._in_its_command(record)
        for cursor in self._cursors.pop(position, ()):
            if cursor.hash != record.hash:
                self._found(Kind.CURSOR_DIFFERS, position, f"{cursor.holder} has read another event here")
        self._tree.add(leaf_data(position, record.recorded, record.hash))
        self.position, self._recorded = position, max(record.recorded, self._recorded)
        await self._at_root()

    def _hash_and_chain(self, record: Record) -> None:
        stream, version = record.stream, record.version
        new = NewEvent(*record[4:10])
        if record.log != self._log or event_hash(self._log, stream, version, new, record.prev_hash) != record.hash:
            self._found(Kind.BYTES_CHANGED, record.position, f"{stream} version {version}")
        if (version - 1, record.prev_hash) != self._streams.get(stream, (0, ZERO)):
            self._found(Kind.CHAIN_BROKEN, record.position, f"{stream} version {version}")
        self._streams[stream] = (version, record.hash)

    async def _in_its_command(self, record: Record) -> None:
        position = record.position
        while self._commands.next is not None and self._commands.next.at <= position:
            self._command = self._commands.next
            await self._commands.step()
        command = self._command
        if command is None or position > command.last:
            self._found(Kind.COMMAND_DIFFERS, position, "no command wrote here")
            return
        if record.recorded != command.recorded_at:
            self._found(Kind.COMMAND_DIFFERS, position, "recorded at another time than its command")
        stated = _command_of(record.metadata)
        if stated is not None and stated != command.command_id:
            self._found(Kind.COMMAND_DIFFERS, position, "another command wrote here")

    async def _at_root(self) -> None:
        while self._roots.next is not None and self._roots.next.at <= self.position:
            stored = self._roots.next
            # After the first that differs, every later one does.
            if not self._root_differed:
                self._roots_compared += 1
                if stored.root == self._tree.root() and stored.at == self._tree.size:
                    self._root_good = stored.at
                else:
                    self._root_differed = True
                    self._found(Kind.ROOT_DIFFERS, self._root_good + 1, "the tree had another root", stored.at)
            await self._roots.step()

    async def end(self) -> None:
        """There are no more events: whatever is remembered beyond them was cut off."""
        first = self.position + 1
        for at, cursors in sorted(self._cursors.items()):
            for cursor in cursors:
                self._found(Kind.LOG_SHORT, first, f"{cursor.holder} has read up to {at}", at)
        while self._roots.next is not None:
            self._found(Kind.LOG_SHORT, first, "there is a root of this size", self._roots.next.at)
            await self._roots.step()
        if self._command is not None and self._command.last > self.position:
            self._found(Kind.LOG_SHORT, first, "a command wrote up to here", self._command.last)
        while self._commands.next is not None:
            self._found(Kind.LOG_SHORT, first, "a command wrote up to here", self._commands.next.last)
            await self._commands.step()

    async def compare_heads(self, connection: AsyncConnection) -> None:
        """Every stream's stored head is its last event."""
        for row in await connection.execute(text(_HEADS_WITHOUT_EVENT), {"log": self._log}):
            if row.position is None:
                self._found(Kind.LOG_SHORT, self.position + 1, f"{row.stream} stood at version {row.version}")
            else:
                self._found(Kind.HEAD_DIFFERS, row.position, f"{row.stream} version {row.version} had another hash")
        for row in await connection.execute(text(_EVENTS_WITHOUT_HEAD), {"log": self._log}):
            self._found(Kind.HEAD_DIFFERS, row.position, f"{row.stream} has version {row.version} beyond its head")

    def _found(self, kind: Kind, position: int, what: str, last: int | None = None) -> None:
        if len(self._faults) < MAX_FAULTS:
            self._faults.append(Fault(position, position if last is None else last, kind, what))

    def report(self, incarnation: str) -> Report:
        return Report(
            log=self._log,
            incarnation=incarnation,
            events=self.position,
            streams=len(self._streams),
            root=self._tree.root().hex(),
            roots_compared=self._roots_compared,
            faults=tuple(sorted(self._faults)),
        )


def _command_of(metadata: bytes) -> str | None:
    try:
        stated = orjson.loads(metadata)
    except orjson.JSONDecodeError:
        return None  # the hash says so already
    command = stated.get("command") if isinstance(stated, dict) else None
    return command if isinstance(command, str) else None


async def _cursors(database: Database, log: str, incarnation: str) -> list[Cursor]:
    """Where subscriptions and relays of this database stand in `log`; those of another incarnation are none of its."""
    found = []
    async with database.read() as connection:
        tables = await connection.run_sync(lambda sync: set(sync.dialect.get_table_names(sync)))
        for table, holder, source in _CURSORS:
            if table in tables:
                query = (
                    f"select {holder} as holder, position, hash from {table} where {source} = :log and incarnation = :incarnation"
                )
                rows = await connection.execute(text(query), {"log": log, "incarnation": incarnation})
                found += [Cursor(row.holder, row.position, bytes(row.hash)) for row in rows if row.position]
    return found
