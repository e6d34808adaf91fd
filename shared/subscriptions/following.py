"""All subscriptions of one service at work: started, drained, asked where they stand, waited for."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from typing import Final

import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared.eventlog.port import LogUnavailable
from shared.eventlog.records import Head
from shared.feeds import Deliver, Delivery, Feed, Gap, Halted, Place, Resume, State
from shared.feeds.log import LogFeed
from shared.feeds.tasks import end
from shared.look import Look
from shared.progress import Stand, unseen
from shared.service import Service
from shared.subscriptions import checkpoints, effects, parking
from shared.subscriptions.checkpoints import START, Cursor
from shared.subscriptions.declared import Process, Projection, Subscription
from shared.subscriptions.follower import PAGE, Follower, Status
from shared.subscriptions.rebuild import NotRebuilt, Rebuild, prepare, rebuild
from shared.subscriptions.together import move_together
from shared.telemetry import PARKED, SUBSCRIPTION_LAG

CHECK_SECONDS: Final = 10.0
AWAY_SECONDS: Final = 1.0  # between looks while a feed cannot be reached
MEASURE_SECONDS: Final = 2.0
POLL_SECONDS: Final = 0.02
WATCH_SECONDS: Final = 1.0  # between looks of one who only wants to be told what has moved
POLL_BESIDE_SECONDS: Final = 0.1  # while this process follows too: another member may be the one that applies

Foreign = Callable[[], Feed]  # a feed for the logs of other services
_log = structlog.get_logger()


def log_feed() -> Feed:
    """Other services' logs read directly: embedded, or where there is no broker."""
    return LogFeed()


