"""The feed straight from a log: a service's own, or another's that can be read directly."""

import asyncio
from collections.abc import Sequence
from typing import Final

import structlog

from shared.eventlog.port import LogReader
from shared.feeds import GATHER_SECONDS, Deliver, Delivery, Gap, Halted, Resume, State
from shared.feeds.backoff import Backoff

PAGE: Final = 500
WAIT_SECONDS: Final = 5.0
POLL_SECONDS: Final = 0.1  # of a log that cannot wake us
FIRST_SECONDS: Final = 0.1
LONGEST_SECONDS: Final = 5.0
STOP_SECONDS: Final = 10.0

_log = structlog.get_logger()


class LogFeed:
    """Reads pages by position and waits at the end; one task a log."""

    def __init__(self, *, page: int = PAGE) -> None:
        self._page = page
        self._tasks: list[asyncio.Task[None]] = []
        self._in_hand: set[asyncio.Future[None]] = set()
        self._away: set[str] = set()

    @property
    def state(self) -> State:
        return "degraded" if self._away else "ok"

    async def start(self, sources: Sequence[LogReader], deliver: Deliver, resume: Resume) -> None:
        self._tasks = [asyncio.create_task(self._follow(source, deliver, resume)) for source in sources]

    async def stop(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._in_hand:
            _done, unfinished = await asyncio.wait(self._in_hand, timeout=STOP_SECONDS)
            for delivery in unfinished:
                delivery.cancel()
            await asyncio.gather(*self._in_hand, return_exceptions=True)
        self._tasks = []

    async def _follow(self, source: LogReader, deliver: Deliver, resume: Resume) -> None:
        position: int | None = None
        backoff = Backoff(FIRST_SECONDS, LONGEST_SECONDS)
        between_gaps = Backoff(0.01, LONGEST_SECONDS)
        while True:
            try:
                if position is None:
                    position = (await resume(source.name)).position
                position = await self._step(source, deliver, position)
            except Halted:
                return
            except Gap:
                position = None
                await between_gaps.wait()  # what lies between may not be to be had for a while
            except Exception as error:  # noqa: BLE001  a feed goes on trying whatever happens; it says so and waits
                _log.warning("feed.retrying", log=source.name, error=type(error).__name__)
                self._away.add(source.name)
                position = None
                await backoff.wait()
            else:
                self._away.discard(source.name)
                backoff.reset()
                between_gaps.reset()

    async def _step(self, source: LogReader, deliver: Deliver, position: int) -> int:
        page = await source.read(position, self._page)
        if not page.records:
            await _more(source, position)
            return position
        # Shielded: a stop waits for the transaction in hand instead of tearing it.
        delivery = asyncio.ensure_future(deliver(Delivery(source.name, page)))
        self._in_hand.add(delivery)
        delivery.add_done_callback(self._in_hand.discard)
        await asyncio.shield(delivery)
        if len(page.records) < self._page:
            await asyncio.sleep(GATHER_SECONDS)
        return page.records[-1].position


async def _more(source: LogReader, position: int) -> None:
    wait_beyond = getattr(source, "wait_beyond", None)
    if wait_beyond is not None:
        await wait_beyond(position, WAIT_SECONDS)
    else:
        await asyncio.sleep(POLL_SECONDS)
