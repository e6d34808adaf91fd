"""The descriptions of what the house answers and puts out, as pages that need nothing from elsewhere."""

import asyncio
from functools import cache
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from deploy import sample
from deploy.docs import asyncapi
from deploy.docs.reading import Message, Route, groups, messages
from deploy.pages.admin.access import administers
from deploy.pages.audit.access import reads
from shared.contracts.refusals import Unknown
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.responses import Json
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed

PATH: Final = "/docs"
CONSUMER: Final = "follow_unit.py"


def room() -> Room:
    """The pages; whoever writes a program against the house reads them, signed in or not."""
    return Room(package=__name__, routes=_routes, menu="docs-menu.html", group=Group.HOUSE, reached=reached)


def reached(subject: Subject) -> frozenset[str]:
    """In the menu of whoever lets programs in, and of whoever reads what they and people did."""
    return frozenset({PATH}) if administers(subject) or reads(subject) else frozenset()


def _routes(pages: Pages) -> APIRouter:
    router = undescribed()
    kept: dict[str, list[Route]] = {}

    async def routes_of(request: Request) -> dict[str, list[Route]]:
        if not kept:
            kept.update(await asyncio.to_thread(_groups, request.app))
        return kept

    @router.get(PATH)
    async def api(request: Request) -> Response:
        return pages.show(request, "docs.html", groups=await routes_of(request), about=request.app.description)

    @router.get("/docs/api/{service}/{thing}")
    async def group(request: Request, service: str, thing: str) -> Response:
        name = f"{service}: {thing}"
        routes = (await routes_of(request)).get(name)
        if routes is None:
            raise Unknown("group")
        return pages.show(request, "docs-group.html", name=name, routes=routes)

    @router.get("/docs/events")
    async def events(request: Request) -> Response:
        document = asyncapi.document()
        return pages.show(request, "docs-events.html", document=document, messages=_messages(), consumer=_consumer())

    @router.get(f"/docs/{CONSUMER}")
    async def consumer() -> Response:
        return Response(_consumer(), media_type="text/plain; charset=utf-8")

    @router.get("/asyncapi.json")
    async def described() -> Response:
        return Json(asyncapi.document(), media_type=asyncapi.MEDIA_TYPE)

    return router


def _groups(app: Any) -> dict[str, list[Route]]:
    return groups(app.openapi())


@cache
def _messages() -> list[Message]:
    return messages(asyncapi.document())


@cache
def _consumer() -> str:
    return Path(sample.__file__).with_name(CONSUMER).read_text(encoding="utf-8")
