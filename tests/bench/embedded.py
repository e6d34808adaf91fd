"""Appending to a log in a SQLite file, with every commit on the disk before it is answered."""

import asyncio
import tempfile
from pathlib import Path

from shared.clock import SystemClock
from shared.database import Database
from shared.eventlog import schema
from shared.eventlog.sqlite import SqliteLog
from tests.bench.measured import PeerAggregate, Stream, events
from tests.bench.peer import NAME, Peer, on_sqlite, peer
from tests.bench.proving import prove
from tests.bench.rows import Place, Row, Watch, alternated


async def measure(place: Place) -> list[Row]:
    """`sqlite_1` and `sqlite_100`."""
    with (
        tempfile.TemporaryDirectory(prefix="doithoai-bench-") as directory,
        peer(on_sqlite(Path(directory, "peer.db"))) as theirs,
    ):
        database = Database(f"sqlite+aiosqlite:///{directory}/bench.db")
        async with database.write() as connection:
            await connection.run_sync(schema.create)
            await connection.run_sync(schema.open_log, "bench/sonla", "i-1")
        log = SqliteLog(Path(directory, "bench.db"), "bench/sonla", clock=SystemClock(), write_lock=database.write_lock)
        await log.open("i-1")
        rows = [
            await _batches(place, log, theirs, 1, place.events(500, 100)),
            await _batches(place, log, theirs, 100, place.events(10_000, 2_000)),
        ]
        place.notes.append(f"sqlite: {await prove(log, database)} events verified")
        await log.close()
        await database.close()
    return rows


async def _batches(place: Place, log: SqliteLog, theirs: Peer, size: int, total: int) -> Row:
    async def our_round() -> float:
        watch, stream = Watch(), Stream(log)
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

    us, them = await alternated(place.rounds, our_round, lambda: asyncio.to_thread(their_saves))
    return Row(f"sqlite_{size}", "events/s", us, them, f"{NAME} on SQLite")
