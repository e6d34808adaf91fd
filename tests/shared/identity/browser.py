"""A browser without a screen: it keeps cookies, sends forms as the page has them, and follows nothing by itself."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI

from shared.identity import routes as identity
from shared.identity.pages import Door
from shared.web.app import create_app
from shared.web.pages import Pages, static

HOUSE = "https://house"
OUTSIDE_PAGE = "/welcome"


async def _healthy() -> Mapping[str, Any]:
    return {"ready": True}


async def _nothing() -> None:
    pass


def served(door: Door) -> FastAPI:
    """The frame with the pages of accounts."""
    pages = Pages()
    routers = [static(), identity.routes(pages, door, outside=OUTSIDE_PAGE)]
    app = create_app(routers, tokens=None, positions=None, health=_healthy, measure=_nothing, page=pages.refusal)  # type: ignore[arg-type]
    app.state.door = door
    return app


class Browser:
    """One person's browser."""

    def __init__(self, client: httpx2.AsyncClient) -> None:
        self.client = client

    async def open(self, path: str) -> httpx2.Response:
        return await self.client.get(path)

    async def send(self, page: str, action: str, **fields: str) -> httpx2.Response:
        """Fill in the form of a page and press its button."""
        token = re.search(r'name="token" value="([0-9a-f]{64})"', (await self.open(page)).text)
        assert token is not None
        return await self.post(action, token=token[1], **fields)

    async def post(self, action: str, **fields: str) -> httpx2.Response:
        return await self.send_from(str(self.client.base_url).rstrip("/"), action, **fields)

    async def send_from(self, origin: str, action: str, /, site: str | None = None, **fields: str) -> httpx2.Response:
        """Send a form that a page of `origin` has; `site` is what a newer browser says of where it comes from."""
        headers = {"Origin": origin} | ({} if site is None else {"Sec-Fetch-Site": site})
        return await self.client.post(action, data=fields, headers=headers)

    async def sign_in(self, name: str, password: str, **more: str) -> httpx2.Response:
        return await self.send("/sign-in", "/sign-in", name=name, password=password, **more)


@asynccontextmanager
async def browsing(app: FastAPI, at: str = HOUSE) -> AsyncIterator[Browser]:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    headers = {"Accept": "text/html"}
    async with httpx2.AsyncClient(transport=transport, base_url=at, headers=headers, follow_redirects=False) as client:
        yield Browser(client)
