"""The page of a year's dialogues, and the form that proposes one."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.domain.plan.decider import plan_stream
from services.assignment.entrypoints.api.bounds import AsOf
from services.assignment.entrypoints.pages.behind import SERVICE
from services.assignment.entrypoints.pages.dialogue.acts import PROPOSE, SCHEDULE
from services.assignment.entrypoints.pages.dialogue.choosing import Choosing, fields, options_of, short
from services.assignment.entrypoints.pages.dialogue.doing import Doing, Ways
from services.assignment.entrypoints.pages.dialogue.listed import Tab, listed, tab_of_session
from services.assignment.entrypoints.pages.dialogue.shown import Sessions
from services.assignment.readmodel.dialogue.queries import MEETING, PLAN, PROPOSAL, SESSION, Thing
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.words.queries import MOST
from shared.asof import moment_of
from shared.contracts.refusals import Forbidden
from shared.contracts.session import Track, Trigger
from shared.desk import Done
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.web.acting import Acting
from shared.web.acts import Offer, Option, Tried
from shared.web.forms import read_form
from shared.web.pages import Pages
from shared.web.reading import or_none

PATH: Final = "/sessions"
NEW: Final = f"{PATH}/propose-session"
REQUEST: Final = "request"
FROM: Final = ("meeting", "request", "proposal", "plan", "number")  # what the form may be reached from
Year = Annotated[int | None, Query(ge=2000, le=2100)]


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting, sessions: Sessions) -> None:
    """List, propose."""
    proposing = _Proposing(pages, queries, acting)

    @router.get(PATH)
    async def year_of_sessions(
        request: Request,
        session: Working,
        year: Year = None,
        tab: Annotated[Tab, Query()] = Tab.ALL,
        track: Annotated[str, Query(pattern="^(|A1|A2|B)$")] = "",
        as_of: AsOf = None,
    ) -> Response:
        """The office's dialogues of a year by month, narrowed to a view and a track; `as_of`: as they were known then."""
        subject, today = session.subject, sessions.today
        wanted = year or today.year
        things = await _things(queries, subject, wanted, as_of)
        found = listed(things, tab_of_session, year=wanted, tab=tab, today=today, track=track)
        meetings = {each.id: each.label for each in await _of_year(queries, subject, MEETING, wanted)}
        many = {} if as_of else await queries.puts.counts(subject, subject.office, [each.id for each in things])
        return pages.show(
            request,
            "assignment/dialogue/sessions.html",
            session=session,
            listed=found,
            many_of=many,
            meetings=meetings,
            as_of=as_of,
            may_propose=acting.may_ever(PROPOSE, subject) and not as_of,
            link=lambda **changed: _link({"year": wanted, "tab": tab, "track": track, "as_of": as_of or "", **changed}, today),
            done=request.query_params.get("done"),
            late="late" in request.query_params,
        )

    @router.get(NEW)
    async def new(request: Request, session: Working) -> Response:
        """The form that proposes a dialogue, filled in by what it was reached from: a meeting, a request, a line of the plan."""
        return await proposing.show(request, session)

    @router.post(NEW)
    async def propose(request: Request, session: Working) -> Response:
        """Propose it."""
        return await proposing.ask(request, session)


async def _things(queries: Queries, subject: Subject, year: int, as_of: str | None) -> list[Thing]:
    moment = moment_of(as_of, SERVICE)
    if moment is not None:
        days = {"first": date(year, 1, 1), "last": date(year, 12, 31)}
        found, _ = await queries.dialogues.known_as_of(subject, subject.office, SESSION, moment, **days)
        return found
    undated = await queries.dialogues.of_office(subject, subject.office, SESSION, undated=True)
    return [*await _of_year(queries, subject, SESSION, year), *undated]


async def _of_year(queries: Queries, subject: Subject, kind: str, year: int) -> list[Thing]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    return await queries.dialogues.of_office(subject, subject.office, kind, first=first, last=last)


def _link(wanted: Mapping[str, Any], today: date) -> str:
    named = {name: str(value) for name, value in wanted.items() if value and (name, value) != ("year", today.year)}
    return f"{PATH}?{urlencode(named)}" if named else PATH


