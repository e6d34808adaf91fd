"""How fast the relay publishes a log: events a second, each acknowledged by the broker and the cursor moved."""

import asyncio
import statistics
import time
import uuid
from typing import Final

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from sqlalchemy import select

from deploy.servers.postgres import make_database
from shared.canonical import canonical
from shared.clock import SystemClock
from shared.eventlog.records import ZERO, Append, NewEvent, Write
from shared.feeds.relay import Relay
from shared.feeds.tables import RELAY_CURSOR
from tests.bench.proving import prove
from tests.bench.rows import Place, Row
from tests.support.grounds import Ground, ground

EVENTS: Final = 60_000
WARM: Final = 5_000
STREAM: Final = 100


async def measure(place: Place) -> list[Row]:
    """`relay`."""
    rounds, kafka = 1 if place.scale < 1 else 3, await place.kafka()
    row = Row("relay", "events/s", statistics.median([await _round(place.postgres, kafka) for _ in range(rounds)]))
    place.notes.append(f"relay: {rounds} x {WARM + EVENTS} events verified")
    return [row]


async def _round(postgres: str, kafka: str) -> float:
    service = f"bench{uuid.uuid4().hex[:8]}"
    await make_database(postgres, service)
    await _make_topic(kafka, f"{service}.log")
    async with ground(postgres, service, f"{service}/sonla") as source:
        await _fill(source, WARM)
        publishing = Relay(source.log, source.database, kafka, SystemClock())
        await publishing.start()
        await _published(source, WARM)
        await publishing.stop()
        await _fill(source, EVENTS)
        publishing = Relay(source.log, source.database, kafka, SystemClock())
        begun = time.perf_counter()
        await publishing.start()
        await _published(source, WARM + EVENTS)
        took = time.perf_counter() - begun
        await publishing.stop()
        assert await prove(source.log, source.database) == WARM + EVENTS
    return EVENTS / took


async def _fill(source: Ground, events: int) -> None:
    for batch in range(events // 5_000):
        writes = tuple(
            Write(f"opinion-{uuid.uuid4().hex}", 0, tuple(_event(batch, n) for n in range(STREAM)), ZERO)
            for _ in range(5_000 // STREAM)
        )
        await source.log.append(Append(uuid.uuid4().hex, b"f" * 32, writes))


def _event(batch: int, n: int) -> NewEvent:
    """Twelve fields, about 450 bytes with its metadata."""
    data = {f"field_{i}": f"value of the field {i} {batch}/{n}" for i in range(12)}
    metadata = {"actor": "p-0001", "unit": "TCHCQT", "trace": "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}
    return NewEvent(uuid.uuid4(), "opinion.received", 1, canonical(data), canonical(metadata), 1_674_000_000_000_000)


async def _published(source: Ground, upto: int) -> None:
    async with asyncio.timeout(300):
        while True:
            async with source.database.read() as connection:
                if (await connection.scalar(select(RELAY_CURSOR.c.position)) or 0) >= upto:
                    return
            await asyncio.sleep(0.02)


async def _make_topic(bootstrap: str, name: str) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        await admin.create_topics([NewTopic(name, 4, 1)])
    finally:
        await admin.close()
