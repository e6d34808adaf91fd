"""A log's tree (RFC 6962): its roots, kept beside the log by a follower, so that what they cover cannot change unseen."""

import asyncio
from typing import Final

import structlog
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from shared.database import Database
from shared.eventlog.port import EventLog, LogUnavailable
from shared.eventlog.records import leaf_data
from shared.merkle import Frontier

PAGE: Final = 1_000  # events under one stored root, at most
COALESCE_SECONDS: Final = 1.0  # while events keep coming, about one root a second
WAIT_SECONDS: Final = 10.0

_LATEST: Final = text("select size, frontier from tree_root where log = :log order by size desc limit 1")
_WITHIN: Final = text("select size, root from tree_root where log = :log and size <= :size order by size desc limit 1")
_STORE: Final = text(
    "insert into tree_root (log, size, root, frontier) values (:log, :size, :root, :frontier) on conflict do nothing"
)
_log = structlog.get_logger()


class LogShrank(Exception):
    """The log ends before a root that was stored of it: it was cut, or put back to an earlier state."""


async def root_within(database: Database, log: str, size: int) -> tuple[int, bytes]:
    """The largest stored root over no more than the first `size` events of a log of this database; (0, b"") where none is."""
    async with database.read() as connection:
        row = (await connection.execute(_WITHIN, {"log": log, "size": size})).one_or_none()
    return (row.size, bytes(row.root)) if row else (0, b"")


class TreeFollower:
    """Grows the tree of one log of this database and stores a root at least every `PAGE` events.

    Roots are only ever added. Several processes may follow one log: they reach the same roots.
    """

    def __init__(self, log: EventLog, database: Database) -> None:
        self._source, self._database = log, database
        self._frontier: Frontier | None = None

    async def drain(self) -> int:
        """Bring the tree to the end of the log; answers its size.

        Raises:
            LogShrank: a stored root covers more than the log holds.
            LogUnavailable: the store is away.
        """
        frontier = self._frontier or await self._load()
        head = (await self._source.head()).position
        if head < frontier.size:
            raise LogShrank(f"{self._source.name} ends at {head} and has a root of size {frontier.size}")
        while frontier.size < head:
            frontier = self._frontier = await self._grow(frontier)
        return frontier.size

    async def run(self) -> None:
        """Follow until cancelled; faults of the store are waited out.

        Raises:
            LogShrank: see `drain`.
        """
        while True:
            try:
                await self._source.wait_beyond(await self.drain(), WAIT_SECONDS)
            except (LogUnavailable, SQLAlchemyError, OSError) as error:
                _log.warning("tree.interrupted", log=self._source.name, reason=type(error).__name__)
            await asyncio.sleep(COALESCE_SECONDS)

    async def _load(self) -> Frontier:
        async with self._database.read() as connection:
            row = (await connection.execute(_LATEST, {"log": self._source.name})).one_or_none()
        return Frontier.from_bytes(row.size, row.frontier) if row else Frontier()

    async def _grow(self, frontier: Frontier) -> Frontier:
        # On a copy: when the root cannot be stored, the frontier stays where the stored one stands.
        grown = Frontier.from_bytes(frontier.size, frontier.to_bytes())
        records = (await self._source.read(frontier.size, PAGE)).records
        if [record.position for record in records] != list(range(grown.size + 1, grown.size + 1 + max(len(records), 1))):
            raise LogUnavailable(f"{self._source.name}: what was read does not follow on position {grown.size}")
        for record in records:
            grown.add(leaf_data(record.position, record.recorded, record.hash))
        values = {"log": self._source.name, "size": grown.size, "root": grown.root(), "frontier": grown.to_bytes()}
        async with self._database.write() as connection:
            await connection.execute(_STORE, values)
        return grown
