"""The routes of one report: its pages, the acts on them, and what is saved of it."""

import asyncio
from dataclasses import replace
from enum import StrEnum
from typing import Annotated, Any, Final

import orjson
from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.reporting.domain.report.states import paper_of
from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.figures.tables import still_counting
from services.reporting.entrypoints.pages.reports.acts import ACKNOWLEDGE, ATTACH, BY_SLUG, CARRIES, PUBLISH, Page
from services.reporting.entrypoints.pages.reports.progress import Progress
from services.reporting.entrypoints.pages.reports.sign import Paper, attaching
from services.reporting.entrypoints.pages.reports.text import Text
from services.reporting.entrypoints.pages.said import when
from services.reporting.entrypoints.pages.underway import Underway
from services.reporting.entrypoints.workbook import MEDIA_TYPE, workbook
from services.reporting.readmodel.forms import Table
from shared.contracts.document import Form
from shared.contracts.refusals import Forbidden, Refused, Unknown
from shared.desk import Done
from shared.documents.layout.written import MEDIA_TYPES
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.web.acting import tried
from shared.web.acts import Tried
from shared.web.api import keyed_id
from shared.web.limits import takes
from shared.web.multipart import Sent, read_form_and_files
from shared.web.pages import Pages
from shared.web.responses import Attachment
from shared.web.uploads import UPLOADS_AT_ONCE

DIFFERENCES: Final = "reporting/reports/differences.html"
VERIFY: Final = "reporting/reports/verify.html"

Report = Annotated[str, Path(max_length=100)]
Slug = Annotated[str, Path(max_length=40)]
Given = Annotated[str, Path(max_length=80)]


class Saved(StrEnum):
    """What a report is saved as."""

    PDF = "pdf"
    DOCX = "docx"
    XLSX = "xlsx"
    JSON = "json"


Kind = Annotated[Saved, Query(alias="form")]
Marked = Annotated[bool, Query()]
Of = Annotated[str, Query(max_length=100)]
BESIDE: Final = 64 * 1024  # of a body beside its file: the marks of the form


def routes(router: APIRouter, pages: Pages, behind: Behind, underway: Underway) -> None:
    """Show, act, save."""
    page = _One(pages, behind, underway)
    taking = asyncio.Semaphore(UPLOADS_AT_ONCE)

    @router.get("/reports/{report}")
    async def progress(request: Request, report: Report, session: Working) -> Response:
        """How far it is; for whom it was sent to, the paper."""
        return await page.show(request, session, report, Page.PROGRESS)

    @router.get("/reports/{report}/text")
    async def text(request: Request, report: Report, session: Working) -> Response:
        """Its text."""
        return await page.show(request, session, report, Page.TEXT)

    @router.get("/reports/{report}/sign")
    async def sign(request: Request, report: Report, session: Working) -> Response:
        """Its signature and dispatch."""
        return await page.show(request, session, report, Page.SIGN)

    @router.get("/reports/{report}/differences")
    async def differences(request: Request, report: Report, session: Working) -> Response:
        """What a correction counts otherwise than the report that it corrects, and why."""
        return await page.differences(request, session, report)

    @router.get("/reports/{report}/verify")
    async def verify(request: Request, report: Report, session: Working) -> Response:
        """Its figures counted again from the logs."""
        return await page.verify(request, session, report)

    @router.get("/reports/{report}/file")
    async def file(report: Report, session: Working, form: Kind = Saved.PDF, marked: Marked = False) -> Response:
        """The paper, or its figures, to be saved."""
        return await page.file(session, report, form, marked=marked)

    @router.post("/reports/signed-copies")
    @takes(behind.queries.copies.limit_bytes + BESIDE)
    async def attach(request: Request, session: Working, of: Of) -> Response:
        """Hand in a PDF of its paper that was signed outside."""
        async with taking:
            return await page.attach(request, session, of, await read_form_and_files(request))

    @router.post("/reports/{report}/{slug}")
    async def act(request: Request, report: Report, slug: Slug, session: Working) -> Response:
        """Ask a command of the report."""
        return await page.act(request, session, report, slug, "")

    @router.post("/reports/{report}/{slug}/{given}")
    async def act_with(request: Request, report: Report, slug: Slug, given: Given, session: Working) -> Response:
        """Ask a command of the report about what the address carries: a unit, a section, the text that was read."""
        if slug not in CARRIES:
            raise Unknown
        return await page.act(request, session, report, slug, given)


