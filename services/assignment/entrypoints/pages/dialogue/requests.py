"""The pages of requests for dialogue: who waits for an answer on meeting, and one request to be decided."""

from datetime import date
from functools import partial
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.assignment.domain.case.states import case_of
from services.assignment.domain.session.commands import PROPOSE_SESSION
from services.assignment.entrypoints.api.bounds import Id
from services.assignment.entrypoints.pages.dialogue.acts import REQUEST_ACTS, TOLD
from services.assignment.entrypoints.pages.dialogue.choosing import Choosing, short
from services.assignment.entrypoints.pages.dialogue.doing import Doing, Ways, act_of, offered
from services.assignment.entrypoints.pages.dialogue.listed import Tab, listed, tab_of_request
from services.assignment.readmodel.dialogue.queries import Thing
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.words.queries import MOST
from shared.contracts.session import Track
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.nearness import left_until
from shared.permit import Resource, Subject, permit
from shared.web.acting import Acting
from shared.web.acts import Option, Tried
from shared.web.pages import Pages
from shared.web.reading import or_none

PATH: Final = "/requests"
REQUEST: Final = "request"
Slug = Annotated[str, Path(max_length=40)]
SHOWN: Final = 60  # whose words a list opens


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """List, show, act."""
    page = _Page(pages, queries, acting)

    @router.get(PATH)
    async def requests(request: Request, session: Working, tab: Annotated[Tab, Query()] = Tab.AHEAD) -> Response:
        """The office's requests, those to be answered first ahead."""
        return await page.index(request, session, tab)

    @router.get(f"{PATH}/{{thing}}")
    async def one(request: Request, thing: Id, session: Working) -> Response:
        """One request with its clock and what can be answered."""
        return await page.show(request, session, thing)

    @router.post(f"{PATH}/{{thing}}/{{slug}}")
    async def act(request: Request, thing: Id, slug: Slug, session: Working) -> Response:
        """Ask a command of a request."""
        return await page.act(request, session, thing, slug)


class _Page:
    """Requests, to be looked at and decided."""

    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting
        self._choosing = Choosing(queries)

    async def index(self, request: Request, session: Session, tab: Tab) -> Response:
        """One view of them."""
        subject, today = session.subject, self._acting.today
        things = await self._queries.dialogues.of_office(subject, subject.office, REQUEST)
        found = listed(things, tab_of_request, year=today.year, tab=tab, today=date.min)
        directory = await self._queries.directories.at(today)
        shown = [each for month in found.months for each in month.things]
        return self._pages.show(
            request,
            "assignment/dialogue/requests.html",
            session=session,
            listed=found,
            left={each.id: left_until(directory.calendar, today, each.day or today) for each in shown},
            titles=await self._titles(subject, shown),
            link=lambda **changed: _link({"tab": tab, **changed}),
            done=request.query_params.get("done"),
            late="late" in request.query_params,
        )

    async def show(self, request: Request, session: Session, thing: str, refused: Tried | None = None) -> Response:
        """One of them; after something was `refused`, with what was typed."""
        subject, queries = session.subject, self._queries
        line, _, _ = await queries.dialogues.one(subject, REQUEST, thing)
        whole = await queries.dialogues.whole(subject, REQUEST, thing, line.version)
        page = await or_none(queries.words.of(subject, REQUEST, thing, limit=MOST))
        words = page.words if page is not None else ()
        opened = next((word for word in words if word.fact == "request.opened"), None)
        directory = await queries.directories.at(self._acting.today)
        held = await self._choosing.sessions_on_request(subject, subject.office)
        there = [Option(each.id, f"{each.day:%d/%m/%Y}" if each.day else "…") for each in held]
        ways = Ways(options={"accept_request": {"session": there}})
        offers = await offered(self._acting, REQUEST_ACTS, thing, line.version, subject, told=TOLD, ways=ways)
        doing = Doing(thing=thing, path=f"{PATH}/{thing}", offers=offers, ways=ways, refused=refused)
        resource = Resource(tenant=subject.tenant, office=subject.office)
        cases = [case_of(each) for each in whole["opinions"]]
        return self._pages.show(
            request,
            "assignment/dialogue/request.html",
            **doing.facts(request),
            session=session,
            it=line,
            whole=whole,
            directory=directory,
            left=left_until(directory.calendar, self._acting.today, whole["due"]),
            said=opened.text if opened is not None else None,
            erased=opened is not None and opened.erased,
            opinions=await queries.puts.table(subject, Track.PEOPLE, cases, purpose=f"show {thing}"),
            refused_words=[word.text for word in words if word.fact == "request.refused"],
            withdrawn_words=[word.text for word in words if word.fact == "request.withdrawn"],
            may_propose=permit(subject, PROPOSE_SESSION, resource).allowed,
            short=short,
            as_of=None,
        )

    async def act(self, request: Request, session: Session, thing: str, slug: str) -> Response:
        """Do what a form asks, then show the request anew."""
        act = act_of(REQUEST_ACTS, slug)
        await self._queries.dialogues.one(session.subject, REQUEST, thing)
        again = partial(self.show, request, session, thing)
        return await self._acting.ask(request, session, act, thing, again=again, onward=f"{PATH}/{thing}")

    async def _titles(self, subject: Subject, things: list[Thing]) -> dict[str, str]:
        """How each request begins, as far as that is his to read."""
        said = await self._queries.words.begun(
            subject, REQUEST, [each.id for each in things[:SHOWN]], ("request.opened",), purpose="requests"
        )
        texts = {request: words[0].text for request, words in said.items()}
        return {request: short(text) for request, text in texts.items() if text}


def _link(wanted: dict[str, Any]) -> str:
    named = {name: str(value) for name, value in wanted.items()}
    return f"{PATH}?{urlencode(named)}"