class _Proposing:
    """The form that proposes a dialogue."""

    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting
        self._choosing = Choosing(queries)

    async def show(self, request: Request, session: Session, refused: Tried | None = None) -> Response:
        subject = session.subject
        if not self._acting.may_ever(PROPOSE, subject):
            raise Forbidden(rule="propose_session")
        query = request.query_params
        ways = await self._ways(subject, query)
        offer = Offer(act=PROPOSE, thing="", version=0)
        doing = Doing(thing="", path=PATH, offers={PROPOSE.name: offer}, ways=ways, refused=refused)
        origin = urlencode({name: value for name, value in query.items() if name in FROM})
        action = f"{NEW}?{origin}" if origin else NEW
        return self._pages.show(
            request,
            "assignment/dialogue/propose.html",
            **doing.facts(request),
            session=session,
            action=action,
            may_schedule=self._acting.may_ever(SCHEDULE, subject),
            as_of=None,
        )

    async def ask(self, request: Request, session: Session) -> Response:
        form = await read_form(request)
        plan = request.query_params.get("plan") or plan_stream(session.subject.office, self._acting.today.year)
        planned: dict[str, Any] = {"planned": {"plan": plan}} if form.get("planned.number", "").strip() else {}

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{done.stream}"

        return await self._acting.ask(
            request,
            session,
            PROPOSE,
            "",
            again=again,
            onward=onward,
            form=form,
            office=session.subject.office,
            **planned,
        )

    async def _ways(self, subject: Subject, query: Mapping[str, str]) -> Ways:
        """What it hangs on, as far as there is any; what it was reached from is chosen already."""
        queries, office = self._queries, subject.office
        directory = await queries.directories.at(self._acting.today)
        meetings = await self._choosing.meetings_ahead(subject, office, directory)
        requests = [each for each in await queries.dialogues.of_office(subject, office, REQUEST) if each.stage == "da_tiep_nhan"]
        proposals = [each for each in await queries.dialogues.of_office(subject, office, PROPOSAL) if each.stage == "dong_y"]
        plan = query.get("plan") or plan_stream(office, self._acting.today.year)
        lines = await self._planned(subject, plan)
        chosen: dict[str, Any] = {"mode": "gap_mat"}
        if (meeting := next((each for each in meetings if each.id == query.get("meeting")), None)) is not None:
            chosen |= {"track": Track.STAFF.value, "trigger": Trigger.PERIODIC.value, "meeting": meeting.id}
            chosen |= {"scheduled": f"{meeting.day:%d/%m/%Y}" if meeting.day else ""}
        if any(each.id == query.get("request") for each in requests):
            chosen |= {"track": Track.PEOPLE.value, "trigger": Trigger.ON_REQUEST.value, "requests": [query["request"]]}
        if any(each.id == query.get("proposal") for each in proposals):
            chosen |= {"track": Track.CHAIRMAN.value, "proposals": [query["proposal"]]}
        if (line := next((each for each in lines if str(each["number"]) == query.get("number")), None)) is not None:
            chosen |= {"track": line["track"], "trigger": line["trigger"] or "", "planned.number": str(line["number"])}
            chosen |= {"scheduled": f"{line['planned']:%d/%m/%Y}" if line["planned"] else ""}
            on_the_day = [each.id for each in meetings if each.day is not None and each.day == line["planned"]]
            chosen |= {"meeting": on_the_day[0]} if len(on_the_day) == 1 else {}
        said = await self._said(subject, requests)
        return Ways(
            options={
                PROPOSE.name: {
                    "meeting": [Option(each.id, f"{each.day:%d/%m/%Y}", note=each.label or "") for each in meetings if each.day],
                    "field": fields(directory),
                    "requests": options_of(
                        (each.id, said.get(each.id, f"{each.unit_label}, {each.at:%d/%m/%Y}")) for each in requests
                    ),
                    "proposals": options_of((each.id, f"{each.unit_label}, {each.at:%d/%m/%Y}") for each in proposals),
                    "planned.number": [
                        Option(
                            str(each["number"]),
                            f"{each['number']}. {each['planned']:%d/%m/%Y}" if each["planned"] else f"{each['number']}.",
                            note=each["trigger"] or each["track"],
                        )
                        for each in lines
                        if each["session"] is None or each["stage"] == "huy"
                    ],
                }
            },
            chosen={PROPOSE.name: chosen},
        )

    async def _planned(self, subject: Subject, plan: str) -> list[Mapping[str, Any]]:
        """The dialogues that a plan in force names."""
        found = await or_none(self._queries.dialogues.one(subject, PLAN, plan))
        if found is None or found[0].stage != "da_ban_hanh":
            return []
        whole = await self._queries.dialogues.whole(subject, PLAN, plan, found[0].version)
        lines: list[Mapping[str, Any]] = whole["dialogues"]
        return lines

    async def _said(self, subject: Subject, requests: list[Thing]) -> dict[str, str]:
        """How each of some requests begins, as far as that is his to read."""
        said = await self._queries.words.begun(
            subject, REQUEST, [each.id for each in requests[:MOST]], ("request.opened",), purpose="requests"
        )
        texts = {request: words[0].text for request, words in said.items()}
        return {request: short(text, 90) for request, text in texts.items() if text}
