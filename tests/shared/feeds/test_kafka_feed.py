"""The feed through Kafka on a real broker: order, poison, rebalance, a broker that comes and goes."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

import pytest
from aiokafka import AIOKafkaProducer, TopicPartition

from deploy.servers.kafka import Broker
from shared.eventlog.records import ZERO, Page
from shared.feeds import Delivery, Gap, Halted, Hint, consumer
from shared.feeds.headers import Headers, partition_of
from shared.feeds.kafka import KafkaFeed
from shared.feeds.producer import PageProducer
from shared.feeds.relay import messages_of
from tests.support.following import Follower
from tests.support.kafka_fixtures import MakeTopic
from tests.support.records import page, records
from tests.support.topic_reading import everything, until

pytestmark = pytest.mark.servers
PARTITIONS = 4


class Source:
    """The name is all that the feed asks of a source; whoever closes gaps asks for more."""

    def __init__(self, name: str) -> None:
        self.name = name


StartFeed = Callable[..., Awaitable[KafkaFeed]]


@pytest.fixture
def log(unique: str) -> str:
    return f"{unique}/sonla"


@pytest.fixture
async def topic(make_topic: MakeTopic, unique: str) -> str:
    return await make_topic(f"{unique}.log", PARTITIONS)


@pytest.fixture
async def feed(kafka: Broker, log: str, unique: str) -> AsyncIterator[StartFeed]:
    """Starts members of one group that follow `log`."""
    feeds: list[KafkaFeed] = []

    async def start(follower: Follower) -> KafkaFeed:
        made = KafkaFeed(kafka.bootstrap, f"{unique}.figures")
        feeds.append(made)
        await made.start([Source(log)], follower.deliver, follower.resume)  # type: ignore[list-item]
        return made

    yield start
    for made in feeds:
        await made.stop()


async def publish(kafka: Broker, topic: str, log: str, pages: Iterable[Page]) -> None:
    producer = PageProducer(kafka.bootstrap, topic, log)
    for one in pages:
        await producer.publish(messages_of(one))
    await producer.close()


async def put(kafka: Broker, topic: str, log: str, value: bytes | None, headers: Headers, key: bytes | None = None) -> None:
    """One record as somebody else may write it, into the partition of `log`."""
    producer = AIOKafkaProducer(bootstrap_servers=kafka.bootstrap)
    await producer.start()
    partition = partition_of(log.encode(), PARTITIONS)
    await producer.send_and_wait(topic, value, key=log.encode() if key is None else key, partition=partition, headers=headers)
    await producer.stop()


def parts(log: str, *sizes: int) -> list[Page]:
    """A log's records in pages of these sizes."""
    all_records = records(log, sum(sizes))
    made, after = [], 0
    for size in sizes:
        previous = all_records[after - 1].hash if after else ZERO
        made.append(Page("first", after, previous, all_records[after : after + size]))
        after += size
    return made


async def test_records_arrive_whole_and_in_order(feed: StartFeed, kafka: Broker, topic: str, log: str) -> None:
    follower = Follower()
    await publish(kafka, topic, log, parts(log, 1_000, 1_000, 500))
    started = await feed(follower)
    await until(lambda: len(follower) == 2_500)
    assert follower.applied == list(records(log, 2_500))
    assert started.state == "ok"
    assert (follower.dropped, sum(follower.resumed.values())) == (0, 1)


async def test_a_member_goes_on_from_the_databases_hint_whatever_kafka_committed(
    feed: StartFeed, kafka: Broker, topic: str, log: str
) -> None:
    first = Follower()
    await publish(kafka, topic, log, parts(log, 40, 60))
    started = await feed(first)
    await until(lambda: len(first) == 100)
    await started.stop()
    restored = Follower()  # its database is from before, Kafka's committed offsets are ahead of it
    restored.applied = list(records(log, 30))
    restored.hints = {log: first.hints[log]._replace(offset=30)}
    await feed(restored)
    await until(lambda: len(restored) == 100)
    assert restored.applied == list(records(log, 100))
    assert restored.dropped == 1  # the last one applied is looked at again: it tells that the topic is the same


@pytest.mark.parametrize("offset", [7_000, -1])
async def test_a_hint_outside_the_topic_is_read_from_the_beginning(
    feed: StartFeed, kafka: Broker, topic: str, log: str, offset: int
) -> None:
    follower = Follower()
    follower.applied = list(records(log, 5))
    partition = partition_of(log.encode(), PARTITIONS)
    follower.hints = {log: Hint(partition, offset)}
    await publish(kafka, topic, log, parts(log, 20))
    await feed(follower)
    await until(lambda: len(follower) == 20)
    assert follower.dropped == 5


