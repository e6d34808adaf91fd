"""The reporting service over HTTP: figures, what stands behind them, and the reports they are locked for."""

import asyncio
from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from fastapi.responses import Response

from services.reporting.domain.document import commands as on_paper
from services.reporting.domain.opening import commands as opening
from services.reporting.domain.register import commands as books
from services.reporting.domain.report import commands as asked
from services.reporting.domain.report.states import paper_of
from services.reporting.entrypoints.workbook import MEDIA_TYPE, workbook
from services.reporting.readmodel.asof import as_of as read_as_of
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.comparison import Comparison
from services.reporting.readmodel.figures import CELL_PAGE, Figures
from services.reporting.readmodel.forms import Table, Units
from services.reporting.readmodel.province import Province
from services.reporting.readmodel.queries import Queries
from services.reporting.readmodel.reports.reminders import NEAR
from shared.contracts.document import Form
from shared.contracts.report import ReportKind
from shared.desk import Desk
from shared.documents.layout.written import MEDIA_TYPES
from shared.documents.registers import LAST_NUMBER
from shared.papers.uploading import Uploads
from shared.web.api import After, Api, Asker
from shared.web.responses import Attachment, Json, etag, given_as, told_of

SERVICE: Final = "reporting"

# What a query string may hold; anything else is a problem with the field named.
_Office = Annotated[str, Query(max_length=32)]
_From = Annotated[date, Query(alias="from")]
_To = Annotated[date, Query(alias="to")]
_FirstDay = Annotated[date | None, Query(alias="from")]
_LastDay = Annotated[date | None, Query(alias="to")]
_AsOf = Annotated[str | None, Query(max_length=100)]

_Cell = Annotated[str, Query(max_length=160)]
_Episode = Annotated[str, Query(max_length=100)]
_Report = Annotated[str, Path(max_length=100)]
_Year = Annotated[int | None, Query(ge=1, le=9_999)]
_InYear = Annotated[int, Path(ge=1, le=9_999)]
_AfterNumber = Annotated[int, Query(ge=0, le=LAST_NUMBER)]
_OfYear = Annotated[int, Query(ge=2000, le=9998)]
_Near = Annotated[int, Query(ge=0, le=366)]
_Marked = Annotated[bool, Query(description="A copy that says what became of it since, instead of what was issued.")]
_Limit = Annotated[int, Query(ge=1, le=500)]


def router(desk: Desk, queries: Queries) -> APIRouter:
    """Every route of the service under `/reporting/api`."""
    api = Api(service=SERVICE, desk=desk)
    _figures(api.router, queries.figures)
    _tables(api.router, queries.figures)
    _compared(api.router, queries.comparison)
    _lineage(api.router, queries)
    _province(api.router, queries.province)
    _reports(api, queries)
    _files(api, queries)
    Uploads(
        api,
        queries.papers,
        queries.copies,
        command=on_paper.AttachSignedReport,
        action=on_paper.ATTACH_SIGNED_REPORT,
        field="report",
        document_of=paper_of,
    ).serve()
    return api.router


def _figures(routes: APIRouter, queries: Figures) -> None:
    @routes.get("/figures")
    async def figures(
        office: _Office,
        first: _From,
        last: _To,
        subject: Asker,
        _at: After,
        by: By = By.TOTAL,
        as_of: _AsOf = None,
    ) -> Response:
        """Biểu 02 of an office from one day to another, both counted; `as_of` is an instant or a position vector."""
        return Json(await queries.figures(subject, office=office, first=first, last=last, by=by, as_of=read_as_of(as_of)))


def _tables(routes: APIRouter, queries: Figures) -> None:
    @routes.get("/tables/{table}")
    async def table_(
        table: Table,
        office: _Office,
        first: _From,
        last: _To,
        subject: Asker,
        _at: After,
        by: By | None = None,
        as_of: _AsOf = None,
        units: Units = Units.WAS,
    ) -> Response:
        """A table of the report; `units=now` puts the work of former units under those that hold it today."""
        known = read_as_of(as_of)
        return Json(
            await queries.table(subject, table=table, office=office, first=first, last=last, by=by, as_of=known, units=units)
        )


