"""Tells open pages that something of their topic has moved: whom it concerns, up to which position, and nothing of what it is."""

import asyncio
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Final, Protocol

import structlog
from fastapi import APIRouter, Depends, Query, Request
from fastapi.sse import EventSourceResponse, format_sse_event
from sqlalchemy.exc import SQLAlchemyError
from starlette.types import Receive, Scope, Send

from shared.contracts.refusals import Invalid, Unknown
from shared.eventlog.port import LogReader
from shared.eventlog.records import Record
from shared.feeds.tasks import end
from shared.identity.pages import listening
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.web.problems import NotServed
from shared.web.routes import undescribed
from shared.web.topics import Concerned, Topic

HEARTBEAT_SECONDS: Final = 15.0
LONGEST_SECONDS: Final = 1_800.0  # then the browser comes again by itself, and what it may be told is found out anew
RETRY_MILLISECONDS: Final = 3_000
WATCH_SECONDS: Final = 5.0
AWAY_SECONDS: Final = 1.0
RECENT: Final = 1_000  # records whose concern is kept: who lost the line for less misses nothing
PAGE: Final = 200
MOST: Final = 2_000  # listeners of a process
MOST_OF_AN_ACCOUNT: Final = 8
_log = structlog.get_logger()


class TooManyOpen(NotServed):
    """One account listens from too many pages already."""

    code = "too-many-open"
    title_vi = "Tài khoản này đang mở quá nhiều trang cập nhật"
    title_en = "Too many pages of this account are being kept up to date"
    advice_vi = "Đóng bớt trang; trang không tự cập nhật vẫn dùng được, tải lại khi cần."
    advice_en = "Close some; a page that is not kept up to date goes on working, load it again when you need to."

    def __init__(self) -> None:
        super().__init__(429)


class NobodyMore(NotServed):
    """This process tells as many pages as it can."""

    code = "nobody-more"
    title_vi = "Máy chủ đang cập nhật đủ số trang có thể"
    title_en = "The server keeps as many pages up to date as it can"
    advice_vi = "Trang vẫn dùng được; tải lại khi cần."
    advice_en = "The page goes on working; load it again when you need to."

    def __init__(self) -> None:
        super().__init__(503)


class Place(Protocol):
    """A position in one incarnation of a log."""

    @property
    def incarnation(self) -> str: ...

    @property
    def position(self) -> int: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A service whose pages can be told: its log, its topics, and how to wait until its read models lie beyond a position."""

    log: LogReader
    topics: Sequence[Topic]
    beyond: Callable[[int, float], Awaitable[Place]]


class StillOpen(Protocol):
    """Says which sessions hold, and from which post each acts."""

    async def still_open(self, ids: Collection[str]) -> Mapping[str, Subject]: ...


class Listener:
    """One open page. Of what moves only the last position is kept, so one that reads slowly costs no more than another."""

    def __init__(self, topic: str, session: Session, concerned: Concerned) -> None:
        self.topic, self.session, self.concerned = topic, session, concerned
        self._stirred = asyncio.Event()
        self._moved = self._gap = self._over = False

    def moved(self) -> None:
        self._moved = True
        self._stirred.set()

    def missed(self) -> None:
        """What lies between is not known any more."""
        self._gap = True
        self._stirred.set()

    def close(self) -> None:
        self._over = True
        self._stirred.set()

    async def events(self, at: Callable[[], str]) -> AsyncIterator[bytes]:
        """What the browser reads, until it is over; `at` is how far everything has been looked at."""
        ends = time.monotonic() + LONGEST_SECONDS
        yield format_sse_event(retry=RETRY_MILLISECONDS, comment="open")
        while not self._over and time.monotonic() < ends:
            try:
                async with asyncio.timeout(HEARTBEAT_SECONDS):
                    await self._stirred.wait()
            except TimeoutError:
                yield format_sse_event(id=at(), comment="here")  # so that who comes again need not ask for what was not his
                continue
            self._stirred.clear()
            kind = "gap" if self._gap else "moved" if self._moved else None
            self._gap = self._moved = False
            if kind is not None and not self._over:
                position = at().partition(":")[2]
                yield format_sse_event(event=kind, id=at(), data_str=f'{{"topic":"{self.topic}","position":{position}}}')


class _Reader:
    """Reads one log once for all who listen; sleeps while nobody does."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self.topics = {topic.name: topic for topic in source.topics}
        self.listeners: set[Listener] = set()
        self._recent: deque[tuple[int, Mapping[str, Hashable]]] = deque()
        self._from = self._position = 0
        self._incarnation = ""
        self._task: asyncio.Task[None] | None = None
        self._beginning = asyncio.Lock()

    def at(self) -> str:
        return f"{self._incarnation or '-'}:{self._position}"

    async def begin(self) -> None:
        """Go on reading, if it sleeps, from a little before where the read models stand."""
        async with self._beginning:
            if self._task is not None and not self._task.done():
                return
            stand = await self._source.beyond(-1, WATCH_SECONDS)
            self._restart(stand, max(0, stand.position - RECENT))
            await self._read_to(stand.position)
            self._task = asyncio.create_task(self._run(), name=f"live {self._source.log.name}")

    async def stop(self) -> None:
        for listener in self.listeners:
            listener.close()
        if self._task is not None:
            await end(self._task)

    def add(self, listener: Listener, after: tuple[str, int] | None) -> None:
        """From now on it is told; of what moved since `after`, at once."""
        self.listeners.add(listener)
        if after is None:
            return
        incarnation, position = after
        if incarnation != (self._incarnation or "-") or position < self._from:
            listener.missed()
        elif any(at > position and self._concerns(listener, about) for at, about in self._recent):
            listener.moved()

    @staticmethod
    def _concerns(listener: Listener, about: Mapping[str, Hashable]) -> bool:
        return listener.topic in about and listener.concerned(about[listener.topic])

    def _restart(self, stand: Place, position: int) -> None:
        self._incarnation, self._from, self._position = stand.incarnation, position, position
        self._recent.clear()

    async def _run(self) -> None:
        while self.listeners:
            try:
                stand = await self._source.beyond(self._position, WATCH_SECONDS)
                if (stand.incarnation, stand.position >= self._position) != (self._incarnation, True):
                    self._restart(stand, stand.position)  # another log stands in its place
                    for listener in self.listeners:
                        listener.missed()
                await self._read_to(stand.position)
            except Exception as error:  # noqa: BLE001  whatever it is, those who listen go on being told once it has passed
                _log.warning("live.not_read", log=self._source.log.name, error=type(error).__name__)
                await asyncio.sleep(AWAY_SECONDS)

    async def _read_to(self, position: int) -> None:
        while self._position < position:
            page = await self._source.log.read(self._position, min(PAGE, position - self._position))
            if not page.records:
                return
            found = await self._about(page.records)
            self._position = page.records[-1].position
            self._recent.extend(found)
            while self._recent and self._recent[0][0] <= self._position - RECENT:
                self._from = self._recent.popleft()[0]
            for listener in self.listeners:
                if any(self._concerns(listener, about) for _, about in found):
                    listener.moved()

    async def _about(self, records: Sequence[Record]) -> list[tuple[int, Mapping[str, Hashable]]]:
        """What concerns anybody, by position: asked once, whoever listens."""
        by_position: dict[int, dict[str, Hashable]] = {}
        for topic in self.topics.values():
            for position, about in (await topic.about(records)).items():
                by_position.setdefault(position, {})[topic.name] = about
        return sorted(by_position.items(), key=lambda each: each[0])


