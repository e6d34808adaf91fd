"""What every feed promises a subscription, on a log and on a real Kafka: in order, each once, nothing passed over unsaid."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Final

import pytest
from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, select
from sqlalchemy.ext.asyncio import create_async_engine

from deploy.servers.kafka import Broker
from deploy.servers.postgres import app_url, make_database, owner_url
from shared.clock import SystemClock
from shared.database import Database
from shared.eventlog.records import Recorded
from shared.feeds import Delivery, Feed
from shared.subscriptions import schema
from shared.subscriptions.declared import Projection, Rows
from shared.subscriptions.effects import Projecting
from shared.subscriptions.follower import Follower
from tests.support.feed_ways import KafkaWay, LogWay, Way
from tests.support.grounds import Ground, ground
from tests.support.kafka_fixtures import create_topic
from tests.support.topic_reading import until

pytestmark = [pytest.mark.servers, pytest.mark.timeout(240)]

TABLES: Final = MetaData()
APPLIED: Final = Table(
    "applied",
    TABLES,
    Column("position", BigInteger, primary_key=True, autoincrement=False),
    Column("times", Integer, nullable=False),
    Column("after", BigInteger, nullable=False),  # the position applied before it
)
LATEST: Final = {"position": 0}  # the row whose `after` is the position applied last


async def note(recorded: Recorded, rows: Rows) -> None:
    """Write down that a position was applied, how often, and after which."""
    latest = await rows.get(APPLIED, LATEST) or {"after": 0}
    here = await rows.get(APPLIED, {"position": recorded.position}) or {"times": 0}
    rows.put(APPLIED, {"position": recorded.position, "times": here["times"] + 1, "after": latest["after"]})
    rows.put(APPLIED, {**LATEST, "times": 0, "after": recorded.position})


PROJECTION: Final = Projection(
    name="applied", version=1, sources=("source",), tables=TABLES, events=frozenset({"log.fenced"}), apply=note
)


@dataclass
class Member:
    """One process of the subscription."""

    follower: Follower
    feed: Feed
    unheard: list[Exception] = field(default_factory=list)

    async def deliver(self, delivery: Delivery) -> None:
        """Apply; while there is one of `unheard`, the feed does not come to know that it was."""
        await self.follower.deliver(delivery)
        if self.unheard:
            raise self.unheard.pop()

    @property
    def reason(self) -> str:
        return self.follower.status().reason


@dataclass
class World:
    """One source, one subscription's database, and the way between them."""

    source: Ground
    database: Database
    way: Way
    members: list[Member] = field(default_factory=list)

    async def member(self, *unheard: Exception) -> Member:
        """A further process that follows."""
        effect = Projecting(PROJECTION, self.database, SystemClock())
        follower = Follower("applied", "projection", self.source.reader, effect, self.database, moved=_nobody_waits)
        made = Member(follower, self.way.feed(), list(unheard))
        self.members.append(made)
        await made.feed.start([self.way.carries()], made.deliver, follower.resume)
        return made

    async def stop(self) -> None:
        for member in self.members:
            await member.feed.stop()
        self.members.clear()

    async def applied(self) -> list[int]:
        """Positions in order; each was applied once, right after the one before it."""
        async with self.database.read() as connection:
            rows = await connection.execute(select(APPLIED).where(APPLIED.c.position > 0).order_by(APPLIED.c.position))
            found = [(row.position, row.times, row.after) for row in rows]
        assert [(times, after) for _, times, after in found] == [(1, position - 1) for position, _, _ in found]
        return [position for position, _, _ in found]

    async def has_applied_some(self, count: int) -> None:
        async with asyncio.timeout(40):
            while len(await self.applied()) < count:  # noqa: ASYNC110 - it happens in the database
                await asyncio.sleep(0.05)

    async def has_applied(self, count: int, seconds: float = 40.0) -> None:
        try:
            async with asyncio.timeout(seconds):
                while (await self.applied())[-1:] != [count]:  # noqa: ASYNC110 - it happens in the database
                    await asyncio.sleep(0.05)
        except TimeoutError:
            stands = [member.follower.status() for member in self.members]
            pytest.fail(f"{count} were to be applied, {len(await self.applied())} are: {stands}")
        assert await self.applied() == list(range(1, count + 1))


async def _nobody_waits() -> None: ...


