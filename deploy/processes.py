"""One service in processes of its own, on PostgreSQL and Kafka."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager, closing
from typing import TypeVar

import httpx2
import structlog

from deploy.application import Part, application, serve
from deploy.collector import spare_what_stands
from deploy.ground import Ground
from deploy.house import House, open_house
from deploy.listening import listen
from deploy.owners import owners
from deploy.remote import Remote
from deploy.working import background, following, keep_jobs, keep_sweeping, watching
from shared.config import SERVICES
from shared.feeds import Feed
from shared.feeds.foreign_consumer import ForeignConsumer
from shared.feeds.kafka import KafkaFeed
from shared.feeds.kafka_outlet import KafkaOutlet
from shared.feeds.log import LogFeed
from shared.feeds.relay import Relay
from shared.subscriptions.following import Foreign

P = TypeVar("P", Relay, ForeignConsumer)

_log = structlog.get_logger()


async def run(ground: Ground, service: str, *, parts: frozenset[str], port: int) -> None:
    """Run `parts` of a service until told to stop. Kafka may be away, now or later: it is degraded and catches up by itself."""
    async with AsyncExitStack() as stack:
        house = await stack.enter_async_context(one_service(ground, service))
        for each in house.followings.values():
            await each.prepare()
        beside: dict[str, Part] = {}
        if "consumers" in parts:
            await stack.enter_async_context(following(house))
            for topic, consumer in _foreign_consumers(house, service).items():
                beside[topic] = await stack.enter_async_context(_started(consumer))
        else:
            await stack.enter_async_context(watching(house))
        if "relay" in parts and ground.settings.kafka:
            beside["relay"] = await stack.enter_async_context(_started(_relay(house, service)))
        if "jobs" in parts:
            await stack.enter_async_context(background(keep_jobs(house), _sweeping(house, service)))
        spare_what_stands()
        _log.info("service.running", service=service, parts=sorted(parts))
        if "api" in parts:
            # Only now: until we answer, another service is to be refused at once, not kept waiting.
            listener = stack.enter_context(closing(listen(ground.settings.host, port)))
            await serve(
                application(house, ground.service_token, beside), listener, trusted_proxies=ground.settings.trusted_proxies
            )
        else:
            await _told_to_stop()


@asynccontextmanager
async def one_service(ground: Ground, service: str) -> AsyncIterator[House]:
    """A house of one service: its own log from its database, others' through Kafka, with their owners asked for gaps."""
    async with (
        httpx2.AsyncClient() as client,
        _outlet(ground) as outlet,
        open_house(
            ground, services=(service,), others=owners(ground, client), foreign=feed_of(ground, service), outlet=outlet
        ) as house,
    ):
        yield house


@asynccontextmanager
async def _outlet(ground: Ground) -> AsyncIterator[KafkaOutlet | None]:
    """Where units' streams leave for their own topics, if they do."""
    if not ground.settings.unit_topics:
        yield None
        return
    outlet = KafkaOutlet(ground.settings.kafka)
    try:
        yield outlet
    finally:
        await outlet.close()


def feed_of(ground: Ground, service: str) -> Foreign:
    """How other services' logs arrive: through Kafka, or from their owners where there is none."""

    def feed() -> Feed:
        if not ground.settings.kafka:
            return LogFeed()
        return KafkaFeed(ground.settings.kafka, f"{service}.{ground.tenant}")

    return feed


def _relay(house: House, service: str) -> Relay:
    stores = house.stores
    return Relay(stores.logs[service], stores.databases[service], house.ground.settings.kafka, stores.clock)


def _foreign_consumers(house: House, service: str) -> dict[str, ForeignConsumer]:
    """What reads the topics that others write for this service, by topic."""
    kafka, database = house.ground.settings.kafka, house.stores.databases[service]
    topics = house.services[service].topics if kafka else ()
    return {topic.topic: ForeignConsumer(kafka, database, topic) for topic in topics}


@asynccontextmanager
async def _started(part: P) -> AsyncIterator[P]:
    await part.start()
    try:
        yield part
    finally:
        await part.stop()


async def _sweeping(house: House, service: str) -> None:
    if service != "assignment":  # one of the three is enough: the vault is everybody's
        return
    remote = Remote([house.ground.settings.url_of(name) for name in SERVICES], house.ground.service_token)
    try:
        await keep_sweeping(house, remote.referred)
    finally:
        await remote.close()


async def _told_to_stop() -> None:
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stopped.set)
    await stopped.wait()
