"""The pages of a table: of a report, or of days that somebody names; as a page, or as a file of what it shows."""

import asyncio
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import RedirectResponse, Response

from services.reporting.domain.figures.comparison import year_before
from services.reporting.entrypoints.pages.figures import identities, sheets
from services.reporting.entrypoints.pages.figures.grid import grid, signed, written
from services.reporting.entrypoints.pages.figures.looked import FIGURES, Looked, Ways, ways
from services.reporting.entrypoints.pages.figures.typed import Days, days
from services.reporting.entrypoints.pages.underway import AGAIN_SECONDS, Underway
from services.reporting.entrypoints.workbook import MEDIA_TYPE, sheet_of
from services.reporting.readmodel.access import OPEN_FIGURES, office_resource
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import BREAKDOWN, TITLES, Table, Units
from services.reporting.readmodel.queries import Queries
from shared.calendar import local_day
from shared.clock import Clock
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import permit
from shared.web.pages import Pages
from shared.web.responses import Attachment

PAGE: Final = "reporting/figures/table.html"
WAITING: Final = "reporting/figures/waiting.html"
CHOICES: Final = (By.FIELD, By.UNIT, By.LOCALITY, By.SOURCE, By.TOTAL)
USUAL: Final = Ways(by=None, units=Units.WAS, as_of="")
BESIDE: Final = ("C", "H", "I", "J")  # what the picture beside other days shows

Report = Annotated[str, Path(max_length=100)]
Beside = Annotated[str, Query(max_length=100)]
Looking = Annotated[Ways, Depends(ways)]
OfDays = Annotated[Days, Depends(days)]


class File(StrEnum):
    """What a table is saved as."""

    CSV = "csv"
    XLSX = "xlsx"


def routes(router: APIRouter, pages: Pages, queries: Queries, clock: Clock, underway: Underway) -> None:
    """The tables of reports and of days."""
    shown = _Tables(pages, queries, underway)

    @router.get("/reports/{report}/{table}")
    async def of_report(
        request: Request, report: Report, table: Table, session: Working, chosen: Looking, beside: Beside = ""
    ) -> Response:
        """A table of a report: as it was locked, before that as known now."""
        looked = looked_of(await queries.reports.report(session.subject, report), chosen)
        return await shown.page(request, session, looked, table, beside)

    @router.get("/reports/{report}/{table}/file")
    async def file_of_report(report: Report, table: Table, session: Working, chosen: Looking, form: File = File.CSV) -> Response:
        """The same as a file."""
        looked = looked_of(await queries.reports.report(session.subject, report), chosen)
        return await shown.file(session, looked, table, form, f"{report}-{table.value}")

    @router.get(FIGURES)
    async def begin(request: Request, session: Working, of: OfDays) -> Response:
        """Choose days, then Biểu 02 of them."""
        if of.stated:
            return RedirectResponse(looked_at(of, USUAL, clock).link(Table.OPINIONS), 303)
        return pages.show(request, "reporting/figures/choose.html", session=session, of=of)

    @router.get(f"{FIGURES}/{{table}}")
    async def of_days(
        request: Request, table: Table, session: Working, chosen: Looking, of: OfDays, beside: Beside = ""
    ) -> Response:
        """A table of an office from one day to another."""
        return await shown.page(request, session, looked_at(of, chosen, clock), table, beside)

    @router.get(f"{FIGURES}/{{table}}/file")
    async def file_of_days(table: Table, session: Working, chosen: Looking, of: OfDays, form: File = File.CSV) -> Response:
        """The same as a file."""
        looked = looked_at(of, chosen, clock)
        name = f"{looked.office}-{looked.first.isoformat()}-{looked.last.isoformat()}-{table.value}"
        return await shown.file(session, looked, table, form, name)


def looked_of(one: Mapping[str, Any], chosen: Ways) -> Looked:
    """A report's tables, looked at so."""
    first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
    return Looked(where=f"/reports/{one['report']}", office=one["office"], first=first, last=last, ways=chosen, one=one)


def looked_at(of: Days, chosen: Ways, clock: Clock) -> Looked:
    """The tables of days, looked at so.

    Raises:
        DayUnclear, DayMissing

    """
    first, last = of.named(local_day(clock.now()))
    return Looked(where=FIGURES, office=of.office, first=first, last=last, ways=chosen)


