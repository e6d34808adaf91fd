"""A topic that others write: no log, so that its offsets are the checkpoint, kept with what was done in one transaction."""

import time
from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

import structlog
from aiokafka import ConsumerRecord
from sqlalchemy import select, text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.eventlog.port import LogUnavailable, StreamConflict
from shared.feeds import Gap, State
from shared.feeds.consumer import OutOfBounds, TopicConsumer
from shared.feeds.foreign import ForeignRecord, ForeignTopic
from shared.feeds.tables import FOREIGN_POSITION
from shared.vault.port import VaultUnavailable

TRANSIENT: Final = (
    LogUnavailable, VaultUnavailable, StreamConflict, OperationalError, InterfaceError, PoolTimeout, OSError, TimeoutError,
)  # fmt: skip
PERSISTS_SECONDS: Final = 60.0  # a passing fault of one record that lasts longer, the database being well, is none

_log = structlog.get_logger()


class ForeignConsumer:
    """Reads a foreign topic into one service's database, each record effectively once and none passed over."""

    def __init__(self, bootstrap: str, database: Database, foreign: ForeignTopic) -> None:
        self._consumer = TopicConsumer(bootstrap, foreign.topic, foreign.group, _ForeignReading(database, foreign))

    @property
    def state(self) -> State:
        return self._consumer.state

    @property
    def assigned(self) -> frozenset[int]:
        """Partitions that this member reads."""
        return self._consumer.assigned

    @property
    def stuck(self) -> frozenset[int]:
        """Partitions whose stored offset lies outside the topic: it was made anew, or retention has passed us."""
        return self._consumer.stuck

    async def start(self) -> None:
        """Begin in the background; the broker may be away."""
        await self._consumer.start()

    async def stop(self) -> None:
        """Finish the batch in hand and end."""
        await self._consumer.stop()


class _ForeignReading:
    def __init__(self, database: Database, foreign: ForeignTopic) -> None:
        self._database, self._foreign = database, foreign
        self._missing: dict[int, tuple[int, int]] = {}
        self._failing: dict[tuple[int, int], float] = {}

    async def places(self, partitions: Collection[int], of: int) -> Mapping[int, int | None]:
        columns = (FOREIGN_POSITION.c.partition, FOREIGN_POSITION.c.next_offset)
        async with self._database.read() as connection:
            rows = await connection.execute(select(*columns).where(*self._mine()))
            known = {row.partition: row.next_offset for row in rows}
        return {partition: known.get(partition) for partition in partitions}

    def go_on(self, partition: int, offset: int, low: int, high: int) -> int:
        # Beyond the end, `earliest` would begin again at 0 and every new record would pass for an old one.
        if not low <= offset <= high:
            raise OutOfBounds
        return offset

    async def handle(self, partition: int, records: Sequence[ConsumerRecord]) -> None:
        foreign = [_untouched(record) for record in records]
        try:
            await self._done(partition, foreign)
        except Gap:
            raise
        except Exception as error:
            if await self._passes(foreign[0], error):
                raise
            for record in foreign:
                await self._alone(partition, record)

    async def _alone(self, partition: int, record: ForeignRecord) -> None:
        """One record by itself: done, or parked when it fails for good, so that the ones after it flow on."""
        try:
            await self._done(partition, [record])
        except Gap:
            raise
        except Exception as error:
            if await self._passes(record, error):
                raise
            await self._parked(partition, record, error)
        self._failing.pop((partition, record.offset), None)

    async def _passes(self, record: ForeignRecord, error: Exception) -> bool:
        """Whether the failure is a passing one: by its kind, and not there for a minute while the database is well."""
        if not isinstance(error, TRANSIENT):
            return False
        since = self._failing.setdefault((record.partition, record.offset), time.monotonic())
        if time.monotonic() - since < PERSISTS_SECONDS:
            return True
        async with self._database.read() as connection:  # raises where the database is the one that is ill
            await connection.execute(text("select 1"))
        return False

    async def _parked(self, partition: int, record: ForeignRecord, error: Exception) -> None:
        kind = type(error).__name__
        _log.error("foreign.parked", topic=record.topic, partition=partition, offset=record.offset, reason=kind)
        async with self._database.write() as connection:
            if await self._unseen(connection, partition, [record]):
                await self._foreign.park(record, kind, connection)
                await self._move(connection, partition, record.offset + 1)

    async def _done(self, partition: int, records: Sequence[ForeignRecord]) -> None:
        async with self._database.write() as connection:
            unseen = await self._unseen(connection, partition, records)
            if unseen:
                await self._foreign.handle(unseen, connection)
                await self._move(connection, partition, unseen[-1].offset + 1)

    async def _unseen(
        self, connection: AsyncConnection, partition: int, records: Sequence[ForeignRecord]
    ) -> Sequence[ForeignRecord]:
        """The records that were not done yet, the checkpoint locked.

        Raises:
            Gap: what lies between the checkpoint and the first of them was not read.

        """
        locked = select(FOREIGN_POSITION.c.next_offset).where(*self._mine(), FOREIGN_POSITION.c.partition == partition)
        position = await connection.scalar(locked.with_for_update())
        first = records[0].offset
        if first > (position or 0) and self._missing.get(partition) != (position or 0, first):
            # Once read again from the checkpoint with the same outcome, there is nothing there: a transaction's marker,
            # or what retention took before the first start.
            self._missing[partition] = (position or 0, first)
            raise Gap
        if position is None:
            await self._begin(connection, partition)
        return [record for record in records if record.offset >= (position or 0)]

    async def _begin(self, connection: AsyncConnection, partition: int) -> None:
        values = {"consumer": self._foreign.group, "topic": self._foreign.topic, "partition": partition, "next_offset": 0}
        await connection.execute(FOREIGN_POSITION.insert().values(values))

    async def _move(self, connection: AsyncConnection, partition: int, offset: int) -> None:
        mine = (*self._mine(), FOREIGN_POSITION.c.partition == partition)
        await connection.execute(FOREIGN_POSITION.update().where(*mine).values(next_offset=offset))

    def _mine(self) -> tuple[Any, ...]:
        return FOREIGN_POSITION.c.consumer == self._foreign.group, FOREIGN_POSITION.c.topic == self._foreign.topic


def _untouched(record: ConsumerRecord) -> ForeignRecord:
    return ForeignRecord(
        record.topic, record.partition, record.offset, record.timestamp, record.key, record.value, tuple(record.headers)
    )
