"""Looks at something that others change, once for all who ask at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Look(Generic[K, T]):
    """Gives whoever asks what a look found that began after he asked, so he sees all that was there before.

    A look under way may have begun too early for him; those who come meanwhile share the next one, which is told of
    everything that one of them asks about. So a hundred who ask at once cost two looks, and one who asks alone waits for
    nobody.
    """

    def __init__(self, look: Callable[[frozenset[K]], Awaitable[T]]) -> None:
        self._look = look
        self._under_way: asyncio.Task[T] | None = None
        self._next: asyncio.Task[T] | None = None
        self._about: set[K] = set()

    async def fresh(self, *about: K) -> T:
        """What the next look finds, or raises; it looks at `about` too."""
        if self._next is None:
            self._next = asyncio.create_task(self._after(self._under_way))
            self._next.add_done_callback(_seen)
        self._about.update(about)
        # Whoever stops waiting takes nothing from the others.
        return await asyncio.shield(self._next)

    async def _after(self, earlier: "asyncio.Task[T] | None") -> T:
        if earlier is not None:
            await asyncio.wait([earlier])
        self._under_way, self._next = self._next, None
        about, self._about = frozenset(self._about), set()
        return await self._look(about)


def _seen(done: "asyncio.Task[T]") -> None:
    if not done.cancelled():
        done.exception()  # looked at, also where all who asked were cancelled
