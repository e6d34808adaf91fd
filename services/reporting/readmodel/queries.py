"""What can be asked of reporting, room by room."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.reporting.domain.report.decider import profile
from services.reporting.readmodel import cells
from services.reporting.readmodel.asof import AsOf, Basis
from services.reporting.readmodel.comparison import Comparison
from services.reporting.readmodel.differences import Differences
from services.reporting.readmodel.figures import CELL_PAGE, Figures
from services.reporting.readmodel.forms import Units
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.province import Province
from services.reporting.readmodel.readable import ReadableReports
from services.reporting.readmodel.reports.openings import Openings
from services.reporting.readmodel.reports.queries import Reports
from services.reporting.readmodel.reports.reminders import Reminders
from services.reporting.readmodel.reports.words import Words
from shared.contracts.refusals import Unknown
from shared.papers.copies import Copies
from shared.papers.keeping import PaperFiles
from shared.papers.queries import PaperQueries
from shared.papers.verifying import Verifying
from shared.permit import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Queries:
    """The questions of one tenant."""

    figures: Figures
    comparison: Comparison
    reports: Reports
    reminders: Reminders
    locking: Locking
    province: Province
    papers: PaperQueries
    words: Words
    readable: ReadableReports
    files: PaperFiles
    signatures: Verifying
    copies: Copies
    differences: Differences
    openings: Openings

    async def corrected(self, subject: Subject, report: str) -> dict[str, Any]:
        """What a corrected report counts otherwise than the one it corrects (see `Differences.differences`)."""
        later = await self.reports.report(subject, report)
        former = await self.reports.report(subject, later["corrects"]) if later["corrects"] else None
        return await self.differences.differences(subject, later, former)

    async def cell(
        self,
        subject: Subject,
        *,
        cell: str,
        office: str,
        first: date | None = None,
        last: date | None = None,
        as_of: AsOf = None,
        units: Units = Units.WAS,
        after: str = "",
        limit: int = CELL_PAGE,
    ) -> dict[str, Any]:
        """What a cell counts (see `Figures.cell`), for the days given or for those its name ends with.

        `…@2023-H1` is the report of that period: as it was locked, else its days as known now; of one that was not opened
        the days are those of the plan in force, else of the profile. `…@2023-01-04..2023-05-31` are days.

        Raises:
            NoSuchCell, DaysUnclear, WindowBackwards
            Unknown: no such office or correction, or not the asker's.

        """
        name, when = cells.parted(cell)
        if bool(when) == bool(first or last) or bool(first) != bool(last):
            raise cells.DaysUnclear(cell)
        rest: dict[str, Any] = {"units": units, "after": after, "limit": limit}
        if first is not None and last is not None:
            return await self.figures.cell(subject, cell=name, office=office, first=first, last=last, as_of=as_of, **rest)
        if days := cells.days_of(when):
            return await self.figures.cell(subject, cell=name, office=office, first=days[0], last=days[1], as_of=as_of, **rest)
        period = cells.period_of(when)
        if period is None:
            raise cells.NoSuchCell(cell)
        first, last, locked = await self._of(subject, office, period)
        rest |= {"first": first, "last": last, "as_of": as_of or locked, "period": when}
        return await self.figures.cell(subject, cell=name, office=office, **rest)

    async def _of(self, subject: Subject, office: str, period: cells.Named) -> tuple[date, date, Basis | None]:
        """The days of the report of a period, and what it rests on once it is locked."""
        try:
            one = await self.reports.report(subject, period.report(office))
        except Unknown:
            if period.correction:
                raise
            days = await self.reports.planned(office, period.year, period.kind) or profile(period.kind, period.year)
            return days.first, days.last, None
        locked = Basis.locked(one["lock"]) if one["lock"] else None
        return date.fromisoformat(one["from"]), date.fromisoformat(one["to"]), locked
