"""Pytest fixtures around one broker a session; a test isolates itself by topic and group names of its own."""

import asyncio
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import pytest_asyncio
from aiokafka.admin import AIOKafkaAdminClient, NewTopic

from deploy.servers.kafka import Broker, broker
from deploy.servers.kafka_jars import KafkaAbsent
from tests.support.absent import absent

MakeTopic = Callable[..., Awaitable[str]]


@pytest.fixture(scope="session")
def session_kafka(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Broker]:
    """The session's broker; tests take `kafka`."""
    try:
        made = broker(tmp_path_factory.mktemp("kafka"))
    except KafkaAbsent as reason:
        absent(reason)
    _apart(made.start())
    yield made
    _apart(made.stop())


@pytest_asyncio.fixture
async def kafka(session_kafka: Broker) -> AsyncIterator[Broker]:
    """The broker, running; a test may kill or stop it and need not mend it."""
    yield session_kafka
    if not session_kafka.running:
        await session_kafka.start()


@pytest.fixture
def unique() -> str:
    """A name that no other test has."""
    return f"t{uuid.uuid4().hex[:12]}"


@pytest.fixture
def make_topic(kafka: Broker) -> MakeTopic:
    """Makes a topic of a given name with some partitions."""

    async def make(name: str, partitions: int = 4) -> str:
        return await create_topic(kafka.bootstrap, name, partitions)

    return make


async def create_topic(bootstrap: str, name: str, partitions: int = 4) -> str:
    """Make a topic, with one copy of each partition."""
    admin = AIOKafkaAdminClient(bootstrap_servers=bootstrap)
    await admin.start()
    try:
        answer = await admin.create_topics([NewTopic(name, partitions, 1)])
        assert [code for _, code, *_ in answer.topic_errors] == [0]
    finally:
        await admin.close()
    return name


def _apart(step: Coroutine[Any, Any, None]) -> None:
    # In a thread of its own: an async fixture may ask for the broker while its loop runs.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, step).result()
