"""Requests that arrive while others are being served are served together next; nothing waits when idle."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from shared.vault.port import VaultUnavailable

Q = TypeVar("Q")
A = TypeVar("A")


class Gathering(Generic[Q, A]):
    """Hands groups of questions to `serve`, which answers each with a value or an exception of its own."""

    def __init__(self, serve: Callable[[Sequence[Q]], Awaitable[Sequence[A | Exception]]], *, most: int) -> None:
        self._serve, self._most = serve, most
        self._waiting: list[tuple[Q, asyncio.Future[A]]] = []
        self._worker: asyncio.Task[None] | None = None

    async def ask(self, question: Q) -> A:
        """The answer to `question`; raises what it was answered with."""
        outcome: asyncio.Future[A] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, outcome))
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await outcome

    async def _work(self) -> None:
        while self._waiting:
            group, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            try:
                await self._settle(group)
            except BaseException:
                for _, outcome in group + self._waiting:
                    outcome.cancel()
                self._waiting = []
                raise

    async def _settle(self, group: Sequence[tuple[Q, "asyncio.Future[A]"]]) -> None:
        try:
            answers = await self._serve([question for question, _ in group])
        except VaultUnavailable as away:
            for _, outcome in group:
                _answer(outcome, VaultUnavailable(str(away)))
        except Exception as error:  # noqa: BLE001 — it is handed to whoever asked
            if len(group) == 1:
                _answer(group[0][1], error)
                return
            # One of them cannot be served, and none was: each by itself, so that it fails alone.
            for one in group:
                await self._settle([one])
        else:
            for (_, outcome), answer in zip(group, answers, strict=True):
                _answer(outcome, answer)


def _answer(outcome: "asyncio.Future[A]", answer: A | Exception) -> None:
    if outcome.done():  # whoever asked has gone
        return
    if isinstance(answer, Exception):
        outcome.set_exception(answer)
    else:
        outcome.set_result(answer)
