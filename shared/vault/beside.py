"""Several questions asked side by side, whose texts are opened in one access that names all of them."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextvars import ContextVar
from typing import Any, Final

Texts = Mapping[str, Any]  # by reference, as the vault gives them
Open = Callable[[Sequence[str], str, str], Awaitable[Texts]]  # (references, reader, purpose)


class _Beside:
    """Questions that are asked at once: each runs on until it wants texts; once all do or are answered, these are opened."""

    def __init__(self, reader: str, purpose: str, asked: int) -> None:
        self._reader, self._purpose, self._running = reader, purpose, asked
        self._waiting: list[tuple[Sequence[str], asyncio.Future[Texts]]] = []
        self._open: Open | None = None
        self._opening: asyncio.Task[None] | None = None

    async def texts(self, refs: Sequence[str], opening: Open) -> Texts:
        """These texts, opened together with those that the others want."""
        outcome: asyncio.Future[Texts] = asyncio.get_running_loop().create_future()
        self._open = opening
        self._waiting.append((refs, outcome))
        self._rest()
        return await outcome

    async def all(self, *questions: Awaitable[Any]) -> list[Any]:
        """What these are answered, of which one runs in place of whoever asks them."""
        self._running += len(questions) - 1
        left = len(questions)

        async def answer(question: Awaitable[Any]) -> Any:
            nonlocal left
            try:
                return await question
            finally:
                left -= 1
                if left:
                    self._rest()

        return await asyncio.gather(*map(answer, questions))

    def _rest(self) -> None:
        self._running -= 1
        if self._running or not self._waiting:
            return
        waiting, self._waiting = self._waiting, []
        self._running = len(waiting)
        self._opening = asyncio.create_task(self._serve(waiting))

    async def _serve(self, waiting: Sequence[tuple[Sequence[str], "asyncio.Future[Texts]"]]) -> None:
        assert self._open is not None
        wanted = list(dict.fromkeys(ref for refs, _ in waiting for ref in refs))
        found: dict[str, Any] = {}
        try:
            for start in range(0, len(wanted), MOST):
                found |= await self._open(wanted[start : start + MOST], self._reader, self._purpose)
        except Exception as error:  # noqa: BLE001 — it is handed to whoever asked
            for _, outcome in waiting:
                if not outcome.done():
                    outcome.set_exception(error)
            return
        for refs, outcome in waiting:
            if not outcome.done():
                outcome.set_result({ref: found[ref] for ref in refs if ref in found})


MOST: Final = 5_000  # texts of one access
BESIDE: Final[ContextVar[_Beside | None]] = ContextVar("beside", default=None)


async def beside(*questions: Awaitable[Any], reader: str, purpose: str) -> list[Any]:
    """What these questions are answered; the texts that they want of the vault are opened in one access, under this purpose.

    A question that wants texts again once it has some makes a further access of it. Each asks its own permission first.
    Where the questions are themselves part of one that is asked beside others, they are so too, under the purpose of that.
    """
    around = BESIDE.get()
    if around is not None:
        return await around.all(*questions)
    here = _Beside(reader, purpose, 1)
    token = BESIDE.set(here)
    try:
        return await here.all(*questions)
    finally:
        BESIDE.reset(token)
