"""One subscription following one log: fits what arrives to its cursor, applies it once, and stops when histories differ."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, Literal, NoReturn

import structlog
from sqlalchemy import select

from shared.contracts.registry import event_type
from shared.database import Database
from shared.eventlog.port import LogReader, LogUnavailable
from shared.eventlog.records import Head, Page, Record
from shared.feeds import Delivery, Gap, Halted, Hint, Place
from shared.subscriptions import checkpoints, parking
from shared.subscriptions.checkpoints import START, Cursor
from shared.subscriptions.effects import Care, Effect, Moved
from shared.subscriptions.faults import MOST_ATTEMPTS, is_transient, wait_seconds

PAGE: Final = 500
TRIES_OF_ONE_DELIVERY: Final = 6  # then the feed has its turn again: a consumer that is not heard of loses its partitions
State = Literal["running", "degraded", "halted"]
_log = structlog.get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Where a subscription stands in one log. `head` is the last one heard of; `reason` says why it is not running.

    `gap_pulls` and `unknown` (events of types that these contracts do not know, passed over) count since the start.
    """

    subscription: str
    source: str
    kind: str
    position: int
    head: int
    state: State
    reason: str
    parked: int
    gap_pulls: int
    unknown: int

    @property
    def lag(self) -> int:
        """Events between here and the head."""
        return self.head - self.position


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
        self.effect, self._database, self._moved, self._sleep = effect, database, moved, sleep
        self.turn = asyncio.Lock()  # to whoever moves the cursor
        self.cursor: Cursor = START
        self.head = 0
        self.gap_pulls = 0
        self.parked = 0
        self.unknown = 0
        self._attempts = 0  # in vain, since the cursor last moved
        self._present = ""  # the incarnation that the source last said it is
        self._halted = ""
        self.trouble = ""

    @property
    def source(self) -> str:
        return self.reader.name

    def status(self) -> Status:
        state: State = "halted" if self._halted else "degraded" if self.trouble else "running"
        return Status(
            subscription=self.subscription,
            source=self.source,
            kind=self.kind,
            position=self.cursor.position,
            head=max(self.head, self.cursor.position),
            state=state,
            reason=self._halted or self.trouble,
            parked=self.parked,
            gap_pulls=self.gap_pulls,
            unknown=self.unknown,
        )

    @property
    def halted(self) -> bool:
        return bool(self._halted)

    async def load(self) -> None:
        """Take the cursor from the database, where another process may have moved it."""
        async with self.turn:  # else a cursor read before a delivery is put back after it
            await self._load()

    def stands_at(self, head: Head) -> bool:
        """Whether there is nothing left to read, and nothing to be wondered at, in a source that ends so."""
        if not head.position and not self.cursor.position:
            return True
        return self.cursor.same_place(Cursor(head.incarnation, head.position, head.hash))

    def stop_for(self, reason: str) -> None:
        """Apply nothing more in this process, and say why."""
        self._halted = reason
        _log.error("subscription.halted", subscription=self.subscription, source=self.source, reason=reason)

    async def resume(self, _log: str) -> Place:
        """Where the feed goes on; the source is asked on the way whether it still is the one we followed."""
        await self.load()
        await self.check()
        return Place(self.cursor.position, self.cursor.hint)

    async def check(self) -> bool:
        """Compare with the source: its incarnation, its head, and the hash where the cursor stands.

        Answers whether the source did: one that does not is no proof of anything and is asked again later.
        """
        cursor = self.cursor  # as it was before the source was asked: it may move meanwhile, and the source with it
        try:
            head = await self.reader.head()
            here = await self.reader.hash_at(cursor.position)
        except LogUnavailable:
            return False
        self.head, self._present = head.position, head.incarnation
        if cursor.position == 0:
            return True
        if head.incarnation != cursor.incarnation:
            self.stop_for("another-incarnation")
        elif head.position < cursor.position or here is None:
            # It may be put back between the two questions: then only the second answer tells.
            self.stop_for("source-shorter-than-cursor")
        elif here != cursor.hash:
            self.stop_for("another-history")
        return True

    async def deliver(self, delivery: Delivery) -> None:
        """Apply what lies beyond the cursor.

        Raises:
            Gap: what lies between could not be had from the source.
            Halted: the histories differ, or an event is newer than this code.
            Exception: a fault that has not passed yet; the delivery is to be offered again.
        """
        async with self.turn:
            if self._halted:
                raise Halted(self._halted)
            await self._fit(delivery.page, delivery.hint)

    def may_share(self, page: Page) -> bool:
        """Whether the page goes on where the cursor stands, and all there is to do with it is to write in a transaction."""
        begun = self.cursor.position == 0 or self.cursor.incarnation == page.incarnation
        records = page.records
        return (
            begun
            and not self._halted
            and page.previous_hash == self.cursor.hash
            and records[0].position == self.cursor.position + 1
            and _in_a_row(records)
            and self.effect.known(records) == len(records)
            and self.effect.shares(records)
        )

    async def catch_up(self) -> bool:
        """Read the source up to its head by the log itself; whether anything moved."""
        begun = self.cursor.position
        await self.load()
        ahead: asyncio.Task[Page] | None = None
        try:
            while not self._halted:
                page = await (ahead or self.reader.read(self.cursor.position, PAGE))
                # A full page has mostly another behind it: the source reads that one while this one is applied.
                last = page.records[-1].position if len(page.records) == PAGE else None
                ahead = asyncio.create_task(self.reader.read(last, PAGE)) if last is not None else None
                if not await self._take(page):
                    break
        finally:
            if ahead is not None:
                ahead.cancel()
                await asyncio.gather(ahead, return_exceptions=True)
        return self.cursor.position != begun

    async def step(self, limit: int = PAGE) -> bool:
        """Read one page by the log itself and apply it, or compare with the source at its end; whether anything moved."""
        return await self._take(await self.reader.read(self.cursor.position, limit))

    async def _take(self, page: Page) -> bool:
        begun = self.cursor.position
        if not page.records:
            await self.check()
        else:
            with contextlib.suppress(Halted):
                try:
                    await self.deliver(Delivery(self.source, page))
                except Gap:
                    await self.load()
        return self.cursor.position != begun

    async def _load(self) -> None:
        async with self._database.read() as connection:
            self.cursor = await checkpoints.load(connection, self.subscription, self.source)
            self.parked = await parking.count(connection, self.subscription, self.source)

    async def _fit(self, page: Page, hint: Hint | None) -> None:
        if not page.records:
            return
        if not await self._is_present(page):
            return
        self.head = max(self.head, page.records[-1].position)
        if page.records[-1].position <= self.cursor.position:
            return
        if not _in_a_row(page.records):
            await self._pull(page.records[-1].position)
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
            self.trouble = "incarnation-unknown"
            raise Gap(f"{self.source} does not say which incarnation it is")
        if self._halted:
            raise Halted(self._halted)
        self.trouble = ""
        return page.incarnation == self._present

    async def _pull(self, upto: int) -> None:
        """Fetch what a feed left out from the source's own log."""
        self.gap_pulls += 1
        while self.cursor.position < upto:
            try:
                page = await self.reader.read(self.cursor.position, min(PAGE, upto - self.cursor.position))
            except LogUnavailable as error:
                self.trouble = "gap-and-source-away"
                raise Gap(f"{self.source} after {self.cursor.position}") from error
            if not page.records:
                raise Gap(f"{self.source} ends at {self.cursor.position}, below what arrived")
            if self.cursor.position and page.incarnation != self.cursor.incarnation:
                self._halt("another-incarnation")
            if page.records[0].position != self.cursor.position + 1 or not _in_a_row(page.records):
                self._halt("hole-in-source")
            await self._advance(page.incarnation, page.records, page.previous_hash, None)
        self.trouble = ""

    async def _advance(self, incarnation: str, records: tuple[Record, ...], previous: bytes, hint: Hint | None) -> None:
        if not records:
            return
        if previous != self.cursor.hash:
            self._halt("another-history")
        known = self.effect.known(records)
        if known == len(records):
            await self._move(incarnation, records, hint)
            return
        if known:
            await self._move(incarnation, records[:known], None)
        self._halt("newer-event")

    async def _move(self, incarnation: str, records: tuple[Record, ...], hint: Hint | None) -> None:
        after = after_page(incarnation, records, hint or self.cursor.hint)
        await self.arrive(after, records, await self._patiently(after, records))

    async def arrive(self, after: Cursor, records: tuple[Record, ...], parked: int) -> None:
        """Take note that the records have been applied, some of them by being parked, and that the cursor stands at `after`."""
        self.parked += parked
        self.head = max(self.head, after.position)
        unknown = {type for type in {record.type for record in records} if event_type(type) is None}
        self.unknown += sum(record.type in unknown for record in records) if unknown else 0
        self.cursor = after
        self._attempts = 0
        self.trouble = ""
        await self._moved()

    async def _patiently(self, after: Cursor, records: tuple[Record, ...]) -> int:
        """Apply, waiting out what passes; what does not pass is tried record by record, and parked. How many were."""
        care: Care = "together"
        tries = 0
        while True:
            try:
                return await self.effect.apply(self.cursor, after, self.source, records, care=care)
            except Moved:
                # Another member of this subscription was faster: go on from where it stands.
                await self._load()
                raise Gap(f"{self.source}: the cursor was moved meanwhile") from None
            except BaseException as raised:
                error = _alone(raised)
                if not isinstance(error, Exception):
                    raise
                if not is_transient(error):
                    if care != "together":
                        raise
                    care = "each"
                    continue
                tries += 1
                self._attempts += 1
                self.trouble = type(error).__name__
                _log.warning("subscription.retrying", subscription=self.subscription, source=self.source, error=self.trouble)
                if care != "unforgiving" and self._attempts >= MOST_ATTEMPTS and await self._healthy():
                    care = "unforgiving"
                    continue
                if tries >= TRIES_OF_ONE_DELIVERY:
                    raise error from None
                await self._sleep(wait_seconds(self._attempts))

    async def _healthy(self) -> bool:
        try:
            async with self._database.read() as connection:
                await connection.execute(select(1))
        except Exception:  # noqa: BLE001  any failure means that it is not
            return False
        return True

    def _halt(self, reason: str) -> NoReturn:
        self.stop_for(reason)
        raise Halted(reason)


def after_page(incarnation: str, records: tuple[Record, ...], hint: Hint | None) -> Cursor:
    """Where a cursor stands once the records are applied."""
    return Cursor(incarnation, records[-1].position, records[-1].hash, hint)


def _in_a_row(records: tuple[Record, ...]) -> bool:
    return all(record.position == position for position, record in enumerate(records, start=records[0].position))


def _alone(error: BaseException) -> BaseException:
    """The one failure that counts of a group: what passes by itself before what does not."""
    if not isinstance(error, BaseExceptionGroup):
        return error
    return min(map(_alone, error.exceptions), key=lambda each: isinstance(each, Exception) and not is_transient(each))
