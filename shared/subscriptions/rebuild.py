"""Read models built anew beside the live ones, compared or swapped; and the hash of what a projection holds."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import MetaData, Table, select, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.elements import quoted_name

from shared.canonical import canonical
from shared.clock import Clock, micros
from shared.database import Database
from shared.eventlog.port import LogReader
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import START, Cursor
from shared.subscriptions.declared import Projection, Subscription
from shared.subscriptions.effects import understood
from shared.subscriptions.parking import set_aside
from shared.subscriptions.rows import RowBuffer
from shared.subscriptions.schema import PROJECTION

PAGE: Final = 1_000
MOST_LEFT: Final = 2_000  # events that may be left for the transaction that swaps


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


async def prepare(projection: Projection, database: Database, logs: Mapping[str, LogReader], clock: Clock) -> None:
    """Make the projection's tables where it is new; build them anew where its declared version differs from the stored."""
    async with database.write() as connection:
        stored = (await connection.execute(select(PROJECTION).where(PROJECTION.c.name == projection.name))).mappings().first()
        if stored is None:
            await connection.run_sync(projection.tables.create_all)
            await _note(connection, projection)
            return
    if stored["version"] != projection.version:
        await rebuild(projection, database, logs, clock, replaces=stored["tables"].split())


async def rebuild(
    declared: Subscription,
    database: Database,
    logs: Mapping[str, LogReader],
    clock: Clock,
    *,
    check: bool = False,
    replaces: list[str] | None = None,
) -> Rebuild:
    """Build `declared` from position 0 into tables of its own, then compare (`check`) or swap them for the live ones.

    Parked and discarded events are passed over, as the live projection did.

    Raises:
        NotRebuilt
    """
    if not isinstance(declared, Projection):
        raise NotRebuilt(f"{declared.name} has effects outside its tables and is never run again from the start")
    building = _Building(declared, database, logs)
    await building.begin()
    try:
        while await building.behind() > MOST_LEFT:
            async with database.write() as connection:
                await building.page(connection)
        async with database.write() as connection:
            cursors = {name: await checkpoints.load(connection, declared.name, name, lock=True) for name in building.sources}
            await building.upto(connection, cursors)
            rows = {table.name: await _count(connection, building.beside[table.name]) for table in declared.tables.sorted_tables}
            if check:
                equal = await _hash(connection, declared, building.beside) == await _hash(connection, declared, {})
                return Rebuild(projection=declared.name, events=building.events, rows=rows, equal=equal, swapped=False)
            await building.swap(connection, replaces or list(declared.tables.tables))
            for name, cursor in building.cursors.items():
                await checkpoints.save(connection, declared.name, name, cursor, micros(clock.now()))
            await _note(connection, declared)
        return Rebuild(projection=declared.name, events=building.events, rows=rows, equal=None, swapped=True)
    finally:
        await building.clear()


async def state_hash(database: Database, projection: Projection) -> str:
    """SHA-256, hex, over the projection's rows in the order of their keys; positions and recorded instants left out."""
    async with database.read() as connection:
        return await _hash(connection, projection, {})


class _Building:
    """A generation of a projection's tables, beside the live one."""

    def __init__(self, projection: Projection, database: Database, logs: Mapping[str, LogReader]) -> None:
        self._projection, self._database = projection, database
        self._readers = {logs[source].name: logs[source] for source in projection.sources}
        self._suffix = f"__{secrets.token_hex(4)}"
        self._metadata = MetaData()
        self.beside = {table.name: self._copy(table) for table in projection.tables.sorted_tables}
        self.cursors: dict[str, Cursor] = dict.fromkeys(self._readers, START)
        self.events = 0
        self._passed_over: dict[str, set[int]] = {}
        self._swapped = False

    @property
    def sources(self) -> list[str]:
        return list(self._readers)

    async def begin(self) -> None:
        async with self._database.write() as connection:
            await connection.run_sync(self._metadata.create_all)
            for name in self._readers:
                self._passed_over[name] = await set_aside(connection, self._projection.name, name)

    async def behind(self) -> int:
        """How many events lie between what was built and the live cursors."""
        async with self._database.read() as connection:
            live = [await checkpoints.load(connection, self._projection.name, name) for name in self._readers]
        return sum(cursor.position - self.cursors[name].position for name, cursor in zip(self._readers, live, strict=True))

    async def page(self, connection: AsyncConnection) -> None:
        """One page of the source that is furthest behind its live cursor."""
        live = {name: await checkpoints.load(connection, self._projection.name, name) for name in self._readers}
        name = max(live, key=lambda each: live[each].position - self.cursors[each].position)
        await self._read(connection, name, min(PAGE, live[name].position - self.cursors[name].position))

    async def upto(self, connection: AsyncConnection, live: Mapping[str, Cursor]) -> None:
        """All that is left up to the live cursors, which stand still meanwhile."""
        for name, cursor in live.items():
            while self.cursors[name].position < cursor.position:
                await self._read(connection, name, min(PAGE, cursor.position - self.cursors[name].position))
            if cursor.position and not self.cursors[name].same_place(cursor):
                raise NotRebuilt(f"{name} is not the log that {self._projection.name} has followed")

    async def _read(self, connection: AsyncConnection, name: str, limit: int) -> None:
        page = await self._readers[name].read(self.cursors[name].position, limit)
        if not page.records or page.previous_hash != self.cursors[name].hash:
            raise NotRebuilt(f"{name} ends or differs after position {self.cursors[name].position}")
        rows = RowBuffer(connection, self.beside)
        for record in page.records:
            if record.position in self._passed_over[name]:
                continue
            try:
                recorded = understood(record, self._projection.events)
                if recorded is not None:
                    await self._projection.apply(recorded, rows)
            except Exception as error:
                raise NotRebuilt(f"{name} position {record.position}: {type(error).__name__}") from error
        await rows.flush()
        last = page.records[-1]
        self.cursors[name] = Cursor(page.incarnation, last.position, last.hash)
        self.events += len(page.records)

    async def swap(self, connection: AsyncConnection, replaced: list[str]) -> None:
        """In one transaction: the old tables go, the new ones take their names."""
        for name in replaced:
            await connection.execute(text(f'drop table if exists "{name}"'))
        for name, table in self.beside.items():
            await connection.execute(text(f'alter table "{table.name}" rename to "{name}"'))
        self._swapped = True

    async def clear(self) -> None:
        """Leave nothing behind that was not swapped in."""
        if not self._swapped:
            async with self._database.write() as connection:
                await connection.run_sync(self._metadata.drop_all)

    def _copy(self, table: Table) -> Table:
        copied = table.to_metadata(self._metadata, name=f"{table.name}{self._suffix}")
        for index in copied.indexes:  # their names are the database's, not the table's
            index.name = quoted_name(f"{index.name}{self._suffix}", quote=None)
        return copied


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
