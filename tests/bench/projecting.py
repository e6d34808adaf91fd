"""How fast a projection follows its log: pages of 500 read, decoded, written and the cursor moved in one transaction each."""

import statistics
import time
import uuid
from typing import Final

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, MetaData, Table, Text, func, select
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.servers.postgres import make_database, owner_url
from shared.clock import SystemClock
from shared.eventlog.records import Recorded
from shared.subscriptions import schema
from shared.subscriptions.declared import Projection, Rows
from shared.subscriptions.effects import Projecting
from shared.subscriptions.follower import Follower
from tests.bench.measured import Measured, Stream, events
from tests.bench.proving import prove
from tests.bench.rows import Place, Row
from tests.support.grounds import Ground, ground

EVENTS: Final = 60_000
WARM: Final = 5_000
STREAM: Final = 1_000

TABLES: Final = MetaData()
LISTED: Final = Table(
    "bench_listed",
    TABLES,
    Column("tenant", Text, primary_key=True),
    Column("episode", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("locality", Text, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
    Column("position", Integer, nullable=False),
    Index("bench_listed_by_unit", "tenant", "unit", "received_at"),
)


async def listed(recorded: Recorded, rows: Rows) -> None:
    """A row of its own for every event: nothing is merged, everything is written."""
    event: Measured = recorded.event
    rows.put(
        LISTED,
        {
            "tenant": recorded.record.tenant,
            "episode": event.episode,
            "office": event.office,
            "unit": event.unit,
            "channel": event.channel,
            "locality": event.locality,
            "hidden": event.hidden,
            "attempt": event.attempt,
            "received_at": event.received_at,
            "position": recorded.position,
        },
    )


PROJECTION: Final = Projection(
    name="bench", version=1, sources=("bench",), tables=TABLES, events=frozenset({"bench.measured"}), apply=listed
)


async def measure(place: Place) -> list[Row]:
    """`projection`."""
    rounds = 1 if place.scale < 1 else 3
    total = place.events(EVENTS, WARM)
    row = Row("projection", "events/s", statistics.median([await _round(place.postgres, total) for _ in range(rounds)]))
    place.notes.append(f"projection: {rounds} x {WARM + total} events verified")
    return [row]


async def _round(postgres: str, total: int) -> float:
    name = f"bench{uuid.uuid4().hex[:8]}"
    await make_database(postgres, name)
    async with ground(postgres, name, "bench/sonla") as source:
        owner = create_async_engine(owner_url(postgres, name))
        async with owner.begin() as connection:
            await connection.run_sync(schema.create)
        await owner.dispose()
        async with source.database.write() as connection:
            await connection.run_sync(TABLES.create_all)
        await _fill(source, 0, WARM)
        effect = Projecting(PROJECTION, source.database, SystemClock())
        follower = Follower("bench", "projection", source.log, effect, source.database, moved=_nobody_waits)
        await follower.catch_up()
        await _fill(source, WARM, total)
        begun = time.perf_counter()
        await follower.catch_up()
        took = time.perf_counter() - begun
        async with source.database.read() as connection:
            assert await connection.scalar(select(func.count()).select_from(LISTED)) == WARM + total
        assert await prove(source.log, source.database) == WARM + total
    return total / took


async def _fill(source: Ground, first: int, count: int) -> None:
    for n in range(count // STREAM):
        await Stream(source.log).append(events(STREAM, first + n * STREAM + 1))


async def _nobody_waits() -> None: ...
