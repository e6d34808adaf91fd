"""The pages of one dialogue: its table, programme, people, papers and history, and the room in which it is held."""

from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.assignment.domain.notice.commands import DRAFT_NOTICE
from services.assignment.domain.session.commands import RAISE_ITEM, OpenSession
from services.assignment.entrypoints.api.bounds import AsOf, Id
from services.assignment.entrypoints.pages.behind import SERVICE
from services.assignment.entrypoints.pages.dialogue.acts import GROUPS, PAPERS, ROOM, SESSION_ACTS, TOLD, OnSession, raising
from services.assignment.entrypoints.pages.dialogue.choosing import Choosing, short
from services.assignment.entrypoints.pages.dialogue.doing import Doing, Ways, offered
from services.assignment.entrypoints.pages.dialogue.shown import Row, Sessions, SessionShown
from services.assignment.entrypoints.pages.papers.views import may_draft
from services.assignment.readmodel.dialogue.queries import SESSION
from services.assignment.readmodel.queries import Queries
from shared.asof import Moment, moment_of
from shared.clock import VIETNAM
from shared.contracts.refusals import Unknown
from shared.contracts.session import Track
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Resource, permit
from shared.web.acting import Acting
from shared.web.acts import Tried
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/sessions"
Slug = Annotated[str, Path(max_length=40)]
Tab = Annotated[str, Query(pattern="^(|programme|people|papers|history)$")]
# In the room also what ends it and what follows at once.
IN_ROOM: Final = frozenset({"open_session", "sign_minutes", "conclude_in_meeting", "close_session"})


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting, sessions: Sessions) -> None:
    """Show a dialogue and its room, and act there."""
    page = _Page(pages, queries, acting, sessions)

    @router.get(f"{PATH}/{{thing}}")
    async def session(request: Request, thing: Id, session: Working, tab: Tab = "", as_of: AsOf = None) -> Response:
        """One page of a dialogue, now or as it was known then."""
        moment = moment_of(as_of, SERVICE)
        return await page.show(request, session, thing, tab, as_of=moment)

    @router.get(f"{PATH}/{{thing}}/room")
    async def room(
        request: Request, thing: Id, session: Working, opinion: Annotated[int | None, Query(ge=1, le=10_000)] = None
    ) -> Response:
        """The room: what is raised, what becomes of each opinion, what keeps it from ending."""
        return await page.room(request, session, thing, opinion)

    @router.post(f"{PATH}/{{thing}}/{{slug}}")
    async def act(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of a dialogue."""
        return await page.act(request, session, thing, slug)


def acts_of(track: Track | None) -> tuple[OnSession, ...]:
    """All that can be done about a dialogue of this track."""
    return (*SESSION_ACTS, raising(track or Track.STAFF))


class _Page:
    """A dialogue, to be looked at and acted on."""

    def __init__(self, pages: Pages, queries: Queries, acting: Acting, sessions: Sessions) -> None:
        self._pages, self._queries, self._acting, self._sessions = pages, queries, acting, sessions
        self._choosing = Choosing(queries)

    async def show(
        self,
        request: Request,
        session: Session,
        thing: str,
        tab: str,
        *,
        as_of: Moment = None,
        refused: Tried | None = None,
    ) -> Response:
        """One of its pages; after something was `refused`, with what was typed."""
        subject = session.subject
        if as_of is None:
            shown = await self._sessions.session(subject, thing)
            doing = await self._doing(session, shown, tab, refused)
        else:
            shown = await self._sessions.known(subject, thing, as_of)
            doing = Doing(thing=thing, path=f"{PATH}/{thing}", offers={}, ways=Ways(), refused=None)
        about = {} if shown.as_of is None else {"as_of": shown.as_of}
        return self._pages.show(
            request,
            "assignment/dialogue/session.html",
            **doing.facts(request),
            **self._common(session, shown),
            tab=tab,
            as_of=shown.as_of,
            link=lambda **wanted: _link(thing, {**wanted, **about}),
            history=await self._sessions.timeline(subject, thing, as_of) if tab == "history" else None,
            notice_draft=await self._drafted(session, thing) if tab == PAPERS else None,
        )

    async def room(
        self, request: Request, session: Session, thing: str, opinion: int | None, refused: Tried | None = None
    ) -> Response:
        """Its room, with the form for one opinion's outcome if that was asked for."""
        shown = await self._sessions.session(session.subject, thing)
        if not self._may(session, RAISE_ITEM):
            raise Unknown
        typed = refused.kept.get("case") if refused is not None and refused.act.name == "record_outcome" else None
        picked = next((row for row in shown.rows if row.n == opinion or row.put["case"] == typed), None)
        doing = await self._doing(session, shown, ROOM, refused, picked)
        return self._pages.show(
            request,
            "assignment/dialogue/room.html",
            **doing.facts(request),
            **self._common(session, shown),
            as_of=None,
            picked=picked,
        )

    async def act(self, request: Request, session: Session, thing: str, slug: str) -> Response:
        """Do what a form asks, then show the page on which it stood."""
        form = await read_form(request)
        line, _, _ = await self._queries.dialogues.one(session.subject, SESSION, thing)
        act = next((each for each in acts_of(line.track) if each.slug == slug), None)
        if act is None:
            raise Unknown
        in_room = act.tab == ROOM

        async def again(refused: Tried) -> Response:
            if in_room:
                return await self.room(request, session, thing, None, refused)
            return await self.show(request, session, thing, act.tab, refused=refused)

        async def onward(done: Done) -> str:
            """In the room on to the next opinion: its box is in focus, so that hands stay on the keyboard."""
            there = in_room or act.command is OpenSession
            return f"{PATH}/{thing}/room#raise-item-{thing}-words" if there else _link(thing, {"tab": act.tab})

        groups = GROUPS[line.track or Track.STAFF]
        whose: dict[str, Any] = {"source_group": groups[0].value} if act.name == "raise_item" and len(groups) == 1 else {}
        return await self._acting.ask(request, session, act, thing, again=again, onward=onward, form=form, **whose)

    async def _doing(
        self, session: Session, shown: SessionShown, tab: str, refused: Tried | None, picked: Row | None = None
    ) -> Doing:
        subject, thing = session.subject, shown.thing
        here = [each for each in acts_of(thing.track) if each.tab == tab or (tab == ROOM and each.name in IN_ROOM)]
        his = [each for each in here if self._acting.may_ever(each, subject)]
        ways = await self._choosing.of_session(subject, shown, tab, picked) if his else Ways()
        if tab == ROOM and picked is None and shown.rows:  # whether an outcome can be recorded, of any of them
            ways = replace(ways, chosen={**ways.chosen, "record_outcome": {"case": shown.rows[0].put["case"]}})
        offers = await offered(self._acting, his, thing.id, thing.version, subject, told=TOLD, ways=ways)
        return Doing(thing=thing.id, path=f"{PATH}/{thing.id}", offers=offers, ways=ways, refused=refused)

    async def _drafted(self, session: Session, thing: str) -> str | None:
        """The notice that is drafted of its conclusions."""
        notices = await self._queries.dialogues.of_office(session.subject, session.subject.office, "notice")
        return next((each.id for each in notices if each.about == thing), None)

    def _may(self, session: Session, action: Any) -> bool:
        subject = session.subject
        return permit(subject, action, Resource(tenant=subject.tenant, office=subject.office)).allowed

    def _common(self, session: Session, shown: SessionShown) -> dict[str, Any]:
        return {
            "session": session,
            "shown": shown,
            "short": short,
            "clock_of": lambda at: f"{at.astimezone(VIETNAM):%H:%M}",
            "may_be_in_room": self._may(session, RAISE_ITEM),
            "may_draft_notice": self._may(session, DRAFT_NOTICE),
            "may_draft_paper": may_draft(session.subject),
        }


def _link(thing: str, wanted: dict[str, str]) -> str:
    named = {name: value for name, value in wanted.items() if value}
    return f"{PATH}/{thing}?{urlencode(named)}" if named else f"{PATH}/{thing}"
