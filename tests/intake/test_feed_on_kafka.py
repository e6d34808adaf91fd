"""The feed over a real broker into a real PostgreSQL: poison of every kind between good records, restarts, a restore."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from itertools import chain

import pytest
from sqlalchemy import text

from deploy.servers.kafka import Broker
from deploy.servers.postgres import owner_url
from shared.database import Database
from shared.feeds.foreign import ForeignRecord
from tests.intake.feeding import outcomes, poison
from tests.intake.house import House, house_on_postgres
from tests.support import foreign
from tests.support.foreign import Start, members
from tests.support.kafka_fixtures import MakeTopic
from tests.support.topic_reading import until

pytestmark = pytest.mark.servers


@pytest.fixture
async def there(postgres: str, database_name: str) -> AsyncIterator[House]:
    async with house_on_postgres(postgres, database_name) as made:
        yield made


@pytest.fixture
async def topic(make_topic: MakeTopic, unique: str) -> str:
    return await make_topic(f"{unique}.opinions", 1)


@pytest.fixture
async def consumer(there: House, kafka: Broker, topic: str) -> AsyncIterator[Start]:
    """Starts members of the group that takes the feed in."""
    async with members(kafka, there.database, replace(there.topic, topic=topic, group=f"{topic}.intake")) as start:
        yield start


async def send(kafka: Broker, topic: str, *records: ForeignRecord) -> None:
    await foreign.send(kafka, topic, *[(record.value, record.key, list(record.headers)) for record in records])


async def has_noted(house: House, count: int, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while len(await outcomes(house)) < count:  # noqa: ASYNC110 - it happens in the database
            await asyncio.sleep(0.05)


async def test_poison_of_every_kind_is_parked_and_everything_between_flows_on(
    consumer: Start, there: House, kafka: Broker, topic: str
) -> None:
    bad = await poison(there, 0)
    good = [await there.opinion_fed(n) for n in range(1, len(bad) + 2)]
    strange = [await there.opinion_fed(90, how={"key": b"\xff\xfe"}), await there.opinion_fed(91, how={"key": None})]
    await send(kafka, topic, good[0], *strange, *chain.from_iterable(zip(bad.values(), good[1:], strict=True)))
    running = await consumer()
    await has_noted(there, len(bad) + len(good))
    assert [reason for _, _, reason in await outcomes(there) if reason] == list(bad)
    assert [local_id for what, local_id, _ in await outcomes(there) if what == "accepted"] == [
        f"BTCD-{n}" for n in range(1, len(good) + 1)
    ]
    assert (await there.log.head()).position == len(good)
    await send(kafka, topic, await there.opinion_fed(100))
    await has_noted(there, len(bad) + len(good) + 1)
    await until(lambda: running.state == "ok")


async def test_over_restarts_each_record_is_noted_once(consumer: Start, there: House, kafka: Broker, topic: str) -> None:
    for turn in range(3):
        await send(kafka, topic, *[await there.opinion_fed(turn * 4 + n) for n in range(3)], await there.record(turn, b"{"))
        running = await consumer()
        await has_noted(there, turn * 4 + 4)
        await running.stop()
    assert [item["place"] for item in await there.fed()] == [f"0/{n}" for n in range(12)]
    assert (await there.log.head()).position == 9


async def test_what_is_delivered_again_after_a_restore_changes_nothing_in_the_log(
    consumer: Start, there: House, kafka: Broker, topic: str, postgres: str, database_name: str
) -> None:
    await send(kafka, topic, *[await there.opinion_fed(n) for n in range(3)], await there.record(3, b"{"))
    running = await consumer()
    await has_noted(there, 4)
    before, head = await there.fed(), await there.log.head()
    await running.stop()
    owner = Database(owner_url(postgres, database_name))
    async with owner.write() as connection:
        await connection.execute(text("delete from feed_item where n > 1"))
        await connection.execute(text("update foreign_position set next_offset = 1"))
    await owner.close()
    await consumer()
    await has_noted(there, 4)
    assert await there.fed() == before
    assert await there.log.head() == head
