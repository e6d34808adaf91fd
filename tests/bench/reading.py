"""Reading a log on PostgreSQL: the whole of it decoded, and one long stream folded."""

import asyncio
import time
from typing import Final

from eventsourcing.persistence import StoredEvent

from deploy.servers.postgres import make_database
from shared.decider import Fold, load
from shared.eventlog import codec
from tests.bench.measured import PeerAggregate, Stream, events, evolve
from tests.bench.peer import NAME, Peer, on_postgres, peer
from tests.bench.proving import prove
from tests.bench.rows import Place, Row, alternated
from tests.support.grounds import Ground, ground

LONG: Final = "bench-long"
PAGE: Final = 1_000
FOLD: Final = Fold("bench", (0, 0), evolve)


async def measure(place: Place) -> list[Row]:
    """`scan` and `replay_20k`."""
    scanned, replayed = place.events(60_000, 10_000), place.events(20_000, 5_000)
    for database in ("bench_read_ours", "bench_read_peer"):
        await make_database(place.postgres, database)
    async with ground(place.postgres, "bench_read_ours", "bench/sonla") as ours:
        with peer(on_postgres(place.postgres, "bench_read_peer")) as theirs:
            aggregate = await _seed(ours, theirs, scanned, replayed)
            rows = [await _scan(place, ours, theirs, scanned + replayed), await _replay(place, ours, theirs, aggregate, replayed)]
            place.notes.append(f"read: {await prove(ours.log, ours.database)} events verified")
    return rows


async def _seed(ours: Ground, theirs: Peer, scanned: int, replayed: int) -> PeerAggregate:
    for _ in range(scanned // PAGE):
        await Stream(ours.log).append(events(PAGE))
        aggregate = PeerAggregate()
        aggregate.grow(PAGE - 1)
        await asyncio.to_thread(theirs.save, aggregate)
    long, aggregate = Stream(ours.log, LONG), PeerAggregate()
    for _ in range(replayed // PAGE):
        append, _ = await long.append(events(PAGE))
        long.moved(append)
        aggregate.grow(PAGE)
        await asyncio.to_thread(theirs.save, aggregate)
    return aggregate


async def _scan(place: Place, ours: Ground, theirs: Peer, total: int) -> Row:
    async def our_round() -> float:
        position = seen = 0
        begun = time.perf_counter()
        while page := (await ours.log.read(position, PAGE)).records:
            decoded = [codec.read(record) for record in page]
            seen += len(decoded)
            position = page[-1].position
        assert seen == total
        return total / (time.perf_counter() - begun)

    def their_scan() -> float:
        position = seen = 0
        begun = time.perf_counter()
        while page := theirs.recorder.select_notifications(position + 1, PAGE):
            decoded = [
                theirs.mapper.to_domain_event(StoredEvent(one.originator_id, one.originator_version, one.topic, one.state))
                for one in page
            ]
            seen += len(decoded)
            position = page[-1].id
        assert seen >= total
        return seen / (time.perf_counter() - begun)

    us, them = await alternated(place.rounds, our_round, lambda: asyncio.to_thread(their_scan))
    return Row("scan", "events/s", us, them, NAME)


async def _replay(place: Place, ours: Ground, theirs: Peer, aggregate: PeerAggregate, total: int) -> Row:
    async def our_round() -> float:
        begun = time.perf_counter()
        stood = (await load(ours.log, {LONG: FOLD}))[LONG]
        assert stood.state[0] == stood.version == total
        return total / (time.perf_counter() - begun)

    def their_replay() -> float:
        begun = time.perf_counter()
        found: PeerAggregate = theirs.repository.get(aggregate.id)
        assert found.folded == total
        return total / (time.perf_counter() - begun)

    us, them = await alternated(place.rounds, our_round, lambda: asyncio.to_thread(their_replay))
    return Row("replay_20k", "events/s", us, them, NAME)