class Following:
    """A service's subscriptions for one tenant. Nothing runs before `start`; `drain` works with and without it."""

    def __init__(
        self,
        service: Service,
        *,
        foreign: Foreign = log_feed,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._service, self._foreign = service, foreign
        self._kernel = service.kernel
        self._moved = asyncio.Condition()
        self._gathering = asyncio.Lock()
        self._stands = Look(self._stored_stands)
        self._apart: Cursor | None = None  # where moving on together failed last: from there each goes by itself
        self._feeds: list[tuple[Feed, Sequence[Follower]]] = []
        self._away: frozenset[int] = frozenset()  # feeds that could not be reached at the last look
        self._checking: asyncio.Task[None] | None = None
        self._unprepared: list[Subscription] = list(service.subscriptions)
        self._following = False
        self._sleep = sleep
        self._turn = 0
        self.followers = tuple(follower for each in service.subscriptions for follower in self._followers(each))

    async def prepare(self) -> None:
        """Make the read models' tables; rebuild what was declared anew. Done once, by `start` and `drain` too.

        What cannot be rebuilt while another service's log is away waits, and is said: that service may be waiting for
        ours in turn. What its history forbids to rebuild halts. All else goes on.
        """
        self._unprepared = [each for each in self._unprepared if not await self._prepared(each)]

    async def start(self) -> None:
        """Follow from now on: each subscription its own log directly, all of them others' as the deployment has it."""
        await self.prepare()
        for subscription in self._service.subscriptions:
            if subscription not in self._unprepared:
                await self._follow_own(subscription)
        await self._follow_others()
        self._checking = asyncio.create_task(self._check(), name=f"check {self._service.name}")
        self._following = True

    async def watch(self) -> None:
        """Follow nothing, another process of the service does; only look where it stands, and hold that against the sources."""
        await self.prepare()
        self._checking = asyncio.create_task(self._check(), name=f"watch {self._service.name}")

    async def stop(self) -> None:
        """Finish what is in hand and end."""
        self._following = False
        if self._checking is not None:
            await end(self._checking)
        await asyncio.gather(*(feed.stop() for feed, _ in self._feeds))
        self._feeds = []

    async def drain(self) -> bool:
        """Bring every subscription to the head of its sources, read directly, until none grows by it; whether any moved."""
        await self.prepare()
        moved = False
        while await self.advance(await heads_of([self])):
            moved = True
        return moved

    async def advance(self, heads: Mapping[str, Head]) -> bool:
        """Bring every subscription that does not stand at its source's head, by log, to where it is now; whether any moved."""
        passed = [await self._forward(group) for group in _by_place(self._behind(heads))]
        return any(passed)

    async def one(self) -> bool:
        """Apply one event to the subscription whose turn it is among those behind; whether any moved. For simulations."""
        await self.prepare()
        behind = self._behind(await heads_of([self]))
        for n in range(len(behind)):
            if await behind[(self._turn + n) % len(behind)].step(1):
                self._turn += n + 1
                return True
        return False

    def status(self) -> list[Status]:
        """Where each subscription stands in each of its logs."""
        return [follower.status() for follower in self.followers]

    async def standing(self) -> list[Status]:
        """The same as of this moment, also where another process follows."""
        if not self._following:
            await self._reload()
        return self.status()

    async def measure(self) -> None:
        """Put into the metrics how far each subscription is behind, and how many events it has parked."""
        for status in self.status():
            SUBSCRIPTION_LAG.labels(self._service.name, status.subscription, status.source).set(status.lag)
        # A scrape waits for no database: where none answers in time, what was told last stands.
        with contextlib.suppress(TimeoutError, SQLAlchemyError, OSError):
            async with asyncio.timeout(MEASURE_SECONDS), self._kernel.database.read() as connection:
                parked = await parking.counts(connection, {follower.source for follower in self.followers})
            for subscription in self._service.subscriptions:
                PARKED.labels(self._service.name, subscription.name).set(parked.get(subscription.name, 0))

    @property
    def state(self) -> State:
        """`degraded` while a feed cannot be reached or a subscription is not running."""
        fine = all(feed.state == "ok" for feed, _ in self._feeds) and all(s.state == "running" for s in self.status())
        return "ok" if fine else "degraded"

    async def _with_its_peers(self, follower: Follower, delivery: Delivery) -> None:
        """Move all that stand where this one does on in one transaction: a log wakes them at the same moment."""
        page = delivery.page
        async with self._gathering:
            if follower.cursor == self._apart or not page.records or not follower.may_share(page):
                return
            at = follower.cursor
            peers = [each for each in self.running if each.source == follower.source and each.cursor.same_place(at)]
            peers = [each for each in peers if each.may_share(page) and not each.turn.locked()]
            if len(peers) > 1 and not await move_together(peers, delivery, self._kernel.database, self._kernel.clock):
                self._apart = at

    @property
    def running(self) -> list[Follower]:
        """Those that can be moved on: neither halted nor waiting to be prepared."""
        left = {subscription.name for subscription in self._unprepared}
        return [follower for follower in self.followers if not follower.halted and follower.subscription not in left]

    async def wait(self, vector: Mapping[str, int], timeout: float) -> bool:
        """Whether within `timeout` seconds all read models hold what stands at the positions of `vector`, by service.

        What processes made of it in this service's own log counts with it: a case that an opinion's referral opened.
        """
        reading = [follower for follower in self.followers if follower.kind == "projection"]
        reacting = [follower for follower in self.followers if follower.kind == "process" and _asked(follower, vector)]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                if reacting:
                    await self._until(reacting, vector)
                    own = self._kernel.log
                    vector = {**vector, self._service.name: (await own.head()).position}
                await self._until(reading, vector)
                return True
        return False

    async def stand(self) -> Cursor:
        """Up to where all read models hold the service's own log, whichever process brought them there."""
        found = await self._stands.fresh()
        own = [f for f in self.followers if f.kind == "projection" and f.source == self._kernel.log.name]
        return min((found.get((f.subscription, f.source), START) for f in own), key=lambda at: at.position, default=START)

    async def beyond(self, position: int, timeout: float) -> Cursor:
        """The same, as soon as it lies beyond `position`, or after `timeout` seconds as it is then."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                while (found := await self.stand()).position <= position:
                    await self._stirred_once()
                return found
        return await self.stand()

    async def reached(self, positions: Mapping[str, int], timeout: float) -> bool:
        """Whether within `timeout` seconds every subscription has come to these positions, by service."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                await self._until(self.followers, positions)
                return True
        return False

    async def rebuild(self, name: str, *, check: bool = False, stand: Stand = unseen) -> Rebuild:
        """Build a projection anew beside the live one, then swap; with `check` only compare.

        Raises:
            KeyError: no subscription of that name.
            NotRebuilt: it is a process or a dispatch, or an event of its history fails today.
        """
        declared = next((each for each in self._service.subscriptions if each.name == name), None)
        if declared is None:
            raise KeyError(name)
        await self.prepare()
        return await rebuild(declared, self._kernel.database, self._kernel.logs, check=check, stand=stand)

    async def _prepared(self, subscription: Subscription) -> bool:
        """Whether the subscription can be followed now."""
        kernel, followers = self._kernel, self._of(subscription)
        try:
            if isinstance(subscription, Projection):
                await prepare(subscription, kernel.database, kernel.logs)
            async with kernel.database.write() as connection:
                await checkpoints.begin(connection, subscription.name, [follower.source for follower in followers])
        except LogUnavailable as error:
            _log.warning("projection.not_rebuilt_yet", projection=subscription.name, reason=type(error).__name__)
            for follower in followers:
                follower.trouble = "not-rebuilt-source-away"
            return False
        except NotRebuilt as error:
            _log.error("projection.not_rebuilt", projection=subscription.name, reason=str(error))
            for follower in followers:
                follower.stop_for("not-rebuilt")
        for follower in followers:
            await follower.load()
            follower.trouble = ""
        return True

    def _of(self, subscription: Subscription) -> list[Follower]:
        return [follower for follower in self.followers if follower.subscription == subscription.name]

    def _followers(self, subscription: Subscription) -> list[Follower]:
        kernel = self._kernel
        effect = effects.of(subscription, kernel.database, self._service.desk, kernel.clock)
        return [
            Follower(
                subscription.name,
                _kind(subscription),
                kernel.log if source == kernel.service else kernel.logs[source],
                effect,
                kernel.database,
                moved=self._tell,
                sleep=self._sleep,
            )
            for source in subscription.sources
        ]

    async def _follow_own(self, subscription: Subscription) -> None:
        own = [f for f in self._of(subscription) if f.source == self._kernel.log.name]
        if own:
            await self._feed(LogFeed(), own)

    async def _follow_others(self) -> None:
        """Read others' logs once for all that follow them: a reader of its own for each would cost as much as its work.

        Whoever stands behind, or comes later, fetches what it misses from the source itself.
        """
        others = [follower for follower in self.followers if follower.source != self._kernel.log.name]
        if others:
            await self._feed(self._foreign(), others)

    async def _feed(self, feed: Feed, followers: Sequence[Follower]) -> None:
        self._feeds.append((feed, followers))
        readers = {follower.source: follower.reader for follower in followers}
        await feed.start(list(readers.values()), self._delivering(followers), self._resuming(followers))

    def _delivering(self, followers: Sequence[Follower]) -> Deliver:
        async def deliver(delivery: Delivery) -> None:
            following = [each for each in followers if each.source == delivery.log]
            if all(each.halted for each in following):
                raise Halted(following[0].status().reason)
            ready = [each for each in following if each in self.running]
            for follower in ready:
                await self._with_its_peers(follower, delivery)
            # Each drops what it has by now; what fails for one is offered again, and dropped by the others.
            failures = await asyncio.gather(*(each.deliver(delivery) for each in ready), return_exceptions=True)
            _raise_the_worst(failures)

        return deliver

    def _resuming(self, followers: Sequence[Follower]) -> Resume:
        async def resume(log: str) -> Place:
            # One that cannot be followed yet would have everything read again from the beginning.
            ready = [each for each in followers if each.source == log and each in self.running]
            places = [(await each.resume(log), each) for each in ready]
            return min((place for place, each in places if not each.halted), key=lambda place: place.position, default=Place(0))

        return resume

    def _behind(self, heads: Mapping[str, Head]) -> list[Follower]:
        """Those that do not stand at the head of their source, or at another event of it: only so that is noticed."""
        return [follower for follower in self.running if not follower.stands_at(heads[follower.source])]

    async def _forward(self, group: Sequence[Follower]) -> bool:
        """Bring subscriptions that stand at one place of a log to its end; whether any moved.

        Together as far as writing is all there is to do, then each by itself: what asks for commands, and what fails.
        """
        together, alone, moved = [*group], list[Follower](), False
        while len(together) > 1:
            page = await together[0].reader.read(together[0].cursor.position, PAGE)
            sharing = [follower for follower in together if page.records and follower.may_share(page)]
            delivery = Delivery(together[0].source, page)
            if len(sharing) < 2 or not await move_together(sharing, delivery, self._kernel.database, self._kernel.clock):
                break
            alone += [follower for follower in together if follower not in sharing]
            together, moved = sharing if len(page.records) == PAGE else [], True
        passed = [await follower.catch_up() for follower in (*together, *alone)]
        return moved or any(passed)

    async def _until(self, followers: Collection[Follower], vector: Mapping[str, int]) -> None:
        while not _reached(followers, vector) and not await self._stored(followers, vector):
            await self._stirred(followers, vector)

    async def _stored(self, followers: Collection[Follower], vector: Mapping[str, int]) -> bool:
        """Whether the database says that they have come so far, whichever process brought them there."""
        found = await self._stands.fresh()
        return all(found.get((f.subscription, f.source), START).position >= _asked(f, vector) for f in followers)

    async def _stored_stands(self, _: frozenset[str]) -> Mapping[tuple[str, str], Cursor]:
        async with self._kernel.database.read() as connection:
            return await checkpoints.stands(connection, {follower.subscription for follower in self.followers})

    async def _stirred(self, followers: Collection[Follower], vector: Mapping[str, int]) -> None:
        """Wait until something moved here, or a little while."""
        if not self._following:
            await asyncio.sleep(POLL_SECONDS)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_BESIDE_SECONDS), self._moved:
                await self._moved.wait_for(lambda: _reached(followers, vector))

    async def _stirred_once(self) -> None:
        """Wait until anything moved here, or a while: another process may be the one that applies."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(WATCH_SECONDS), self._moved:
                await self._moved.wait()

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    async def _check(self) -> None:
        while True:
            await self._sleep(AWAY_SECONDS if self._unreachable() else CHECK_SECONDS)
            await self._look()

    async def _reload(self) -> None:
        for follower in self.followers:
            await follower.load()

    def _unreachable(self) -> frozenset[int]:
        return frozenset(n for n, (feed, _) in enumerate(self._feeds) if feed.state != "ok")

    async def _look(self) -> None:
        """Begin what could not be begun, and hold every subscription against its source."""
        waiting = list(self._unprepared)
        try:
            await self.prepare()
            if not self._following:
                await self._reload()
            for subscription in waiting if self._following else ():
                if subscription not in self._unprepared:
                    await self._follow_own(subscription)
            for follower in self.followers:
                await follower.check()
            # A feed that stays away is no reason to stand still: the sources can be asked themselves.
            unreachable = self._unreachable()
            for n in sorted(unreachable & self._away):
                for follower in self._feeds[n][1]:
                    if follower in self.running:
                        await follower.catch_up()
            self._away = unreachable
        except Exception as error:  # noqa: BLE001  whatever is away now is asked again in a while
            _log.warning("subscriptions.not_checked", service=self._service.name, error=type(error).__name__)


async def heads_of(followings: Iterable[Following]) -> dict[str, Head]:
    """Where the logs end that are followed there, by log; each is asked once."""
    readers = {follower.source: follower.reader for following in followings for follower in following.running}
    return {source: await reader.head() for source, reader in readers.items()}


def _by_place(followers: Sequence[Follower]) -> list[list[Follower]]:
    """The followers by where they stand in which log."""
    groups: dict[tuple[str, Cursor], list[Follower]] = {}
    for follower in followers:
        groups.setdefault((follower.source, follower.cursor), []).append(follower)
    return list(groups.values())


def _raise_the_worst(failures: Sequence[BaseException | None]) -> None:
    """What the feed can do most about: offer again what should pass, else go back; a halt concerns who halted alone."""
    found = [failure for failure in failures if failure is not None and not isinstance(failure, Halted)]
    for failure in sorted(found, key=lambda each: isinstance(each, Gap)):
        raise failure


def _kind(subscription: Subscription) -> str:
    if isinstance(subscription, Projection):
        return "projection"
    return "process" if isinstance(subscription, Process) else "dispatch"


def _asked(follower: Follower, vector: Mapping[str, int]) -> int:
    return vector.get(follower.source.partition("/")[0], 0)


def _reached(followers: Collection[Follower], vector: Mapping[str, int]) -> bool:
    return all(follower.cursor.position >= _asked(follower, vector) for follower in followers)
