"""One subscription following one log: fits what arrives to its cursor, applies it once, and stops when histories differ."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal

import structlog
from sqlalchemy import select

from shared.database import Database
from shared.eventlog.codec import NewerEvent
from shared.eventlog.port import LogReader, LogUnavailable
from shared.eventlog.records import Page, Record
from shared.feeds import Delivery, Gap, Halted, Hint, Place
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import START, Cursor
from shared.subscriptions.effects import Care, Effect, Moved
from shared.subscriptions.faults import MOST_ATTEMPTS, is_transient, wait_seconds

PAGE: Final = 500
State = Literal["running", "degraded", "halted"]
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a subscription stands in one log. `head` is the last one heard of; `reason` says why it is not running."""

    subscription: str
    source: str
    kind: str
    position: int
    head: int
    state: State
    reason: str
    gap_pulls: int


class Follower:
    """Delivers one log's records to one subscription's effect, in order, each once."""

    def __init__(
        self,
        subscription: str,
        kind: str,
        reader: LogReader,
        effect: Effect,
        database: Database,
        *,
        moved: Callable[[], Awaitable[None]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self.subscription, self.kind, self.reader = subscription, kind, reader
        self._effect, self._database, self._moved, self._sleep = effect, database, moved, sleep
        self._one_at_a_time = asyncio.Lock()
        self.cursor: Cursor = START
        self.head = 0
        self.gap_pulls = 0
        self._present = ""  # the incarnation that the source last said it is
        self._halted = ""
        self._trouble = ""

    @property
    def source(self) -> str:
        return self.reader.name

    def status(self) -> Status:
        state: State = "halted" if self._halted else "degraded" if self._trouble else "running"
        return Status(
            subscription=self.subscription,
            source=self.source,
            kind=self.kind,
            position=self.cursor.position,
            head=max(self.head, self.cursor.position),
            state=state,
            reason=self._halted or self._trouble,
            gap_pulls=self.gap_pulls,
        )

    @property
    def halted(self) -> bool:
        return bool(self._halted)

    async def load(self) -> None:
        """Take the cursor from the database."""
        async with self._database.read() as connection:
            self.cursor = await checkpoints.load(connection, self.subscription, self.source)

    async def resume(self, _log: str) -> Place:
        """Where the feed goes on; the source is asked on the way whether it still is the one we followed."""
        await self.load()
        await self.check()
        return Place(self.cursor.position, self.cursor.hint)

    async def check(self) -> bool:
        """Compare with the source: its incarnation, its head, and the hash where the cursor stands.

        Answers whether the source did: one that does not is no proof of anything and is asked again later.
        """
        try:
            head = await self.reader.head()
            here = await self.reader.hash_at(self.cursor.position)
        except LogUnavailable:
            return False
        cursor = self.cursor
        self.head, self._present = head.position, head.incarnation
        if cursor.position == 0:
            return True
        if head.incarnation != cursor.incarnation:
            self._halt("another-incarnation")
        elif head.position < cursor.position:
            self._halt("source-shorter-than-cursor")
        elif here != cursor.hash:
            self._halt("another-history")
        return True

    async def deliver(self, delivery: Delivery) -> None:
        """Apply what lies beyond the cursor.

        Raises:
            Gap: what lies between could not be had from the source.
            Halted: the histories differ, or an event is newer than this code.
        """
        async with self._one_at_a_time:
            if self._halted:
                raise Halted(self._halted)
            await self._fit(delivery.page, delivery.hint)

    async def catch_up(self) -> bool:
        """Read the source up to its head by the log itself; whether anything moved."""
        begun = self.cursor.position
        await self.load()
        while not self._halted:
            page = await self.reader.read(self.cursor.position, PAGE)
            if not page.records:
                await self.check()
                break
            try:
                await self.deliver(Delivery(self.source, page))
            except Halted:
                break
            except Gap:
                await self.load()
        return self.cursor.position != begun

    async def _fit(self, page: Page, hint: Hint | None) -> None:
        if not page.records:
            return
        if not await self._is_present(page):
            return
        self.head = max(self.head, page.records[-1].position)
        if page.records[-1].position <= self.cursor.position:
            return
        if page.records[0].position > self.cursor.position + 1:
            await self._pull(page.records[0].position - 1)
        skip = self.cursor.position - page.records[0].position + 1
        previous = page.previous_hash if skip <= 0 else page.records[skip - 1].hash
        await self._advance(page.incarnation, page.records[max(skip, 0) :], previous, hint)

    async def _is_present(self, page: Page) -> bool:
        """Whether the page is of the log as it is now: a topic may still hold what was published before a restore.

        Raises:
            Gap: the source cannot be asked.
            Halted: the source itself is not the one that was followed.
        """
        if page.incarnation == (self.cursor.incarnation or self._present):
            return True
        if not await self.check():
            self._trouble = "incarnation-unknown"
            raise Gap(f"{self.source} does not say which incarnation it is")
        if self._halted:
            raise Halted(self._halted)
        self._trouble = ""
        return page.incarnation == self._present

    def _same_incarnation(self, page: Page) -> None:
        if self.cursor.position and page.incarnation != self.cursor.incarnation:
            self._halt("another-incarnation")
            raise Halted(self._halted)

    async def _pull(self, upto: int) -> None:
        """Fetch what a feed left out from the source's own log."""
        self.gap_pulls += 1
        while self.cursor.position < upto:
            try:
                page = await self.reader.read(self.cursor.position, min(PAGE, upto - self.cursor.position))
            except LogUnavailable as error:
                self._trouble = "gap-and-source-away"
                raise Gap(f"{self.source} after {self.cursor.position}") from error
            if not page.records:
                raise Gap(f"{self.source} ends at {self.cursor.position}, below what arrived")
            self._same_incarnation(page)
            await self._advance(page.incarnation, page.records, page.previous_hash, None)
        self._trouble = ""

    async def _advance(self, incarnation: str, records: tuple[Record, ...], previous: bytes, hint: Hint | None) -> None:
        if not records:
            return
        if previous != self.cursor.hash:
            self._halt("another-history")
            raise Halted(self._halted)
        last = records[-1]
        after = Cursor(incarnation, last.position, last.hash, hint or self.cursor.hint)
        await self._patiently(after, records)
        self.cursor = after
        self._trouble = ""
        await self._moved()

    async def _patiently(self, after: Cursor, records: tuple[Record, ...]) -> None:
        """Apply, waiting out what passes; what does not pass is tried record by record, and parked."""
        care: Care = "together"
        attempt = 0
        while True:
            try:
                await self._effect.apply(self.cursor, after, self.source, records, care=care)
            except Moved:
                # Another member of this subscription was faster: go on from where it stands.
                await self.load()
                raise Gap(f"{self.source}: the cursor was moved meanwhile") from None
            except BaseException as raised:
                error = _alone(raised)
                if isinstance(error, NewerEvent):
                    self._halt("newer-event")
                    raise Halted(self._halted) from error
                if not isinstance(error, Exception):
                    raise
                if not is_transient(error):
                    if care != "together":
                        raise
                    care = "each"
                    continue
                attempt += 1
                self._trouble = type(error).__name__
                _log.warning("subscription.retrying", subscription=self.subscription, source=self.source, error=self._trouble)
                if attempt >= MOST_ATTEMPTS and await self._healthy():
                    care = "unforgiving"
                await self._sleep(wait_seconds(attempt))
            else:
                return

    async def _healthy(self) -> bool:
        try:
            async with self._database.read() as connection:
                await connection.execute(select(1))
        except Exception:  # noqa: BLE001  any failure means that it is not
            return False
        return True

    def _halt(self, reason: str) -> None:
        self._halted = reason
        _log.error("subscription.halted", subscription=self.subscription, source=self.source, reason=reason)


def _alone(error: BaseException) -> BaseException:
    """The one failure that counts of a group: a newer event before a passing fault before the rest."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    leaves = [_alone(each) for each in error.exceptions]
    return min(
        leaves, key=lambda each: (not isinstance(each, NewerEvent), isinstance(each, Exception) and not is_transient(each))
    )
