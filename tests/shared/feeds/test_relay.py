"""The relay on a real broker and a real PostgreSQL: every position of a log, in order, whatever breaks."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

import pytest
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from deploy.servers.kafka import Broker
from shared.clock import SystemClock
from shared.eventlog.port import MAX_EVENT_BYTES
from shared.eventlog.records import ZERO, Append, Write
from shared.feeds.headers import Arrived, record_of
from shared.feeds.relay import Relay
from shared.feeds.tables import RELAY_CURSOR
from tests.support import records
from tests.support.grounds import Ground, ground
from tests.support.kafka_fixtures import MakeTopic
from tests.support.topic_reading import everything, until

pytestmark = pytest.mark.servers


@pytest.fixture
async def source(postgres: str, database_name: str, unique: str) -> AsyncIterator[Ground]:
    async with ground(postgres, database_name, f"{unique}/sonla") as made:
        yield made


@pytest.fixture
async def topic(make_topic: MakeTopic, unique: str) -> str:
    return await make_topic(f"{unique}.log")


def relay_of(source: Ground, kafka: Broker) -> Relay:
    return Relay(source.log, source.database, kafka.bootstrap, SystemClock())


async def position(source: Ground) -> int:
    async with source.database.read() as connection:
        return await connection.scalar(select(RELAY_CURSOR.c.position)) or 0


async def published(source: Ground, upto: int, seconds: float = 30.0) -> None:
    async with asyncio.timeout(seconds):
        while True:
            with contextlib.suppress(DBAPIError):  # where sessions are cut, the one that asks is among them
                if await position(source) >= upto:
                    return
            await asyncio.sleep(0.02)


async def arrived(kafka: Broker, topic: str) -> list[Arrived]:
    return [record_of(record.key, record.value, record.headers) for record in await everything(kafka.bootstrap, topic)]


def without_repetition(found: list[Arrived]) -> list[Arrived]:
    """Each position once; asserts that none is passed over on the way."""
    kept: list[Arrived] = []
    for one in found:
        assert one.record.position <= len(kept) + 1, "a hole"
        if one.record.position == len(kept) + 1:
            kept.append(one)
    return kept


async def test_every_position_is_published_in_order_into_one_partition(source: Ground, topic: str, kafka: Broker) -> None:
    await source.grow(2_500)
    relay = relay_of(source, kafka)
    await relay.start()
    await published(source, 2_500)
    await source.grow(3)
    await published(source, 2_503)
    await relay.stop()
    found = await arrived(kafka, topic)
    assert [one.record for one in found] == await source.all()
    assert [one.previous_hash for one in found] == [ZERO, *(one.record.hash for one in found[:-1])]
    assert len({record.partition for record in await everything(kafka.bootstrap, topic)}) == 1


async def test_the_largest_event_fits(source: Ground, topic: str, kafka: Broker) -> None:
    large = records.event(1, b'{"n":"' + b"x" * (MAX_EVENT_BYTES - 300) + b'"}')
    await source.log.append(Append("large", b"f" * 32, (Write("opinion-large", 0, (large,)),)))
    relay = relay_of(source, kafka)
    await relay.start()
    await published(source, 1)
    await relay.stop()
    assert [one.record.data for one in await arrived(kafka, topic)] == [large.data]


async def test_a_relay_goes_on_where_the_last_one_stopped(source: Ground, topic: str, kafka: Broker) -> None:
    for _ in range(3):
        await source.grow(10)
        relay = relay_of(source, kafka)
        await relay.start()
        await published(source, (await source.log.head()).position)
        await relay.stop()
    assert [one.record.position for one in await arrived(kafka, topic)] == list(range(1, 31))


async def test_only_one_of_two_relays_leads_and_the_other_takes_over(source: Ground, topic: str, kafka: Broker) -> None:
    first, second = relay_of(source, kafka), relay_of(source, kafka)
    await first.start()
    await until(lambda: first.leading)
    await second.start()
    await source.grow(100)
    await published(source, 100)
    assert not second.leading
    assert second.state == "ok"
    await first.stop()
    await source.grow(100)
    await published(source, 200)
    assert second.leading
    await second.stop()
    assert [one.record.position for one in await arrived(kafka, topic)] == list(range(1, 201))


async def test_a_cursor_moved_by_another_ends_the_leadership(source: Ground, topic: str, kafka: Broker) -> None:
    await source.grow(5)
    relay = relay_of(source, kafka)
    await relay.start()
    await published(source, 5)
    await source.as_owner("update relay_cursor set position = 3, hash = (select hash from event where position = 3)")
    await source.grow(5)
    await published(source, 10)
    await relay.stop()
    assert [one.record.position for one in without_repetition(await arrived(kafka, topic))] == list(range(1, 11))


async def test_a_new_incarnation_is_published_from_its_first_position(source: Ground, topic: str, kafka: Broker) -> None:
    await source.grow(4)
    relay = relay_of(source, kafka)
    await relay.start()
    await published(source, 4)
    await relay.stop()
    await source.as_owner("update log set incarnation = 'second'")
    await source.log.open()
    relay = relay_of(source, kafka)
    await relay.start()
    await until(lambda: relay.leading)
    await source.grow(1)
    await published(source, 5)
    await relay.stop()
    found = await arrived(kafka, topic)
    assert [one.incarnation for one in found] == ["first"] * 4 + ["second"] * 5


async def test_a_log_that_does_not_continue_what_was_published_degrades_and_publishes_nothing(
    source: Ground, topic: str, kafka: Broker
) -> None:
    await source.grow(4)
    relay = relay_of(source, kafka)
    await relay.start()
    await published(source, 4)
    await relay.stop()
    await source.as_owner("update relay_cursor set hash = sha256('another')")
    await source.grow(4)
    relay = relay_of(source, kafka)
    await relay.start()
    await until(lambda: relay.state == "degraded")
    await relay.stop()
    assert await position(source) == 4
    assert len(await arrived(kafka, topic)) == 4


async def test_a_relay_whose_sessions_are_cut_leads_again(source: Ground, topic: str, kafka: Broker) -> None:
    relay = relay_of(source, kafka)
    await relay.start()
    for turn in range(1, 4):
        await source.grow(50)
        await published(source, turn * 50)
        await source.cut_connections()
    await source.grow(50)
    await published(source, 200)
    await relay.stop()
    assert [one.record.position for one in without_repetition(await arrived(kafka, topic))] == list(range(1, 201))


async def test_a_topic_that_refuses_a_record_holds_the_log_up_and_passes_nothing_over(
    source: Ground, topic: str, kafka: Broker
) -> None:
    await limit(kafka, topic, 1_000)
    await source.grow(5)
    large = records.event(1, b'{"n":"' + bytes(range(65, 91)) * 400 + b'"}')
    await source.log.append(Append("large", b"f" * 32, (Write("fence-large", 0, (large,)),)))
    await source.grow(5)
    relay = relay_of(source, kafka)
    await relay.start()
    await until(lambda: relay.leading and relay.state == "degraded")
    await limit(kafka, topic, 1_048_588)
    await published(source, 11)
    await until(lambda: relay.state == "ok")
    await relay.stop()
    assert [one.record for one in without_repetition(await arrived(kafka, topic))] == await source.all()


async def limit(kafka: Broker, topic: str, bytes: int) -> None:
    admin = AIOKafkaAdminClient(bootstrap_servers=kafka.bootstrap)
    await admin.start()
    await admin.alter_configs([ConfigResource(ConfigResourceType.TOPIC, topic, {"max.message.bytes": str(bytes)})])
    await admin.close()


@pytest.mark.faults
@pytest.mark.timeout(240)
async def test_a_killed_and_restarted_broker_loses_nothing_and_leaves_no_hole(source: Ground, topic: str, kafka: Broker) -> None:
    relay = relay_of(source, kafka)
    await relay.start()
    growing = asyncio.create_task(_grow_steadily(source, 60, 200))
    for _ in range(2):
        await until(lambda: relay.leading)
        await asyncio.sleep(0.5)
        await kafka.kill()
        await asyncio.sleep(1.0)
        await kafka.restart()
    await growing
    await published(source, 12_000, 60)
    await relay.stop()
    found = await arrived(kafka, topic)
    assert [one.record for one in without_repetition(found)] == await source.all()


@pytest.mark.faults
@pytest.mark.timeout(240)
async def test_an_absent_broker_degrades_the_relay_which_catches_up_by_itself(source: Ground, topic: str, kafka: Broker) -> None:
    await kafka.stop()
    await source.grow(50)
    relay = relay_of(source, kafka)
    await relay.start()
    await until(lambda: relay.leading and relay.state == "degraded")
    assert relay.oldest_unacknowledged_seconds >= 0
    await kafka.start()
    await published(source, 50)
    await until(lambda: relay.state == "ok")
    await kafka.kill()
    await source.grow(50)
    await until(lambda: relay.state == "degraded")
    assert relay.oldest_unacknowledged_seconds > 1
    begun = asyncio.get_running_loop().time()
    await relay.stop()
    assert asyncio.get_running_loop().time() - begun < 10, "a broker that is away must not hold up the end"
    await kafka.restart()
    relay = relay_of(source, kafka)
    await relay.start()
    await published(source, 100)
    await relay.stop()
    assert [one.record.position for one in without_repetition(await arrived(kafka, topic))] == list(range(1, 101))


async def test_a_missing_topic_degrades_and_is_used_when_it_is_made(
    source: Ground, make_topic: MakeTopic, unique: str, kafka: Broker
) -> None:
    await source.grow(5)
    relay = relay_of(source, kafka)
    await relay.start()
    await until(lambda: relay.leading and relay.state == "degraded")
    await make_topic(f"{unique}.log")
    await published(source, 5)
    await relay.stop()


async def _grow_steadily(source: Ground, times: int, events: int) -> None:
    for _ in range(times):
        await source.grow(events)
        await asyncio.sleep(0.05)
