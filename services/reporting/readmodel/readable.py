"""Answers what a locked report says as a paper: its figures, what its prose draws on, its head and foot."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.reporting.domain.report.states import paper_of, report_stream
from services.reporting.domain.text.told import LastYear, Told
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.reports.queries import Reports
from services.reporting.readmodel.reports.words import Words
from shared.contracts.document import DocumentKind
from shared.contracts.plan import Recipient
from shared.contracts.refusals import Unknown
from shared.contracts.report import ReportKind, Section
from shared.directory.queries import Directories
from shared.directory.values import Letterhead
from shared.documents.layout.composition import Signature
from shared.papers.queries import PaperQueries
from shared.papers.signers import Signers
from shared.papers.views import DocumentDetail
from shared.permit import Subject
from shared.vault.port import Vault


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What its paper carries by now: number and symbol, the day of issue, who signed, when it was issued."""

    symbol: str | None = None
    on: date | None = None
    signature: Signature | None = None
    issued_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Readable:
    """A locked report before it is composed: `one` as `Reports.report` tells it; `code` stands in the office's symbols.

    `written` is what people wrote last in each section.
    """

    one: dict[str, Any]
    told: Told
    letterhead: Letterhead
    code: str
    recipients: tuple[tuple[Recipient, str], ...]  # each line of its list with the name of its unit
    written: Mapping[Section, str] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)


class ReadableReports:
    """What reports say as papers, to one tenant's people."""

    def __init__(
        self,
        *,
        reports: Reports,
        locking: Locking,
        figures: Figures,
        papers: PaperQueries,
        words: Words,
        directories: Directories,
        vault: Vault,
    ) -> None:
        self._reports, self._locking, self._figures = reports, locking, figures
        self._papers, self._words, self._directories = papers, words, directories
        self._signers = Signers(directories, vault)

    async def readable(self, subject: Subject, report: str) -> Readable:
        """A locked report with all that stands on its pages, for the office's own people; the reading is logged.

        Names, titles and recipients are those of the day of issue; before that, of the day before which it is to be sent.

        Raises:
            NotLocked: there are no figures yet that stand.
            FiguresDiffer: what is counted today is something else.
            Unknown, Forbidden: as for the report and its words.

        """
        one = await self._reports.report(subject, report)
        tables = await self._locking.locked(subject, one)
        written = (await self._words.words(subject, report))["sections"]
        told = await self._figures.told(subject, one, tables, await self._last_year(subject, one))
        paper = await self._paper(subject, report)
        directory = await self._directories.at((paper.issued_on if paper else None) or date.fromisoformat(one["before"]))
        office, letterhead = directory.office(one["office"]), directory.letterhead(one["office"])
        lines = directory.recipients(one["office"], DocumentKind.REPORT)
        return Readable(
            one=one,
            told=told,
            letterhead=letterhead,
            code=office.code if office is not None else one["office"],
            recipients=tuple((line, directory.label(line.unit)) for line in lines),
            written={Section(each["section"]): each["words"] for each in written if each["words"]},
            standing=await self._standing(subject, paper, letterhead.head),
        )

    async def _paper(self, subject: Subject, report: str) -> DocumentDetail | None:
        try:
            return await self._papers.document(subject, paper_of(report))
        except Unknown:
            return None  # not drafted yet

    async def _standing(self, subject: Subject, paper: DocumentDetail | None, head: str) -> Standing:
        if paper is None:
            return Standing()
        return Standing(
            symbol=paper.number,
            on=paper.issued_on,
            signature=await self._signers.signature(subject, paper, head),
            issued_at=next((step.at for step in paper.history if step.type == "document.issued"), None),
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
