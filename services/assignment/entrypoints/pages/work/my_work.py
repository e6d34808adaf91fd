"""The page of what waits for whoever is signed in."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Cursor
from services.assignment.entrypoints.pages.work.views import by_nearness
from services.assignment.readmodel.work.piles import Pile
from services.assignment.readmodel.work.queries import Work
from services.assignment.readmodel.work.views import Order
from shared.identity.pages import Working
from shared.text import brief
from shared.web.pages import Pages

PATH: Final = "/my-work"
PAGE: Final = 50


def routes(router: APIRouter, pages: Pages, work: Work) -> None:
    @router.get(PATH)
    async def my_work(
        request: Request,
        session: Working,
        pile: Annotated[Pile | None, Query()] = None,
        sort: Annotated[Order, Query()] = Order.DUE,
        cursor: Cursor = None,
    ) -> Response:
        """One pile of what waits for him, with how much lies in the others."""
        found = await work.waiting(session.subject, pile, order=sort, cursor=cursor, limit=PAGE)
        return pages.show(
            request,
            "assignment/work/my-work.html",
            session=session,
            piled=found,
            groups=by_nearness(found.waiting, sort),
            reasons={each.id: brief(each.sent_back) for each in found.waiting if each.sent_back},
            titles={each.id: brief(each.title) for each in found.waiting if each.title},
            sort=sort,
            cursor=cursor,
            link=lambda **changed: _link(**{"pile": found.pile, "sort": sort, **changed}),
            done=request.query_params.get("done"),
            late="late" in request.query_params,
        )


def _link(**wanted: Any) -> str:
    """This page with other values; what is usual needs no mention."""
    named = {name: str(value) for name, value in wanted.items() if value is not None and (name, value) != ("sort", Order.DUE)}
    return f"{PATH}?{urlencode(named)}" if named else PATH
