"""Read models built anew beside the live ones, compared or swapped; and the hash of what a projection holds."""

import asyncio
import hashlib
import re
import secrets
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, replace
from typing import Any, Final, NamedTuple
from weakref import WeakKeyDictionary

from sqlalchemy import MetaData, Table, func, inspect, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import quoted_name

from shared import row_security
from shared.canonical import canonical
from shared.database import Database
from shared.eventlog.port import LogReader
from shared.eventlog.records import Record, Recorded
from shared.progress import Stand, told, unseen
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import START, Cursor
from shared.subscriptions.declared import Projection, Subscription
from shared.subscriptions.effects import understood
from shared.subscriptions.faults import is_transient, said, wait_seconds
from shared.subscriptions.parking import set_aside
from shared.subscriptions.rows import RowBuffer
from shared.subscriptions.schema import PROJECTION

PAGE: Final = 1_000
POLL_SECONDS: Final = 0.2
SWAPS: Final = 10
SWAP_LOCK_MS: Final = 500
MOST_LEFT: Final = 2_000  # events that may be left for the transaction that swaps

_BUILDING: Final[WeakKeyDictionary[Database, asyncio.Lock]] = WeakKeyDictionary()


class NotRebuilt(Exception):
    """It cannot be built anew: not a projection, or its history fails with today's code. The live tables stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebuild:
    """What came of it: events read, rows built, and whether they equal the live ones (None: nothing was compared)."""

    projection: str
    events: int
    rows: Mapping[str, int]
    equal: bool | None
    swapped: bool


async def prepare(projection: Projection, database: Database, logs: Mapping[str, LogReader]) -> None:
    """Make the projection's tables where it is new; build them anew where its declared version differs from the stored.

    Raises:
        NotRebuilt, LogUnavailable: the tables of the stored version stand.
    """
    if await _stands(database, projection):
        return  # and nobody has to wait for a builder at work
    async with builder_of(database, projection.name):
        async with database.write() as connection:
            found = await connection.execute(select(PROJECTION).where(PROJECTION.c.name == projection.name))
            stored = found.mappings().first()
            if stored is None:
                await connection.run_sync(row_security.make_read_models, projection.tables)
                await _note(connection, projection)
                return
        if stored["version"] != projection.version:
            building = _Building(projection, database, logs)
            await _build(building, check=False, replaces=stored["tables"].split())


async def rebuild(
    declared: Subscription,
    database: Database,
    logs: Mapping[str, LogReader],
    *,
    check: bool = False,
    stand: Stand = unseen,
) -> Rebuild:
    """Build `declared` from position 0 into tables of its own, then compare (`check`) or swap them for the live ones.

    `stand` hears of every page. Parked and discarded events are passed over, as the live projection did.

    Raises:
        NotRebuilt, LogUnavailable: the live tables stand.
    """
    if not isinstance(declared, Projection):
        raise NotRebuilt(f"{declared.name} has effects outside its tables and is never run again from the start")
    async with builder_of(database, declared.name):
        return await _build(_Building(declared, database, logs, stand), check=check, replaces=list(declared.tables.tables))


@asynccontextmanager
async def builder_of(database: Database, projection: str) -> AsyncIterator[None]:
    """One builder of a projection at a time, over all processes of the service.

    On SQLite one process owns the file, and its lock is enough; PostgreSQL keeps ours as long as the session lives.
    """
    if database.dialect == "sqlite":
        async with _BUILDING.setdefault(database, asyncio.Lock()):
            yield
        return
    key = int.from_bytes(hashlib.sha256(f"rebuild {projection}".encode()).digest()[:8], "big", signed=True)
    async with database.read() as session:
        while not (await session.execute(select(func.pg_try_advisory_lock(key)))).scalar_one():
            await session.rollback()
            await asyncio.sleep(POLL_SECONDS)
        await session.commit()  # the lock is the session's; an open transaction would hold back vacuum meanwhile
        try:
            yield
        finally:
            await session.invalidate()  # the session ends, and the lock with it, whatever state it is in


async def _build(building: "_Building", *, check: bool, replaces: list[str]) -> Rebuild:
    await building.begin()
    try:
        while await building.behind() > MOST_LEFT:
            await building.page()
        for attempt in range(1, SWAPS + 1):
            try:
                return await building.end(check=check, replaces=replaces)
            except (DBAPIError, OSError) as error:
                # Whoever reads the live tables in a long transaction holds them; those who come after must not wait behind us.
                if attempt == SWAPS or not is_transient(error):
                    raise
            await asyncio.sleep(wait_seconds(attempt))
        raise AssertionError("the last attempt returns or raises")
    finally:
        await building.clear()


async def state_hash(database: Database, projection: Projection) -> str:
    """SHA-256, hex, over the projection's rows in the order of their keys; positions and recorded instants left out."""
    async with database.read() as connection:
        return await _hash(connection, projection, {})


