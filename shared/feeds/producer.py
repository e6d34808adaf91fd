"""An idempotent producer that waits instead of timing out and is replaced when its sequence is broken."""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, KafkaTimeoutError, UnknownTopicOrPartitionError
from aiokafka.producer.message_accumulator import BatchBuilder

from shared.feeds.backoff import Backoff
from shared.feeds.headers import Headers, partition_of

STOP_SECONDS: Final = 5.0
# Batches go one after another, as their numbers have to: few and large, below the megabyte that a topic takes by default.
BATCH_BYTES: Final = 524_288
Message = tuple[bytes, Headers]  # value, headers

_log = structlog.get_logger()


class PageProducer:
    """Publishes pages of messages under one key to one topic, in order, each page acknowledged as a whole.

    A page that failed is sent again by a fresh producer: readers may see some of it twice, never a hole. An idempotent
    aiokafka producer never gives a record up by itself, except on a partition without a leader; then the record's
    sequence number is used up and every later send fails for ever, so that any failure ends the producer.
    """

    def __init__(self, bootstrap: str, topic: str, key: str) -> None:
        self._bootstrap, self._topic, self._key = bootstrap, topic, key.encode()
        self._producer: AIOKafkaProducer | None = None
        self.replaced = 0

    @property
    def connected(self) -> bool:
        """Whether there is a producer that has met the brokers."""
        return self._producer is not None

    async def connect(self) -> AIOKafkaProducer:
        """The producer that has met the brokers and found its topic, however long that takes."""
        backoff = Backoff()
        while self._producer is None:
            producer = AIOKafkaProducer(
                bootstrap_servers=self._bootstrap,
                enable_idempotence=True,
                acks="all",
                max_batch_size=BATCH_BYTES,
                compression_type="snappy",
                request_timeout_ms=5_000,
                retry_backoff_ms=100,
                metadata_max_age_ms=5_000,
            )
            try:
                await producer.start()
                await producer.partitions_for(self._topic)
            except (KafkaError, OSError) as error:
                await stop_within(producer)
                missing = isinstance(error, UnknownTopicOrPartitionError)
                _log.warning("relay.topic_missing" if missing else "relay.broker_away", topic=self._topic)
                await backoff.wait()
            except BaseException:
                await stop_within(producer)
                raise
            else:
                self._producer = producer
        return self._producer

    async def publish(self, messages: Sequence[Message]) -> None:
        """Return when every message is acknowledged, however long that takes."""
        backoff = Backoff()
        while True:
            producer = await self.connect()
            try:
                await self._publish(producer, messages)
            except KafkaError as error:
                _log.warning("relay.producer_replaced", topic=self._topic, reason=type(error).__name__)
                self.replaced += 1
                await self.close()
                await backoff.wait()
            else:
                return

    async def close(self) -> None:
        """End within 5 s; what was not acknowledged then is published again after the next start."""
        producer, self._producer = self._producer, None
        if producer is not None:
            await stop_within(producer)

    async def _publish(self, producer: AIOKafkaProducer, messages: Sequence[Message]) -> None:
        sent: list[asyncio.Future[object]] = []
        try:
            partition = partition_of(self._key, len(await producer.partitions_for(self._topic)))
            for batch in self._batches(producer, messages):
                sent.append(await self._send(producer, partition, batch))  # noqa: PERF401 - known also where the next fails
            for future in sent:
                await future
        finally:
            for future in sent:
                future.add_done_callback(_seen)

    def _batches(self, producer: AIOKafkaProducer, messages: Sequence[Message]) -> Iterator[BatchBuilder]:
        """The messages in order, in as few batches as take them; one that is alone always fits."""
        batch = producer.create_batch()
        for value, headers in messages:
            if batch.append(key=self._key, value=value, timestamp=None, headers=headers) is None:
                yield batch
                batch = producer.create_batch()
                batch.append(key=self._key, value=value, timestamp=None, headers=headers)
        yield batch

    async def _send(self, producer: AIOKafkaProducer, partition: int, batch: BatchBuilder) -> "asyncio.Future[object]":
        while True:
            try:
                future: asyncio.Future[object] = await producer.send_batch(batch, self._topic, partition=partition)
            except KafkaTimeoutError:  # the one before waits while the broker is away: nothing was sent, wait on
                continue
            else:
                return future


async def stop_within(producer: AIOKafkaProducer) -> None:
    """Stop it within 5 s, whatever it still waits for."""
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await producer.stop()
    except TimeoutError:
        # With unsent records and the broker away `stop` never ends, and its sender would go on trying for ever.
        producer._sender.sender_task.cancel()  # noqa: SLF001 - nothing public ends it
        await producer.client.close()


def _seen(future: "asyncio.Future[object]") -> None:
    # Takes the exception of a send that nobody awaits any more, so that it is not reported as forgotten.
    if not future.cancelled():
        future.exception()
