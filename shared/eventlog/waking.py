"""Waking whoever waits for a log to grow."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable


class Wakeup:
    """The last position known in this process, and those who wait for it to move.

    What other processes append is found by asking the store. All who wait here share one question: a dozen
    subscriptions that each asked for themselves would keep an idle installation busy.
    """

    def __init__(self) -> None:
        self.position = 0
        self._moved = asyncio.Event()
        self._asked_at = float("-inf")  # when the store was last asked, in the loop's time
        self._asking = False

    def reached(self, position: int) -> None:
        """The log now ends at `position` or later."""
        if position > self.position:
            self.position = position
            self._moved.set()
            self._moved = asyncio.Event()

    async def beyond(self, position: int, timeout: float, *, poll: Callable[[], Awaitable[int]], every: float) -> bool:
        """Wait until the log ends beyond `position`; `poll` asks the store, at most once in `every` seconds for all who wait."""
        loop = asyncio.get_running_loop()
        begun = loop.time()
        deadline = begun + timeout
        while self.position <= position:
            moved, now = self._moved, loop.time()
            if not self._asking and (now >= self._asked_at + every or (now >= deadline and self._asked_at < begun)):
                await self._ask(poll)
                continue
            if now >= deadline:
                return False
            again = now + every if self._asking else self._asked_at + every
            # Not `wait_for`: before Python 3.12 it loses a cancellation that comes as the wait ends, and a stop hangs.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(min(deadline, again)):
                    await moved.wait()
        return True

    async def _ask(self, poll: Callable[[], Awaitable[int]]) -> None:
        self._asking, self._asked_at = True, asyncio.get_running_loop().time()
        try:
            self.reached(await poll())
        finally:
            self._asking = False