class Live:
    """Everybody who listens in this process."""

    def __init__(self, sources: Sequence[Source], sessions: StillOpen) -> None:
        self._readers = [_Reader(source) for source in sources if source.topics]
        self._sessions = sessions
        self._watching: asyncio.Task[None] | None = None
        self._over = False

    async def listen(self, session: Session, topic: str, after: tuple[str, int] | None) -> "_Telling":
        """Tell him what concerns him of a topic, from now on or from what he had last.

        Raises:
            Unknown: no such topic.
            TooManyOpen, NobodyMore

        """
        reader = next((each for each in self._readers if topic in each.topics), None)
        if reader is None:
            raise Unknown("topic")
        concerned = await reader.topics[topic].listener(session.subject)
        await reader.begin()
        held = Counter(each.session.name for each in self._listeners())
        if self._over or held.total() >= MOST:
            raise NobodyMore
        if held[session.name] >= MOST_OF_AN_ACCOUNT:
            raise TooManyOpen
        listener = Listener(topic, session, concerned)
        reader.add(listener, after)
        if self._watching is None or self._watching.done():
            self._watching = asyncio.create_task(self._watch(), name="live sessions")
        return _Telling(reader, listener)

    def forget(self, session_id: str) -> None:
        """Whoever signed out or acts from another post now is told nothing more."""
        for listener in self._listeners():
            if listener.session.id == session_id:
                listener.close()

    @property
    def over(self) -> bool:
        """Whether the process ends."""
        return self._over

    def leave(self) -> None:
        """Let everybody go: the process ends."""
        self._over = True
        for listener in self._listeners():
            listener.close()

    async def stop(self) -> None:
        """End what goes on."""
        self.leave()
        if self._watching is not None:
            await end(self._watching)
        for reader in self._readers:
            await reader.stop()

    def _listeners(self) -> list[Listener]:
        return [listener for reader in self._readers for listener in reader.listeners]

    async def _watch(self) -> None:
        """Let go whose session is over, or acts from elsewhere, whichever process ended it: one question for all."""
        while listening_now := self._listeners():
            await asyncio.sleep(HEARTBEAT_SECONDS)
            try:
                stand = await self._sessions.still_open({each.session.id for each in listening_now})
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                _log.warning("live.sessions_not_looked_at", error=type(error).__name__)
                continue
            for listener in listening_now:
                if not _same(stand.get(listener.session.id), listener.session.subject):
                    listener.close()


class _Telling(EventSourceResponse):
    """The answer that goes on until one of both leaves."""

    def __init__(self, reader: _Reader, listener: Listener) -> None:
        self._reader, self._listener = reader, listener
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        super().__init__(listener.events(reader.at), headers=headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            self._reader.listeners.discard(self._listener)


def _same(found: Subject | None, began: Subject) -> bool:
    """Whether somebody acts as he did; what others let him do is looked at when he comes again."""
    return found is not None and (found.office, found.unit, found.capacities) == (began.office, began.unit, began.capacities)


def _place(text: str | None) -> tuple[str, int] | None:
    """A place as the browser carries it, `incarnation:position`.

    Raises:
        Invalid

    """
    if not text:
        return None
    incarnation, _, position = text.rpartition(":")
    if len(text) > 100 or not (position.isascii() and position.isdigit() and len(position) < 19):
        raise Invalid("after")
    return incarnation, int(position)


def routes(live: Live) -> APIRouter:
    """The one route that open pages listen at."""
    router = undescribed()

    @router.get("/live")
    async def listen(
        request: Request,
        session: Annotated[Session, Depends(listening)],
        topic: Annotated[str, Query(max_length=80)],
        after: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Any:
        """News of a topic as they come; a browser that comes again says by `Last-Event-ID` what it had."""
        return await live.listen(session, topic, _place(request.headers.get("last-event-id") or after))

    return router
