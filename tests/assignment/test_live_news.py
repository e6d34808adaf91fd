"""News of work reaches those whose piles it moves, each once, and nobody else; who lost the line misses nothing."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any, Final

import pytest
from fastapi import FastAPI

from services.assignment.readmodel.work import news
from shared.eventlog.records import Head
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.subscriptions.following import Following
from shared.web import live as module
from shared.web.live import Live, Source, routes
from tests.assignment.browsing import COOKIE, application, with_a_unit
from tests.assignment.house import CHIEF, HUB, LEADER, SPECIALIST, House

TOPIC: Final = news.NAME
PATIENCE: Final = 5.0


class Doors:
    """Says which sessions hold."""

    def __init__(self, app: FastAPI) -> None:
        self._people = app.state.door.people
        self.ended: set[str] = set()

    async def still_open(self, ids: Any) -> dict[str, Subject]:
        return {each: self._people[each] for each in ids if each not in self.ended}


class Stream:
    """What one page is sent: an ASGI call that goes on."""

    def __init__(self) -> None:
        self.status = 0
        self.lines: asyncio.Queue[str] = asyncio.Queue()
        self.body = b""
        self.begun, self.over = asyncio.Event(), asyncio.Event()

    async def send(self, message: Any) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        else:
            self.body += message.get("body", b"")
            self.begun.set()
            for line in message.get("body", b"").decode().splitlines():
                await self.lines.put(line)
            if not message.get("more_body"):
                self.over.set()

    async def event(self) -> dict[str, str]:
        """The next event, without the comments between."""
        found: dict[str, str] = {}
        async with asyncio.timeout(PATIENCE):
            while True:
                line = await self.lines.get()
                name, colon, value = line.partition(":")
                if colon and name:
                    found[name] = value.strip()
                elif "event" in found and not line:
                    return found
                elif not line:
                    found = {}

    async def silent(self, seconds: float = 0.5) -> bool:
        """Whether nothing comes for a while."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self.event()
                return False
        return True


class Listening:
    """The house with its pages, and what tells them."""

    def __init__(self, house: House) -> None:
        self.house, self.app = house, application(house)
        self.following = Following(house.service)
        self.doors = Doors(self.app)
        topics = [topic for room in house.service.rooms() for topic in room.topics]
        log = house.service.kernel.log
        self.live = Live([Source(log=log, topics=topics, beyond=self.following.beyond)], self.doors)
        self.app.router.routes.extend(routes(self.live).routes)

    async def head(self) -> Head:
        return await self.house.service.kernel.log.head()

    async def at(self) -> str:
        stand = await self.following.stand()
        return f"{stand.incarnation}:{stand.position}"

    @asynccontextmanager
    async def page(self, subject: Subject, *, after: str = "", last: str = "", topic: str = TOPIC) -> AsyncIterator[Stream]:
        self.app.state.door.people[subject.person] = subject
        stream, leaving = Stream(), asyncio.Event()

        async def receive() -> Any:
            await leaving.wait()
            return {"type": "http.disconnect"}

        headers = [(b"host", b"house"), (b"accept", b"text/event-stream"), (b"cookie", f"{COOKIE}={subject.person}".encode())]
        headers += [(b"last-event-id", last.encode())] if last else []
        scope = {
            "type": "http", "method": "GET", "path": "/live", "raw_path": b"/live", "scheme": "https", "headers": headers,
            "query_string": f"topic={topic}&after={after}".encode(), "server": ("house", 443), "client": ("127.0.0.1", 1),
            "http_version": "1.1", "root_path": "", "asgi": {"version": "3.0"},
        }  # fmt: skip
        task = asyncio.create_task(self.app(scope, receive, stream.send))
        try:
            async with asyncio.timeout(PATIENCE):
                await stream.begun.wait()
            yield stream
        finally:
            leaving.set()
            await asyncio.wait([task], timeout=PATIENCE)
            assert task.done()


@pytest.fixture
async def listening(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Listening]:
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 0.2)
    made = Listening(house)
    yield made
    await made.live.stop()


async def test_the_unit_hears_of_its_work_and_another_unit_does_not(listening: Listening, house: House) -> None:
    elsewhere = replace(LEADER, person="th-01", unit="TH")
    async with listening.page(LEADER) as unit, listening.page(elsewhere) as other, listening.page(CHIEF) as chief:
        await with_a_unit(house)
        told = await unit.event()
        head = await listening.head()
        assert told["event"] == "moved"
        assert told["id"].startswith(f"{head.incarnation}:")
        assert set(told) == {"event", "id", "data"}
        assert told["data"] == f'{{"topic":"{TOPIC}","position":{told["id"].rpartition(":")[2]}}}'
        assert (await chief.event())["event"] == "moved"
        assert await other.silent()
        assert b"event" not in other.body