@pytest.mark.parametrize("offset", [15, 16, 10])
async def test_a_topic_made_anew_that_has_grown_to_the_hint_is_noticed_at_once(
    feed: StartFeed, kafka: Broker, topic: str, log: str, offset: int
) -> None:
    """All was put back to position 5; the topic was made anew and the relay has published what came after."""

    class Pulling(Follower):
        async def deliver(self, delivery: Delivery) -> None:
            self.applied += records(log, delivery.page.after)[len(self) :]
            await super().deliver(delivery)

    follower = Pulling()
    follower.applied = list(records(log, 5))
    follower.hints = {log: Hint(partition_of(log.encode(), PARTITIONS), offset)}
    await publish(kafka, topic, log, parts(log, 5, 15)[1:])
    await feed(follower)
    await until(lambda: len(follower) == 20)
    assert follower.applied == list(records(log, 20))


async def test_a_topic_made_anew_that_holds_another_log_at_the_hint_is_read_from_the_beginning(
    feed: StartFeed, kafka: Broker, topic: str, log: str
) -> None:
    follower = Follower()
    follower.applied = list(records(log, 5))
    partition = partition_of(log.encode(), PARTITIONS)
    follower.hints = {log: Hint(partition, 20)}
    await publish(kafka, topic, log, parts(log, 15))
    sister = next(f"{log}{n}" for n in range(1_000) if partition_of(f"{log}{n}".encode(), PARTITIONS) == partition)
    await publish(kafka, topic, sister, parts(sister, 5))
    await feed(follower)
    await until(lambda: len(follower) == 15)
    assert (follower.applied, follower.dropped) == (list(records(log, 15)), 5)


async def test_a_page_sent_twice_is_applied_once(feed: StartFeed, kafka: Broker, topic: str, log: str) -> None:
    follower = Follower()
    first, second = parts(log, 50, 50)
    await publish(kafka, topic, log, [first, first, second, second])
    await feed(follower)
    await until(lambda: follower.dropped == 100 and len(follower) == 100)
    assert follower.applied == list(records(log, 100))


async def test_after_a_gap_the_feed_goes_back_to_the_place(feed: StartFeed, kafka: Broker, topic: str, log: str) -> None:
    follower = Follower()
    follower.fail = [Gap(), Gap()]
    await publish(kafka, topic, log, parts(log, 10))
    await feed(follower)
    await until(lambda: len(follower) == 10)
    assert follower.resumed[log] == 3


async def test_a_passing_fault_delays_and_loses_nothing(feed: StartFeed, kafka: Broker, topic: str, log: str) -> None:
    follower = Follower()
    follower.fail = [OSError("the database is away")] * 3
    await publish(kafka, topic, log, parts(log, 10, 10))
    await feed(follower)
    await until(lambda: len(follower) == 20)
    assert follower.applied == list(records(log, 20))


async def test_a_halted_subscription_is_handed_nothing_more(feed: StartFeed, kafka: Broker, topic: str, log: str) -> None:
    follower = Follower()
    follower.fail = [Halted()]
    await publish(kafka, topic, log, parts(log, 10))
    started = await feed(follower)
    await until(lambda: not follower.fail)
    await publish(kafka, topic, log, parts(log, 10, 10)[1:])
    await until(lambda: started.state == "degraded")
    assert len(follower) == 0


async def test_other_tenants_records_are_not_handed_over(feed: StartFeed, kafka: Broker, topic: str, log: str) -> None:
    follower = Follower()
    others = [f"{log.partition('/')[0]}/province{n}" for n in range(8)]
    for other in others:
        await publish(kafka, topic, other, [page(other, 20)])
    await publish(kafka, topic, log, [page(log, 20)])
    started = await feed(follower)
    await until(lambda: len(follower) == 20)
    assert {record.log for record in follower.applied} == {log}
    assert started.unreadable == []


def _valid(log: str) -> tuple[bytes, Headers]:
    return messages_of(page(log, 3))[2]


def _with(log: str, name: str, value: bytes | None) -> Headers:
    return [(known, value if known == name else kept) for known, kept in _valid(log)[1]]  # type: ignore[misc]


Poison = tuple[bytes | None, Headers, bytes | None]  # value, headers, key (None: that of the log)

POISON: dict[str, Callable[[str], Poison]] = {
    "bad json": lambda log: (b"{not json", _valid(log)[1], None),
    "empty": lambda log: (b"", _valid(log)[1], None),
    "tombstone": lambda log: (None, _valid(log)[1], None),
    "bytes that are no text": lambda log: (b"\xff\xfe\x00", _valid(log)[1], None),
    "no headers": lambda log: (b"{}", [], None),
    "header that is no text": lambda log: (_valid(log)[0], _with(log, "ce_subject", b"\xff\xfe"), None),
    "null header": lambda log: (_valid(log)[0], _with(log, "ce_type", None), None),
    "repeated header": lambda log: (_valid(log)[0], [*_valid(log)[1], ("ce_position", b"9")], None),
    "key that is no log": lambda log: (*_valid(log), b"\xff\xfe"),
    "empty key": lambda log: (*_valid(log), b""),
}


