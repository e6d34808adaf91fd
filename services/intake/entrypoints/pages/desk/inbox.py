"""The page of what lies on the intake desk: piles with counts, and beside the list the opinion in hand."""

from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.intake.entrypoints.api.bounds import Cursor
from services.intake.entrypoints.pages.desk.scene import Shown, Shows
from services.intake.entrypoints.pages.titles import received_on
from services.intake.readmodel.opinions.inbox import Filters, Inbox, Pile
from shared.contracts.opinion import SourceGroup
from shared.contracts.refusals import Unknown
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.text import brief
from shared.web.acting import new_key
from shared.web.acts import Tried
from shared.web.pages import Pages

PATH: Final = "/intake"
PAGE: Final = 30
Number = Annotated[str | None, Query(max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$")]
Opened = Annotated[str | None, Query(max_length=100, pattern=r"^[a-z_]+-[A-Za-z0-9-]{1,80}$")]


class Desk:
    """A pile with the opinion in hand beside it."""

    def __init__(self, pages: Pages, inbox: Inbox, shows: Shows) -> None:
        self._pages, self._inbox, self._shows = pages, inbox, shows

    async def show(
        self,
        request: Request,
        session: Session,
        *,
        pile: Pile | None = None,
        opened: str | None = None,
        source: SourceGroup | None = None,
        number: str | None = None,
        cursor: str | None = None,
        refused: Tried | None = None,
    ) -> Response:
        """The page; after something was `refused`, with what was typed. Unless one is `opened`, the first of the list is."""
        subject = session.subject
        filters = Filters(source_group=source, number=number or None)
        piled = await self._inbox.piled(subject, pile, filters, cursor=cursor, limit=PAGE)
        ids = [each.view.id for each in piled.lying]
        in_hand = opened or next(iter(ids), None)
        shown = await self._shown(session, in_hand) if in_hand is not None else None
        place = ids.index(in_hand) if in_hand in ids else -1
        query = request.query_params
        return self._pages.show(
            request,
            "intake/desk/inbox.html",
            received_on=received_on,
            status=refused.status if refused is not None else 200,
            session=session,
            piled=piled,
            titles={each.view.id: brief(each.title) for each in piled.lying if each.title},
            alike={key: brief(title) for key, title in shown.titles.items()} if shown is not None else {},
            shown=shown,
            next=ids[place + 1] if 0 <= place < len(ids) - 1 else (ids[0] if place < 0 and ids else None),
            filters=filters,
            cursor=cursor,
            link=lambda **changed: link_of(**{"pile": piled.pile, "source": source, "number": number, **changed}),
            tried=refused,
            done=query.get("done") if refused is None else None,
            unreferred=query.get("unreferred") if refused is None else None,
            late="late" in query,
            key=new_key(),
        )

    async def _shown(self, session: Session, opinion: str) -> Shown | None:
        try:
            return await self._shows.opinion(session.subject, opinion, beside=True)
        except Unknown:  # not his, or not there: the list stands without it
            return None


def routes(router: APIRouter, desk: Desk) -> None:
    @router.get(PATH)
    async def inbox(
        request: Request,
        session: Working,
        pile: Annotated[Pile | None, Query()] = None,
        open: Opened = None,
        source: Annotated[SourceGroup | None, Query()] = None,
        number: Number = None,
        cursor: Cursor = None,
    ) -> Response:
        """One pile of what lies on his desk, with the opinion in hand beside it."""
        return await desk.show(request, session, pile=pile, opened=open, source=source, number=number, cursor=cursor)


def link_of(**wanted: Any) -> str:
    """The inbox with these values; what is not set needs no mention."""
    named = {name: str(value) for name, value in wanted.items() if value}
    return f"{PATH}?{urlencode(named)}" if named else PATH
