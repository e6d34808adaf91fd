"""The page of how somebody is reached: his address of mail, and the addresses of his calendar."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.assignment.entrypoints.pages.notifications.calendar import address_of_calendar
from services.assignment.readmodel.notifications.reaching import Reaching, TooManyCalendars
from services.assignment.readmodel.notifications.views import Reached
from shared.contracts.refusals import Refused
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.web import problems
from shared.web.forms import read_form
from shared.web.pages import Pages, language_of

PATH: Final = "/account/notifications"
CALENDARS: Final = f"{PATH}/calendars"
DONE: Final = ("mail", "revoked")


def routes(router: APIRouter, pages: Pages, reaching: Reaching, *, mails: bool) -> None:
    """Show and choose."""

    async def page(
        request: Request,
        session: Session,
        *,
        refused: Refused | None = None,
        typed: Reached | None = None,
        secret: str = "",
    ) -> Response:
        person, done = session.subject.person, request.query_params.get("done")
        return pages.show(
            request,
            "assignment/notifications/reach.html",
            status=problems.status_of(refused) if refused is not None else 200,
            session=session,
            reached_by=typed or await reaching.of(person),
            calendars=await reaching.calendars(person),
            made=address_of_calendar(request, secret) if secret else "",
            mails=mails,
            refused={"field": None, **problems.body_of(refused, language=language_of(request))} if refused is not None else None,
            done=done if refused is None and done in DONE else None,
        )

    @router.get(PATH)
    async def shown(request: Request, session: Working) -> Response:
        """How he is reached."""
        return await page(request, session)

    @router.post(PATH)
    async def choose(request: Request, session: Working) -> Response:
        """Another address of mail, or none."""
        form = await read_form(request)
        wanted = Reached(address=form.get("address", "").strip(), mail=form.get("mail") == "1")
        try:
            await reaching.choose(session.subject.person, address=wanted.address, mail=wanted.mail)
        except Refused as refused:
            return await page(request, session, refused=refused, typed=wanted)
        return RedirectResponse(f"{PATH}?done=mail", 303)

    @router.post(CALENDARS)
    async def make(request: Request, session: Working) -> Response:
        """Another address of his calendar, shown this once."""
        await read_form(request)
        try:
            secret = await reaching.new_calendar(session.subject.person)
        except TooManyCalendars as refused:
            return await page(request, session, refused=refused)
        return await page(request, session, secret=secret)

    @router.post(f"{CALENDARS}/{{id}}/revoke")
    async def revoke(request: Request, session: Working, id: str) -> Response:
        """Nothing answers at that address any more."""
        await read_form(request)
        await reaching.revoke_calendar(session.subject.person, id[:40])
        return RedirectResponse(f"{PATH}?done=revoked", 303)
