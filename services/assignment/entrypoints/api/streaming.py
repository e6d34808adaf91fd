"""A unit's items as server-sent events: each as over the cursor, told as soon as it can be read, resumed by its position."""

import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import orjson
from fastapi.sse import EventSourceResponse, format_sse_event
from starlette.types import Receive, Scope, Send

from services.assignment.readmodel.tasks.views import TaskItem
from shared.contracts.refusals import Invalid
from shared.eventlog.port import EventLog
from shared.web.problems import NotServed

MEDIA_TYPE: Final = "text/event-stream"
HEARTBEAT_SECONDS: Final = 15.0
LONGEST_SECONDS: Final = 1_800.0  # then the reader comes again, and what it may read is found out anew
LOOK_SECONDS: Final = 5.0  # how long a house that ends waits for its streams
CATCH_UP_SECONDS: Final = 2.0
RETRY_MILLISECONDS: Final = 3_000
MOST: Final = 500  # streams of a process
MOST_OF_A_READER: Final = 8


class TooManyStreams(NotServed):
    """One reader has too many streams open already."""

    code = "too-many-streams"
    title_vi = "Đang mở quá nhiều luồng"
    title_en = "Too many streams are open"
    advice_vi = "Đóng bớt luồng, hoặc đọc theo vị trí với after và wait."
    advice_en = "Close some, or read by position with after and wait."

    def __init__(self) -> None:
        super().__init__(429)


class NoMoreStreams(NotServed):
    """This process has as many streams open as it can."""

    code = "no-more-streams"
    title_vi = "Máy chủ đang mở đủ số luồng có thể"
    title_en = "The server has as many streams open as it can"
    advice_vi = "Đọc theo vị trí với after và wait, hoặc thử lại sau."
    advice_en = "Read by position with after and wait, or try again later."

    def __init__(self) -> None:
        super().__init__(503)


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """What a stream reads: `read` the items beyond a position, `ready` waits until the read model holds what the log does.

    `holds` says whether the reader may read on.
    """

    read: Callable[[int], Awaitable[Sequence[TaskItem]]]
    ready: Callable[[int], Awaitable[object]]
    holds: Callable[[], Awaitable[bool]]
    ending: Callable[[], bool]


class Streams:
    """The streams of this process, so many and no more."""

    def __init__(self, log: EventLog) -> None:
        self._log = log
        self._open: Counter[str] = Counter()

    def open(self, reader: str, followed: Followed, after: int) -> "_Streaming":
        """Tell `reader` what stands beyond `after` and what comes.

        Raises:
            TooManyStreams, NoMoreStreams

        """
        if self._open.total() >= MOST:
            raise NoMoreStreams
        if self._open[reader] >= MOST_OF_A_READER:
            raise TooManyStreams
        self._open[reader] += 1
        return _Streaming(self._told(followed, after), lambda: self._close(reader))

    def _close(self, reader: str) -> None:
        self._open[reader] -= 1
        self._open += Counter()  # who has none open is not kept

    async def _told(self, followed: Followed, after: int) -> AsyncIterator[bytes]:
        ends, looked = time.monotonic() + LONGEST_SECONDS, time.monotonic()
        yield format_sse_event(retry=RETRY_MILLISECONDS, comment="open")
        while time.monotonic() < ends and not followed.ending():
            head = (await self._log.head()).position
            await followed.ready(head)
            while items := await followed.read(after):
                for item in items:
                    yield format_sse_event(event="item", id=str(item.position), data_str=orjson.dumps(item).decode())
                after = items[-1].position
            quiet = time.monotonic() - looked >= HEARTBEAT_SECONDS
            if quiet:
                if not await followed.holds():
                    return
                looked = time.monotonic()
                yield format_sse_event(comment="here")
            await self._log.wait_beyond(head, min(LOOK_SECONDS, max(0.0, looked + HEARTBEAT_SECONDS - time.monotonic())))


class _Streaming(EventSourceResponse):
    """The answer that goes on until one of both leaves."""

    def __init__(self, told: AsyncIterator[bytes], close: Callable[[], None]) -> None:
        self._close = close
        super().__init__(told, headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._close()


def resumed(last_event_id: str | None, after: int) -> int:
    """The position after which a reader goes on: what it had last, else what it asks for.

    Raises:
        Invalid

    """
    if not last_event_id:
        return after
    if not (last_event_id.isascii() and last_event_id.isdigit() and len(last_event_id) < 19):
        raise Invalid("Last-Event-ID")
    return int(last_event_id)