@pytest.mark.parametrize("kind", POISON)
async def test_poison_is_reported_with_its_place_and_everything_else_flows_on(
    feed: StartFeed, kafka: Broker, topic: str, log: str, kind: str
) -> None:
    follower = Follower()
    value, headers, key = POISON[kind](log)
    first, second = parts(log, 2, 3)
    await publish(kafka, topic, log, [first])
    await put(kafka, topic, log, value, headers, key)
    await publish(kafka, topic, log, [second])
    started = await feed(follower)
    await until(lambda: len(follower) == 5)
    assert follower.applied == list(records(log, 5))
    partition = partition_of(log.encode(), PARTITIONS)
    assert [(found.topic, found.partition, found.offset) for found in started.unreadable] == [(topic, partition, 2)]


async def test_a_reply_to_header_is_not_obeyed(
    feed: StartFeed, kafka: Broker, topic: str, log: str, make_topic: MakeTopic, unique: str
) -> None:
    answers = await make_topic(f"{unique}.answers", 1)
    follower = Follower()
    [first] = parts(log, 2)
    for value, headers in messages_of(first):
        await put(kafka, topic, log, value, [*headers, ("reply_to", answers.encode())])
    await feed(follower)
    await until(lambda: len(follower) == 2)
    assert await everything(kafka.bootstrap, answers) == []


async def test_two_members_share_a_topic_and_one_takes_over_from_the_other(
    feed: StartFeed, kafka: Broker, topic: str, log: str
) -> None:
    follower = Follower()  # one database, two processes
    pages = parts(log, *[20] * 30)
    first = await feed(follower)
    publishing = asyncio.create_task(_publish_slowly(kafka, topic, log, pages))
    await until(lambda: len(follower) >= 40)
    second = await feed(follower)
    await until(lambda: follower.resumed[log] >= 2)  # the group was shared out anew
    await until(lambda: len(follower) >= 200)
    holder, other = (first, second) if _reads(first) else (second, first)
    await holder.stop()
    await until(lambda: _reads(other))
    await until(lambda: len(follower) >= 300)
    third = await feed(follower)
    await until(lambda: len(follower) >= 450)
    await third.stop()
    await publishing
    await until(lambda: len(follower) == 600)
    assert follower.applied == list(records(log, 600))


async def test_the_broker_is_never_told_more_than_was_applied(
    feed: StartFeed, kafka: Broker, topic: str, log: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(consumer, "PROBE_SECONDS", 0.2)
    in_hand, go_on = asyncio.Event(), asyncio.Event()

    class Slow(Follower):
        async def deliver(self, delivery: Delivery) -> None:
            if len(self) == 20:
                in_hand.set()
                await go_on.wait()
            await super().deliver(delivery)

    follower = Slow()
    first, second, third = parts(log, 10, 10, 10)
    started = await feed(follower)
    await publish(kafka, topic, log, [first])
    await until(lambda: len(follower) == 10)
    [member] = started._consumers
    member._acknowledged_at = float("inf")  # from now on it is the watch that tells, every so often
    await publish(kafka, topic, log, [second])
    await until(lambda: len(follower) == 20)
    await publish(kafka, topic, log, [third])  # only now: all that lies there when it reads is one batch
    await until(in_hand.is_set)
    reading, at = member._consumer(), TopicPartition(topic, partition_of(log.encode(), PARTITIONS))
    assert reading is not None
    await asyncio.sleep(1)
    told = await reading.committed(at)
    go_on.set()
    assert told == 20
    await until(lambda: len(follower) == 30)


def _reads(feed: KafkaFeed) -> bool:
    return any(feed.assigned.values())


async def _publish_slowly(kafka: Broker, topic: str, log: str, pages: list[Page]) -> None:
    producer = PageProducer(kafka.bootstrap, topic, log)
    for one in pages:
        await producer.publish(messages_of(one))
        await asyncio.sleep(0.1)
    await producer.close()


@pytest.mark.faults
@pytest.mark.timeout(240)
async def test_a_broker_absent_at_the_start_or_lost_later_is_awaited_in_the_background(
    feed: StartFeed, kafka: Broker, topic: str, log: str
) -> None:
    follower = Follower()
    first, second, third = parts(log, 10, 10, 10)
    await publish(kafka, topic, log, [first])
    await kafka.stop()
    started = await feed(follower)
    assert started.state == "degraded"
    await kafka.start()
    await until(lambda: len(follower) == 10)
    await until(lambda: started.state == "ok")
    await kafka.kill()
    await until(lambda: started.state == "degraded")
    await kafka.restart()
    await publish(kafka, topic, log, [second, third])
    await until(lambda: len(follower) == 30, 60)
    await until(lambda: started.state == "ok")
    assert follower.applied == list(records(log, 30))
