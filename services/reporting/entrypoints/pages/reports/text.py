"""The page of a report's text: what its figures say, which nobody edits, what people write beside it, and its comments."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from fastapi import Request
from fastapi.responses import Response

from services.reporting.domain.report.refusals import FiguresDiffer
from services.reporting.domain.text.sections import Passage, closing, opening, sections
from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.figures.tables import still_counting
from services.reporting.entrypoints.pages.reports.acts import COMMENT, DRAFT, RETURN, SUBMIT, WRITE
from services.reporting.entrypoints.pages.reports.offering import offered
from services.reporting.entrypoints.pages.said import on_day, when
from services.reporting.entrypoints.pages.underway import Underway
from services.reporting.entrypoints.paper import composition
from services.reporting.readmodel.access import office_resource
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.readable import Drafting
from shared.contracts.document import DocumentKind
from shared.contracts.report import Section
from shared.identity.sessions import Session
from shared.papers.access import READ_DOCUMENT
from shared.permit import Subject, permit
from shared.web import problems
from shared.web.acting import new_key
from shared.web.acts import Offer, Tried
from shared.web.pages import Pages, language_of

PAGE: Final = "reporting/reports/text.html"


@dataclass(frozen=True, slots=True)
class Composed:
    """The text as it reads: its parts, its first and last paragraph, and the digest of the whole paper.

    `anew`: as it would be drafted today.
    """

    passages: Sequence[Passage]
    first: str
    last: str
    content: str
    anew: bool


class Text:
    """The text of a report."""

    def __init__(self, pages: Pages, behind: Behind, underway: Underway) -> None:
        self._pages, self._behind, self._underway = pages, behind, underway

    async def show(self, request: Request, session: Session, one: Mapping[str, Any], refused: Tried | None = None) -> Response:
        """The page; before the lock, and where the figures are no longer those that were locked, it says so."""
        subject, report = session.subject, one["report"]
        offers = await self._offers(subject, one)
        composed: Composed | None = None
        problem: Mapping[str, Any] | None = None
        reads = permit(subject, READ_DOCUMENT, office_resource(subject.tenant, one["office"])).allowed
        if one["lock"] is not None and reads:
            anew = DRAFT.name in offers

            async def make() -> Composed:
                return await self._composed(subject, one, anew=anew)

            try:
                composed = await self._underway.of(session, (report, "text", anew, _version(one)), make)
            except FiguresDiffer as differ:
                problem = problems.body_of(differ, language=language_of(request))
            else:
                if composed is None and refused is None:  # a refusal, and what was typed, is shown at once
                    return still_counting(self._pages, request, session, f"/reports/{report}/text", "")
        words, names = await self._words(subject, one, reads=reads)
        return self._pages.show(
            request,
            PAGE,
            status=refused.status if refused is not None else 200,
            session=session,
            one=one,
            tables=[each.value for each in Table],
            reads=reads,
            composed=composed,
            problem=problem,
            offers=offers,
            written=words["sections"],
            said=words["words"],
            names=names,
            steps=[each for each in (one["paper"] or {"steps": []})["steps"] if each["words"]],
            tried=refused,
            done=request.query_params.get("done") if refused is None else None,
            late="late" in request.query_params,
            key=new_key(),
            when=when,
            on_day=on_day,
        )

    async def _offers(self, subject: Subject, one: Mapping[str, Any]) -> Mapping[str, Offer]:
        acting, report = self._behind.acting, one["report"]
        found: list[Offer | None] = [offered(acting, act, one, subject) for act in (DRAFT, SUBMIT)]
        found += [await acting.offer(act, report, 0, subject) for act in (COMMENT, RETURN)]
        found.append(await acting.offer(WRITE, report, 0, subject, section=Section.DIRECTION.value))
        return {each.act.name: each for each in found if each is not None}

    async def _composed(self, subject: Subject, one: Mapping[str, Any], *, anew: bool) -> Composed:
        drafting = None
        if anew:
            today = self._behind.acting.today
            listed = (await self._behind.directories.at(today)).recipients(one["office"], DocumentKind.REPORT)
            drafting = Drafting(today, tuple((line.unit, line.purpose) for line in listed))
        readable = await self._behind.queries.readable.readable(subject, one["report"], drafting)
        told = readable.told
        return Composed(sections(told), opening(told), closing(told), composition(readable).content, anew)

    async def _words(
        self, subject: Subject, one: Mapping[str, Any], *, reads: bool
    ) -> tuple[Mapping[str, Any], Mapping[str, str]]:
        """What was written, by section with the last writing ahead, and what was said of the paper."""
        if not reads:
            return {"sections": {}, "words": {}}, {}
        found = await self._behind.queries.words.words(subject, one["report"])
        by_section: dict[str, list[Mapping[str, Any]]] = {}
        for each in reversed(found["sections"]):
            by_section.setdefault(each["section"], []).append(each)
        directory = await self._behind.directories.at(self._behind.acting.today)
        units = {each["unit"] for each in found["sections"]}
        return {"sections": by_section, "words": found["words"]}, {unit: directory.label(unit) for unit in units if unit}


def _version(one: Mapping[str, Any]) -> tuple[Any, ...]:
    """What the text depends on: what was locked, written and drafted by now."""
    paper, written = one["paper"], one["sections"]
    return (one["locked_at"], paper["version"] if paper else 0, *(each["version"] for each in written))
