"""The relay: every position of a log, in order, onto its Kafka topic."""

import asyncio
import contextlib
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

import structlog
from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, micros
from shared.database import Database
from shared.eventlog.port import EventLog
from shared.eventlog.records import ZERO, Page, Record
from shared.feeds import GATHER_SECONDS, State
from shared.feeds.backoff import Backoff
from shared.feeds.headers import headers_of, topic_of
from shared.feeds.leader import Leadership, LostLeadership, try_to_lead
from shared.feeds.producer import Message, PageProducer
from shared.feeds.tables import RELAY_CURSOR
from shared.feeds.tasks import end
from shared.telemetry import RELAY_AGE

PAGE: Final = 1_000
IDLE_SECONDS: Final = 1.0
STANDBY_SECONDS: Final = 1.0
CONNECT_SECONDS: Final = 5.0
DEGRADED_SECONDS: Final = 5.0  # a page that has waited longer for its acknowledgement

_log = structlog.get_logger()


class Diverged(Exception):
    """The log does not continue what was published from it: it was put back to an earlier state, or its cursor was."""


class RelayCursor(NamedTuple):
    """The last position that Kafka has acknowledged (0: none), its hash, and the incarnation of the log it is of."""

    incarnation: str
    position: int
    hash: bytes


class Relay:
    """Publishes one log as long as it leads; another process with the same log stands by.

    The cursor moves only after every record of a page is acknowledged, so that a crash publishes a page again and never
    passes one over. A new incarnation of the log is published from its first position.
    """

    def __init__(self, log: EventLog, database: Database, bootstrap: str, clock: Clock) -> None:
        self._source, self._database, self._clock = log, database, clock
        self._producer = PageProducer(bootstrap, topic_of(log.name), log.name)
        self._task: asyncio.Task[None] | None = None
        self._leading = False
        self._faulty = False
        self._waiting_since: float | None = None
        self._oldest: Record | None = None

    @property
    def leading(self) -> bool:
        """Whether this process publishes the log; another one may."""
        return self._leading

    @property
    def state(self) -> State:
        """`degraded` while the store fails, Kafka has not been reached, or owes an acknowledgement for longer than 5 s."""
        late = self._waiting_since is not None and time.monotonic() - self._waiting_since > DEGRADED_SECONDS
        unconnected = self._leading and not self._producer.connected
        return "degraded" if self._faulty or late or unconnected else "ok"

    @property
    def oldest_unacknowledged_seconds(self) -> float:
        """Age of the oldest record that is being published and not yet acknowledged, 0 where there is none."""
        if self._oldest is None:
            return 0.0
        return max(0.0, (micros(self._clock.now()) - self._oldest.recorded) / 1_000_000)

    async def start(self) -> None:
        """Begin in the background; store or broker may be away."""
        RELAY_AGE.labels(self._source.name).set_function(lambda: self.oldest_unacknowledged_seconds)
        self._task = asyncio.create_task(self._run(), name=f"relay {self._source.name}")

    async def stop(self) -> None:
        """End within seconds; what was not acknowledged is published after the next start."""
        if self._task is not None:
            await end(self._task)
            self._task = None

    async def _run(self) -> None:
        backoff = Backoff()
        while True:
            try:
                async with try_to_lead(self._database.url, f"relay {self._source.name}") as leadership:
                    if leadership is not None:
                        await self._lead(leadership, backoff)
                self._faulty = False
                await asyncio.sleep(STANDBY_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever it is, the log must go on being published
                self._faulty = True
                _log.warning("relay.interrupted", log=self._source.name, reason=type(error).__name__)
                await backoff.wait()

    async def _lead(self, leadership: Leadership, backoff: Backoff) -> None:
        self._leading = True
        try:
            cursor = await self._cursor()
            _log.info("relay.leading", log=self._source.name, position=cursor.position)
            self._faulty = False
            backoff.reset()
            await self._publish_from(cursor, leadership)
        finally:
            self._leading = False
            self._oldest = self._waiting_since = None
            await self._producer.close()

    async def _publish_from(self, cursor: RelayCursor, leadership: Leadership) -> None:
        reading = self._reading(cursor.position)
        try:
            while True:
                page, messages = await reading
                if page.records:
                    _continues(cursor, page)
                    full = len(page.records) == PAGE
                    if full:  # the next page is read and made ready while this one is on its way
                        reading = self._reading(page.records[-1].position)
                    cursor = await self._publish(cursor, page, messages)
                    if not full:
                        await asyncio.sleep(GATHER_SECONDS)
                        reading = self._reading(cursor.position)
                else:
                    await leadership.check()
                    # Not `wait_for`: before Python 3.12 it loses a cancellation that comes as the wait ends.
                    with contextlib.suppress(TimeoutError):
                        async with asyncio.timeout(CONNECT_SECONDS):
                            await self._producer.connect()
                    await self._source.wait_beyond(cursor.position, IDLE_SECONDS)
                    reading = self._reading(cursor.position)
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    def _reading(self, after: int) -> "asyncio.Task[tuple[Page, Sequence[Message]]]":
        return asyncio.create_task(self._made_ready(after))

    async def _made_ready(self, after: int) -> tuple[Page, Sequence[Message]]:
        page = await self._source.read(after, PAGE)
        return page, messages_of(page)

    async def _publish(self, cursor: RelayCursor, page: Page, messages: Sequence[Message]) -> RelayCursor:
        self._oldest, self._waiting_since = page.records[0], time.monotonic()
        await self._producer.publish(messages)
        last = page.records[-1]
        moved = RelayCursor(page.incarnation, last.position, last.hash)
        async with self._database.write() as connection:
            await self._move(connection, cursor, moved)
        self._oldest = self._waiting_since = None
        return moved

    async def _cursor(self) -> RelayCursor:
        """Where to go on, checked against the log.

        Raises:
            Diverged

        """
        head = await self._source.head()
        async with self._database.write() as connection:
            stored = await self._stored(connection)
            if stored is None or stored.incarnation != head.incarnation:
                begun = RelayCursor(head.incarnation, 0, ZERO)
                await self._begin(connection, stored, begun)
                return begun
        if await self._source.hash_at(stored.position) != stored.hash:
            _log.error("relay.diverged", log=self._source.name, position=stored.position)
            raise Diverged
        return stored

    async def _stored(self, connection: AsyncConnection) -> RelayCursor | None:
        columns = (RELAY_CURSOR.c.incarnation, RELAY_CURSOR.c.position, RELAY_CURSOR.c.hash)
        row = (await connection.execute(select(*columns).where(RELAY_CURSOR.c.log == self._source.name))).one_or_none()
        return None if row is None else RelayCursor(row.incarnation, row.position, bytes(row.hash))

    async def _begin(self, connection: AsyncConnection, stored: RelayCursor | None, begun: RelayCursor) -> None:
        if stored is None:
            await connection.execute(insert(RELAY_CURSOR).values(log=self._source.name, **begun._asdict()))
        else:
            _log.warning("relay.new_incarnation", log=self._source.name)
            await self._move(connection, stored, begun)

    async def _move(self, connection: AsyncConnection, old: RelayCursor, new: RelayCursor) -> None:
        stood = (
            RELAY_CURSOR.c.log == self._source.name,
            RELAY_CURSOR.c.incarnation == old.incarnation,
            RELAY_CURSOR.c.position == old.position,
        )
        moved = await connection.execute(update(RELAY_CURSOR).where(*stood).values(**new._asdict()))
        if moved.rowcount != 1:  # another relay has taken over meanwhile
            raise LostLeadership


def messages_of(page: Page) -> Sequence[Message]:
    """What is published for a page, each record with the hash of its predecessor in the log."""
    messages = []
    previous = page.previous_hash
    for record in page.records:
        messages.append((record.data, headers_of(record, page.incarnation, previous)))
        previous = record.hash
    return messages


def _continues(cursor: RelayCursor, page: Page) -> None:
    dense = page.after == cursor.position and page.records[-1].position - cursor.position == len(page.records)
    if not dense or page.incarnation != cursor.incarnation or page.previous_hash != cursor.hash:
        raise Diverged