def _compared(routes: APIRouter, queries: Comparison) -> None:
    @routes.get("/compared/{table}")
    async def compared(
        table: Table,
        office: _Office,
        first: _From,
        last: _To,
        subject: Asker,
        _at: After,
        by: By | None = None,
        as_of: _AsOf = None,
        since: date | None = None,
    ) -> Response:
        """A table beside that of the same days of the year before, and beside what has added up `since` the first report."""
        known = read_as_of(as_of)
        return Json(
            await queries.compared(subject, table=table, office=office, first=first, last=last, by=by, as_of=known, since=since)
        )


def _province(routes: APIRouter, queries: Province) -> None:
    @routes.get("/province/{table}")
    async def added(table: Table, year: _OfYear, subject: Asker, _at: After, kind: ReportKind = ReportKind.ANNUAL) -> Response:
        """A table of a period added up over the offices that have locked theirs, and how far each office is."""
        return Json(await queries.table(subject, table=table, kind=kind, year=year))


def _lineage(routes: APIRouter, queries: Queries) -> None:
    @routes.get("/cells")
    async def cell_(
        cell: _Cell,
        office: _Office,
        subject: Asker,
        _at: After,
        first: _FirstDay = None,
        last: _LastDay = None,
        as_of: _AsOf = None,
        units: Units = Units.WAS,
        after: _Episode = "",
        limit: _Limit = CELL_PAGE,
    ) -> Response:
        """What a cell such as `bieu-02/total/I1` counts, and the events that put it there.

        Its days are given as `from` and `to`, or its name ends with them or with a period: `bieu-02/total/I1@2023-H1`.
        """
        known, days = read_as_of(as_of), {"first": first, "last": last}
        return Json(
            await queries.cell(subject, cell=cell, office=office, **days, as_of=known, units=units, after=after, limit=limit)
        )

    @routes.get("/why")
    async def why(
        episode: _Episode,
        office: _Office,
        first: _From,
        last: _To,
        subject: Asker,
        _at: After,
        as_of: _AsOf = None,
        units: Units = Units.WAS,
    ) -> Response:
        """Where an episode, dialogue, notice, request, proposal or task is counted in the window and why, or why it is not."""
        known, days = read_as_of(as_of), {"first": first, "last": last}
        return Json(await queries.figures.why(subject, episode=episode, office=office, **days, as_of=known, units=units))


