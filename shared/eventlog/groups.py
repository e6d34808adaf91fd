"""Group commit: appends that arrive while a commit runs share the next one; nothing waits when idle."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

import structlog

from shared.eventlog.port import (
    MAX_EVENT_BYTES,
    MAX_EVENTS_PER_APPEND,
    AppendRefused,
    CommandIdReused,
    LogUnavailable,
)
from shared.eventlog.records import ZERO, Append, Appended, chain

MAX_COMMANDS: Final = 500  # of one commit
MAX_EVENTS: Final = 20_000  # of one commit


Outcome = Appended | Exception
_logger = structlog.get_logger()


class Pending(NamedTuple):
    """An append with its hashes, waiting for its outcome."""

    append: Append
    hashes: tuple[tuple[bytes, ...], ...]  # by write
    outcome: "asyncio.Future[Appended]"

    def settle(self, result: Outcome) -> None:
        """Hand the outcome to whoever waits, unless they have gone."""
        if self.outcome.done():
            return
        if isinstance(result, Exception):
            self.outcome.set_exception(result)
        elif result.replayed and result.fingerprint != self.append.fingerprint:
            self.outcome.set_exception(CommandIdReused(self.append.command_id))
        else:
            self.outcome.set_result(result)


Commit = Callable[[Sequence[Pending]], Awaitable[Sequence[Outcome]]]


class Groups:
    """Collects appends and hands them in groups to `commit`, which answers an outcome for each.

    Two appends that touch the same stream or carry the same command id never stand in one group: the later one waits
    for the next, where it finds what the earlier one wrote.
    """

    def __init__(self, log: str, commit: Commit) -> None:
        self._log, self._commit = log, commit
        self._waiting: list[Pending] = []
        self._worker: asyncio.Task[None] | None = None
        self._closed = False

    async def add(self, append: Append) -> Appended:
        """Wait for the outcome of `append`.

        Raises:
            AppendRefused: too many or too large events.
            Whatever the commit found.
        """
        if self._closed:
            raise LogUnavailable(f"{self._log} is closed")
        _check(append)
        try:
            hashes = tuple(tuple(chain(self._log, write)) for write in append.writes)
        except (TypeError, ValueError, OverflowError) as error:
            raise AppendRefused(f"an event that has no canonical form: {type(error).__name__}") from error
        pending = Pending(append, hashes, asyncio.get_running_loop().create_future())
        self._waiting.append(pending)
        if self._worker is None or self._worker.done():
            self._worker = asyncio.create_task(self._work())
        return await pending.outcome

    async def close(self) -> None:
        """Finish what waits, take nothing more."""
        self._closed = True
        if self._worker is not None:
            await self._worker

    async def _work(self) -> None:
        while self._waiting:
            group, self._waiting = _next_group(self._waiting)
            try:
                outcomes = await self._commit(group)
            except Exception as error:
                _logger.exception("log.commit_failed", log=self._log)
                outcomes = [LogUnavailable(f"{self._log}: {type(error).__name__}")] * len(group)
            except BaseException:
                outcomes = [LogUnavailable(f"{self._log} was stopped")] * len(group)
                for pending in self._waiting:
                    pending.settle(outcomes[0])
                self._waiting = []
                raise
            finally:
                for pending, outcome in zip(group, outcomes, strict=True):
                    pending.settle(outcome)


def _next_group(waiting: list[Pending]) -> tuple[list[Pending], list[Pending]]:
    group: list[Pending] = []
    later: list[Pending] = []
    written: set[str] = set()
    touched: set[str] = set()
    commands: set[str] = set()
    events = 0
    for pending in waiting:
        append = pending.append
        writes = {write.stream for write in append.writes}
        guards = {guard.stream for guard in append.guards}
        size = sum(map(len, pending.hashes))
        full = len(group) >= MAX_COMMANDS or (group and events + size > MAX_EVENTS)
        meets = append.command_id in commands or not writes.isdisjoint(touched) or not guards.isdisjoint(written)
        if full or meets:
            later.append(pending)
            # What waits keeps its place: nothing behind it may touch its streams first.
        else:
            group.append(pending)
            events += size
        written |= writes
        touched |= writes
        touched |= guards
        commands.add(append.command_id)
    return group, later


def _check(append: Append) -> None:
    streams = {guard.stream for guard in append.guards}
    events = 0
    for write in append.writes:
        streams.add(write.stream)
        events += len(write.events)
        if not write.events:
            raise AppendRefused("a write without events: use a guard")
        if write.expected == 0 and write.prev_hash != ZERO:
            raise AppendRefused("the first event of a stream has no predecessor")
        for event in write.events:
            if len(event.data) + len(event.metadata) > MAX_EVENT_BYTES:
                size = len(event.data) + len(event.metadata)
                raise AppendRefused(f"an event of {size} bytes; at most {MAX_EVENT_BYTES} are taken")
    if not events:
        raise AppendRefused("an append holds at least one event")
    if events > MAX_EVENTS_PER_APPEND:
        raise AppendRefused(f"{events} events; one append takes at most {MAX_EVENTS_PER_APPEND}")
    if len(streams) != len(append.writes) + len(append.guards):
        raise AppendRefused("a stream is named twice")
