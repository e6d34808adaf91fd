"""The pages of the yearly plan: what it promises and what is done, drafting, issuing, amending and closing it."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Request
from fastapi.responses import RedirectResponse, Response

from services.assignment.domain.plan.commands import CopyPlan
from services.assignment.domain.plan.decider import plan_stream
from services.assignment.domain.session.commands import PROPOSE_SESSION
from services.assignment.entrypoints.pages.dialogue.choosing import units
from services.assignment.entrypoints.pages.dialogue.doing import Doing, Ways, offered
from services.assignment.entrypoints.pages.papers.views import may_draft
from services.assignment.entrypoints.pages.plans.acts import AMEND_PLAN, DRAFT_PLAN, PLAN_ACTS, STANDS_FOR, TOLD
from services.assignment.entrypoints.pages.plans.papers import on_paper, papers_about
from services.assignment.readmodel.dialogue.queries import PLAN, SEE_DIALOGUE, Thing
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.words.queries import MOST
from shared.contracts.document import DocumentKind
from shared.contracts.refusals import Forbidden, Unknown
from shared.desk import Done
from shared.directory.snapshot import Directory
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.nearness import left_until
from shared.permit import Resource, Subject, permit
from shared.web.acting import Acting
from shared.web.acts import Act, Offer, Option, Tried
from shared.web.pages import Pages
from shared.web.reading import or_none

PATH: Final = "/plan"
BLANK: Final = 2
Year = Annotated[int, Path(ge=2000, le=2100)]
Slug = Annotated[str, Path(max_length=40)]
FORMS: Final[Mapping[str, Act]] = {act.slug: act for act in (DRAFT_PLAN, AMEND_PLAN)}


def routes(router: APIRouter, pages: Pages, queries: Queries, acting: Acting) -> None:
    """Show, draft, act."""
    page = _Page(pages, queries, acting)

    @router.get(PATH)
    async def this_year(session: Working) -> Response:
        """The plan of the year we are in."""
        return RedirectResponse(f"{PATH}/{acting.today.year}", 303)

    @router.get(f"{PATH}/{{year}}")
    async def plan(request: Request, year: Year, session: Working) -> Response:
        """The plan of a year, with what became of each dialogue that it names."""
        return await page.show(request, session, year)

    @router.get(f"{PATH}/{{year}}/{{slug}}")
    async def form(request: Request, year: Year, slug: Slug, session: Working) -> Response:
        """The form that drafts or amends it."""
        if slug not in FORMS:
            raise Unknown
        return await page.form(request, session, year, FORMS[slug])

    @router.post(f"{PATH}/{{year}}/{{slug}}")
    async def act(request: Request, year: Year, slug: Slug, session: Working) -> Response:
        """Ask a command of a plan."""
        return await page.act(request, session, year, slug)


class _Page:
    """A year's plan, to be looked at and acted on."""

    def __init__(self, pages: Pages, queries: Queries, acting: Acting) -> None:
        self._pages, self._queries, self._acting = pages, queries, acting

    async def show(self, request: Request, session: Session, year: int, refused: Tried | None = None) -> Response:
        """The plan, or that there is none yet; after something was `refused`, with what was typed."""
        subject, queries = session.subject, self._queries
        stream = plan_stream(subject.office, year)
        self._allow(subject)
        found = await self._plan(subject, stream)
        directory = await queries.directories.at(self._acting.today)
        line, whole = found if found is not None else (None, {})
        papers = await papers_about(queries, subject, DocumentKind.PLAN, stream) if line is not None else []
        paper = await on_paper(queries, subject, self._acting.today.year, papers)
        ways = Ways(
            options={"issue_plan": {**paper.options, "disseminate": units(directory, subject.office)}},
            chosen={
                "issue_plan": {
                    "document": whole.get("document") or next((each.id for each in papers), ""),
                    "disseminate": [each.value for each in units(directory, subject.office)],
                }
            },
            sample={"issue_plan": paper.sample},
        )
        version = line.version if line is not None else 0
        here = PLAN_ACTS if line is not None else ()
        offers = await offered(self._acting, here, stream, version, subject, told=TOLD, ways=ways)
        page = await or_none(queries.words.of(subject, PLAN, stream, limit=MOST)) if line is not None else None
        doing = Doing(thing=stream, path=f"{PATH}/{year}", offers=offers, ways=ways, refused=refused)
        before = await or_none(queries.dialogues.one(subject, PLAN, plan_stream(subject.office, year - 1)))
        return self._pages.show(
            request,
            "assignment/plans/plan.html",
            **doing.facts(request),
            session=session,
            year=year,
            it=line,
            whole=whole,
            papers=papers,
            directory=directory,
            windows=[
                {**each, "left": left_until(directory.calendar, self._acting.today, each["before"])}
                for each in whole.get("windows", ())
            ],
            reasons_given=[word.text for word in page.words if word.fact == "plan.amended"] if page is not None else [],
            may_draft=self._acting.may_ever(DRAFT_PLAN, subject) and (line is None or line.stage == "du_thao"),
            may_draft_paper=may_draft(subject),
            may_amend=self._acting.may_ever(AMEND_PLAN, subject) and line is not None and line.stage == "da_ban_hanh",
            may_propose=permit(subject, PROPOSE_SESSION, _office(subject)).allowed,
            year_before=before[0] if before is not None else None,
            this_year=self._acting.today.year,
            as_of=None,
        )

    async def form(self, request: Request, session: Session, year: int, act: Act, refused: Tried | None = None) -> Response:
        """The form that drafts or amends it, filled in with what stands."""
        subject, queries = session.subject, self._queries
        if not self._acting.may_ever(act, subject):
            raise Forbidden(rule=act.name)
        stream = plan_stream(subject.office, year)
        found = await self._plan(subject, stream)
        if found is None and act is AMEND_PLAN:
            raise Unknown
        line, whole = found if found is not None else (None, {})
        directory = await queries.directories.at(self._acting.today)
        papers = await papers_about(queries, subject, DocumentKind.PLAN, stream)
        other = sorted({each["role"] for each in whole.get("recipients", ())} - set(STANDS_FOR))
        options: dict[str, list[Option]] = {
            "recipients.unit": _everybody(directory),
            "recipients.role": [Option(each, each) for each in other],
        }
        if act is AMEND_PLAN:
            paper = await on_paper(
                queries, subject, self._acting.today.year, [each for each in papers if each.id != whole["document"]]
            )
            options |= {name: list(each) for name, each in paper.options.items()}
        ways = Ways(options={act.name: options}, chosen={act.name: _chosen(whole, year)})
        thing = subject.office if act is DRAFT_PLAN else stream
        version = line.version if line is not None else 0
        offer = Offer(act=act, thing=thing, version=version)
        doing = Doing(thing=thing, path=f"{PATH}/{year}", offers={act.name: offer}, ways=ways, refused=refused)
        return self._pages.show(
            request,
            "assignment/plans/draft-plan.html",
            **doing.facts(request),
            session=session,
            year=year,
            act=act,
            version=version,
            as_of=None,
        )

    async def act(self, request: Request, session: Session, year: int, slug: str) -> Response:
        """Do what a form asks, then show the plan anew."""
        subject = session.subject
        self._allow(subject)
        stream = plan_stream(subject.office, year)
        drafting = FORMS.get(slug)
        act = drafting or next((each for each in PLAN_ACTS if each.slug == slug), None)
        if act is None:
            raise Unknown

        async def again(refused: Tried) -> Response:
            if drafting is not None:
                return await self.form(request, session, year, drafting, refused)
            return await self.show(request, session, year, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{year + 1 if act.command is CopyPlan else year}"

        thing = subject.office if act is DRAFT_PLAN else stream
        values: dict[str, Any] = {"year": year} if act is DRAFT_PLAN else {}
        return await self._acting.ask(request, session, act, thing, again=again, onward=onward, **values)

    async def _plan(self, subject: Subject, stream: str) -> tuple[Thing, Mapping[str, Any]] | None:
        found = await or_none(self._queries.dialogues.one(subject, PLAN, stream))
        if found is None:
            return None
        return found[0], await self._queries.dialogues.whole(subject, PLAN, stream, found[0].version)

    def _allow(self, subject: Subject) -> None:
        """Whoever sees nothing of the office's dialogues sees no plan, and not that there is none."""
        if not permit(subject, SEE_DIALOGUE, _office(subject)).allowed:
            raise Unknown


def _office(subject: Subject) -> Resource:
    return Resource(tenant=subject.tenant, office=subject.office)


def _everybody(directory: Directory) -> list[Option]:
    return [Option(key, directory.label(key)) for key in sorted(directory.units, key=directory.label)]


def _chosen(whole: Mapping[str, Any], year: int) -> dict[str, Any]:
    """What stands, as the form takes it, with rows to fill in; of a new plan, the two windows that every plan has."""
    if not whole:
        windows: Sequence[Mapping[str, Any]] = (
            {"report": "six_month", "first": date(year, 1, 1), "last": date(year, 5, 31), "before": date(year, 6, 10)},
            {"report": "annual", "first": date(year, 1, 1), "last": date(year, 10, 31), "before": date(year, 11, 20)},
        )
        return {
            "windows": [_row(each) for each in windows],
            "dialogues": [{} for _ in range(BLANK)],
            "bases": [{} for _ in range(BLANK)],
            "recipients": [{}],
        }
    blank: list[dict[str, str]] = [{} for _ in range(BLANK)]
    return {name: [*(_row(each) for each in whole[name]), *blank] for name in ("bases", "dialogues", "windows", "recipients")}


def _row(each: Mapping[str, Any]) -> dict[str, str]:
    return {name: _typed(value) for name, value in each.items()}


def _typed(value: Any) -> str:
    if isinstance(value, date):
        return f"{value:%d/%m/%Y}"
    if isinstance(value, bool):
        return "1" if value else ""
    return "" if value is None else str(value)