class _Tables:
    """Tables as pages and as files."""

    def __init__(self, pages: Pages, queries: Queries, underway: Underway) -> None:
        self._pages, self._queries, self._underway = pages, queries, underway

    async def page(self, request: Request, session: Session, looked: Looked, table: Table, beside: str) -> Response:
        """The table with what must add up in it; with `beside`, a row of it beside other days too."""
        found = await self._counted(session, looked, table, compared=bool(beside))
        if found is None:
            return still_counting(self._pages, request, session, looked.link(table), TITLES[table])
        answer, compared = found
        may_open = permit(session.subject, OPEN_FIGURES, office_resource(session.subject.tenant, looked.office)).allowed
        shown = grid(answer, looked.cell if may_open else None)
        return self._pages.show(
            request,
            PAGE,
            session=session,
            looked=looked,
            one=looked.one,
            table=table.value,
            tables=[each.value for each in Table],
            found=answer,
            grid=shown,
            identities=identities.identities(answer),
            additions=identities.additions(answer),
            breakdowns=[by.value for by in CHOICES] if table in BREAKDOWN else [],
            labels={line.key: line.label for lines in shown.groups.values() for line in lines},
            may_open=may_open,
            beside=_beside(compared, beside) if compared is not None else None,
            before=(year_before(looked.first), year_before(looked.last)),
        )

    async def file(self, session: Session, looked: Looked, table: Table, form: File, name: str) -> Response:
        """The table as it is shown."""
        found = await self._asked(session, looked, table)
        if form is File.CSV:
            return Attachment(sheets.csv_of(found), f"{name}.csv", sheets.MEDIA_TYPE)
        made = await asyncio.to_thread(sheet_of, found, looked.one["office_label"] if looked.one else looked.office)
        return Attachment(made, f"{name}.xlsx", MEDIA_TYPE)

    async def _counted(
        self, session: Session, looked: Looked, table: Table, *, compared: bool
    ) -> tuple[dict[str, Any], dict[str, Any] | None] | None:
        """The table and, where it is asked for, the table beside other days; None while they are being counted."""

        async def count() -> tuple[dict[str, Any], dict[str, Any] | None]:
            found = await self._asked(session, looked, table)
            if not compared:
                return found, None
            return found, await self._queries.comparison.compared(
                session.subject, table=table, **looked.days, by=looked.ways.by, as_of=looked.as_of
            )

        return await self._underway.of(session, (looked.link(table), compared), count)

    async def _asked(self, session: Session, looked: Looked, table: Table) -> dict[str, Any]:
        by = looked.ways.by if table in BREAKDOWN else None
        return await self._queries.figures.table(
            session.subject, table=table, **looked.days, by=by, as_of=looked.as_of, units=looked.ways.units
        )


def still_counting(pages: Pages, request: Request, session: Session, where: str, title: str) -> Response:
    """A page that says that figures are being counted, and asks for them again by itself."""
    answer = pages.show(request, WAITING, session=session, title=title, where=where, again=AGAIN_SECONDS)
    answer.headers["Refresh"] = str(AGAIN_SECONDS)
    return answer


def _beside(compared: Mapping[str, Any], key: str) -> dict[str, Any]:
    """A row beside other days: its figures as they are written, the rows to choose from, and what a picture shows of it."""
    rows = [*compared["rows"], compared["total"]]
    row = next((each for each in rows if each["key"] == key), compared["total"])
    lines = [
        {
            "heading": column["heading"],
            "short": column["key"],
            **{name: written(column["key"], row["figures"][column["key"]][name]) for name in ("now", "before", "cumulative")},
            **{name: signed(row["figures"][column["key"]][name]) for name in ("change", "per_cent")},
        }
        for column in compared["columns"]
    ]
    figures = {each: row["figures"][each] for each in BESIDE if each in row["figures"]}
    most = max((max(each["now"], each["before"] or 0) for each in figures.values()), default=0)
    bars = [
        {
            "key": each,
            "now": value["now"],
            "before": value["before"],
            **{f"{n}_wide": _wide(value[n], most) for n in ("now", "before")},
        }
        for each, value in figures.items()
    ]
    return {
        "key": row["key"],
        "label": row["label"],
        "rows": [(each["key"], each["label"]) for each in rows],
        "lines": lines,
        "bars": bars if most else [],
        "same_days": compared["same_days"],
        "cumulative": compared["cumulative"],
    }


def _wide(value: int | None, most: int) -> int:
    """How wide the bar of a figure is, the widest 260."""
    return round(260 * (value or 0) / most) if most else 0
