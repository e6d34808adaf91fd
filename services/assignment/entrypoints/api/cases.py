"""Cases over HTTP."""

from datetime import date
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query
from fastapi.responses import Response

from services.assignment.domain.case import commands as asked
from services.assignment.entrypoints.api.bounds import AsOf, Beyond, Commands, Cursor, DraftNumber, Id, Limit
from services.assignment.readmodel.cases.lists import MAX_PAGE, CaseLists
from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.cases.queries import Cases
from services.assignment.readmodel.cases.views import CaseOrder, CasePage, Filters
from shared.asof import moment_of
from shared.contracts.opinion import SourceGroup
from shared.web.api import After, Asker
from shared.web.responses import Json, etag

MOST_DAYS: Final = 3_650
LONGEST_WORDS: Final = 200
COMMANDS: Final[Commands] = (
    ("/cases/{case}/assignment", asked.AssignCase, 200),
    ("/cases/{case}/answers", asked.SubmitAnswer, 200),
    ("/cases/{case}/return", asked.ReturnAnswer, 200),
    ("/cases/{case}/approval", asked.ApproveAnswer, 200),
    ("/cases/{case}/delivery", asked.DeliverAnswer, 200),
    ("/cases/{case}/closure", asked.CloseCase, 200),
    ("/cases/{case}/reopening", asked.ReopenCase, 200),
    ("/cases/{case}/reopening/refusal", asked.DeclineReopening, 200),
    ("/cases/{case}/assignment/proposal", asked.ProposeAssignment, 200),
    ("/cases/{case}/coordination", asked.SetCoordination, 200),
    ("/cases/{case}/direction", asked.DirectCase, 200),
    ("/cases/{case}/recall", asked.RecallCase, 200),
    ("/cases/{case}/due", asked.SetCaseDue, 200),
    ("/cases/{case}/consultations", asked.ConsultUnit, 200),
    ("/cases/{case}/consultations/given", asked.GiveConsultation, 200),
    ("/cases/{case}/party-opinion", asked.RecordPartyOpinion, 200),
    ("/cases/{case}/taking-on-board", asked.TakeOnBoard, 200),
    ("/cases/{case}/classification", asked.ReclassifyCase, 200),
    ("/cases/{case}/rejection", asked.RejectCase, 200),
    ("/cases/{case}/quarantine", asked.QuarantineCase, 200),
    ("/cases/{case}/forwarding", asked.ForwardCase, 200),
    ("/cases/{case}/diversion", asked.DivertCase, 200),
    ("/cases/{case}/withdrawal", asked.WithdrawCase, 200),
    ("/cases/{case}/merge", asked.MergeCase, 200),
    ("/cases/{case}/unmerge", asked.UnmergeCase, 200),
    ("/cases/{case}/split", asked.SplitCase, 200),
)


def routes(router: APIRouter, queries: Cases, lists: CaseLists) -> None:
    """Cases and lists of them."""
    _one(router, queries)
    _lists(router, lists)


def _one(routes: APIRouter, queries: Cases) -> None:
    @routes.get("/cases/{case}")
    async def case(case: Id, subject: Asker, _at: After) -> Response:
        """A case: its stage, unit, due date, drafts; references instead of words. The ETag is its version."""
        found = await queries.case(subject, case)
        return Json(found, headers=etag(found.version))

    @routes.get("/cases/{case}/timeline")
    async def timeline(
        case: Id, subject: Asker, _at: After, as_of: AsOf = None, after: Beyond = 0, limit: Limit = MAX_PAGE
    ) -> Response:
        """What happened to it, oldest first, with people, posts and units called as on the day; the opening of names is logged.

        `as_of` is an instant or a position of this log; `after` a version.
        """
        moment = moment_of(as_of, "assignment")
        return Json(await queries.timeline(subject, case, as_of=moment, after=after, limit=limit))

    @routes.get("/cases/{case}/answers/{draft}")
    async def answer(
        case: Id,
        draft: DraftNumber,
        subject: Asker,
        _at: After,
        episode: Annotated[str | None, Query(max_length=100)] = None,
    ) -> Response:
        """The parts of a draft; the reading is logged."""
        opened = await queries.answer(subject, case, draft, episode)
        return Json({**opened.parts, "erased": list(opened.erased)})


async def _filters(
    stage: Annotated[CaseStage | None, Query()] = None,
    field: Annotated[str | None, Query(max_length=40)] = None,
    lead: Annotated[str | None, Query(max_length=32)] = None,
    received_by: Annotated[str | None, Query(max_length=32)] = None,
    overdue: bool | None = None,
    resolved: bool | None = None,
    wished: bool | None = None,
    flagged: bool | None = None,
    older_than: Annotated[int | None, Query(ge=0, le=MOST_DAYS)] = None,
    source: Annotated[SourceGroup | None, Query()] = None,
    open: bool | None = None,
    due_by: date | None = None,
    words: Annotated[str | None, Query(max_length=LONGEST_WORDS)] = None,
) -> Filters:
    return Filters(
        stage=stage,
        field=field,
        lead=lead,
        unit=received_by,
        overdue=overdue,
        resolved=resolved,
        wished=wished,
        flagged=flagged,
        older_than=older_than,
        source=source,
        open=open,
        due_by=due_by,
        words=words or None,
    )


_Narrowed = Annotated[Filters, Depends(_filters)]


def _lists(routes: APIRouter, queries: CaseLists) -> None:
    @routes.get("/offices/{office}/cases")
    async def of_office(
        office: Id,
        subject: Asker,
        _at: After,
        filters: _Narrowed,
        sort: Annotated[CaseOrder, Query()] = CaseOrder.DUE,
        as_of: AsOf = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """The cases of an office, those due first ahead; `words` finds by what was said, with or without its marks.

        `as_of`, an instant or a position of this log, tells the list as it was known then, but searches no words.
        """
        if (moment := moment_of(as_of, "assignment")) is None:
            return _page(await queries.office_cases(subject, office, filters, order=sort, cursor=cursor, limit=limit))
        page, until = await queries.known_as_of(subject, office, moment, filters, order=sort, cursor=cursor, limit=limit)
        return Json({"items": page.cases, "cursor": page.cursor, "as_of": {"assignment": until}})

    @routes.get("/units/{unit}/cases")
    async def of_unit(
        unit: Id,
        subject: Asker,
        _at: After,
        filters: _Narrowed,
        role: Annotated[Literal["lead", "received"], Query(alias="as")] = "lead",
        office: Annotated[str | None, Query(max_length=32)] = None,
        cursor: Cursor = None,
        limit: Limit = 50,
    ) -> Response:
        """The cases a unit leads, or (`as=received`) those whose opinions it took in, at its office or at `office`."""
        page = await queries.unit_cases(
            subject,
            unit,
            filters,
            office=office or subject.office,
            leading=role == "lead",
            cursor=cursor,
            limit=limit,
        )
        return _page(page)


def _page(page: CasePage) -> Response:
    return Json({"items": page.cases, "cursor": page.cursor})
