"""The two ways by which records come to a subscription, with what may befall them on each."""

import asyncio
from collections.abc import Iterable
from typing import Protocol

from sqlalchemy import select

from deploy.servers.kafka import Broker
from shared.clock import SystemClock
from shared.eventlog.port import LogReader
from shared.eventlog.records import Head, Page
from shared.feeds import Feed
from shared.feeds.headers import topic_of
from shared.feeds.kafka import KafkaFeed
from shared.feeds.log import LogFeed
from shared.feeds.producer import PageProducer
from shared.feeds.relay import Relay, messages_of
from shared.feeds.tables import RELAY_CURSOR
from tests.support.grounds import Ground


class Way(Protocol):
    """From the source's log to the feed's deliveries."""

    async def open(self) -> None:
        """What is appended to the source comes this way from now on."""
        ...

    async def close(self) -> None: ...

    def feed(self) -> Feed:
        """A new member's feed."""
        ...

    def carries(self) -> LogReader:
        """The source as the feed is given it."""
        ...

    async def carried(self, position: int) -> None:
        """Wait until a feed could have it."""
        ...

    async def lose(self, first: int, last: int) -> None:
        """Carry what stands in the source now, without these positions."""
        ...

    async def repeat(self, before: int) -> None:
        """Carry what stands in the source now, each page from so many positions too early."""
        ...

    async def disturb(self) -> None:
        """Break what carries the records, and mend it."""
        ...


class LogWay:
    """The feed reads the source's log; the sessions with its database are what can break."""

    def __init__(self, source: Ground) -> None:
        self._source = source
        self._carries: LogReader | None = None

    async def open(self) -> None:
        self._carries = None

    async def close(self) -> None:
        """Nothing of its own runs."""

    def feed(self) -> Feed:
        return LogFeed(page=50)

    def carries(self) -> LogReader:
        return self._carries or self._source.reader

    async def carried(self, position: int) -> None:
        """At once."""

    async def lose(self, first: int, last: int) -> None:
        self._carries = _Losing(self._source.reader, first, last)

    async def repeat(self, before: int) -> None:
        self._carries = _Repeating(self._source.reader, before)

    async def disturb(self) -> None:
        await self._source.cut_connections()


class KafkaWay:
    """A relay publishes and the feed reads the topic; the broker is what can break."""

    def __init__(self, source: Ground, broker: Broker) -> None:
        self._source, self._broker = source, broker
        self._relay: Relay | None = None

    async def open(self) -> None:
        self._relay = Relay(self._source.log, self._source.database, self._broker.bootstrap, SystemClock())
        await self._relay.start()

    async def close(self) -> None:
        if self._relay is not None:
            await self._relay.stop()
        if not self._broker.running:
            await self._broker.start()

    def feed(self) -> Feed:
        return KafkaFeed(self._broker.bootstrap, f"{self._source.name}.applied")

    def carries(self) -> LogReader:
        return self._source.reader

    async def carried(self, position: int) -> None:
        async with asyncio.timeout(30):
            while await self._cursor() < position:  # noqa: ASYNC110 - it moves in the database
                await asyncio.sleep(0.02)

    async def lose(self, first: int, last: int) -> None:
        whole = await self._source.log.read(0, 5_000)
        await self._publish([_part(whole, 1, first - 1), _part(whole, last + 1, len(whole.records))])

    async def repeat(self, before: int) -> None:
        whole = await self._source.log.read(0, 5_000)
        begins = range(1, len(whole.records) + 1, 50)
        await self._publish(_part(whole, max(1, begin - before), begin + 49) for begin in begins)

    async def disturb(self) -> None:
        await self._broker.kill()
        await asyncio.sleep(0.5)
        await self._broker.restart()

    async def _cursor(self) -> int:
        async with self._source.database.read() as connection:
            return await connection.scalar(select(RELAY_CURSOR.c.position)) or 0

    async def _publish(self, pages: Iterable[Page]) -> None:
        producer = PageProducer(self._broker.bootstrap, topic_of(self._source.log.name), self._source.log.name)
        for page in pages:
            await producer.publish(messages_of(page))
        await producer.close()


def _part(page: Page, first: int, last: int) -> Page:
    """Positions `first` to `last` of a page that begins at 1."""
    previous = page.records[first - 2].hash if first > 1 else page.previous_hash
    return Page(page.incarnation, first - 1, previous, page.records[first - 1 : last])


class _Carrier:
    def __init__(self, log: LogReader) -> None:
        self._log = log

    @property
    def name(self) -> str:
        return self._log.name

    async def head(self) -> Head:
        return await self._log.head()

    async def hash_at(self, position: int) -> bytes | None:
        return await self._log.hash_at(position)


class _Losing(_Carrier):
    """Passes over some positions without a word."""

    def __init__(self, log: LogReader, first: int, last: int) -> None:
        super().__init__(log)
        self._first, self._last = first, last

    async def read(self, after: int, limit: int) -> Page:
        if after < self._first - 1:
            return await self._log.read(after, min(limit, self._first - 1 - after))
        return await self._log.read(max(after, self._last), limit)


class _Repeating(_Carrier):
    """Begins every page too early."""

    def __init__(self, log: LogReader, before: int) -> None:
        super().__init__(log)
        self._before = before

    async def read(self, after: int, limit: int) -> Page:
        page = await self._log.read(max(0, after - self._before), limit + self._before)
        return page if page.records and page.records[-1].position > after else await self._log.read(after, limit)