class _One:
    """One report."""

    def __init__(self, pages: Pages, behind: Behind, underway: Underway) -> None:
        self._pages, self._behind, self._underway = pages, behind, underway
        self._progress, self._text, self._paper = (
            Progress(pages, behind),
            Text(pages, behind, underway),
            Paper(pages, behind),
        )

    async def show(self, request: Request, session: Session, report: str, page: Page, refused: Tried | None = None) -> Response:
        """A page of it; after something was `refused`, with what was typed."""
        try:
            one = await self._behind.queries.reports.report(session.subject, report)
        except (Unknown, Forbidden) as closed:
            try:
                return await self._paper.received(request, session, report, refused)
            except Unknown:
                raise closed from None
        match page:
            case Page.TEXT:
                return await self._text.show(request, session, one, refused)
            case Page.SIGN:
                return await self._paper.show(request, session, one, refused)
        return await self._progress.show(request, session, one, refused)

    async def act(self, request: Request, session: Session, report: str, slug: str, given: str) -> Response:
        """Do what a form asks, then show its page anew."""
        found = BY_SLUG.get(slug)
        if found is None:
            raise Unknown
        page, act = found
        values: dict[str, Any] = {CARRIES[slug]: given} if given else {}

        async def again(refused: Tried) -> Response:
            shown = replace(refused, thing=f"{report}-{given}") if given else refused
            return await self.show(request, session, report, page, shown)

        async def onward(done: Done) -> str:
            if correction := done.answer.get("correction"):
                return f"/reports/{correction}"
            if slug == ACKNOWLEDGE.slug and given == session.subject.unit:  # whom it was sent to has one page of it
                return f"/reports/{report}"
            return f"/reports/{report}" + (f"/{page.value}" if page.value else "")

        if slug == PUBLISH.slug:
            values["redacted"] = False  # what a box that is not ticked says
        carried = replace(act, fields=tuple(each for each in act.fields if each.name != CARRIES.get(slug) or not given))
        return await self._behind.acting.ask(request, session, carried, report, again=again, onward=onward, **values)

    async def attach(self, request: Request, session: Session, report: str, sent: Sent) -> Response:
        """Look into the file, seal it, and let it stand for the report; what is wrong with it is told beside the form."""
        subject, queries = session.subject, self._behind.queries
        one = await queries.reports.report(subject, report)
        if one["paper"] is None:
            raise Unknown
        decision = attaching(subject, one["office"])
        if not decision.allowed:
            raise Forbidden(rule=decision.rule)

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, report, Page.SIGN, refused)

        command_id = keyed_id(request, subject, sent.fields.get("key", ""))
        content = sent.files[0].content if sent.files else b""
        try:
            address = await queries.copies.take(paper_of(report), content, command_id=command_id)
        except Refused as refused:
            return await again(tried(request, ATTACH, report, sent.fields, refused))
        onward = f"/reports/{report}/{Page.SIGN.value}"
        return await self._behind.acting.ask(
            request, session, ATTACH, report, again=again, onward=onward, form=sent.fields, file=address
        )

    async def differences(self, request: Request, session: Session, report: str) -> Response:
        """Every figure that differs, with the episodes and facts behind it."""
        queries, where = self._behind.queries, f"/reports/{report}/differences"
        one = await queries.reports.report(session.subject, report)

        async def ask() -> dict[str, Any]:
            return await queries.corrected(session.subject, report)

        found = await self._underway.of(session, where, ask)
        if found is None:
            return still_counting(self._pages, request, session, where, "")
        tables = [each.value for each in Table]
        return self._pages.show(request, DIFFERENCES, session=session, one=one, tables=tables, found=found, when=when)

    async def verify(self, request: Request, session: Session, report: str) -> Response:
        """Whether the figures are those that were locked."""
        queries, where = self._behind.queries, f"/reports/{report}/verify"
        one = await queries.reports.report(session.subject, report)

        async def ask() -> dict[str, Any]:
            return await queries.locking.recounted(session.subject, one)

        found = await self._underway.of(session, where, ask)
        if found is None:
            return still_counting(self._pages, request, session, where, "")
        tables = [each.value for each in Table]
        return self._pages.show(request, VERIFY, session=session, one=one, tables=tables, found=found, when=when)

    async def file(self, session: Session, report: str, form: Saved, *, marked: bool) -> Response:
        """The paper as PDF or DOCX, also for whom it was sent to; its figures as a workbook or as JSON."""
        queries, subject = self._behind.queries, session.subject
        if form in (Saved.PDF, Saved.DOCX):
            kind = Form(form.value)
            made = await queries.files.file(subject, paper_of(report), kind, marked=marked)
            return Attachment(made.file, f"{report}.{kind.value}", MEDIA_TYPES[kind])
        one = await queries.reports.report(subject, report)
        tables = await queries.locking.locked(subject, one)
        if form is Saved.JSON:
            return Attachment(orjson.dumps({"report": one, "tables": tables}), f"{report}.json", "application/json")
        beside = (await queries.comparison.of_report(subject, one), await queries.figures.brought(subject, one))
        content = await asyncio.to_thread(workbook, one, tables, *beside)
        return Attachment(content, f"{report}.xlsx", MEDIA_TYPE)
