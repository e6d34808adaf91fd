"""What stands behind a figure, and why something is counted or is not: each fact with where it stands in its log."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.reporting.entrypoints.pages.figures.looked import FIGURES, Looked
from services.reporting.entrypoints.pages.figures.tables import Looking, OfDays, Report, looked_at, looked_of, still_counting
from services.reporting.entrypoints.pages.said import on_day, when
from services.reporting.entrypoints.pages.underway import Underway
from services.reporting.readmodel.behind import STREAMS
from services.reporting.readmodel.forms import TITLES, Table
from services.reporting.readmodel.queries import Queries
from shared.clock import Clock
from shared.contracts.roles import Role
from shared.directory.queries import Directories
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.web.pages import Pages

CELL: Final = "reporting/figures/cell.html"
WHY: Final = "reporting/figures/why.html"
SHOWN: Final = 50  # of what a cell counts, on one page
NAMED: Final = 100
# Who sees the cases of the whole office; whoever else may open figures is not led to one.
SEE_CASES: Final = frozenset({Role.CHIEF, Role.DEPUTY, Role.HUB, Role.AUDITOR})

Row = Annotated[str, Path(max_length=NAMED)]
Column = Annotated[str, Path(max_length=NAMED)]
Beyond = Annotated[str, Query(max_length=NAMED)]
Named = Annotated[str, Query(alias="of", max_length=NAMED)]


def routes(router: APIRouter, pages: Pages, queries: Queries, directories: Directories, clock: Clock, underway: Underway) -> None:
    """Cells, and why."""
    shown = _Opened(pages, queries, directories, underway)

    @router.get("/reports/{report}/why")
    async def why_of_report(request: Request, report: Report, session: Working, chosen: Looking, of: Named = "") -> Response:
        """Where a thing is counted in a report, or why it is not."""
        looked = looked_of(await queries.reports.report(session.subject, report), chosen)
        return await shown.why(request, session, looked, of)

    @router.get(f"{FIGURES}/why")
    async def why_of_days(request: Request, session: Working, chosen: Looking, days: OfDays, of: Named = "") -> Response:
        """The same in days that somebody named."""
        return await shown.why(request, session, looked_at(days, chosen, clock), of)

    @router.get("/reports/{report}/{table}/{row:path}/{column}")
    async def of_report(
        request: Request,
        report: Report,
        table: Table,
        row: Row,
        column: Column,
        session: Working,
        chosen: Looking,
        after: Beyond = "",
    ) -> Response:
        """What a figure of a report counts."""
        looked = looked_of(await queries.reports.report(session.subject, report), chosen)
        return await shown.cell(request, session, looked, table, f"{row}/{column}", after)

    @router.get(f"{FIGURES}/{{table}}/{{row:path}}/{{column}}")
    async def of_days(
        request: Request,
        table: Table,
        row: Row,
        column: Column,
        session: Working,
        chosen: Looking,
        days: OfDays,
        after: Beyond = "",
    ) -> Response:
        """What a figure of days counts."""
        return await shown.cell(request, session, looked_at(days, chosen, clock), table, f"{row}/{column}", after)


class _Opened:
    """Cells and single things as pages."""

    def __init__(self, pages: Pages, queries: Queries, directories: Directories, underway: Underway) -> None:
        self._pages, self._queries, self._directories, self._underway = pages, queries, directories, underway

    async def cell(self, request: Request, session: Session, looked: Looked, table: Table, part: str, after: str) -> Response:
        """What a cell counts, a page of it."""
        name = f"{table.value}/{part}"

        async def ask() -> dict[str, Any]:
            return await self._queries.figures.cell(
                session.subject,
                cell=name,
                **looked.days,
                as_of=looked.as_of,
                units=looked.ways.units,
                after=after,
                limit=SHOWN,
            )

        where = looked.link(table, part, **({"after": after} if after else {}))
        found = await self._underway.of(session, where, ask)
        if found is None:
            return still_counting(self._pages, request, session, where, TITLES[table])
        return self._pages.show(
            request,
            CELL,
            session=session,
            looked=looked,
            one=looked.one,
            table=table.value,
            tables=[each.value for each in Table],
            part=part,
            column=part.rpartition("/")[2],
            found=found,
            after=after,
            **await self._told(session.subject, looked),
        )

    async def why(self, request: Request, session: Session, looked: Looked, of: str) -> Response:
        """Where something is counted, by its code: `X/2`, `case-X`, `opinion-X`, `session-…`."""
        name = episode_of(of)
        found = None
        if name:
            found = await self._queries.figures.why(
                session.subject, episode=name, **looked.days, as_of=looked.as_of, units=looked.ways.units
            )
        return self._pages.show(
            request,
            WHY,
            session=session,
            looked=looked,
            one=looked.one,
            tables=[each.value for each in Table],
            table="",
            of=of,
            found=found,
            **await self._told(session.subject, looked),
        )

    async def _told(self, subject: Subject, looked: Looked) -> dict[str, Any]:
        """How things are called on the last of the days, and where the case of an episode is shown to whoever sees it."""
        directory = await self._directories.at(looked.last)
        sees = subject.office == looked.office and not SEE_CASES.isdisjoint(subject.capacities)
        return {"names": directory, "case_of": case_of if sees else _nowhere, "latest": latest, "when": when, "on_day": on_day}


def episode_of(typed: str) -> str:
    """The episode that somebody means by what he typed: a case or an opinion alone is its first one."""
    name = typed.strip().removeprefix("case-").removeprefix("opinion-")
    return name if not name or name.startswith(STREAMS) or "/" in name else f"{name}/1"


def case_of(each: Mapping[str, Any]) -> str | None:
    """Where the case of an episode is shown; None where only intake has told of it, or a document."""
    name = str(each.get("episode") or each["name"])
    told = {fact["source"] for fact in (*each["facts"], *each.get("values", ()))}
    return f"/cases/case-{name.rpartition('/')[0]}" if "assignment" in told and not name.startswith(STREAMS) else None


def _nowhere(each: Mapping[str, Any]) -> str | None:
    return None


def latest(values: Sequence[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """Of each dimension the last value; they come in order."""
    return {each["dimension"]: each for each in values}
