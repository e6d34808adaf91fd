"""A service's database on a real PostgreSQL with its log, for tests of what stands on them."""

import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from shared.clock import SystemClock
from shared.database import Database
from shared.eventlog import schema
from shared.eventlog.postgres import PostgresLog
from shared.eventlog.records import ZERO, Append, Record, Write
from shared.feeds import tables
from tests.support import records
from tests.support.postgres import app_url, owner_url


@dataclass
class Ground:
    """One service's database and log, as the application's role."""

    address: str
    name: str
    database: Database
    log: PostgresLog

    async def grow(self, events: int, stream: str = "") -> None:
        """Append that many events to a stream of its own."""
        new = tuple(records.event(next(_number)) for _ in range(events))
        command = uuid.uuid4().hex
        await self.log.append(Append(command, command.encode(), (Write(stream or f"opinion-{command}", 0, new, ZERO),)))

    async def all(self) -> list[Record]:
        """Every record of the log."""
        found: list[Record] = []
        while page := (await self.log.read(len(found), 5_000)).records:
            found += page
        return found

    async def as_owner(self, statement: str) -> None:
        """Do to the tables what the application may not."""
        engine = create_async_engine(owner_url(self.address, self.name))
        async with engine.begin() as connection:
            await connection.execute(text(statement))
        await engine.dispose()


_number = count(1)


@asynccontextmanager
async def ground(address: str, name: str, log: str, incarnation: str = "first") -> AsyncIterator[Ground]:
    """The tables of a log and of the feeds in the empty database `name`, and the log opened."""
    owner = create_async_engine(owner_url(address, name))
    async with owner.begin() as connection:
        await connection.run_sync(schema.create)
        await connection.run_sync(schema.open_log, log, incarnation)
        await connection.run_sync(tables.create)
    await owner.dispose()
    database = Database(app_url(address, name))
    opened = PostgresLog(database.engine, log, clock=SystemClock())
    await opened.open()
    yield Ground(address, name, database, opened)
    await opened.close()
    await database.close()
