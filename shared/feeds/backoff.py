"""Waiting longer after each failure, with jitter so that many do not come back at once."""

import asyncio
import random


class Backoff:
    """Delays in seconds that double from `first` to `most`, each taken between half of it and all of it."""

    def __init__(self, first: float = 0.1, most: float = 5.0) -> None:
        self._first, self._most = first, most
        self._next = first

    async def wait(self) -> None:
        """Wait for the present delay and lengthen the next one."""
        delay, self._next = self._next, min(self._next * 2, self._most)
        await asyncio.sleep(delay * random.uniform(0.5, 1.0))

    def reset(self) -> None:
        """Begin anew after a success."""
        self._next = self._first
