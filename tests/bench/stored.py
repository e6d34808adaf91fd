"""A store filled by COPY: lives as the house would have recorded them, in logs, read models and vault.

The rows of a read model are what its own projection makes of the events. The vault's texts open as any others; they cannot
be searched: nothing that is measured does.
"""

import uuid
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import asyncpg
from sqlalchemy import Table

from services.assignment.readmodel.cases.projections import CASES_PROJECTION
from services.assignment.readmodel.tasks.projections import UNIT_TASKS_PROJECTION
from services.assignment.readmodel.tasks.tables import unit_tasks_unit
from services.intake.readmodel.opinions.projections import OPINIONS_PROJECTION
from services.reporting.readmodel.projections import MILESTONES
from services.reporting.readmodel.tables import MARK
from shared.canonical import canonical
from shared.clock import micros
from shared.config import SERVICES
from shared.eventlog import codec
from shared.eventlog.records import ZERO, NewEvent, Record, Recorded, event_hash, leaf_data
from shared.ids import RandomIds
from shared.keys import KeyedHash
from shared.merkle import Frontier
from shared.subscriptions.declared import Projection
from shared.vault.keyring import given
from shared.vault.port import Entry
from shared.vault.sealing import SALT_BYTES
from shared.vault.wrapping import Keys
from tests.bench.lives import AT, OFFICE, SAID, Step, life, texts
from tests.bench.lives import in_hand as lives_in_hand
from tests.support.installation import Installation

TENANT: Final = "sonla"
LIVES_AT_ONCE: Final = 2_000
EVENT: Final = (
    "log", "position", "stream", "version", "event_id", "type", "schema_version", "data", "metadata", "occurred_at",
    "recorded_at", "prev_hash", "hash",
)  # fmt: skip
COMMAND: Final = ("log", "command_id", "fingerprint", "first", "last", "recorded_at")
HEAD: Final = ("log", "stream", "version", "hash")
TEXT: Final = ("tenant", "ref", "purpose", "master", "wrapped_key", "sealed", "command_id", "stored_at", "kept")
PROJECTIONS: Final[Mapping[str, tuple[Projection, ...]]] = {
    "intake": (OPINIONS_PROJECTION,),
    "assignment": (CASES_PROJECTION, UNIT_TASKS_PROJECTION),
    "reporting": (MILESTONES,),
}
ENDS: Final = (unit_tasks_unit, MARK)  # few rows, which every life moves on


class NotCaughtUp(Exception):
    """A subscription did not stand at the end of its log when the store was to be filled."""


async def store(house: Installation, lives: int, in_hand: int = 0) -> None:
    """Add so many lives to an installation whose services have caught up and are stopped.

    The first `in_hand` of them are in hand still, the others at their end.
    """
    async with AsyncExitStack() as stack:
        owners = {name: await stack.enter_async_context(_connected(house.servers.postgres_owner, name)) for name in SERVICES}
        vault = await stack.enter_async_context(_connected(house.servers.postgres_owner, "vault"))
        logs = {name: await _log(name, owners[name]) for name in ("intake", "assignment")}
        before = {log.name: log.position for log in logs.values()}
        rows = {name: await _rows(name, owners[name]) for name in SERVICES}
        sealer = _Sealer(house)
        for first in range(0, lives, LIVES_AT_ONCE):
            numbers = range(first, min(first + LIVES_AT_ONCE, lives))
            for n in numbers:
                await _take(n, lives_in_hand(n) if n < in_hand else life(n), logs, rows)
            for name, log in logs.items():
                await log.copy(owners[name])
            for name in SERVICES:
                await rows[name].copy(owners[name])
            await vault.copy_records_to_table("record", records=sealer.texts(numbers), columns=TEXT)
        for name in SERVICES:
            await rows[name].end(owners[name])
            await _move_on(owners[name], logs, before)
        for connection in (*owners.values(), vault):
            # As a store of that size is that has grown: after a load, the server's own vacuum would run beside the lives.
            await connection.execute("vacuum (analyze)")


async def _take(n: int, steps: Sequence[Step], logs: Mapping[str, "StoredLog"], rows: Mapping[str, "Gathered"]) -> None:
    for number, step in enumerate(steps):
        for recorded in logs[step.service].take(f"stored/{n}/{number}", (n << 8) + (number << 4), step):
            for name, projections in PROJECTIONS.items():
                for projection in projections:
                    if recorded.record.service in projection.sources and recorded.record.type in projection.events:
                        await projection.apply(recorded, rows[name])


@dataclass(slots=True)
class StoredLog:
    """One log that grows: where it ends, and the rows that are still to be copied."""

    name: str
    incarnation: str
    position: int
    hash: bytes
    recorded: int
    tree: Frontier
    heads: dict[str, tuple[int, bytes]] = field(default_factory=dict)
    events: list[Record] = field(default_factory=list)
    commands: list[tuple[Any, ...]] = field(default_factory=list)

    def take(self, command_id: str, number: int, step: Step) -> Iterator[Recorded]:
        """Append what a command wrote; `number` and those above it are its events' ids."""
        metadata = _metadata(command_id, step)
        first = self.position + 1
        for k, (stream, event) in enumerate(step.events):
            version, previous = self.heads.get(stream, (0, ZERO))
            version += 1
            new = NewEvent(uuid.UUID(int=number + k, version=4), *codec.encode(event), metadata, micros(AT))
            self.hash = event_hash(self.name, stream, version, new, previous)
            self.position += 1
            record = Record(self.name, self.position, stream, version, *new, self.recorded, previous, self.hash)
            self.tree.add(leaf_data(self.position, self.recorded, self.hash))
            self.heads[stream] = version, self.hash
            self.events.append(record)
            yield Recorded(record, event)
        self.commands.append((self.name, command_id, bytes(32), first, self.position, self.recorded))

    async def copy(self, owner: asyncpg.Connection) -> None:
        """Write what was taken since the last time, with a root over all of it."""
        await owner.copy_records_to_table("event", records=self.events, columns=EVENT)
        await owner.copy_records_to_table("command", records=self.commands, columns=COMMAND)
        heads = [(self.name, stream, *head) for stream, head in self.heads.items()]
        await owner.copy_records_to_table("stream_head", records=heads, columns=HEAD)
        self.events, self.commands, self.heads = [], [], {}
        await owner.execute(
            "insert into tree_root (log, size, root, frontier) values ($1, $2, $3, $4)",
            *(self.name, self.tree.size, self.tree.root(), self.tree.to_bytes()),
        )


