"""Answers what a locked report says as a paper: its figures, what its prose draws on, its head and foot."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, Final

from services.reporting.domain.report.refusals import FiguresDiffer
from services.reporting.domain.report.states import corrected_by, paper_of, report_stream
from services.reporting.domain.text.told import AddedUp, LastYear, Told
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.comparison import Comparison
from services.reporting.readmodel.definitions import comparable
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.locking import Locking
from services.reporting.readmodel.reports.queries import Reports
from services.reporting.readmodel.reports.words import Words
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.document import DocumentKind
from shared.contracts.refusals import Unknown
from shared.contracts.report import ReportKind, Section
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.directory.values import Letterhead
from shared.documents.layout.composition import Signature
from shared.papers.queries import PaperQueries
from shared.papers.signers import Signers
from shared.papers.views import DocumentDetail
from shared.permit import Subject
from shared.vault.port import Vault

ERASED: Final = "(đã xóa theo quy định)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A line of whom it goes to; `own`: a unit of the office itself."""

    unit: str
    name: str
    purpose: str
    own: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What its paper carries by now: number and symbol, the day of issue, who signed, when it was issued."""

    state: str | None = None
    symbol: str | None = None
    on: date | None = None
    signed: bool = False
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
    recipients: tuple[Addressee, ...]  # those it was drafted for, else the office's list
    written: Mapping[Section, str] = field(default_factory=dict)
    standing: Standing = field(default_factory=Standing)


@dataclass(frozen=True, slots=True)
class Drafting:
    """What a draft that is about to be made says of itself: its day, and whom it goes to for what."""

    on: date
    lines: tuple[tuple[str, str], ...]


class ReadableReports:
    """What reports say as papers, to one tenant's people."""

    def __init__(
        self,
        *,
        reports: Reports,
        locking: Locking,
        figures: Figures,
        comparison: Comparison,
        papers: PaperQueries,
        words: Words,
        directories: Directories,
        vault: Vault,
        clock: Clock,
    ) -> None:
        self._clock = clock
        self._reports, self._locking, self._figures, self._comparison = reports, locking, figures, comparison
        self._papers, self._words, self._directories = papers, words, directories
        self._vault, self._signers = vault, Signers(directories, vault)

    async def readable(self, subject: Subject, report: str, drafting: Drafting | None = None) -> Readable:
        """A locked report with all that stands on its pages, for the office's own people; the reading is logged.

        Names and titles are those of the day on which it was drafted last, so that what is signed and issued says the same;
        of one that is not drafted, those of today. `drafting`: as it would read drafted so.

        Raises:
            NotLocked: there are no figures yet that stand.
            FiguresDiffer: what is counted today is something else.
            Unknown, Forbidden: as for the report and its words.

        """
        one = await self._reports.report(subject, report)
        tables = await self._locking.locked(subject, one)
        written = (await self._words.words(subject, report))["sections"]
        last = {Section(each["section"]): each["words"] for each in written}  # what was erased stands for what it replaced
        beside = (await self._last_year(subject, one), await self._added_up(subject, one))
        told = await self._worded(subject, await self._figures.told(subject, one, tables, *beside), report)
        paper = await self._paper(subject, report)
        directory = await self._directories.at(drafting.on if drafting else self._drafted_on(paper))
        office, letterhead = directory.office(one["office"]), directory.letterhead(one["office"])
        lines = [*drafting.lines] if drafting else []
        lines = lines or ([(line.recipient, line.purpose) for line in paper.recipients] if paper else [])
        lines = lines or [(line.unit, line.purpose) for line in directory.recipients(one["office"], DocumentKind.REPORT)]
        return Readable(
            one=one,
            told=told,
            letterhead=letterhead,
            code=office.code if office is not None else one["office"],
            recipients=tuple(_addressee(unit, purpose, one["office"], directory) for unit, purpose in lines),
            written={section: words for section, words in last.items() if words},
            standing=await self._standing(subject, paper, letterhead.head),
        )

    async def _worded(self, subject: Subject, told: Told, report: str) -> Told:
        """With what the items of Biểu 05 say, opened in one access under the reader's name: the same words for every reader."""
        refs = tuple(each.ref for each in told.work.values() if each.ref is not None)
        if not refs:
            return told
        opened = await self._vault.open_many(refs, reader=subject.person, purpose=subject.reads_for(f"read_report {report}"))
        texts = {ref: text for ref, text in opened.items() if isinstance(text, str)}
        work = {
            key: replace(each, words=texts.get(each.ref or "", ERASED)) if each.ref else each for key, each in told.work.items()
        }
        return replace(told, work=work)

    def _drafted_on(self, paper: DocumentDetail | None) -> date:
        drafts = [step.at for step in paper.history if step.type == "document.drafted"] if paper else []
        return local_day(drafts[-1] if drafts else self._clock.now())

    async def _paper(self, subject: Subject, report: str) -> DocumentDetail | None:
        try:
            return await self._papers.document(subject, paper_of(report))
        except Unknown:
            return None  # not drafted yet

    async def _standing(self, subject: Subject, paper: DocumentDetail | None, head: str) -> Standing:
        if paper is None:
            return Standing()
        return Standing(
            state=paper.state,
            symbol=paper.number,
            on=paper.issued_on,
            signed=paper.signer is not None,
            signature=await self._signers.signature(subject, paper, head),
            issued_at=next((step.at for step in paper.history if step.type == "document.issued"), None),
        )

    async def _last_year(self, subject: Subject, one: dict[str, Any]) -> LastYear | None:
        """The report of the same kind a year before, as it stood when this one was locked: the last correction of it by then.

        None where there was none, or where it counts by other definitions than this one: the two are not comparable.
        """
        name, found = report_stream(one["office"], ReportKind(one["kind"]), one["year"] - 1), None
        while (former := await self._locked_by(subject, name, one["locked_at"])) is not None:
            name, found = corrected_by(name), former
        if found is None or not comparable(found["lock"]["definitions"], one["lock"]["definitions"]):
            return None
        try:
            tables = await self._locking.locked(subject, found)
        except FiguresDiffer:
            return None
        first, last = date.fromisoformat(found["from"]), date.fromisoformat(found["to"])
        return LastYear(first, last, tables["bieu-02"]["total"])

    async def _added_up(self, subject: Subject, one: dict[str, Any]) -> AddedUp | None:
        first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        days = {"office": one["office"], "first": first, "last": last}
        found = await self._comparison.cumulative(
            subject, table=Table.OPINIONS, **days, as_of=Basis.locked(one["lock"]).positions
        )
        return AddedUp(date.fromisoformat(found["from"]), found["total"]) if found else None

    async def _locked_by(self, subject: Subject, report: str, at: str) -> dict[str, Any] | None:
        try:
            former = await self._reports.report(subject, report)
        except Unknown:
            return None
        is_locked = former["lock"] is not None and datetime.fromisoformat(former["locked_at"]) <= datetime.fromisoformat(at)
        return former if is_locked else None


def _addressee(unit: str, purpose: str, office: str, directory: Directory) -> Addressee:
    found = directory.unit(unit)
    own = found is not None and found.office == office and unit != office
    return Addressee(unit=unit, name=directory.label(unit), purpose=purpose, own=own)
