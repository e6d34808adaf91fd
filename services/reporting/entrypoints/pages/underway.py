"""What takes long is counted on while whoever asked waits: a page says so, and asks again by itself."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar

T = TypeVar("T")

PATIENCE_SECONDS: Final = 3.0  # until then a page waits for its figures
AGAIN_SECONDS: Final = 2
MOST: Final = 16  # at once, of all people: whoever asked first and never came back gives way


class Underway:
    """What is being counted, each under a name that holds whoever asked."""

    def __init__(self, patience: float = PATIENCE_SECONDS) -> None:
        self._patience = patience
        self._tasks: OrderedDict[Hashable, asyncio.Task[Any]] = OrderedDict()

    async def of(self, name: Hashable, make: Callable[[], Awaitable[T]]) -> T | None:
        """What `make` makes; None while it is being made still. Asked again under the same name, it is not begun anew.

        Raises:
            Refused: as `make` does.

        """
        task = self._tasks.pop(name, None)
        if task is None:
            task = asyncio.ensure_future(_awaited(make))
        done, _ = await asyncio.wait({task}, timeout=self._patience)  # which leaves it alone, also where nobody waits any more
        if done:
            made: T = task.result()
            return made
        self._tasks[name] = task
        while len(self._tasks) > MOST:
            self._tasks.popitem(last=False)[1].cancel()
        return None


async def _awaited(make: Callable[[], Awaitable[T]]) -> T:
    return await make()
