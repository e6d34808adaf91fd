"""Finding an opinion, case or paper by what it is called: from the head of every page, for whom it is there."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from shared.identity.pages import Working
from shared.web.pages import Pages
from shared.web.rooms import Found, Room
from shared.web.routes import undescribed

PATH: Final = "/find"
LONGEST: Final = 100
MOST: Final = 20

Typed = Annotated[str, Query(max_length=LONGEST)]


def room(rooms: Sequence[Room]) -> Room:
    """The page, and the field in the head of every other; what is found, `rooms` know."""
    return Room(package=__name__, routes=partial(_routes, rooms), header="finding/field.html")


def _routes(rooms: Sequence[Room], pages: Pages) -> APIRouter:
    router = undescribed()

    @router.get(PATH)
    async def find(request: Request, session: Working, q: Typed = "") -> Response:
        """To the one thing that is called so, else all of them, else what can be typed here."""
        typed, found = " ".join(q.split()), dict[str, Found]()
        for each in rooms if typed else ():
            found |= {one.path: one for one in await each.finds(session.subject, typed)}
        if len(found) == 1:
            return RedirectResponse(next(iter(found)), 303)
        return pages.show(request, "finding/found.html", session=session, typed=typed, found=list(found.values())[:MOST])

    return router
