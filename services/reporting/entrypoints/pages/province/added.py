"""The page of the province: a table of a period over all offices that have locked theirs, and the state of each office."""

import asyncio
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.figures import identities, sheets
from services.reporting.entrypoints.pages.figures.grid import grid
from services.reporting.entrypoints.pages.figures.tables import File, still_counting
from services.reporting.entrypoints.pages.underway import Underway
from services.reporting.entrypoints.workbook import MEDIA_TYPE, sheet_of
from services.reporting.readmodel.access import READ_FIGURES, office_resource
from services.reporting.readmodel.forms import TITLES, Table
from shared.contracts.report import ReportKind
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import permit
from shared.web.pages import Pages
from shared.web.responses import Attachment

PATH: Final = "/province"
PAGE: Final = "reporting/province/province.html"
WHOSE: Final = "Toàn tỉnh"

Year = Annotated[int | None, Query(ge=2000, le=9_998)]
Kind = Annotated[ReportKind | None, Query()]


def routes(router: APIRouter, pages: Pages, behind: Behind, underway: Underway) -> None:
    """Show a table of the province, save it."""
    province = _Province(pages, behind, underway)

    @router.get(PATH)
    async def begin(_session: Working) -> Response:
        """Biểu 02 of the period that was reported last."""
        return RedirectResponse(f"{PATH}/{Table.OPINIONS.value}", 303)

    @router.get(f"{PATH}/{{table}}")
    async def shown(request: Request, table: Table, session: Working, year: Year = None, kind: Kind = None) -> Response:
        """A table added up, and how far each office is."""
        return await province.show(request, session, table, *await province.period(year, kind))

    @router.get(f"{PATH}/{{table}}/file")
    async def file(table: Table, session: Working, year: Year = None, kind: Kind = None, form: File = File.CSV) -> Response:
        """The same as a file."""
        return await province.file(session, table, *await province.period(year, kind), form)


class _Province:
    """All offices side by side."""

    def __init__(self, pages: Pages, behind: Behind, underway: Underway) -> None:
        self._pages, self._behind, self._underway = pages, behind, underway

    async def period(self, year: int | None, kind: ReportKind | None) -> tuple[int, ReportKind]:
        """The period asked for; of none the one that was reported last."""
        if year is not None:
            return year, kind or ReportKind.ANNUAL
        return await self._behind.queries.province.period(self._behind.acting.today, kind)

    async def show(self, request: Request, session: Session, table: Table, year: int, kind: ReportKind) -> Response:
        """The page; who is not locked is named as such and is in no sum."""
        where = f"{PATH}/{table.value}?year={year}&kind={kind.value}"

        async def ask() -> dict[str, Any]:
            return await self._behind.queries.province.table(session.subject, table=table, kind=kind, year=year)

        found = await self._underway.of(session, where, ask)
        if found is None:
            return still_counting(self._pages, request, session, where, TITLES[table])
        made = grid(found, None) if found["total"] is not None else None
        subject = session.subject
        received = {each["report"] for each in await self._behind.queries.reports.received(subject)}
        readable = {
            each["office"]
            for each in found["offices"]
            if permit(subject, READ_FIGURES, office_resource(subject.tenant, each["office"])).allowed
            or each["report"] in received
        }
        return self._pages.show(
            request,
            PAGE,
            session=session,
            table=table.value,
            tables=[each.value for each in Table],
            year=year,
            kind=kind.value,
            found=found,
            grid=made,
            identities=identities.identities(found),
            additions=identities.additions(found),
            readable=readable,
        )

    async def file(self, session: Session, table: Table, year: int, kind: ReportKind, form: File) -> Response:
        """The table as it is shown."""
        found = await self._behind.queries.province.table(session.subject, table=table, kind=kind, year=year)
        name = f"province-{year}-{kind.value}-{table.value}"
        if form is File.CSV:
            return Attachment(sheets.csv_of(found), f"{name}.csv", sheets.MEDIA_TYPE)
        whose = f"{WHOSE}, {found['counted']}/{found['of']}"
        return Attachment(await asyncio.to_thread(sheet_of, found, whose), f"{name}.xlsx", MEDIA_TYPE)
