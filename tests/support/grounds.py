"""A service's database on a real PostgreSQL with its log, for tests of what stands on them."""

import asyncio
import contextlib
import uuid
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import count

from sqlalchemy import text
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.servers.postgres import app_url, owner_url
from shared.clock import SystemClock
from shared.database import Database
from shared.eventlog import schema
from shared.eventlog.port import LogReader, LogUnavailable
from shared.eventlog.postgres import PostgresLog
from shared.eventlog.records import ZERO, Append, Head, Page, Record, Write
from shared.feeds import tables
from tests.support import records

_number = count(1)


@dataclass
class Ground:
    """One service's database and log, as the application's role."""

    address: str
    name: str
    database: Database
    log: PostgresLog

    @property
    def reader(self) -> LogReader:
        """The log as another service sees it, whichever process has it open."""
        return _Reader(self)

    async def grow(self, events: int) -> None:
        """Append that many events to a stream of their own, asking again where the outcome is not known."""
        new = tuple(records.event(next(_number)) for _ in range(events))
        command = uuid.uuid4().hex
        append = Append(command, command.encode(), (Write(f"fence-{command}", 0, new, ZERO),))
        async with asyncio.timeout(20):
            while True:
                with contextlib.suppress(LogUnavailable):
                    await self.log.append(append)
                    return
                await asyncio.sleep(0.1)

    async def all(self) -> list[Record]:
        """Every record of the log."""
        found: list[Record] = []
        while page := (await self.log.read(len(found), 5_000)).records:
            found += page
        return found

    async def as_owner(self, *statements: str) -> None:
        """Do to the tables what the application may not."""
        await _execute(owner_url(self.address, self.name), statements)

    async def cut_connections(self) -> None:
        """End every session on this database, as a failing server does."""
        others = "datname = current_database() and pid <> pg_backend_pid()"
        url = f"postgresql+asyncpg://postgres@{self.address}/{self.name}"
        await _execute(url, [f"select pg_terminate_backend(pid) from pg_stat_activity where {others}"])

    async def put_back(self, position: int) -> None:
        """The database as a backup made after `position` had it, which lies between two streams' ends."""
        await self.as_owner(
            f"delete from event where position > {position}",
            "delete from stream_head h where not exists (select from event e where (e.log, e.stream) = (h.log, h.stream))",
            f"delete from command where last > {position}",
            f"update relay_cursor set position = {position}, hash = (select hash from event where position = {position})",
        )
        await self.reopen()

    async def new_incarnation(self, name: str) -> None:
        """As after a restore that says so."""
        await self.as_owner(f"update log set incarnation = '{name}'")
        await self.reopen()

    async def reopen(self) -> None:
        """Open the log as another process would."""
        await self.log.close()
        self.log = PostgresLog(self.database.engine, self.log.name, clock=SystemClock())
        await self.log.open()


@asynccontextmanager
async def ground(address: str, name: str, log: str, incarnation: str = "first") -> AsyncIterator[Ground]:
    """The tables of a log and of the feeds in the empty database `name`, and the log opened."""
    owner = create_async_engine(owner_url(address, name))
    async with owner.begin() as connection:
        await connection.run_sync(schema.create)
        await connection.run_sync(schema.open_log, log, incarnation)
        await connection.run_sync(tables.create)
    await owner.dispose()
    database = Database(app_url(address, name), tenant=log.partition("/")[2])
    opened = PostgresLog(database.engine, log, clock=SystemClock())
    await opened.open()
    made = Ground(address, name, database, opened)
    yield made
    await made.log.close()
    await database.close()


class _Reader:
    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self.name = ground.log.name

    async def read(self, after: int, limit: int) -> Page:
        return await self._ground.log.read(after, limit)

    async def head(self) -> Head:
        return await self._ground.log.head()

    async def hash_at(self, position: int) -> bytes | None:
        return await self._ground.log.hash_at(position)


async def _execute(url: str, statements: Sequence[str]) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()
