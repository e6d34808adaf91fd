"""The page of notices: the bell's list, and what has been looked at."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.assignment.entrypoints.mailing import path_of
from services.assignment.readmodel.notifications.matrix import Channel, matrix_on
from services.assignment.readmodel.notifications.queries import Notifications
from shared.identity.pages import Working
from shared.permit import Subject
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/notifications"
MATRIX_PATH: Final = f"{PATH}/matrix"
SHOWN: Final = 8  # characters of an id that tell it from others on a page


def routes(router: APIRouter, pages: Pages, notifications: Notifications) -> None:
    """Show, and mark all as seen."""

    @router.get(PATH)
    async def shown(request: Request, session: Working, all: Annotated[bool, Query()] = False) -> Response:
        """What he has not looked at; with `all` what he has, too."""
        return pages.show(
            request,
            "assignment/notifications/notices.html",
            session=session,
            told=await notifications.of(session.subject, seen_too=all),
            all=all,
            path_of=path_of,
            short=lambda opens: opens.partition("-")[2][:SHOWN],
            done=request.query_params.get("done") == "seen",
        )

    @router.post(f"{PATH}/seen")
    async def see_all(request: Request, session: Working) -> Response:
        """He has looked at all of them."""
        await read_form(request)
        await looked_at(request, notifications, session.subject)
        return RedirectResponse(f"{PATH}?done=seen", 303)

    @router.get(MATRIX_PATH)
    async def matrix(request: Request, session: Working) -> Response:
        """Who is told of what, and by which ways, as it holds today."""
        today = matrix_on(notifications.today())
        return pages.show(request, "assignment/notifications/matrix.html", session=session, matrix=today, mail=Channel.MAIL)


async def looked_at(request: Request, notifications: Notifications, subject: Subject, opens: str | None = None) -> None:
    """He looks at a case or a piece of work, or has looked at all: the bell says so at once."""
    changed = await notifications.see(subject, opens)
    around: Any = getattr(request.app.state, "surroundings", None)
    if changed and around is not None:
        around.count_anew(subject)