@pytest.fixture(params=["log", "kafka"])
async def world(request: pytest.FixtureRequest, postgres: str, unique: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        await make_database(postgres, unique)
        source = await stack.enter_async_context(ground(postgres, unique, f"{unique}/sonla"))
        if request.param == "kafka":
            broker: Broker = await asyncio.to_thread(request.getfixturevalue, "session_kafka")
            await create_topic(broker.bootstrap, f"{unique}.log")
            way: Way = KafkaWay(source, broker)
        else:
            way = LogWay(source)
        reading = f"{unique}_reading"
        await make_database(postgres, reading)
        owner = create_async_engine(owner_url(postgres, reading))
        async with owner.begin() as connection:
            await connection.run_sync(schema.create)
        await owner.dispose()
        database = Database(app_url(postgres, reading), tenant="sonla")
        stack.push_async_callback(database.close)
        async with database.write() as connection:
            await connection.run_sync(TABLES.create_all)
        made = World(source, database, way)
        yield made
        await made.stop()
        await way.close()


async def test_everything_arrives_in_order_and_a_healthy_way_needs_no_pulls(world: World) -> None:
    await world.source.grow(700)
    await world.way.open()
    member = await world.member()
    await world.has_applied(700)
    for _ in range(20):
        await world.source.grow(10)
    await world.has_applied(900)
    assert member.follower.gap_pulls == 0
    assert member.feed.state == "ok"


async def test_a_new_process_goes_on_where_the_last_one_stopped(world: World) -> None:
    await world.way.open()
    for turn in range(1, 4):
        await world.source.grow(40)
        member = await world.member()
        await world.has_applied(turn * 40)
        assert member.follower.gap_pulls == 0
        await world.stop()


async def test_a_gap_is_pulled_from_the_source(world: World) -> None:
    await world.source.grow(120)
    await world.way.lose(31, 70)
    member = await world.member()
    await world.has_applied(120)
    assert member.follower.gap_pulls == 1


async def test_what_comes_twice_is_applied_once(world: World) -> None:
    await world.source.grow(200)
    await world.way.repeat(20)
    member = await world.member()
    await world.has_applied(200)
    assert member.follower.gap_pulls == 0


async def test_what_was_applied_and_not_acknowledged_is_delivered_again_and_dropped(world: World) -> None:
    await world.source.grow(100)
    await world.way.open()
    await world.member(OSError("the acknowledgement was lost"), OSError("and again"))
    await world.has_applied(100)


async def test_members_come_and_go_while_the_source_grows(world: World) -> None:
    await world.way.open()
    growing = asyncio.create_task(_grow(world, 60, 10))
    first = await world.member()
    await world.has_applied_some(60)
    await world.member()
    await world.has_applied_some(200)
    await first.feed.stop()
    await world.has_applied_some(350)
    await world.member()
    await growing
    await world.has_applied(600)


@pytest.mark.faults
async def test_what_carries_the_records_breaks_twice_and_comes_back(world: World) -> None:
    await world.way.open()
    await world.source.grow(50)
    member = await world.member()
    await world.has_applied(50)
    for turn in range(1, 3):
        await world.way.disturb()
        await world.source.grow(50)
        await world.has_applied(50 + turn * 50, 90)
    await until(lambda: member.feed.state == "ok")
    assert member.reason == ""


async def test_a_subscription_put_back_goes_on_from_its_own_cursor(world: World) -> None:
    await world.way.open()
    await world.source.grow(100)
    member = await world.member()
    await world.has_applied(100)
    hash_at_40 = (await world.source.log.hash_at(40) or b"").hex()
    async with world.database.write() as connection:
        await connection.exec_driver_sql("delete from applied where position > 40")
        await connection.exec_driver_sql("update applied set after = 40 where position = 0")
        await connection.exec_driver_sql(f"update checkpoint set position = 40, hash = '\\x{hash_at_40}'")
    await world.source.grow(10)
    await world.has_applied(110)
    assert member.reason == ""


async def test_another_incarnation_of_the_source_stops_the_subscription_and_is_said(world: World) -> None:
    await world.way.open()
    await world.source.grow(30)
    member = await world.member()
    await world.has_applied(30)
    await world.way.close()
    await world.source.new_incarnation("second")
    await world.way.open()
    await world.source.grow(5)
    await until(lambda: member.follower.halted)
    assert member.reason == "another-incarnation"
    assert await world.applied() == list(range(1, 31))


async def test_records_of_a_former_incarnation_are_not_mixed_with_the_present_one(world: World) -> None:
    await world.way.open()
    await world.source.grow(20)
    await world.source.grow(10)
    await world.way.carried(30)
    await world.way.close()
    await world.source.put_back(20)
    await world.source.new_incarnation("second")
    await world.source.grow(15)
    await world.way.open()
    member = await world.member()
    await world.has_applied(35)
    assert member.reason == ""


async def test_a_source_put_back_to_before_the_cursor_is_noticed_and_said(world: World) -> None:
    await world.way.open()
    await world.source.grow(20)
    await world.source.grow(10)
    member = await world.member()
    await world.has_applied(30)
    await world.way.close()
    await world.source.put_back(20)
    await member.follower.check()
    assert member.reason == "source-shorter-than-cursor"
    assert await world.applied() == list(range(1, 31))


async def test_a_source_that_went_another_way_is_noticed_and_said(world: World) -> None:
    await world.way.open()
    await world.source.grow(20)
    await world.source.grow(10)
    member = await world.member()
    await world.has_applied(30)
    await world.way.close()
    await world.source.put_back(20)
    await world.source.grow(15)
    await world.way.open()
    await until(lambda: member.follower.halted)
    assert member.reason == "another-history"
    assert await world.applied() == list(range(1, 31))


async def _grow(world: World, times: int, events: int) -> None:
    for _ in range(times):
        await world.source.grow(events)
        await asyncio.sleep(0.08)