class _Built(NamedTuple):
    """How far a source was read, and the positions up to there that were parked or discarded when they were met."""

    cursor: Cursor
    passed_over: frozenset[int]


class _Building:
    """A generation of a projection's tables, beside the live one."""

    def __init__(self, projection: Projection, database: Database, logs: Mapping[str, LogReader], stand: Stand = unseen) -> None:
        self._projection, self._database, self._stand = projection, database, stand
        self._tenants = {reader.name.partition("/")[2] for reader in logs.values()}
        self._readers = {logs[source].name: logs[source] for source in projection.sources}
        self._suffix = f"__{secrets.token_hex(4)}"
        self._metadata = MetaData()
        self.beside = {table.name: self._copy(table) for table in projection.tables.sorted_tables}
        self._built = dict.fromkeys(self._readers, _Built(START, frozenset()))
        self._at = dict.fromkeys(self._readers, 0)
        self._total = 0
        self._swapped = False

    async def begin(self) -> None:
        """Make the tables, and remove what a builder that was killed has left."""
        async with self._database.write() as connection:
            followed = await checkpoints.positions(connection, {self._projection.name})
            if others := sorted({source.partition("/")[2] for _, source in followed} - self._tenants):
                raise NotRebuilt(f"the tables of {self._projection.name} hold rows of {', '.join(others)} too")
            standing = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
            left = [
                name
                for name in standing
                if any(re.fullmatch(f"{re.escape(table)}__[0-9a-f]{{8}}", name) for table in self.beside)
            ]
            await connection.run_sync(row_security.drop_read_models, left)
            await connection.run_sync(row_security.make_read_models, self._metadata)

    async def behind(self) -> int:
        """How many events lie between what was built and the live cursors."""
        async with self._database.read() as connection:
            live = [await checkpoints.load(connection, self._projection.name, name) for name in self._readers]
        self._total = sum(cursor.position for cursor in live)
        return self._total - sum(built.cursor.position for built in self._built.values())

    async def page(self) -> None:
        """One page of the source that is furthest behind its live cursor."""
        async with self._database.write() as connection:
            live = {name: await checkpoints.load(connection, self._projection.name, name) for name in self._readers}
            name = max(live, key=lambda each: live[each].position - self._built[each].cursor.position)
            built = await self._read(connection, name, self._built[name], live[name].position)
        self._built[name] = built

    async def end(self, *, check: bool, replaces: list[str]) -> Rebuild:
        """What is left up to the live cursors, which stand still meanwhile; then compare, or swap.

        The cursors stay: both generations stand at them.
        """
        declared, events = self._projection, 0
        async with self._database.write() as connection:
            for name, built in self._built.items():
                events += await self._level(connection, name, built)
            rows = {str(name): await _count(connection, table) for name, table in self.beside.items()}
            found = Rebuild(projection=declared.name, events=events, rows=rows, equal=None, swapped=not check)
            if check:
                equal = await _hash(connection, declared, self.beside) == await _hash(connection, declared, {})
                return replace(found, equal=equal)
            await self._swap(connection, replaces)
            await _note(connection, declared)
        self._swapped = True
        return found

    async def clear(self) -> None:
        """Leave nothing behind that was not swapped in."""
        if not self._swapped:
            async with self._database.write() as connection:
                await connection.run_sync(row_security.drop_read_models, list(self._metadata.tables))

    async def _level(self, connection: AsyncConnection, name: str, built: _Built) -> int:
        """Build up to where the live projection stands in a source; how many events that is from the first on."""
        live = await checkpoints.lock(connection, self._projection.name, name)
        while built.cursor.position < live.position:
            built = await self._read(connection, name, built, live.position)
        if live.position and not built.cursor.same_place(live):
            raise NotRebuilt(f"{name} is not the log that {self._projection.name} has followed")
        if built.passed_over != await set_aside(connection, self._projection.name, name):
            raise NotRebuilt(f"parked events of {name} were decided about meanwhile: ask again")
        return live.position

    async def _read(self, connection: AsyncConnection, name: str, built: _Built, upto: int) -> _Built:
        after = built.cursor.position
        page = await self._readers[name].read(after, min(PAGE, upto - after))
        if not page.records or page.previous_hash != built.cursor.hash or page.records[-1].position != after + len(page.records):
            raise NotRebuilt(f"{name} ends or differs after position {after}")
        aside = await set_aside(connection, self._projection.name, name)
        rows = RowBuffer(connection, self.beside)
        read = [
            each for record in page.records if record.position not in aside and (each := self._understood(record)) is not None
        ]
        await rows.fetch(row for recorded in read for row in self._projection.reads(recorded))
        for recorded in read:
            with _named(recorded.record):
                await self._projection.apply(recorded, rows)
        await rows.flush()
        last = page.records[-1]
        passed_over = built.passed_over | {record.position for record in page.records if record.position in aside}
        self._at[name] = last.position
        told(self._stand, sum(self._at.values()), self._total)
        return _Built(Cursor(page.incarnation, last.position, last.hash), passed_over)

    def _understood(self, record: Record) -> Recorded | None:
        with _named(record):
            return understood(record, self._projection.events)

    async def _swap(self, connection: AsyncConnection, replaced: list[str]) -> None:
        """In one transaction: the old tables go, the new ones take their names."""
        if connection.dialect.name == "postgresql":
            await connection.execute(text(f"set local lock_timeout = {SWAP_LOCK_MS}"))
        await connection.run_sync(row_security.drop_read_models, replaced)
        await connection.run_sync(row_security.rename_read_models, {table.name: name for name, table in self.beside.items()})

    def _copy(self, table: Table) -> Table:
        copied = table.to_metadata(self._metadata, name=f"{table.name}{self._suffix}")
        for index in copied.indexes:  # their names are the database's, not the table's
            index.name = quoted_name(f"{index.name}{self._suffix}", quote=None)
        return copied


