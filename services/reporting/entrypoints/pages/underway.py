"""What takes long is counted on while whoever asked waits: a page says so, and asks again by itself."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Any, Final, TypeVar

from shared.identity.sessions import Session

T = TypeVar("T")

PATIENCE_SECONDS: Final = 3.0  # until then a page waits for its figures
AGAIN_SECONDS: Final = 2
KEPT_SECONDS: Final = 30.0  # what nobody fetched by then is not given out any more: it may not be so by now
MOST: Final = 4  # at once, of one session: what it asked for first and never came back for gives way


class Underway:
    """What is being counted, for each session and for whom it acts by now."""

    def __init__(self, patience: float = PATIENCE_SECONDS, kept: float = KEPT_SECONDS) -> None:
        self._patience, self._kept = patience, kept
        self._tasks: dict[str, dict[Hashable, asyncio.Task[Any]]] = {}  # by session, what was asked first ahead

    async def of(self, session: Session, name: Hashable, make: Callable[[], Awaitable[T]]) -> T | None:
        """What `make` makes; None while it is being made still. Asked again under the same name, it is not begun anew.

        Raises:
            Refused: as `make` does.

        """
        key = (session.subject, name)
        task = self._tasks.get(session.id, {}).get(key) or self._begun(session.id, key, make)
        done, _ = await asyncio.wait({task}, timeout=self._patience)  # which leaves it alone, also where nobody waits any more
        if not done or task.cancelled():
            return None
        self._drop(session.id, key, task)
        made: T = task.result()
        return made

    def _begun(self, session: str, key: Hashable, make: Callable[[], Awaitable[T]]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(_awaited(make))
        mine = self._tasks.setdefault(session, {})
        while len(mine) >= MOST:
            mine.pop(next(iter(mine))).cancel()
        mine[key] = task
        task.add_done_callback(lambda _: asyncio.get_running_loop().call_later(self._kept, self._drop, session, key, task))
        return task

    def _drop(self, session: str, key: Hashable, task: asyncio.Task[Any]) -> None:
        mine = self._tasks.get(session, {})
        if mine.get(key) is task:
            del mine[key]
        if not mine:
            self._tasks.pop(session, None)
        if not task.cancelled():
            task.exception()  # nobody may have fetched it


async def _awaited(make: Callable[[], Awaitable[T]]) -> T:
    return await make()
