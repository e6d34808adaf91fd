"""The page of an opinion: shown with its history and why its deadline is what it is, acted on, its receipt printed."""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.intake.entrypoints.api.bounds import Id
from services.intake.entrypoints.pages.behind import SERVICE, Behind
from services.intake.entrypoints.pages.desk.acts import BY_SLUG, CLASSIFY, REFER
from services.intake.entrypoints.pages.desk.files import Carrying
from services.intake.entrypoints.pages.desk.inbox import PATH as INBOX
from services.intake.entrypoints.pages.desk.inbox import Desk, link_of
from services.intake.entrypoints.pages.desk.scene import Shows
from services.intake.entrypoints.pages.titles import received_on
from services.intake.readmodel.opinions.inbox import Pile
from services.intake.readmodel.opinions.queries import SpeakerView
from shared.contracts.refusals import Refused, Unknown
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.text import brief
from shared.web.acting import Acting, new_key, tried
from shared.web.acts import Act, Form, Tried
from shared.web.api import WAIT_SECONDS, keyed_id
from shared.web.filling import body_of
from shared.web.forms import read_form
from shared.web.pages import Pages

Slug = Annotated[str, Path(max_length=40)]
OnDesk = Annotated[Pile | None, Query(alias="desk")]
ALSO_REFER: Final = "refer"  # ticked where a classified opinion is to be handed on at once
NEXT: Final = "next"
PATH: Final = "/opinions"
_STREAM: Final = re.compile(r"opinion-[A-Za-z0-9-]{1,80}")


def routes(router: APIRouter, pages: Pages, behind: Behind, acting: Acting, page: "Page") -> None:
    """Show, act, tell who spoke, print the receipt."""

    @router.get("/opinions/{opinion}")
    async def show(request: Request, opinion: Id, session: Working) -> Response:
        """An opinion as far as it is his to see."""
        return await page.show(request, session, opinion)

    @router.get("/opinions/{opinion}/receipt")
    async def receipt(request: Request, opinion: Id, session: Working) -> Response:
        """The receipt, to be printed and given to the speaker; opening its code is logged."""
        code = await behind.queries.inbox.receipt(session.subject, opinion)
        if code is None:
            raise Unknown("receipt")
        view = await behind.queries.opinions.opinion(session.subject, opinion)
        directory = await behind.directories.at(acting.today)
        office = directory.label(view.office)
        return pages.show(
            request,
            "intake/desk/receipt.html",
            session=session,
            code=code,
            view=view,
            office=office,
            today=acting.today,
            received_on=received_on,
        )

    @router.post("/opinions/{opinion}/speaker")
    async def speaker(request: Request, opinion: Id, session: Working) -> Response:
        """Who spoke; the reading is logged."""
        await read_form(request)
        found = await behind.queries.opinions.speaker(session.subject, opinion)
        return await page.show(request, session, opinion, speaker=found)

    @router.post("/opinions/{opinion}/{slug}")
    async def act(request: Request, opinion: Id, slug: Slug, session: Working, pile: OnDesk = None) -> Response:
        """Ask a command of the opinion, from its page or from the inbox."""
        asked = BY_SLUG.get(slug)
        if asked is None:
            raise Unknown
        return await page.act(request, session, opinion, asked, pile)


class Page:
    """An opinion, to be looked at and acted on."""

    def __init__(self, pages: Pages, behind: Behind, shows: Shows, acting: Acting, desk: Desk) -> None:
        self._pages, self._queries, self._shows, self._acting, self._desk = pages, behind.queries, shows, acting, desk
        self._carrying = Carrying(behind)

    async def show(
        self,
        request: Request,
        session: Session,
        opinion: str,
        refused: Tried | None = None,
        speaker: SpeakerView | None = None,
    ) -> Response:
        """The page; after something was `refused`, with what was typed; with the speaker, once he was asked for."""
        shown = await self._shows.opinion(session.subject, opinion)
        offered = refused is not None and any(each.act == refused.act and each.waits is None for each in shown.offers)
        query = request.query_params
        return self._pages.show(
            request,
            "intake/desk/opinion.html",
            received_on=received_on,
            carried=await self._carrying.of(session.subject, opinion, shown.view.version),
            status=refused.status if refused is not None else 200,
            session=session,
            shown=shown,
            title=brief(shown.said) if shown.said else None,
            alike={key: brief(title) for key, title in shown.titles.items()},
            first=[each for each in shown.offers if not each.act.apart and each.waits is None],
            further=[each for each in shown.offers if each.act.apart or each.waits is not None],
            reasons={
                each.act.name: tried(request, each.act, each.thing, {}, each.waits).told
                for each in shown.offers
                if each.waits is not None
            },
            speaker=speaker,
            tried=refused,
            offered=offered,
            done=query.get("done") if refused is None else None,
            unreferred=query.get("unreferred") if refused is None else None,
            known="known" in query,
            late="late" in query,
            key=new_key(),
        )

    async def act(self, request: Request, session: Session, opinion: str, act: Act, pile: Pile | None) -> Response:
        """Do what a form asks, then go on where it was sent from; where it is refused, that page with what was typed and why."""
        form = await read_form(request)

        async def again(refused: Tried) -> Response:
            if refused.stale:
                await request.app.state.positions.wait({SERVICE: await self._queries.inbox.head()}, WAIT_SECONDS)
            if pile is not None:
                return await self._desk.show(request, session, pile=pile, opened=opinion, refused=refused)
            return await self.show(request, session, opinion, refused)

        async def onward(done: Done) -> str:
            unreferred = None
            if act is CLASSIFY and form.get(ALSO_REFER):
                unreferred = await self._refer(request, session, opinion, form, done)
            if pile is None:
                return await self._where(session, opinion) + (f"?unreferred={unreferred}" if unreferred else "")
            following = form.get(NEXT, "") if form.get("then") == NEXT else opinion
            return link_of(pile=pile, open=following if _STREAM.fullmatch(following) else "", unreferred=unreferred)

        return await self._acting.ask(request, session, act, opinion, again=again, onward=onward, form=form)

    async def _refer(self, request: Request, session: Session, opinion: str, form: Form, done: Done) -> str | None:
        """Hand on what was just classified; the code of the refusal, where it cannot be."""
        body = body_of(REFER, opinion, {}, self._acting.today)
        command_id = keyed_id(request, session.subject, f"{form.get('key', '')}.refer")
        try:
            referred = await self._acting.do(REFER, body, session.subject, command_id=command_id, expected=done.version)
        except Refused as refused:
            return refused.code
        await request.app.state.positions.wait({SERVICE: referred.position}, WAIT_SECONDS)
        return None

    async def _where(self, session: Session, opinion: str) -> str:
        """Its page, or the inbox where it is not his to see any more."""
        try:
            await self._queries.opinions.opinion(session.subject, opinion)
        except Unknown:
            return INBOX
        return f"/opinions/{opinion}"
