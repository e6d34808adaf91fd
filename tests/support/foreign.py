"""A topic that others write: members of the group that takes it in, and records sent as another system would."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaProducer

from deploy.servers.kafka import Broker
from shared.database import Database
from shared.feeds.foreign import ForeignTopic
from shared.feeds.foreign_consumer import ForeignConsumer

Sent = tuple[bytes | None, bytes | None, list[tuple[str, bytes | None]]]  # value, key, headers
Start = Callable[[], Awaitable[ForeignConsumer]]


@asynccontextmanager
async def members(kafka: Broker, database: Database, topic: ForeignTopic) -> AsyncIterator[Start]:
    """Starts members of the topic's group; at the end all are stopped."""
    started: list[ForeignConsumer] = []

    async def start() -> ForeignConsumer:
        made = ForeignConsumer(kafka.bootstrap, database, topic)
        await made.start()
        started.append(made)
        return made

    yield start
    for made in started:
        await made.stop()


async def send(kafka: Broker, topic: str, *sent: Sent) -> None:
    """Send records to the topic's first partition, in their order."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, linger_ms=5)
    await producer.start()
    futures = [await producer.send(topic, value, key=key, partition=0, headers=headers) for value, key, headers in sent]
    await asyncio.gather(*futures)
    await producer.stop()
