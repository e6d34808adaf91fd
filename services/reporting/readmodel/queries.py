"""What can be asked of reporting, room by room."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.reporting.domain.report.states import paper_of, report_named
from services.reporting.readmodel.asof import AsOf, Basis
from services.reporting.readmodel.comparison import Comparison
from services.reporting.readmodel.differences import Differences
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.lineage import NoSuchCell
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.province import Province
from services.reporting.readmodel.readable import ReadableReports
from services.reporting.readmodel.reports.queries import Reports
from services.reporting.readmodel.reports.reminders import Reminders
from services.reporting.readmodel.reports.words import Words
from shared.contracts.refusals import Unknown
from shared.documents.layout.written import Form
from shared.papers.keeping import AsIssued
from shared.papers.queries import PaperQueries
from shared.permit import Subject

Days = tuple[date, date]  # the first and the last, both counted


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
    issued: AsIssued
    differences: Differences

    async def opened(
        self, subject: Subject, *, cell: str, office: str, days: Days | None, as_of: AsOf = None, **more: Any
    ) -> dict[str, Any]:
        """What a cell counts (see `Figures.cell`), of `days` or of those that its name ends with.

        `bieu-03/KT/I2@2023-H1` and `…@2023` are of a report, as it was locked once it is; `…@2023-01-04..2023-05-31` is what
        answers call a cell themselves.

        Raises:
            NoSuchCell, WindowBackwards
            Unknown: no such report or office, or not the asker's.

        """
        named, _, of = cell.partition("@")
        report = report_named(office, of) if of else None
        if report is not None:
            one = await self.reports.report(subject, report)
            days = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
            if as_of is None and one["lock"]:
                as_of = Basis.locked(one["lock"])
        elif of:
            days = _days(of)
        if days is None:
            raise NoSuchCell(cell)
        first, last = days
        found = await self.figures.cell(subject, cell=named, office=office, first=first, last=last, as_of=as_of, **more)
        return {**found, "cell": cell} if report is not None else found

    async def issued_file(self, subject: Subject, report: str, form: Form) -> bytes | None:
        """The paper as it was issued, for the office's people and whom it was sent to; None where no file of it is kept."""
        try:
            return await self.issued.file(subject, paper_of(report), form)
        except Unknown:  # it is not drafted, or not his: whoever composes it says which
            return None

    async def corrected(self, subject: Subject, report: str) -> dict[str, Any]:
        """What a corrected report counts otherwise than the one it corrects (see `Differences.differences`)."""
        later = await self.reports.report(subject, report)
        former = await self.reports.report(subject, later["corrects"]) if later["corrects"] else None
        return await self.differences.differences(subject, later, former)


def _days(text: str) -> Days | None:
    first, _, last = text.partition("..")
    try:
        return date.fromisoformat(first), date.fromisoformat(last)
    except ValueError:
        return None
