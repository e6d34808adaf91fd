"""Another service's log over HTTP: the same pages as read directly, for whoever holds the service token."""

import uuid
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from fastapi import APIRouter, FastAPI

from shared.eventlog.port import LogUnavailable
from shared.eventlog.records import ZERO, Page
from shared.feeds.remote import RemoteLog, bounded, json_of, log_routes, page_of
from shared.web.app import create_app
from tests.support import records
from tests.support.tallying import Stage, sqlite_stage

TOKEN = "the-token-of-the-house"


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with sqlite_stage(tmp_path) as made:
        for n in range(7):
            await made.say(f"fence-{n % 2}", str(n))
        yield made


@pytest.fixture
async def client(stage: Stage) -> AsyncIterator[httpx2.AsyncClient]:
    logs = {log.name: log for log in stage.logs.values()}
    transport = httpx2.ASGITransport(app=application(log_routes(logs.get, TOKEN)), raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport) as made:
        yield made


def application(routes: APIRouter) -> FastAPI:
    async def healthy() -> dict[str, object]:
        return {"ready": True, "state": "ok"}

    async def measure() -> None:
        """Nothing here is measured."""

    return create_app([routes], tokens=Nobody(), positions=Nothing(), health=healthy, measure=measure)


class Nobody:
    async def subject(self, secret: str) -> None:
        return None


class Nothing:
    async def wait(self, vector: object, timeout: float) -> bool:
        return True


def remote(client: httpx2.AsyncClient, name: str = "source/sonla", token: str = TOKEN) -> RemoteLog:
    return RemoteLog(client, "http://source/", name, token)


async def test_a_remote_log_reads_as_the_log_itself(stage: Stage, client: httpx2.AsyncClient) -> None:
    here, there = stage.logs["source"], remote(client)
    for after, limit in ((0, 3), (3, 100), (7, 5), (0, 5_000)):
        assert await there.read(after, limit) == await here.read(after, limit)
    assert await there.head() == await here.head()
    for position in (0, 1, 7, 8):
        assert await there.hash_at(position) == await here.hash_at(position)


async def test_without_the_token_nothing_is_read(client: httpx2.AsyncClient) -> None:
    for token in ("", "another", TOKEN + " "):
        answer = await client.get("http://source/internal/logs/source/sonla/head", headers={"Authorization": f"Bearer {token}"})
        assert answer.status_code == 401
    with pytest.raises(LogUnavailable):
        await remote(client, token="another").head()


async def test_a_log_that_is_not_served_is_unavailable(client: httpx2.AsyncClient) -> None:
    with pytest.raises(LogUnavailable):
        await remote(client, name="nobody/sonla").read(0, 1)


async def test_bounds_are_held(client: httpx2.AsyncClient) -> None:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    for query in ("after=-1", "limit=0", "limit=100000", "after=x", f"after={2**63}"):
        answer = await client.get(f"http://source/internal/logs/source/sonla?{query}", headers=headers)
        assert answer.status_code == 422, query


async def test_what_is_no_answer_of_a_log_is_unavailable() -> None:
    def proxy(_request: httpx2.Request) -> httpx2.Response:
        return httpx2.Response(200, text="<html>Bad gateway</html>")

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(proxy)) as client:
        with pytest.raises(LogUnavailable):
            await remote(client).head()


async def test_a_service_that_does_not_answer_is_unavailable() -> None:
    def nobody(_request: httpx2.Request) -> httpx2.Response:
        raise httpx2.ConnectError("refused")

    async with httpx2.AsyncClient(transport=httpx2.MockTransport(nobody)) as client:
        with pytest.raises(LogUnavailable):
            await remote(client).read(0, 10)


def test_an_empty_token_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="service token"):
        log_routes(lambda _name: None, "")


def test_a_page_survives_its_way_through_json() -> None:
    page = Page("first", 0, ZERO, records.records("source/sonla", 5))
    assert page_of(json_of(page)) == page
    assert page_of(json_of(page)).records[0].event_id == uuid.UUID(int=1)


def test_an_answer_is_bounded_in_bytes_and_never_empty() -> None:
    page = Page("first", 0, ZERO, records.records("source/sonla", 20))
    size = len(page.records[0].data) + len(page.records[0].metadata)
    assert len(bounded(page, 5 * size + 20).records) == 5
    assert len(bounded(page, 1).records) == 1
    assert bounded(page) is page
