"""One topic read in batches by FastStream, from where the database says, whatever the broker does."""

import asyncio
import contextlib
import dataclasses
import logging
import time
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from itertools import groupby
from typing import Any, Final, Protocol

import structlog
from aiokafka import AIOKafkaConsumer, ConsumerRebalanceListener, ConsumerRecord, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError
from faststream import AckPolicy
from faststream.kafka import KafkaBroker, KafkaMessage

from shared.feeds import GATHER_SECONDS, Gap, Halted, State
from shared.feeds.backoff import Backoff
from shared.feeds.tasks import end

MAX_RECORDS: Final = 500
RETRY_SECONDS: Final = 20.0  # well below max_poll_interval_ms: the member stays in its group while the store is away
PROBE_SECONDS: Final = 5.0
STALLED_SECONDS: Final = 60.0
STOP_SECONDS: Final = 15.0
# What arrives ends the wait at once. Longer costs those who come late: a partition that was being applied when the fetch
# began is asked for with the next one. Shorter keeps an idle broker busy.
FETCH_WAIT_MS: Final = 200
ACK_SECONDS: Final = 1.0  # the broker only shows how far we are; where to go on, the database says

_log = structlog.get_logger()
_library_log = logging.getLogger("doithoai.kafka")
_library_log.setLevel(logging.ERROR)  # it warns at every start that it makes no topics, and of members that stand by


class OutOfBounds(Exception):
    """The stored offset lies outside the topic: retention has passed it, or the topic is another one."""


class Reader(Protocol):
    """What a consumer asks of whoever applies its records."""

    async def places(self, partitions: Collection[int], of: int) -> Mapping[int, int | None]:
        """Offsets to go on from; None for the beginning; partitions that are left out are not read. `of`: how many there are."""
        ...

    def go_on(self, partition: int, offset: int, low: int, high: int) -> int:
        """Where to go on in a topic that begins at `low` and ends before `high`: at `offset`, or elsewhere if it lies outside.

        Raises:
            OutOfBounds: nowhere, the partition stands still until a person acts.

        """
        ...

    async def handle(self, partition: int, records: Sequence[ConsumerRecord]) -> None:
        """Apply records of one partition and keep how far, in one transaction.

        Raises:
            Gap: go back to `places`. Halted: stop reading. Anything else: offered again.

        """
        ...