@contextmanager
def _named(record: Record) -> Iterator[None]:
    """Says at which record it failed for good."""
    try:
        yield
    except Exception as error:
        if is_transient(error):
            raise
        raise NotRebuilt(f"{record.log} position {record.position}: {said(error)}") from error


async def _stands(database: Database, projection: Projection) -> bool:
    async with database.read() as connection:
        version = await connection.scalar(select(PROJECTION.c.version).where(PROJECTION.c.name == projection.name))
    return version == projection.version


async def _note(connection: AsyncConnection, projection: Projection) -> None:
    insert = postgresql.insert(PROJECTION) if connection.dialect.name == "postgresql" else sqlite.insert(PROJECTION)
    values = {"version": projection.version, "tables": " ".join(projection.tables.tables)}
    await connection.execute(
        insert.values(name=projection.name, **values).on_conflict_do_update(index_elements=["name"], set_=values)
    )


async def _count(connection: AsyncConnection, table: Table) -> int:
    return int((await connection.execute(text(f'select count(*) from "{table.name}"'))).scalar_one())


async def _hash(connection: AsyncConnection, projection: Projection, beside: Mapping[str, Table]) -> str:
    digest = hashlib.sha256()
    for table in projection.tables.sorted_tables:
        actual = beside.get(table.name, table)
        kept = [column for column in actual.columns if not _is_of_the_log(column.name)]
        digest.update(table.name.encode() + b"\n")
        lines = [canonical([_plain(value) for value in row]) for row in await connection.execute(select(*kept))]
        for line in sorted(lines):
            digest.update(line + b"\n")
    return digest.hexdigest()


def _plain(value: Any) -> Any:
    return value.hex() if isinstance(value, bytes | memoryview) else value


def _is_of_the_log(column: str) -> bool:
    return column == "position" or column.endswith("_position") or column == "recorded_at"
