"""A unit's stream as server-sent events: every item once and in order, from where its reader was, within bounds."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.types import Message

from services.assignment.entrypoints.api import streaming
from shared.permit import Subject
from tests.assignment.house import LEADER, OTHER_UNIT, House
from tests.assignment.test_task_stream import given_to, items, joins_up

PATH = "/assignment/api/units/TCHCQT/tasks"


class Reader:
    """A program that reads a stream as it comes."""

    def __init__(self) -> None:
        self.status = 0
        self.headers: dict[str, str] = {}
        self._came: asyncio.Queue[bytes] = asyncio.Queue()
        self._left = asyncio.Event()
        self.over = asyncio.Event()

    async def receive(self) -> Message:
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = {name.decode(): value.decode() for name, value in message["headers"]}
        elif message.get("body"):
            await self._came.put(message["body"])

    def leave(self) -> None:
        self._left.set()

    async def frame(self) -> str:
        """The next frame, whatever it is."""
        async with asyncio.timeout(10):
            return (await self._came.get()).decode()

    async def item(self) -> tuple[str, dict[str, Any]]:
        """The id and the data of the next item."""
        while True:
            said = dict(line.split(": ", 1) for line in (await self.frame()).splitlines() if ": " in line and line[0] != ":")
            if said.get("event") == "item":
                return said["id"], json.loads(said["data"])


@asynccontextmanager
async def reading(house: House, by: Subject | None, *, query: str = "", **headers: str) -> AsyncIterator[Reader]:
    reader = Reader()
    sent = {"accept": "text/event-stream", **({"authorization": f"Bearer {by.person}"} if by else {}), **headers}
    scope: Mapping[str, Any] = {
        "type": "http",
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "server": ("house", 80),
        "client": ("127.0.0.1", 1),
        "path": PATH,
        "raw_path": PATH.encode(),
        "root_path": "",
        "query_string": query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in sent.items()],
    }

    async def run() -> None:
        await house._application(dict(scope), reader.receive, reader.send)
        reader.over.set()

    task = asyncio.create_task(run())
    try:
        yield reader
    finally:
        reader.leave()
        async with asyncio.timeout(10):
            await task


async def test_what_stands_comes_first_and_what_arises_follows_each_item_once_and_joined_up(house: House) -> None:
    _, task = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    await given_to(house, "7Q2K9FXA3MBTW0000002", "TH")
    async with reading(house, LEADER) as reader:
        first = await reader.item()
        await house.ask("accept_task", LEADER, task=task)
        await house.ask("delegate_task", LEADER, task=task, to="p-specialist")
        second = await reader.item()
    told = [first[1], second[1]]
    assert told == await items(house)
    assert joins_up(told)
    assert [first[0], second[0]] == [str(each["position"]) for each in told]
    assert reader.headers["content-type"].startswith("text/event-stream")
    assert reader.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("way", ["header", "query", "both"])
async def test_a_reader_goes_on_from_the_item_it_had(house: House, way: str) -> None:
    _, task = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    await house.ask("delegate_task", LEADER, task=task, to="p-specialist")
    had, missed = await items(house)
    headers = {} if way == "query" else {"last_event_id": str(had["position"])}
    query = {"header": "", "query": f"after={had['position']}", "both": "after=0"}[way]
    async with reading(house, LEADER, query=query, **headers) as reader:
        assert (await reader.item())[1] == missed
    assert missed["previous"] == had["position"]


async def test_while_nothing_comes_it_says_that_it_is_here(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT_SECONDS", 0.05)
    async with reading(house, LEADER) as reader:
        assert "retry: 3000" in await reader.frame()
        assert await reader.frame() == ": here\n\n"
        assert await reader.frame() == ": here\n\n"


async def test_whose_credential_ends_is_told_nothing_more(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "HEARTBEAT_SECONDS", 0.05)
    async with reading(house, LEADER) as reader:
        await reader.frame()
        known = house.people
        monkeypatch.setattr(house, "people", {name: who for name, who in known.items() if name != LEADER.person})
        async with asyncio.timeout(10):
            await reader.over.wait()


async def test_a_reader_has_so_many_streams_and_a_place_is_free_once_one_is_left(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(streaming, "MOST_OF_A_READER", 1)
    monkeypatch.setattr(streaming, "MOST", 2)
    async with reading(house, LEADER) as first:
        await first.frame()
        async with reading(house, LEADER) as second:
            assert json.loads(await second.frame())["code"] == "too-many-streams"
        assert second.status == 429
    async with reading(house, LEADER) as again:
        await again.frame()
    assert again.status == 200


async def test_a_process_has_so_many_streams(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streaming, "MOST", 0)
    async with reading(house, LEADER) as reader:
        assert json.loads(await reader.frame())["code"] == "no-more-streams"
    assert reader.status == 503


@pytest.mark.parametrize(
    ("by", "query", "headers", "status", "code"),
    [
        (OTHER_UNIT, "", {}, 404, "unknown"),
        (LEADER, "as_of=2023-01-09T00:00:00%2B07:00", {}, 422, "not-as-of"),
        (LEADER, "", {"last_event_id": "x"}, 422, "invalid"),
        (LEADER, "", {"last_event_id": "999999"}, 409, "cursor-beyond-end"),
        (None, "", {}, 401, "not-signed-in"),
    ],
)
async def test_what_cannot_be_followed_is_refused_before_the_stream_begins(
    house: House, by: Subject | None, query: str, headers: dict[str, str], status: int, code: str
) -> None:
    await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    async with reading(house, by, query=query, **headers) as reader:
        told = json.loads(await reader.frame())
    assert (reader.status, told["code"]) == (status, code)
