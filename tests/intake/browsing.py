"""The public pages in browsers of people who are not signed in, without script."""

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import httpx2
from fastapi import FastAPI

from shared.web.app import create_app
from shared.web.pages import Pages, static
from tests.intake.house import House
from tests.shared.identity.browser import HOUSE, Browser
from tests.support.hosting import healthy, nothing

TYPED = {
    "words": "Bộ phận một cửa hẹn trả kết quả 3 lần chưa được.\nĐề nghị giải quyết.",
    "office": "VPUB",
    "wants": "opinion",
    "who": "person",
    "name": "Lò Văn Thử",
    "contact": "0912 345 678",
    "consent": "1",
}
CODE = re.compile(r"[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{5}")
Files = list[tuple[str, bytes]]


def application(house: House) -> FastAPI:
    """The service with its pages."""
    rooms = house.service.rooms()
    pages = Pages(rooms)
    return create_app(
        [static(), *(room.routes(pages) for room in rooms if room.routes)],
        tokens=None,
        positions=house,
        health=healthy,
        measure=nothing,
        acting_for=house.service.desk.acting_for,
        page=pages.refusal,
    )


class Citizen(Browser):
    """Somebody's browser."""

    async def hand_in(self, *, files: Files = [], **changed: str | None) -> httpx2.Response:  # noqa: B006
        """Fill in the form of `/submit`, and press its button."""
        return await self.hand_in_from((await self.open("/submit")).text, files=files, **changed)

    async def hand_in_from(self, shown: str, *, files: Files = [], **changed: str | None) -> httpx2.Response:  # noqa: B006
        """The same on a page that was opened before."""
        typed = {name: value for name, value in {**TYPED, **changed}.items() if value is not None}
        sent = {**hidden_of(shown, "/submit"), **typed}
        parts = [("files", (name, content, "application/octet-stream")) for name, content in files]
        fields = [(name, (None, value)) for name, value in sent.items()]
        return await self.client.post("/submit", files=[*fields, *parts], headers={"Origin": HOUSE})

    async def handed_in(self, **changed: Any) -> str:
        """Hand in, and the code that the receipt shows."""
        answer = await self.hand_in(**changed)
        assert (answer.status_code, answer.headers["Location"]) == (303, "/receipt"), answer.text
        found = CODE.search((await self.open("/receipt")).text)
        assert found is not None
        return found[0]

    async def look_up(self, code: str) -> httpx2.Response:
        """Type a code, and follow to what it shows."""
        answer = await self.send("/lookup", "/lookup", code=code)
        return await self.open(answer.headers["Location"]) if answer.status_code == 303 else answer

    async def press(self, word: str, number: int = 1, **fields: str) -> httpx2.Response:
        """Press one of what the result offers, and follow."""
        action = f"/lookup/{number}/{word}"
        hidden = hidden_of((await self.open("/lookup/result")).text, action)
        answer = await self.post(action, **{**hidden, **fields})
        return await self.open(answer.headers["Location"]) if answer.status_code == 303 else answer


def hidden_of(shown: str, action: str) -> dict[str, str]:
    """What the form that goes to `action` carries unseen."""
    found = re.search(rf'<form method="post" action="{action}"[^>]*>(.*?)</form>', shown, re.DOTALL)
    assert found is not None, f"the page has no form for {action}"
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', found[1]))


def offered(shown: str) -> set[str]:
    """What the result offers to do."""
    return set(re.findall(r'action="/lookup/\d/([a-z-]+)"', shown))


_ADDRESSES = count(1)


@asynccontextmanager
async def citizen(app: FastAPI, address: str | None = None) -> AsyncIterator[Citizen]:
    """A browser of somebody at an address of his own, or at this one."""
    at = next(_ADDRESSES)
    address = address or f"198.18.{at // 250}.{at % 250}"
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False, client=(address, 40_000))
    async with httpx2.AsyncClient(transport=transport, base_url=HOUSE, headers={"Accept": "text/html"}) as client:
        yield Citizen(client)
