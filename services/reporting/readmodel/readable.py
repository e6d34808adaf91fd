"""Answers what a locked report says as a paper: its figures, what its prose draws on, its head and foot."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from services.reporting.domain.report.states import report_stream
from services.reporting.domain.text.told import LastYear, Told
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.reports.queries import Reports
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.plan import Recipient
from shared.contracts.refusals import Unknown
from shared.contracts.report import ReportKind
from shared.directory.queries import Directories
from shared.directory.values import Letterhead
from shared.permit import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """A locked report before it is composed: `one` as `Reports.report` tells it; `code` stands in the office's symbols."""

    one: dict[str, Any]
    told: Told
    letterhead: Letterhead
    code: str
    recipients: tuple[tuple[Recipient, str], ...]  # each line of its list with the name of its unit


class ReadableReports:
    """What can be asked about reports as papers, by one tenant's people."""

    def __init__(self, reports: Reports, locking: Locking, figures: Figures, directories: Directories, clock: Clock) -> None:
        self._reports, self._locking, self._figures = reports, locking, figures
        self._directories, self._clock = directories, clock

    async def readable(self, subject: Subject, report: str) -> Readable:
        """A locked report with all that stands on its pages.

        Raises:
            NotLocked: there are no figures yet that stand.
            FiguresDiffer: what is counted today is something else.
            Unknown, Forbidden: as for the report.

        """
        one = await self._reports.report(subject, report)
        tables = await self._locking.locked(subject, one)
        told = await self._figures.told(subject, one, tables, await self._last_year(subject, one))
        directory = await self._directories.at(min(date.fromisoformat(one["before"]), local_day(self._clock.now())))
        office = directory.office(one["office"])
        lines = directory.recipients(one["office"], "bao_cao")
        return Readable(
            one=one,
            told=told,
            letterhead=directory.letterhead(one["office"]),
            code=office.code if office is not None else one["office"],
            recipients=tuple((line, directory.label(line.unit)) for line in lines),
        )

    async def _last_year(self, subject: Subject, one: dict[str, Any]) -> LastYear | None:
        """The report of the same kind a year before, if there was one that was locked."""
        try:
            former = await self._reports.report(subject, report_stream(one["office"], ReportKind(one["kind"]), one["year"] - 1))
        except Unknown:
            return None
        if former["lock"] is None:
            return None
        tables = await self._locking.locked(subject, former)
        first, last = date.fromisoformat(former["from"]), date.fromisoformat(former["to"])
        return LastYear(first, last, tables["bieu-02"]["total"])
