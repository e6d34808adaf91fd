"""All subscriptions of one service at work: started, drained, asked where they stand, waited for."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from shared.feeds import Delivery, Feed, Place, State
from shared.feeds.log import LogFeed
from shared.service import Service
from shared.subscriptions import effects
from shared.subscriptions.declared import Process, Projection, Subscription
from shared.subscriptions.follower import Follower, Status
from shared.subscriptions.rebuild import Rebuild, prepare, rebuild

CHECK_SECONDS: Final = 10.0
POLL_SECONDS: Final = 0.02

Foreign = Callable[[str], Feed]  # a feed for another service's log, by the subscription's full name


def log_feed(_subscription: str) -> Feed:
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
        self._feeds: list[Feed] = []
        self._checking: asyncio.Task[None] | None = None
        self._prepared = False
        self._following = False
        self._sleep = sleep
        self.followers = tuple(follower for each in service.subscriptions for follower in self._followers(each))

    async def prepare(self) -> None:
        """Make the read models' tables; rebuild what was declared anew. Done once, by `start` and `drain` too."""
        if not self._prepared:
            for projection in self._projections():
                await prepare(projection, self._kernel.database, self._kernel.logs, self._kernel.clock)
            for follower in self.followers:
                await follower.load()
            self._prepared = True

    async def start(self) -> None:
        """Follow from now on, each subscription its own log directly and others' as the deployment has it."""
        await self.prepare()
        for subscription in self._service.subscriptions:
            own = [f for f in self._of(subscription) if f.source == self._kernel.log.name]
            others = [f for f in self._of(subscription) if f.source != self._kernel.log.name]
            for followers, feed in ((own, LogFeed()), (others, self._foreign(f"{self._service.name}.{subscription.name}"))):
                if followers:
                    await self._start(feed, followers)
        self._checking = asyncio.create_task(self._check())
        self._following = True

    async def stop(self) -> None:
        """Finish what is in hand and end."""
        self._following = False
        if self._checking is not None:
            self._checking.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._checking
        await asyncio.gather(*(feed.stop() for feed in self._feeds))
        self._feeds = []

    async def drain(self) -> bool:
        """Bring every subscription to the head of its sources, read directly; whether any moved."""
        await self.prepare()
        moved = [await follower.catch_up() for follower in self.followers]
        return any(moved)

    def status(self) -> list[Status]:
        """Where each subscription stands in each of its logs."""
        return [follower.status() for follower in self.followers]

    @property
    def state(self) -> State:
        """`degraded` while a feed cannot be reached or a subscription is not running."""
        fine = all(feed.state == "ok" for feed in self._feeds) and all(s.state == "running" for s in self.status())
        return "ok" if fine else "degraded"

    async def wait(self, vector: Mapping[str, int], timeout: float) -> bool:
        """Whether within `timeout` seconds all read models hold what stands at the positions of `vector`, by service."""
        reading = [f for f in self.followers if f.kind == "projection"]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(timeout):
                if self._following:
                    async with self._moved:
                        await self._moved.wait_for(lambda: _reached(reading, vector))
                else:
                    while not _reached(reading, vector):
                        for follower in reading:
                            await follower.load()
                        await asyncio.sleep(POLL_SECONDS)
                return True
        return False

    async def rebuild(self, name: str, *, check: bool = False) -> Rebuild:
        """Build a projection anew beside the live one, then swap; with `check` only compare.

        Raises:
            KeyError: no subscription of that name.
            NotRebuilt: it is a process or a dispatch, or an event of its history fails today.
        """
        declared = next((each for each in self._service.subscriptions if each.name == name), None)
        if declared is None:
            raise KeyError(name)
        await self.prepare()
        return await rebuild(declared, self._kernel.database, self._kernel.logs, self._kernel.clock, check=check)

    def _projections(self) -> list[Projection]:
        return [each for each in self._service.subscriptions if isinstance(each, Projection)]

    def _of(self, subscription: Subscription) -> list[Follower]:
        return [follower for follower in self.followers if follower.subscription == subscription.name]

    def _followers(self, subscription: Subscription) -> list[Follower]:
        kernel = self._kernel
        effect = effects.of(subscription, kernel.database, self._service.desk, kernel.clock)
        kind = (
            "projection"
            if isinstance(subscription, Projection)
            else "process"
            if isinstance(subscription, Process)
            else "dispatch"
        )
        return [
            Follower(
                subscription.name,
                kind,
                kernel.log if source == kernel.service else kernel.logs[source],
                effect,
                kernel.database,
                moved=self._tell,
                sleep=self._sleep,
            )
            for source in subscription.sources
        ]

    async def _start(self, feed: Feed, followers: list[Follower]) -> None:
        by_log = {follower.source: follower for follower in followers}

        async def deliver(delivery: Delivery) -> None:
            await by_log[delivery.log].deliver(delivery)

        async def resume(log: str) -> Place:
            return await by_log[log].resume(log)

        self._feeds.append(feed)
        await feed.start([follower.reader for follower in followers], deliver, resume)

    async def _tell(self) -> None:
        async with self._moved:
            self._moved.notify_all()

    async def _check(self) -> None:
        while True:
            await asyncio.sleep(CHECK_SECONDS)
            for follower in self.followers:
                await follower.check()


def _reached(followers: list[Follower], vector: Mapping[str, int]) -> bool:
    return all(f.cursor.position >= vector.get(f.source.partition("/")[0], 0) for f in followers)