class TopicConsumer:
    """A member of a consumer group on one topic, kept running in the background until it is stopped."""

    def __init__(self, bootstrap: str, topic: str, group: str, reader: Reader) -> None:
        self._bootstrap, self._topic, self.group, self._reader = bootstrap, topic, group, reader
        self._busy = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._consumer: Callable[[], AIOKafkaConsumer | None] = lambda: None
        self._reading: set[TopicPartition] = set()
        self._stuck: set[TopicPartition] = set()
        self._reachable = self._faulty = self._halted = False
        self._stalled_since: float | None = None
        self._between_gaps = Backoff(first=0.01)
        self._applied: dict[TopicPartition, int] = {}  # offsets to go on from, not yet told to the broker
        self._acknowledged_at = 0.0

    @property
    def state(self) -> State:
        """`degraded` while the broker or the store is away, a partition stands still, or nothing moves though it should."""
        stalled = self._stalled_since is not None and time.monotonic() - self._stalled_since > STALLED_SECONDS
        well = self._reachable and not (self._faulty or self._halted or self._stuck or stalled)
        return "ok" if well else "degraded"

    @property
    def assigned(self) -> frozenset[int]:
        """The partitions that this member reads."""
        return frozenset(partition.partition for partition in self._reading)

    @property
    def stuck(self) -> frozenset[int]:
        """The partitions that stand still because the stored offset lies outside the topic."""
        return frozenset(partition.partition for partition in self._stuck)

    async def start(self) -> None:
        """Begin in the background; the broker may be away."""
        self._task = asyncio.create_task(self._run(), name=f"consumer {self.group} {self._topic}")

    async def stop(self) -> None:
        """Finish the batch in hand and leave the group, within bounded time."""
        self._stopping.set()
        if self._task is not None:
            await end(self._task)
            self._task = None

    async def _run(self) -> None:
        backoff = Backoff()
        while True:
            broker = self._subscribed()
            try:
                await broker.start()
                self._reachable = True
                backoff.reset()
                await self._watch()
            except Exception as error:  # noqa: BLE001 - whatever it is, the feed must go on trying
                _log.warning("feed.broker_away", topic=self._topic, group=self.group, reason=type(error).__name__)
            finally:
                self._reachable = False
                with contextlib.suppress(Exception):
                    async with asyncio.timeout(STOP_SECONDS):
                        await broker.stop()
            await backoff.wait()

    def _subscribed(self) -> KafkaBroker:
        """A broker with the one subscriber; nothing is connected yet."""
        self._applied = {}
        broker = KafkaBroker(
            self._bootstrap,
            allow_auto_create_topics=False,
            consumer_only=True,
            metadata_max_age_ms=5_000,
            graceful_timeout=STOP_SECONDS - 5,
            logger=_library_log,
        )
        subscriber = broker.subscriber(
            self._topic,
            group_id=self.group,
            batch=True,
            max_records=MAX_RECORDS,
            batch_timeout_ms=50,
            fetch_max_wait_ms=FETCH_WAIT_MS,
            ack_policy=AckPolicy.MANUAL,
            auto_offset_reset="earliest",
            parser=_tolerant,
            decoder=_raw,
            no_reply=True,
            listener=_SeekToDatabase(self._assigned, self._revoked),
            session_timeout_ms=6_000,
            heartbeat_interval_ms=500,
            max_poll_interval_ms=60_000,
        )
        # The listener is called while the consumer starts, before `start` returns.
        self._consumer = lambda: subscriber.consumer

        @subscriber
        async def handle(records: Any) -> None:
            await self._handle(records)

        return broker

    async def _handle(self, records: Sequence[ConsumerRecord]) -> None:
        async with self._busy:
            if self._halted or not all([await self._handled(part) for part in _by_partition(records)]):
                return
        if time.monotonic() > self._acknowledged_at + ACK_SECONDS:
            await self._acknowledge()
        if len(records) < MAX_RECORDS:
            await asyncio.sleep(GATHER_SECONDS)

    async def _acknowledge(self) -> None:
        applied, self._applied = self._applied, {}
        consumer = self._consumer()
        if applied and consumer is not None:
            self._acknowledged_at = time.monotonic()
            # A rebalance, or a broker that is away, for which the library waits without end: the database is the truth.
            with contextlib.suppress(KafkaError, IllegalStateError, TimeoutError):
                async with asyncio.timeout(ACK_SECONDS):
                    await consumer.commit(applied)  # not where the consumer stands: that lies beyond what is in hand

    async def _handled(self, records: Sequence[ConsumerRecord]) -> bool:
        """Whether the records are applied; if not, reading goes on where the database says."""
        partition = TopicPartition(self._topic, records[0].partition)
        try:
            await self._retried(lambda: self._reader.handle(partition.partition, records))
        except Gap:
            await self._go_back(partition, records[0].offset)
        except Halted:
            self._halted = True
            self._pause(self._reading)
        except TimeoutError:
            self._seek_one(partition, records[0].offset)
        else:
            self._stalled_since = None
            self._between_gaps.reset()
            self._applied[partition] = records[-1].offset + 1
            return True
        return False

    async def _go_back(self, partition: TopicPartition, offset: int) -> None:
        """To the database's place, or to `offset` again where the database cannot be asked."""
        await self._between_gaps.wait()  # what lies between may not be to be had for a while
        try:
            await self._retried(lambda: self._seek({partition}))
        except TimeoutError:
            self._seek_one(partition, offset)

    async def _retried(self, step: Callable[[], Awaitable[Any]]) -> None:
        """Do `step`, again after a passing fault.

        Raises:
            TimeoutError: it went on failing for 20 s, or the consumer is being stopped.

        """
        backoff = Backoff()
        deadline = time.monotonic() + RETRY_SECONDS
        while True:
            try:
                await step()
            except (Gap, Halted):
                raise
            except Exception as error:  # whatever it is, passing the records over would lose them
                self._faulty = True
                _log.warning("feed.not_applied", topic=self._topic, group=self.group, reason=type(error).__name__)
                if self._stopping.is_set() or time.monotonic() > deadline:
                    raise TimeoutError from error
                await backoff.wait()
            else:
                self._faulty = False
                return

    async def _revoked(self, revoked: Collection[TopicPartition]) -> None:
        async with self._busy:  # the batch in hand finishes first
            self._reading -= set(revoked)
            self._stuck -= set(revoked)
            self._applied = {partition: offset for partition, offset in self._applied.items() if partition not in revoked}

    async def _assigned(self, assigned: Collection[TopicPartition]) -> None:
        if not assigned or self._halted:
            self._pause(assigned)
            return
        # Before anything is awaited, else records are fetched from where Kafka thinks we stood.
        self._pause(assigned)
        while not self._stopping.is_set():
            with contextlib.suppress(TimeoutError):
                await self._retried(lambda: self._seek(set(assigned)))
                return

    async def _seek(self, partitions: set[TopicPartition]) -> None:
        consumer = self._consumer()
        if consumer is None:
            return
        of = len(consumer.partitions_for_topic(self._topic) or ())
        places = await self._reader.places({partition.partition for partition in partitions}, of)
        wanted = [partition for partition in partitions if partition.partition in places]
        if not wanted:
            return
        low, high = await consumer.beginning_offsets(wanted), await consumer.end_offsets(wanted)
        for partition in wanted:
            place = places[partition.partition]
            self._go_on(partition, low[partition] if place is None else place, low[partition], high[partition])

    def _go_on(self, partition: TopicPartition, offset: int, low: int, high: int) -> None:
        try:
            at = self._reader.go_on(partition.partition, offset, low, high)
        except OutOfBounds:
            at = None
        if at != offset:
            _log.error("feed.offset_outside", topic=self._topic, partition=partition.partition, offset=offset, low=low, high=high)
        if at is None:
            self._stuck.add(partition)
            self._pause({partition})
            return
        if self._seek_one(partition, at):
            self._stuck.discard(partition)
            self._reading.add(partition)

    def _seek_one(self, partition: TopicPartition, offset: int) -> bool:
        consumer = self._consumer()
        if consumer is None:
            return False
        try:
            consumer.seek(partition, offset)
            consumer.resume(partition)
        except IllegalStateError:  # revoked meanwhile
            return False
        return True

    def _pause(self, partitions: Collection[TopicPartition]) -> None:
        consumer = self._consumer()
        if consumer is not None and partitions:
            with contextlib.suppress(IllegalStateError):
                consumer.pause(*partitions)

    async def _watch(self) -> None:
        """Ask the broker for the topic's end every 5 s: whether it answers, and whether we get nearer to it."""
        while True:
            await asyncio.sleep(PROBE_SECONDS)
            await self._acknowledge()
            consumer = self._consumer()
            if consumer is None:
                return
            try:
                async with asyncio.timeout(PROBE_SECONDS):
                    behind = await self._behind(consumer)
            except (KafkaError, TimeoutError, OSError):
                self._reachable = False
                continue
            self._reachable = True
            if not behind:
                self._stalled_since = None
            elif self._stalled_since is None:
                self._stalled_since = time.monotonic()

    async def _behind(self, consumer: AIOKafkaConsumer) -> bool:
        reading = list(self._reading)
        if not reading:
            await consumer.topics()
            return False
        ends = await consumer.end_offsets(reading)
        for partition in reading:
            with contextlib.suppress(IllegalStateError):
                if await consumer.position(partition) < ends[partition]:
                    return True
        return False


class _SeekToDatabase(ConsumerRebalanceListener):  # type: ignore[misc]
    def __init__(
        self,
        assigned: Callable[[Collection[TopicPartition]], Awaitable[None]],
        revoked: Callable[[Collection[TopicPartition]], Awaitable[None]],
    ) -> None:
        self._assigned, self._revoked = assigned, revoked

    async def on_partitions_revoked(self, revoked: Collection[TopicPartition]) -> None:
        await self._revoked(revoked)

    async def on_partitions_assigned(self, assigned: Collection[TopicPartition]) -> None:
        await self._assigned(assigned)


async def _tolerant(records: tuple[ConsumerRecord, ...], original: Callable[..., Awaitable[KafkaMessage]]) -> KafkaMessage:
    # The library decodes every header of every record and drops the whole batch where one cannot be: it is shown an
    # empty record instead, and the records pass untouched.
    message = await original((dataclasses.replace(records[0], headers=(), value=b""),))
    message.raw_message = message.body = records
    return message


async def _raw(message: KafkaMessage) -> Any:
    return message.body


def _by_partition(records: Sequence[ConsumerRecord]) -> list[list[ConsumerRecord]]:
    return [list(part) for _, part in groupby(records, key=lambda record: record.partition)]
