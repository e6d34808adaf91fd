"""A topic that others write, read into a real PostgreSQL: each record once, whatever is in it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import orjson
import pytest
from aiokafka import AIOKafkaProducer
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy.servers.kafka import Broker
from shared.feeds.foreign import ForeignRecord, ForeignTopic
from tests.support.foreign import Sent, Start, members, send
from tests.support.grounds import Ground, ground
from tests.support.kafka_fixtures import MakeTopic
from tests.support.topic_reading import until

pytestmark = pytest.mark.servers


class Office:
    """Takes in what it can read and parks what it cannot bear, in tables of its own."""

    def __init__(self, at: Ground) -> None:
        self.at = at
        self.seen: list[ForeignRecord] = []
        self.batches = 0
        self.fail: Sequence[Exception] = ()
        self.after_handling: Callable[[], Awaitable[None]] | None = None

    async def open(self) -> None:
        await self.at.as_owner("create table taken (n integer, kafka_partition integer, kafka_offset bigint)")
        await self.at.as_owner("create table parked (kafka_partition integer, kafka_offset bigint, reason text)")
        await self.at.as_owner("grant all on taken, parked to doithoai_app")

    async def handle(self, records: Sequence[ForeignRecord], connection: AsyncConnection) -> None:
        if self.fail:
            error, *self.fail = self.fail
            raise error
        self.batches += 1
        for record in records:
            self.seen.append(record)
            values = {"n": orjson.loads(record.value or b"")["n"], "p": record.partition, "o": record.offset}
            await connection.execute(text("insert into taken values (:n, :p, :o)"), values)
        if self.after_handling:
            await self.after_handling()

    async def park(self, record: ForeignRecord, reason: str, connection: AsyncConnection) -> None:
        values = {"p": record.partition, "o": record.offset, "reason": reason}
        await connection.execute(text("insert into parked values (:p, :o, :reason)"), values)

    async def taken(self) -> list[int]:
        async with self.at.database.read() as connection:
            return list(await connection.scalars(text("select n from taken order by kafka_partition, kafka_offset")))

    async def parked(self) -> list[tuple[int, str]]:
        async with self.at.database.read() as connection:
            rows = await connection.execute(text("select kafka_offset, reason from parked order by kafka_offset"))
            return [(row.kafka_offset, row.reason) for row in rows]

    async def has_taken(self, count: int, seconds: float = 30.0) -> None:
        async with asyncio.timeout(seconds):
            while len(await self.taken()) < count:  # noqa: ASYNC110 - it happens in the database
                await asyncio.sleep(0.05)


@pytest.fixture
async def office(postgres: str, database_name: str) -> AsyncIterator[Office]:
    async with ground(postgres, database_name, "intake/sonla") as made:
        opened = Office(made)
        await opened.open()
        yield opened


@pytest.fixture
async def topic(make_topic: MakeTopic, unique: str) -> str:
    return await make_topic(f"{unique}.opinions", 1)


@pytest.fixture
async def consumer(office: Office, kafka: Broker, topic: str) -> AsyncIterator[Start]:
    """Starts members of the group that takes the topic in."""
    declared = ForeignTopic(topic=topic, group=f"{topic}.intake", handle=office.handle, park=office.park)
    async with members(kafka, office.at.database, declared) as start:
        yield start


def good(*numbers: int) -> list[Sent]:
    return [(orjson.dumps({"n": n}), b"SGTVT", [("ce_id", str(n).encode())]) for n in numbers]


async def test_records_are_done_once_over_restarts(consumer: Start, office: Office, kafka: Broker, topic: str) -> None:
    for turn in range(3):
        await send(kafka, topic, *good(*range(turn * 10, turn * 10 + 10)))
        running = await consumer()
        await office.has_taken(turn * 10 + 10)
        await running.stop()
    assert await office.taken() == list(range(30))


async def test_what_was_done_and_how_far_are_one_transaction(consumer: Start, office: Office, kafka: Broker, topic: str) -> None:
    await send(kafka, topic, *good(*range(5)))

    async def fail_late() -> None:
        office.after_handling = None
        raise OSError("the last step failed")

    office.after_handling = fail_late
    await consumer()
    await office.has_taken(5)
    assert await office.taken() == list(range(5))
    assert len(office.seen) == 10, "the first attempt was rolled back whole"


POISON: dict[str, Sent] = {
    "bad json": (b"{not json", b"SGTVT", []),
    "another shape": (b"[1, 2]", b"SGTVT", []),
    "empty": (b"", b"SGTVT", []),
    "tombstone": (None, b"SGTVT", []),
    "bytes that are no text": (b"\xff\xfe\x00", b"SGTVT", []),
}
STRANGE: dict[str, Sent] = {
    "key that is no text": (b'{"n": 2}', b"\xff\xfe", []),
    "no key": (b'{"n": 2}', None, []),
    "header that is no text": (b'{"n": 2}', b"SGTVT", [("ce_id", b"\xff\xfe")]),
    "null header": (b'{"n": 2}', b"SGTVT", [("ce_id", None)]),
    "repeated header": (b'{"n": 2}', b"SGTVT", [("ce_id", b"1"), ("ce_id", b"2")]),
    "reply_to header": (b'{"n": 2}', b"SGTVT", [("reply_to", b"elsewhere")]),
}


@pytest.mark.parametrize("kind", POISON)
async def test_what_cannot_be_borne_is_parked_and_everything_else_flows_on(
    consumer: Start, office: Office, kafka: Broker, topic: str, kind: str
) -> None:
    await send(kafka, topic, *good(0, 1), POISON[kind], *good(3, 4))
    running = await consumer()
    await office.has_taken(4)
    assert await office.taken() == [0, 1, 3, 4]
    assert [offset for offset, _ in await office.parked()] == [2]
    await send(kafka, topic, *good(5))
    await office.has_taken(5)
    await until(lambda: running.state == "ok")


@pytest.mark.parametrize("kind", STRANGE)
async def test_whatever_surrounds_a_record_reaches_the_one_who_decides(
    consumer: Start, office: Office, kafka: Broker, topic: str, kind: str
) -> None:
    value, key, headers = STRANGE[kind]
    await send(kafka, topic, *good(0, 1), STRANGE[kind], *good(3, 4))
    await consumer()
    await office.has_taken(5)
    assert await office.taken() == [0, 1, 2, 3, 4]
    assert [(record.value, record.key, record.headers) for record in office.seen if record.offset == 2] == [
        (value, key, tuple(headers))
    ]


async def test_a_passing_fault_parks_nothing(consumer: Start, office: Office, kafka: Broker, topic: str) -> None:
    office.fail = [OSError("away"), TimeoutError(), OSError("away")]
    await send(kafka, topic, *good(0, 1, 2))
    await consumer()
    await office.has_taken(3)
    assert await office.parked() == []


async def test_a_database_put_back_reads_again_from_its_own_place(
    consumer: Start, office: Office, kafka: Broker, topic: str
) -> None:
    await send(kafka, topic, *good(*range(10)))
    await consumer()
    await office.has_taken(10)
    # The restore of a backup made after the fourth record, while the consumer runs and Kafka's offsets are ahead.
    await office.at.as_owner("delete from taken where kafka_offset >= 4")
    await office.at.as_owner("update foreign_position set next_offset = 4")
    await send(kafka, topic, *good(10))
    await office.has_taken(11)
    assert await office.taken() == list(range(11))


async def test_a_database_that_lost_its_place_begins_again(consumer: Start, office: Office, kafka: Broker, topic: str) -> None:
    await send(kafka, topic, *good(*range(10)))
    await consumer()
    await office.has_taken(10)
    await office.at.as_owner("delete from taken")
    await office.at.as_owner("delete from foreign_position")
    await send(kafka, topic, *good(10))
    await office.has_taken(11)
    assert await office.taken() == list(range(11))


async def test_an_offset_beyond_the_topic_stands_still_and_says_so(
    consumer: Start, office: Office, kafka: Broker, topic: str
) -> None:
    await send(kafka, topic, *good(0, 1))
    running = await consumer()
    await office.has_taken(2)
    await running.stop()
    await office.at.as_owner("update foreign_position set next_offset = 500")
    again = await consumer()
    await until(lambda: again.stuck == {0})
    assert again.state == "degraded"
    assert await office.taken() == [0, 1]


async def test_markers_of_a_senders_transactions_are_no_gap(
    consumer: Start, office: Office, kafka: Broker, topic: str, unique: str
) -> None:
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap, transactional_id=unique)
    await producer.start()
    running = await consumer()
    for n in range(4):
        async with producer.transaction():
            await producer.send_and_wait(topic, orjson.dumps({"n": n}), partition=0)
        await office.has_taken(n + 1)
    await producer.stop()
    assert await office.taken() == [0, 1, 2, 3]
    await until(lambda: running.state == "ok")


@pytest.mark.faults
@pytest.mark.timeout(240)
async def test_a_broker_absent_at_the_start_is_awaited(consumer: Start, office: Office, kafka: Broker, topic: str) -> None:
    await send(kafka, topic, *good(0, 1))
    await kafka.stop()
    running = await consumer()
    assert running.state == "degraded"
    await kafka.start()
    await office.has_taken(2)
    await until(lambda: running.state == "ok")
