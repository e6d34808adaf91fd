"""Group commit: appends that arrive while a commit runs share the next one; nothing waits when idle."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final, NamedTuple

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


class Pending(NamedTuple):
    """An append with its hashes, waiting for its outcome."""

    append: Append
    hashes: tuple[tuple[bytes, ...], ...]  # by write
    outcome: "asyncio.Future[Appended]"

    def settle(self, result: Appended | Exception) -> None:
        """Hand the outcome to whoever waits, unless they have gone."""
        if self.outcome.done():
            return
        if isinstance(result, Exception):
            self.outcome.set_exception(result)
        elif result.replayed and result.fingerprint != self.append.fingerprint:
            self.outcome.set_exception(CommandIdReused(self.append.command_id))
        else:
            self.outcome.set_result(result)


Commit = Callable[[Sequence[Pending]], Awaitable[None]]


class Groups:
    """Collects appends and hands them on in groups. `commit` settles every one it is given.

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
                await self._commit(group)
            except BaseException as error:
                for pending in group:
                    pending.settle(LogUnavailable(f"{self._log}: {type(error).__name__}"))
                if not isinstance(error, Exception):
                    raise


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
        size = sum(len(write.events) for write in append.writes)
        full = len(group) >= MAX_COMMANDS or (group and events + size > MAX_EVENTS)
        meets = append.command_id in commands or writes & touched or guards & written
        if full or meets:
            later.append(pending)
            # What waits keeps its place: nothing behind it may touch its streams first.
        else:
            group.append(pending)
            events += size
        written |= writes
        touched |= writes | guards
        commands.add(append.command_id)
    return group, later


def _check(append: Append) -> None:
    events = [event for write in append.writes for event in write.events]
    if not events:
        raise AppendRefused("an append holds at least one event")
    if len(events) > MAX_EVENTS_PER_APPEND:
        raise AppendRefused(f"{len(events)} events; one append takes at most {MAX_EVENTS_PER_APPEND}")
    largest = max(len(event.data) + len(event.metadata) for event in events)
    if largest > MAX_EVENT_BYTES:
        raise AppendRefused(f"an event of {largest} bytes; at most {MAX_EVENT_BYTES} are taken")
    streams = [write.stream for write in append.writes] + [guard.stream for guard in append.guards]
    if len(set(streams)) != len(streams):
        raise AppendRefused("a stream is named twice")
    if any(not write.events for write in append.writes):
        raise AppendRefused("a write without events: use a guard")
    if any(write.expected == 0 and write.prev_hash != ZERO for write in append.writes):
        raise AppendRefused("the first event of a stream has no predecessor")
