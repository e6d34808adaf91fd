"""What can be asked of reporting, room by room."""

from dataclasses import dataclass
from typing import Any

from services.reporting.domain.report.states import paper_of
from services.reporting.readmodel.comparison import Comparison
from services.reporting.readmodel.differences import Differences
from services.reporting.readmodel.figures import Figures
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
