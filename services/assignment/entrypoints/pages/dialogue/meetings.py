"""The pages of conferences and briefings: a year of them, scheduling one or a series, and one by itself."""

from datetime import date, timedelta
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.assignment.domain.session.commands import CONCLUDE_IN_MEETING, PROPOSE_SESSION
from services.assignment.entrypoints.api.bounds import Id
from services.assignment.entrypoints.pages.dialogue.acts import MEETING_ACTS, SCHEDULE, SCHEDULE_SERIES, TOLD
from services.assignment.entrypoints.pages.dialogue.doing import Doing, Ways, act_of, offered
from services.assignment.entrypoints.pages.dialogue.listed import Tab, listed, tab_of_meeting
from services.assignment.readmodel.dialogue.queries import MEETING, SESSION
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.words.queries import MOST, Word
from shared.contracts.refusals import Forbidden
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Resource, permit
from shared.web.acting import Acting
from shared.web.acts import Act, Offer, Tried
from shared.web.pages import Pages
from shared.web.reading import or_none

PATH: Final = "/meetings"
Slug = Annotated[str, Path(max_length=40)]
TABS: Final = (Tab.ALL, Tab.AHEAD, Tab.OVER)
NEW: Final = (SCHEDULE, SCHEDULE_SERIES)


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """List, schedule, show, act."""
    page = _Page(pages, queries, acting)

    @router.get(PATH)
    async def year_of_meetings(
        request: Request,
        session: Working,
        year: Annotated[int | None, Query(ge=2000, le=2100)] = None,
        tab: Annotated[Tab, Query()] = Tab.ALL,
    ) -> Response:
        """The office's meetings of a year by month."""
        subject, today = session.subject, acting.today
        wanted = year or today.year
        first, last = date(wanted, 1, 1), date(wanted, 12, 31)
        things = await queries.dialogues.of_office(subject, subject.office, MEETING, first=first, last=last)
        return pages.show(
            request,
            "assignment/dialogue/meetings.html",
            session=session,
            listed=listed(things, tab_of_meeting, year=wanted, tab=tab, today=today, tabs=TABS),
            may_schedule=acting.may_ever(SCHEDULE, subject),
            link=lambda **changed: _link({"year": wanted, "tab": tab, **changed}, today),
            done=request.query_params.get("done"),
            late="late" in request.query_params,
        )

    for act in NEW:
        _scheduling(router, page, act)

    @router.get(f"{PATH}/{{thing}}")
    async def meeting(request: Request, thing: Id, session: Working) -> Response:
        """One meeting with the dialogues that are held there."""
        return await page.show(request, session, thing)

    @router.post(f"{PATH}/{{thing}}/{{slug}}")
    async def on_meeting(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of a meeting."""
        return await page.act(request, session, thing, slug)


def _scheduling(router: APIRouter, page: "_Page", act: Act) -> None:
    @router.get(f"{PATH}/{act.slug}", name=act.name)
    async def new(request: Request, session: Working) -> Response:
        return await page.schedule(request, session, act)

    @router.post(f"{PATH}/{act.slug}", name=f"{act.name}_asked")
    async def schedule(request: Request, session: Working) -> Response:
        return await page.scheduled(request, session, act)


def _link(wanted: dict[str, Any], today: date) -> str:
    named = {name: str(value) for name, value in wanted.items() if value and (name, value) != ("year", today.year)}
    return f"{PATH}?{urlencode(named)}" if named else PATH


class _Page:
    """Meetings, to be looked at and acted on."""

    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting

    async def schedule(self, request: Request, session: Session, act: Act, refused: Tried | None = None) -> Response:
        """The form that puts one or many in."""
        if not self._acting.may_ever(act, session.subject):
            raise Forbidden(rule=act.name)
        chosen = {
            act.name: {"body": "van_phong", **({"kind": "giao_ban_tuan", "every": "tuan"} if act is SCHEDULE_SERIES else {})}
        }
        offers = {act.name: Offer(act=act, thing="", version=0)}
        doing = Doing(thing="", path=PATH, offers=offers, ways=Ways(chosen=chosen), refused=refused)
        return self._pages.show(
            request, "assignment/dialogue/schedule.html", **doing.facts(request), session=session, act=act, as_of=None
        )

    async def scheduled(self, request: Request, session: Session, act: Act) -> Response:
        """Put them in."""

        async def again(refused: Tried) -> Response:
            return await self.schedule(request, session, act, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{done.stream}" if act is SCHEDULE else PATH

        office = session.subject.office
        return await self._acting.ask(request, session, act, "", again=again, onward=onward, office=office)

    async def show(self, request: Request, session: Session, thing: str, refused: Tried | None = None) -> Response:
        """One meeting; after something was `refused`, with what was typed."""
        subject, queries = session.subject, self._queries
        line, _, _ = await queries.dialogues.one(subject, MEETING, thing)
        whole = await queries.dialogues.whole(subject, MEETING, thing, line.version)
        page = await or_none(queries.words.of(subject, MEETING, thing, limit=MOST))
        words = page.words if page is not None else ()
        tied = [(await queries.dialogues.one(subject, SESSION, each["session"]))[0] for each in whole["dialogues"]]
        another = (line.day or self._acting.today) + timedelta(days=1)
        ways = Ways(sample={"move_meeting": {"on": another.isoformat()}})
        offers = await offered(self._acting, MEETING_ACTS, thing, line.version, subject, told=TOLD, ways=ways)
        doing = Doing(thing=thing, path=f"{PATH}/{thing}", offers=offers, ways=ways, refused=refused)
        resource = Resource(tenant=subject.tenant, office=subject.office)
        return self._pages.show(
            request,
            "assignment/dialogue/meeting.html",
            **doing.facts(request),
            session=session,
            it=line,
            whole=whole,
            tied=tied,
            moved_words=_texts(words, "meeting.moved"),
            cancelled_words=_texts(words, "meeting.cancelled"),
            may_propose=permit(subject, PROPOSE_SESSION, resource).allowed,
            may_conclude=permit(subject, CONCLUDE_IN_MEETING, resource).allowed,
            as_of=None,
        )

    async def act(self, request: Request, session: Session, thing: str, slug: str) -> Response:
        """Do what a form asks, then show the meeting anew."""
        act = act_of(MEETING_ACTS, slug)
        await self._queries.dialogues.one(session.subject, MEETING, thing)
        again = partial(self.show, request, session, thing)
        return await self._acting.ask(request, session, act, thing, again=again, onward=f"{PATH}/{thing}")


def _texts(words: Any, fact: str) -> list[str | None]:
    found: list[Word] = [word for word in words if word.fact == fact]
    return [word.text for word in found]
