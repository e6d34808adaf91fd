"""The pages of the intake desk in browsers without script, each of somebody who is signed in."""

import html
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI

from shared.identity.sessions import Session
from shared.permit import Subject
from shared.web.app import create_app
from shared.web.pages import Pages, static
from tests.intake.house import House
from tests.shared.identity.browser import HOUSE, Browser

COOKIE = "__Host-doithoai"


class Door:
    """Lets in whoever carries the id of somebody that the house knows."""

    def __init__(self, house: House) -> None:
        self.sessions = self
        self.people: dict[str, Subject] = dict(house.people)

    async def find(self, secret: str) -> Session | None:
        subject = self.people.get(secret)
        if subject is None:
            return None
        return Session(id=secret, name=secret, subject=subject, must_change=False, begun_at=0, seen_at=0)


async def _healthy() -> Mapping[str, Any]:
    return {"ready": True}


async def _nothing() -> None:
    pass


def application(house: House) -> FastAPI:
    """The service with its pages."""
    rooms = house.service.rooms()
    pages = Pages(rooms)
    app = create_app(
        [static(), *(room.routes(pages) for room in rooms if room.routes)],
        tokens=None,
        positions=house,
        health=_healthy,
        measure=_nothing,
        acting_for=house.service.desk.acting_for,
        page=pages.refusal,
    )
    app.state.door = Door(house)
    return app


class Clerk(Browser):
    """Somebody's browser."""

    async def press(self, page: str, action: str, **fields: str) -> httpx2.Response:
        """Fill in the form that goes to an address ending so, as the page has it, and press its button."""
        return await self.press_on((await self.open(page)).text, action, **fields)

    async def press_on(self, shown: str, action: str, **fields: str) -> httpx2.Response:
        """The same on a page that was opened before."""
        where, hidden = form_of(shown, action)
        return await self.post(where, **{**hidden, **fields})

    async def follow(self, answer: httpx2.Response) -> httpx2.Response:
        """Where an answer leads."""
        assert answer.status_code == 303, text_of(answer.text)[:500]
        return await self.open(answer.headers["Location"])

    async def upload(self, page: str, name: str, content: bytes) -> httpx2.Response:
        """Choose a file in the form of a page, and send it."""
        token = re.search(r'name="token" value="([0-9a-f]{64})"', (await self.open(page)).text)
        assert token is not None
        files = {"file": (name, content, "text/csv")}
        return await self.client.post(page, data={"token": token[1]}, files=files, headers={"Origin": HOUSE})

    async def attach(self, page: str, name: str, content: bytes) -> httpx2.Response:
        """Choose a file in the form that adds one to what the page shows, and send it."""
        where, hidden = form_of((await self.open(page)).text, "attach-to-submission")
        return await self.client.post(where, data=hidden, files={"file": (name, content)}, headers={"Origin": HOUSE})


def form_of(shown: str, action: str) -> tuple[str, dict[str, str]]:
    """Where a form goes, and what it carries unseen."""
    found = re.search(rf'<form method="post" action="([^"]*{re.escape(action)}[^"]*)"[^>]*>(.*?)</form>', shown, re.DOTALL)
    assert found is not None, f"the page has no form to {action}: {sorted(offered(shown))}"
    return html.unescape(found[1]), dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)">', found[2]))


def offered(shown: str) -> set[str]:
    """The acts that a page has forms for."""
    return {each.rpartition("/")[2].partition("?")[0] for each in re.findall(r'<form method="post" action="([^"]+)"', shown)}


def text_of(shown: str) -> str:
    """What a page says, without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown.partition("<main")[2])).split())


class Clerks:
    """Browsers of several people at once."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app, self._stack = app, stack

    async def of(self, subject: Subject) -> Clerk:
        self.app.state.door.people[subject.person] = subject
        return await self._stack.enter_async_context(_clerk(self.app, subject))


@asynccontextmanager
async def _clerk(app: FastAPI, subject: Subject) -> AsyncIterator[Clerk]:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=HOUSE, headers={"Accept": "text/html"}) as client:
        client.cookies.set(COOKIE, subject.person)
        yield Clerk(client)
