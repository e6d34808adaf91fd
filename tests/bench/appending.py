"""Appending to a log on PostgreSQL: one client, 64 at once, a hundred and a thousand events in one append."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Any, Final

import asyncpg

from deploy.servers.postgres import OWNER, make_database
from shared.eventlog.records import ZERO, chain
from tests.bench.measured import PeerAggregate, Stream, events
from tests.bench.peer import NAME, Peer, on_postgres, peer
from tests.bench.proving import prove
from tests.bench.rows import Place, Row, Watch, alternated, percentile
from tests.support.grounds import Ground, ground

CLIENTS: Final = 64
PEER_THREADS: Final = 8
COPY_TABLE: Final = """
    create table copied (
        log text not null, position bigint primary key, stream text not null, version integer not null, event_id uuid not null,
        type text not null, schema_version smallint not null, data bytea not null, metadata bytea not null,
        occurred_at bigint not null, recorded_at bigint not null, prev_hash bytea not null, hash bytea not null,
        unique (stream, version))"""


async def measure(place: Place) -> list[Row]:
    """`append_1`, `append_64`, `append_100`, `append_1000`, and the last two beside COPY."""
    async with _grounds(place) as (ours, theirs, raw):
        rows = [await _one(place, ours, theirs)]
        rows += await _many_clients(place, ours, theirs)
        rows += await _many_events(place, ours, theirs, raw, 100, place.events(4_000, 1_000))
        rows += await _many_events(place, ours, theirs, raw, 1_000, place.events(10_000, 2_000))
        place.notes.append(f"append: {await prove(ours.log, ours.database)} events verified")
    return rows


@asynccontextmanager
async def _grounds(place: Place) -> AsyncIterator[tuple[Ground, Peer, asyncpg.Connection]]:
    for database in ("bench_ours", "bench_peer", "bench_copy"):
        await make_database(place.postgres, database)
    raw = await asyncpg.connect(f"postgresql://{OWNER}@{place.postgres}/bench_copy")
    await raw.execute(COPY_TABLE)
    async with ground(place.postgres, "bench_ours", "bench/sonla") as ours:
        with peer(on_postgres(place.postgres, "bench_peer")) as theirs:
            yield ours, theirs, raw
    await raw.close()


async def _one(place: Place, ours: Ground, theirs: Peer) -> Row:
    commands = place.events(300, 60)
    stream, aggregate = Stream(ours.log), PeerAggregate()
    theirs.save(aggregate)

    async def our_round() -> float:
        watch = Watch()
        for new in events(commands):
            with watch:
                append, _ = await stream.append([new])
            stream.moved(append)
        return commands / watch.seconds

    def their_commands() -> float:
        watch = Watch()
        for number in range(commands):
            aggregate.grow(1, number)
            with watch:
                theirs.save(aggregate)
        return commands / watch.seconds

    us, them = await alternated(place.rounds, our_round, lambda: asyncio.to_thread(their_commands))
    return Row("append_1", "commands/s", us, them, NAME)


async def _many_clients(place: Place, ours: Ground, theirs: Peer) -> list[Row]:
    commands = place.events(60, 15)  # of each client
    streams = [Stream(ours.log) for _ in range(CLIENTS)]
    aggregates = [PeerAggregate() for _ in range(PEER_THREADS)]
    theirs.save(*aggregates)
    our_waits: list[float] = []
    their_waits: list[float] = []

    async def client(stream: Stream) -> None:
        for new in events(commands):
            begun = time.perf_counter()
            append, _ = await stream.append([new])
            our_waits.append(time.perf_counter() - begun)
            stream.moved(append)

    def thread(aggregate: PeerAggregate) -> None:
        for number in range(commands):
            aggregate.grow(1, number)
            begun = time.perf_counter()
            theirs.save(aggregate)
            their_waits.append(time.perf_counter() - begun)

    async def our_round() -> float:
        begun = time.perf_counter()
        await asyncio.gather(*map(client, streams))
        return CLIENTS * commands / (time.perf_counter() - begun)

    async def their_round() -> float:
        with ThreadPoolExecutor(PEER_THREADS) as threads:
            begun = time.perf_counter()
            loop = asyncio.get_running_loop()
            await asyncio.gather(*(loop.run_in_executor(threads, thread, one) for one in aggregates))
            return PEER_THREADS * commands / (time.perf_counter() - begun)

    us, them = await alternated(place.rounds, our_round, their_round)
    return [
        Row("append_64", "commands/s", us, them, f"{NAME}, {PEER_THREADS} threads"),
        Row(
            "append_64_p99",
            "ms",
            percentile(our_waits, 0.99) * 1_000,
            percentile(their_waits, 0.99) * 1_000,
            f"{NAME}, {PEER_THREADS} threads",
        ),
    ]


async def _many_events(place: Place, ours: Ground, theirs: Peer, raw: asyncpg.Connection, size: int, total: int) -> list[Row]:
    position = await raw.fetchval("select coalesce(max(position), 0) from copied")

    async def our_round() -> float:
        watch, stream = Watch(), Stream(ours.log)
        for _ in range(total // size):
            new = events(size)
            with watch:
                append, _ = await stream.append(new)
            stream.moved(append)
        return total / watch.seconds

    def their_saves() -> float:
        watch, aggregate = Watch(), PeerAggregate()
        theirs.save(aggregate)
        for _ in range(total // size):
            aggregate.grow(size)
            with watch:
                theirs.save(aggregate)
        return total / watch.seconds

    async def copy_round() -> float:
        nonlocal position
        watch, stream = Watch(), Stream(ours.log)
        for _ in range(total // size):
            rows = _as_rows(stream, size, position)
            position += size
            with watch:
                await raw.copy_records_to_table("copied", records=rows)
        return total / watch.seconds

    us, them, copied = await alternated(place.rounds, our_round, lambda: asyncio.to_thread(their_saves), copy_round)
    return [
        Row(f"append_{size}", "events/s", us, them, NAME),
        Row(f"append_{size}_copy", "events/s", us, copied, "asyncpg COPY"),
    ]


def _as_rows(stream: Stream, size: int, position: int) -> list[tuple[Any, ...]]:
    """The rows that our log would hold, made beforehand: COPY is measured with nothing around it."""
    (write,) = stream.writing(events(size)).writes
    name, hashes = f"bench-{uuid.uuid4().hex}", chain("bench/sonla", write)
    return [
        ("bench/sonla", position + n, name, n, *new[:6], new.occurred, previous, hash)
        for n, (new, previous, hash) in enumerate(zip(write.events, [ZERO, *hashes], hashes, strict=False), start=1)
    ]
