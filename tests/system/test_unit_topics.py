"""Units' own topics on a real broker: a unit's system reads its own stream and nothing else, and proves what it read."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer
from aiokafka.errors import GroupAuthorizationFailedError, KafkaError, TopicAuthorizationFailedError

from deploy.servers.kafka import Broker
from deploy.unit_topics import Opened, apply, user_of
from shared.feeds.kafka_outlet import KafkaOutlet
from shared.feeds.outlet import TopicMissing, topic_of_unit
from tests.support.topics import followed

pytestmark = pytest.mark.servers
SECONDS = 30


def applied(kafka: Broker, tenant: str, *units: str, renew: tuple[str, ...] = ()) -> tuple[list[str], dict[str, Opened]]:
    opened: dict[str, Opened] = {}
    found = apply(kafka.bootstrap, tenant, units, opened=lambda each: opened.update({each.unit: each}), renew=renew)
    assert found.differs == []
    return found.changed, opened


def signed_in(user: Opened) -> dict[str, Any]:
    return {
        "security_protocol": "SASL_PLAINTEXT",
        "sasl_mechanism": "SCRAM-SHA-512",
        "sasl_plain_username": user.user,
        "sasl_plain_password": user.password,
    }


@asynccontextmanager
async def reading(kafka: Broker, user: Opened, topic: str, group: str) -> AsyncIterator[AIOKafkaConsumer]:
    consumer = AIOKafkaConsumer(
        topic, bootstrap_servers=kafka.for_units, group_id=group, auto_offset_reset="earliest", **signed_in(user)
    )
    try:
        await consumer.start()
        yield consumer
    finally:
        await consumer.stop()


def item(position: int, previous: int) -> bytes:
    return json.dumps({"position": position, "previous": previous, "type": "task.assigned", "task": "t", "due": "d"}).encode()


async def put(kafka: Broker, topic: str, *values: bytes) -> None:
    outlet = KafkaOutlet(kafka.bootstrap)
    for value in values:
        await outlet.put(topic, b"t", value, [])
    await outlet.close()


async def test_a_second_time_changes_nothing_and_who_is_no_unit_any_more_loses_his_rights(kafka: Broker, unique: str) -> None:
    changed, opened = applied(kafka, unique, "TH", "KT")
    assert set(opened) == {"TH", "KT"}
    assert len(changed) == 6
    assert applied(kafka, unique, "TH", "KT") == ([], {})
    changed, opened = applied(kafka, unique, "TH", renew=("TH",))
    assert changed == [
        f"{user_of(unique, 'KT')}: lost its rights and cannot sign in any more, for its unit is none any more",
        f"{user_of(unique, 'TH')}: has a new password",
    ]
    assert set(opened) == {"TH"}


async def test_a_unit_reads_its_own_topic_in_its_own_group_and_nothing_else(kafka: Broker, unique: str) -> None:
    _, opened = applied(kafka, unique, "TH", "THX")
    mine, theirs = topic_of_unit(unique, "TH"), topic_of_unit(unique, "THX")
    await put(kafka, mine, item(3, 0))
    await put(kafka, theirs, item(4, 0))
    async with asyncio.timeout(SECONDS), reading(kafka, opened["TH"], mine, mine) as consumer:
        assert json.loads((await consumer.getone()).value)["position"] == 3
    for topic, group, refused in (
        (theirs, mine, TopicAuthorizationFailedError),
        (mine, theirs, GroupAuthorizationFailedError),
        (mine, f"{mine}-2", GroupAuthorizationFailedError),
        ("assignment.log", mine, TopicAuthorizationFailedError),
    ):
        with pytest.raises(refused):
            async with asyncio.timeout(SECONDS), reading(kafka, opened["TH"], topic, group) as consumer:
                await consumer.getone()
    producer = AIOKafkaProducer(bootstrap_servers=kafka.for_units, enable_idempotence=False, **signed_in(opened["TH"]))
    await producer.start()
    with pytest.raises(TopicAuthorizationFailedError):
        await producer.send_and_wait(mine, b"forged")
    await producer.stop()


async def test_an_old_password_opens_nothing(kafka: Broker, unique: str) -> None:
    _, before = applied(kafka, unique, "TH")
    applied(kafka, unique, "TH", renew=("TH",))
    topic = topic_of_unit(unique, "TH")
    with pytest.raises(KafkaError):
        async with asyncio.timeout(SECONDS), reading(kafka, before["TH"], topic, topic) as consumer:
            await consumer.getone()


async def test_the_sample_reads_on_passes_over_what_came_twice_and_stops_at_a_hole(kafka: Broker, unique: str) -> None:
    _, opened = applied(kafka, unique, "TH")
    topic = topic_of_unit(unique, "TH")
    await put(kafka, topic, item(3, 0), item(3, 0), item(7, 3))
    said, _ = await followed(kafka, opened["TH"], 0, 2)
    assert [line.partition(" ")[0] for line in said] == ["3", "7"]
    await put(kafka, topic, item(12, 9))
    said, err = await followed(kafka, opened["TH"], 7, 1)
    assert said == []
    assert "missed: after 7 comes 12, which follows 9" in err


async def test_a_topic_that_nobody_made_is_told_and_a_broker_that_is_away_is_waited_for(kafka: Broker, unique: str) -> None:
    outlet = KafkaOutlet(kafka.bootstrap)
    with pytest.raises(TopicMissing):
        await outlet.put(topic_of_unit(unique, "NO"), b"t", item(1, 0), [])
    _, opened = applied(kafka, unique, "TH")
    topic = topic_of_unit(unique, "TH")
    await outlet.put(topic, b"t", item(1, 0), [])
    await kafka.kill()
    waiting = asyncio.create_task(outlet.put(topic, b"t", item(2, 1), []))
    await asyncio.sleep(1)
    assert not waiting.done()
    await kafka.start()
    async with asyncio.timeout(60):
        await waiting
    await outlet.close()
    said: list[str] = []
    async with asyncio.timeout(60):
        while not said:  # the sample ends where it finds nobody: the door for units opens after that for services
            said, err = await followed(kafka, opened["TH"], 0, 2)
    assert [line.partition(" ")[0] for line in said] == ["1", "2"], err
