"""The operator's verbs beside a house that is served: how far long work has come is heard while it goes on."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from typing import Any

import pytest
import uvicorn
from fastapi import FastAPI

from deploy import keeping, operating, remote
from deploy.listening import listen
from deploy.remote import Remote, Unreachable
from shared.progress import Stand
from shared.subscriptions.rebuild import Rebuild
from shared.web import problems

REBUILD = "/internal/rebuild"
DONE = Rebuild(projection="cases", events=3_000, rows={"cases": 2}, equal=None, swapped=True)


@pytest.fixture(autouse=True)
def looked_at_often(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remote, "LOOK_SECONDS", 0.01)


async def test_how_far_a_rebuild_in_a_served_house_has_come_is_heard_while_it_goes_on(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[int, int]] = []
    first, both = asyncio.Event(), asyncio.Event()

    def stand(done: int, total: int) -> None:
        heard.append((done, total))
        (first if done == 1_000 else both).set()

    async def rebuild(_house: Any, _projection: str, *, check: bool, stand: Stand) -> Rebuild:
        assert not check
        stand(1_000, 3_000)
        await first.wait()
        stand(2_000, 3_000)
        await both.wait()
        return DONE

    monkeypatch.setattr(keeping, "rebuild", rebuild)
    async with served() as asked:
        found = await asked.long(REBUILD, {"projection": "cases", "check": False}, {"projection": "cases"}, stand)
        assert (found["projection"], found["events"], found["swapped"]) == ("cases", 3_000, True)
        assert list(dict.fromkeys(heard)) == [(1_000, 3_000), (2_000, 3_000)]


async def test_a_rebuild_that_is_refused_after_a_while_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = asyncio.Event()

    async def rebuild(_house: Any, _projection: str, *, check: bool, stand: Stand) -> Rebuild:
        stand(1, 2)
        await heard.wait()
        raise keeping.CannotRebuild(reason="intake/sonla position 2: ValueError")

    monkeypatch.setattr(keeping, "rebuild", rebuild)
    async with served() as asked:
        with pytest.raises(Unreachable, match=r"cannot-rebuild: .* position 2"):
            await asked.long(REBUILD, {"projection": "cases"}, {"projection": "cases"}, lambda *_: heard.set())


@asynccontextmanager
async def served() -> AsyncIterator[Remote]:
    """The routes in a server of their own, and whoever asks there."""
    app = FastAPI()
    problems.install(app)
    house: Any = None  # nothing of it is asked here
    app.include_router(operating.routes(house), prefix="/internal")
    with closing(listen("127.0.0.1", 0)) as listener:
        server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off"))
        running = asyncio.create_task(server.serve([listener]))
        asked = Remote([f"http://127.0.0.1:{listener.getsockname()[1]}"], "secret")
        try:
            yield asked
        finally:
            await asked.close()
            server.should_exit = True
            await running
