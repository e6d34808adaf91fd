"""Waking whoever waits for a log to grow."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable


class Wakeup:
    """The last position known in this process, and those who wait for it to move."""

    def __init__(self) -> None:
        self.position = 0
        self._moved = asyncio.Event()

    def reached(self, position: int) -> None:
        """The log now ends at `position` or later."""
        if position > self.position:
            self.position = position
            self._moved.set()
            self._moved = asyncio.Event()

    async def beyond(self, position: int, timeout: float, *, poll: Callable[[], Awaitable[int]], every: float) -> bool:
        """Wait until the log ends beyond `position`; `poll` asks the store, for what other processes appended."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + timeout
        while True:
            if self.position > position:
                return True
            moved = self._moved
            self.reached(await poll())
            if self.position > position:
                return True
            left = deadline - loop.time()
            if left <= 0:
                return False
            # Not `wait_for`: before Python 3.12 it loses a cancellation that comes as the wait ends, and a stop hangs.
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(min(left, every)):
                    await moved.wait()