def _reports(api: Api, queries: Queries) -> None:
    api.command("/reports", asked.OpenReport, status=201)
    api.command("/reports/{report}/confirm", asked.ConfirmFigures)
    api.command("/reports/{report}/withdraw-confirmation", asked.WithdrawConfirmation)
    api.command("/reports/{report}/waive", asked.WaiveConfirmation)
    api.command("/reports/{report}/lock", asked.RequestLock)

    api.command("/reports/{report}/sections/{section}", on_paper.WriteSection)
    api.command("/reports/{report}/draft", on_paper.DraftReport)
    api.command("/reports/{report}/comments", on_paper.CommentOnReport)
    api.command("/reports/{report}/submission", on_paper.SubmitReport)
    api.command("/reports/{report}/return", on_paper.ReturnReport)
    api.command("/reports/{report}/signature", on_paper.SignReport)
    api.command("/reports/{report}/number", on_paper.NumberReport)
    api.command("/reports/{report}/issue", on_paper.IssueReport)
    api.command("/reports/{report}/dispatches", on_paper.DispatchReport)
    api.command("/reports/{report}/acknowledgements", on_paper.AcknowledgeReport)
    api.command("/reports/{report}/publications", on_paper.PublishReport)
    api.command("/reports/{report}/recall", on_paper.RecallReport)
    api.command("/reports/{report}/supersession", on_paper.SupersedeReport)
    api.command("/openings/{office}/lines", opening.RecordOpeningLine, status=201)
    api.command("/openings/{office}/lines/{line}/withdrawal", opening.WithdrawOpeningLine)
    api.command("/openings/{office}/lines/{line}/settlements", opening.SettleOpeningLine)
    api.command("/openings/{office}/lines/{line}/settlements/{settlement}/withdrawal", opening.WithdrawOpeningSettlement)
    api.command("/registers", books.OpenReportRegister, status=201)
    api.command("/registers/{office}/{book}/{year}/voids", books.VoidReportNumber)

    @api.router.get("/reports")
    async def listed(office: _Office, subject: Asker, _at: After) -> Response:
        """The reports of an office, the latest first."""
        return Json(await queries.reports.reports(subject, office=office))

    @api.router.get("/reminders")
    async def reminders(office: _Office, subject: Asker, _at: After, near: _Near = NEAR) -> Response:
        """What is to be done next for an office's reports, by when and by whom: late, or at most `near` working days ahead."""
        return Json({"items": await queries.reminders.reminders(subject, office=office, near=near)})

    @api.router.get("/reports/{report}")
    async def one(report: _Report, subject: Asker, _at: After) -> Response:
        """How a report stands: who has confirmed, what blocks its lock, what was locked."""
        return Json(await queries.reports.report(subject, report))

    @api.router.get("/reports/{report}/paper")
    async def paper(report: _Report, subject: Asker, _at: After) -> Response:
        """The paper with its list and history, for the office and for whom it was sent to; the ETag is its version."""
        found = await queries.papers.document(subject, paper_of(report))
        return Json(found, headers=etag(found.version))

    @api.router.get("/reports/{report}/signature")
    async def signature(report: _Report, subject: Asker, _at: After) -> Response:
        """The signature on the paper, checked with the office's key of its day, for the office and for whom it was sent to."""
        return Json(await queries.signatures.check(subject, paper_of(report)))

    @api.router.get("/reports/{report}/words")
    async def words(report: _Report, subject: Asker, _at: After) -> Response:
        """The sections in the order in which they were written, comments and reasons; the reading is logged."""
        return Json(await queries.words.words(subject, report))

    @api.router.get("/reports/{report}/differences")
    async def differences(report: _Report, subject: Asker, _at: After) -> Response:
        """Every figure in which a corrected report differs from the one it corrects, with the episodes and facts behind it."""
        return Json(await queries.corrected(subject, report))

    @api.router.get("/openings/{office}")
    async def brought(office: _Report, subject: Asker, _at: After) -> Response:
        """What the office brought along into its first report, line by line, with what ended of it and what is left."""
        return Json(await queries.openings.opening(subject, office))

    @api.router.get("/registers")
    async def registers(office: _Office, subject: Asker, _at: After, year: _Year = None) -> Response:
        """The books in which an office numbers its reports, the latest year ahead."""
        return Json({"items": await queries.papers.registers(subject, office, year)})

    @api.router.get("/registers/{office}/{book}/{year}")
    async def register(
        office: _Report, book: _Report, year: _InYear, subject: Asker, _at: After, after: _AfterNumber = 0
    ) -> Response:
        """A book's numbers in order with its voids and gaps; go on with the `after` answered."""
        page = await queries.papers.register(subject, office, book, year, after=after)
        return Json(page, headers=etag(page.register.version))


def _files(api: Api, queries: Queries) -> None:
    @api.router.get("/reports/{report}/figures")
    async def recounted(report: _Report, subject: Asker, _at: After) -> Response:
        """The figures of a locked report, counted again from the logs, and whether they are those that were locked."""
        return Json(await queries.locking.recounted(subject, await queries.reports.report(subject, report)))

    @api.router.get("/reports/{report}/workbook", response_class=Response, responses=given_as(MEDIA_TYPE))
    async def sheets(report: _Report, subject: Asker, _at: After) -> Response:
        """Every table of a locked report as a workbook (XLSX), under the names of today's directory."""
        one = await queries.reports.report(subject, report)
        tables = await queries.locking.locked(subject, one)
        beside = (await queries.comparison.of_report(subject, one), await queries.figures.brought(subject, one))
        made = await asyncio.to_thread(workbook, one, tables, *beside)
        return Attachment(made, f"{report}.xlsx", MEDIA_TYPE)

    @api.router.get("/reports/{report}/paper/file", response_class=Response, responses=given_as(*MEDIA_TYPES.values()))
    async def file(report: _Report, subject: Asker, _at: After, form: Form = Form.PDF, marked: _Marked = False) -> Response:
        """A locked report with its appendices as the paper that is signed (PDF/A), or to be edited (DOCX).

        Once issued, the bytes that were issued (`Paper-Issued`: their SHA-256); `marked` composes a copy that says what
        became of it since.
        """
        made = await queries.files.file(subject, paper_of(report), form, marked=marked)
        # By this its text is drafted and signed: see `content` of `draft_report`.
        return Attachment(made.file, f"{report}.{form.value}", MEDIA_TYPES[form], told_of(made.content, made.issued))
