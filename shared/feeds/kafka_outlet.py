"""Messages to topics of Kafka, each acknowledged; the brokers may be away as long as they like."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError, UnknownTopicOrPartitionError

from shared.feeds.backoff import Backoff
from shared.feeds.outlet import TopicMissing
from shared.feeds.producer import stop_within

LOOK_MS: Final = 5_000

_log = structlog.get_logger()


class KafkaOutlet:
    """One idempotent producer for all topics. A message may arrive twice after a failure, never out of its order."""

    def __init__(self, bootstrap: str) -> None:
        self._bootstrap = bootstrap
        self._producer: AIOKafkaProducer | None = None
        self._changing = asyncio.Lock()

    @property
    def state(self) -> str:
        """`ok` unless the brokers were away when they were last asked."""
        return "ok" if self._producer is not None else "degraded"

    async def put(self, topic: str, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
        """Send it, again and again where the brokers do not answer."""
        backoff = Backoff()
        while True:
            producer = await self._connected()
            if producer is None:
                await backoff.wait()
                continue
            try:
                if not await producer.partitions_for(topic):
                    raise TopicMissing(topic)
                await producer.send_and_wait(topic, value=value, key=key, headers=list(headers))
            except UnknownTopicOrPartitionError as error:
                raise TopicMissing(topic) from error
            except (KafkaError, OSError) as error:
                # A sequence number that was used up fails every later send: the next one is by another producer.
                _log.warning("outlet.producer_replaced", topic=topic, reason=type(error).__name__)
                await self._drop(producer)
                await backoff.wait()
            else:
                return

    async def close(self) -> None:
        """End; what was not acknowledged is not marked as sent."""
        if self._producer is not None:
            await self._drop(self._producer)

    async def _connected(self) -> AIOKafkaProducer | None:
        async with self._changing:
            if self._producer is None:
                producer = AIOKafkaProducer(
                    bootstrap_servers=self._bootstrap,
                    enable_idempotence=True,
                    acks="all",
                    request_timeout_ms=LOOK_MS,
                    metadata_max_age_ms=LOOK_MS,
                )
                try:
                    await producer.start()
                except (KafkaError, OSError):
                    await stop_within(producer)
                    _log.warning("outlet.broker_away")
                    return None
                self._producer = producer
            return self._producer

    async def _drop(self, producer: AIOKafkaProducer) -> None:
        async with self._changing:
            if self._producer is producer:
                self._producer = None
                await stop_within(producer)
