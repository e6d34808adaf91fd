"""The pages of the assignment service in browsers without script, each of somebody who is signed in."""

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
from tests.assignment.house import CHIEF, SPECIALIST, House
from tests.shared.identity.browser import HOUSE, Browser
from tests.support.hosting import Hosted

COOKIE = "__Host-doithoai"
SUFFIX = "7Q2K9FXA3MBTW0000001"
SAID = "Đề nghị tổ chức thêm lớp bồi dưỡng."


class Door:
    """Lets in whoever carries the id of somebody that the house knows."""

    def __init__(self, house: Hosted) -> None:
        self.sessions = self
        self.people: dict[str, Subject] = dict(house.people)
        self.must_change: set[str] = set()

    async def find(self, secret: str, *, attended: bool = True) -> Session | None:
        subject = self.people.get(secret)
        if subject is None:
            return None
        must = secret in self.must_change
        return Session(id=secret, name=secret, subject=subject, must_change=must, begun_at=0, seen_at=0)


async def _healthy() -> Mapping[str, Any]:
    return {"ready": True}


async def _nothing() -> None:
    pass


def application(house: Hosted) -> FastAPI:
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


class Person(Browser):
    """Somebody's browser."""

    async def press(self, page: str, slug: str, **fields: str) -> httpx2.Response:
        """Fill in the form of an act on a page, as the page has it, and press its button."""
        return await self.press_on((await self.open(page)).text, slug, **fields)

    async def press_on(self, shown: str, slug: str, **fields: str) -> httpx2.Response:
        """The same on a page that was opened before."""
        action, hidden = form_of(shown, slug)
        return await self.post(action, **{**hidden, **fields})


def form_of(shown: str, slug: str) -> tuple[str, dict[str, str]]:
    """Where the form of an act goes, and what it carries unseen."""
    found = re.search(rf'<form method="post" action="([^"]*/{slug})"[^>]*>(.*?)</form>', shown, re.DOTALL)
    assert found is not None, f"the page has no form to {slug}"
    return found[1], dict(re.findall(r'<input type="hidden" name="([\w.]+)" value="([^"]*)">', found[2]))


def offered(shown: str) -> set[str]:
    """The acts that a page has forms for."""
    return set(re.findall(r'<form method="post" action="/(?:cases|tasks)/[^"/]+/([a-z-]+)">', shown))


def text_of(shown: str) -> str:
    """What a page says, without its marks."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", shown.partition("<main")[2])).split())


@asynccontextmanager
async def person(app: FastAPI, subject: Subject) -> AsyncIterator[Person]:
    """Somebody's browser, signed in."""
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx2.AsyncClient(transport=transport, base_url=HOUSE, headers={"Accept": "text/html"}) as client:
        client.cookies.set(COOKIE, subject.person)
        yield Person(client)


class Browsers:
    """Browsers of several people at once."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app, self._stack = app, stack

    async def of(self, subject: Subject) -> Person:
        self.app.state.door.people[subject.person] = subject
        return await self._stack.enter_async_context(person(self.app, subject))


async def with_a_unit(house: House, suffix: str = SUFFIX) -> str:
    case = await house.refer(suffix, flags=())
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.follow()
    return case


async def put_forward(house: House) -> str:
    case = await with_a_unit(house)
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.")
    await house.follow()
    return case


def ended_well(answer: httpx2.Response, where: str, done: str) -> None:
    assert (answer.status_code, answer.headers.get("Location")) == (303, f"{where}?done={done}"), text_of(answer.text)[:400]