async def test_work_passed_on_is_its_persons_and_his_leaders(listening: Listening, house: House) -> None:
    case = await with_a_unit(house)
    task = await _task_of(house, case)
    await house.ask("accept_task", LEADER, task=task)
    await house.ask("delegate_task", LEADER, task=task, to=SPECIALIST.person)
    await house.follow()
    colleague = replace(SPECIALIST, person="tchcqt-77")
    async with listening.page(SPECIALIST) as his, listening.page(colleague) as not_his:
        await house.ask("request_extension", LEADER, task=task, until="2023-02-28", reason="Chờ báo giá.")
        await house.follow()
        assert (await his.event())["event"] == "moved"
        assert await not_his.silent()


async def test_who_lost_the_line_is_told_of_what_he_missed_and_only_of_that(listening: Listening, house: House) -> None:
    before = await listening.at()
    await with_a_unit(house)
    async with listening.page(LEADER, last=before) as again:
        missed = await again.event()
        assert missed["event"] == "moved"
        assert await again.silent()
    async with listening.page(LEADER, last=missed["id"]) as once_more:
        assert await once_more.silent()
    async with listening.page(replace(LEADER, person="th-01", unit="TH"), last=before) as not_his:
        assert await not_his.silent()


@pytest.mark.parametrize("lost", ["another:1", "-:0"])
async def test_who_comes_from_another_incarnation_is_told_that_he_cannot_know(
    listening: Listening, house: House, lost: str
) -> None:
    await with_a_unit(house)
    async with listening.page(LEADER, last=lost) as again:
        assert (await again.event())["event"] == "gap"


async def test_nothing_is_told_before_the_lists_hold_it(listening: Listening, house: House) -> None:
    case = await with_a_unit(house)
    task = await _task_of(house, case)
    async with listening.page(LEADER, last=await listening.at()) as page:
        await house.ask("accept_task", LEADER, task=task)
        assert await page.silent()
        await house.follow()
        assert int((await page.event())["id"].rpartition(":")[2]) <= (await listening.following.stand()).position


async def test_what_is_asked_wrongly_is_refused(listening: Listening) -> None:
    for wrong, status in ({"topic": "assignment.other"}, 404), ({"after": "x"}, 422), ({"last": "a:-1"}, 422):
        async with listening.page(LEADER, **wrong) as refused:
            assert refused.status == status, wrong


async def test_an_account_has_so_many_pages_and_a_process_too(listening: Listening, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OF_AN_ACCOUNT", 1)
    monkeypatch.setattr(module, "MOST", 2)
    async with listening.page(LEADER) as first, listening.page(LEADER) as second, listening.page(HUB) as other:
        assert (first.status, second.status, other.status) == (200, 429, 200)
        async with listening.page(CHIEF) as one_more:
            assert one_more.status == 503
    async with listening.page(LEADER) as again:
        assert again.status == 200


async def test_it_ends_with_the_session_and_with_the_post_and_with_the_process(listening: Listening) -> None:
    async with listening.page(LEADER) as here, listening.page(HUB) as moved, listening.page(CHIEF) as left:
        listening.live.forget(LEADER.person)
        listening.app.state.door.people[HUB.person] = replace(HUB, unit="TH")
        async with asyncio.timeout(PATIENCE):
            await here.over.wait()
            await moved.over.wait()
        assert not left.over.is_set()
        listening.doors.ended.add(CHIEF.person)
        async with asyncio.timeout(PATIENCE):
            await left.over.wait()
    async with listening.page(SPECIALIST) as last:
        listening.live.leave()
        async with asyncio.timeout(PATIENCE):
            await last.over.wait()


async def test_a_thousand_pages_cost_one_reader(listening: Listening, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_OF_AN_ACCOUNT", 2_000)
    monkeypatch.setattr(module, "HEARTBEAT_SECONDS", 5.0)
    log, reads = house.service.kernel.log, 0
    read = log.read

    async def counted(after: int, limit: int) -> Any:
        nonlocal reads
        reads += 1
        return await read(after, limit)

    reader = listening.live._readers[0]
    monkeypatch.setattr(reader, "_source", replace(reader._source, log=_Log(log, counted)))
    session = Session(id="one", name="one", subject=LEADER, must_change=False, begun_at=0, seen_at=0)
    for _ in range(1_000):
        await listening.live.listen(session, TOPIC, None)
    reads = 0
    await with_a_unit(house)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(each._stirred.wait() for each in reader.listeners))
    assert len(reader.listeners) == 1_000
    assert reads < 20


class _Log:
    def __init__(self, log: Any, read: Any) -> None:
        self.name, self.read, self.head, self.hash_at = log.name, read, log.head, log.hash_at


async def _task_of(house: House, case: str) -> str:
    found = await house.service.queries.cases.case(CHIEF, case)
    assert found.task is not None
    return str(found.task)