@dataclass(slots=True)
class Gathered:
    """The rows of one service's read models, kept until they are copied."""

    tables: dict[Table, dict[tuple[Any, ...], dict[str, Any]]]

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        self.tables[table].setdefault(_key(table, values), {}).update(values)

    def patch(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        self.tables[table][_key(table, key)].update(values)

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        del self.tables[table][_key(table, key)]

    async def get(self, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        return self.tables[table].get(_key(table, key))

    async def copy(self, owner: asyncpg.Connection) -> None:
        """Write what is complete."""
        for table in self.tables:
            if table not in ENDS:
                await self._copy(owner, table)
                self.tables[table] = {}

    async def end(self, owner: asyncpg.Connection) -> None:
        """Write where everything ends."""
        for table in self.tables:
            if table in ENDS:
                await owner.execute(f"delete from {table.name}")
                await self._copy(owner, table)

    async def _copy(self, owner: asyncpg.Connection, table: Table) -> None:
        columns = [column.name for column in table.columns]
        rows = [[row[column] for column in columns] for row in self.tables[table].values()]
        await owner.copy_records_to_table(table.name, records=rows, columns=columns)


def _key(table: Table, values: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(values[column.name] for column in table.primary_key)


def _metadata(command_id: str, step: Step) -> bytes:
    return canonical(
        {
            "actor": step.actor,
            "capacity": step.capacity,
            "causation": None,
            "command": command_id,
            "correlation": command_id,
            "office": OFFICE,
            "trace": None,
            "unit": step.unit,
        }
    )


class _Sealer:
    """Seals the texts of lives as the vault of an installation does, under the master key that was given to it."""

    def __init__(self, house: Installation) -> None:
        ring = given(house.environment["DOITHOAI_MASTER_KEY"])
        # The other key only makes tokens to search by.
        self._master, self._keys = ring.current, Keys(ring, KeyedHash(bytes(32)), RandomIds())

    def texts(self, numbers: range) -> Iterator[tuple[Any, ...]]:
        for n in numbers:
            command_id = f"stored/{n}/0"
            for sealed, text in zip(texts(n), SAID, strict=True):
                entry = Entry(sealed=sealed, text=text, salt=bytes(SALT_BYTES), purpose="stored", command_id=command_id)
                row = self._keys.sealed(TENANT, 0, entry, self._master, None, kept=True)
                yield TENANT, row.ref, row.purpose, self._master, row.wrapped_key, row.sealed, command_id, micros(AT), True


async def _log(service: str, owner: asyncpg.Connection) -> StoredLog:
    """The log as it stands, with its tree grown to its end."""
    name = f"{service}/{TENANT}"
    root = await owner.fetchrow("select size, frontier from tree_root where log = $1 order by size desc limit 1", name)
    tree = Frontier.from_bytes(root["size"], root["frontier"]) if root else Frontier()
    beyond = "select position, recorded_at, hash from event where log = $1 and position >= $2 order by position"
    incarnation = await owner.fetchval("select incarnation from log where name = $1", name)
    position, hash, recorded = 0, ZERO, micros(AT)
    for position, recorded, hash in await owner.fetch(beyond, name, tree.size):
        if position > tree.size:
            tree.add(leaf_data(position, recorded, hash))
    return StoredLog(name, incarnation, position, hash, recorded, tree)


async def _rows(service: str, owner: asyncpg.Connection) -> Gathered:
    """The tables of a service's read models, those that say where things end with what they hold."""
    tables: dict[Table, dict[tuple[Any, ...], dict[str, Any]]] = {
        table: {} for each in PROJECTIONS[service] for table in each.tables.sorted_tables
    }
    gathered = Gathered(tables)
    for table in tables:
        if table in ENDS:
            for row in await owner.fetch(f"select * from {table.name}"):
                gathered.put(table, dict(row))
    return gathered


async def _move_on(owner: asyncpg.Connection, logs: Mapping[str, StoredLog], before: Mapping[str, int]) -> None:
    """Let every subscription of a database, and its relay, stand where its log now ends.

    Raises:
        NotCaughtUp

    """
    for log in logs.values():
        behind = "select subscription from checkpoint where source = $1 and position <> $2"
        if names := await owner.fetch(behind, log.name, before[log.name]):
            raise NotCaughtUp(f"{', '.join(row[0] for row in names)} on {log.name}")
        for table, source in (("checkpoint", "source"), ("relay_cursor", "log")):
            # One that stood before the first event knew of no incarnation yet.
            moved = f"update {table} set position = $2, hash = $3, incarnation = $4 where {source} = $1"
            await owner.execute(moved, log.name, log.position, log.hash, log.incarnation)


@asynccontextmanager
async def _connected(url: str, database: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(f"{url.replace('+asyncpg', '')}/{database}", command_timeout=600)
    try:
        yield connection
    finally:
        await connection.close()
