"""What a command does to a report's text and to its paper, which goes through the one life cycle of papers (R40–R45)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import UnionType
from typing import Any, Final

from services.reporting.domain.document import commands as asked
from services.reporting.domain.document.refusals import (
    CorrectionStands,
    DraftOutdated,
    MandatoryLeftOut,
    NotDrafted,
    TextDiffers,
    UnderCorrection,
)
from services.reporting.domain.report.refusals import FiguresDiffer, NotLocked
from services.reporting.domain.report.states import (
    Locked,
    NoReport,
    Report,
    Written,
    corrected_by,
    correction_of,
    paper_of,
)
from shared.calendar import local_day
from shared.contracts.document import (
    DocumentDrafted,
    DocumentIssued,
    DocumentKept,
    DocumentKind,
    SignedCopyAttached,
    SigningCapacity,
)
from shared.contracts.plan import Recipient
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.report import CorrectionOpened, ReportDrafted, ReportOpened, ReportSuperseded, SectionWritten
from shared.documents import acts, lifecycle
from shared.documents.acts import Decided, Signing
from shared.documents.recipients import lines, listed
from shared.documents.refusals import BeforeTheSigner, NotSigned, OtherContent, RecipientsMissing, SignedStands, UnitNotInForce
from shared.documents.states import (
    Commented,
    Document,
    Drafted,
    NoDocument,
    Numbered,
    Paper,
    Returned,
    Signed,
    Submitted,
    evolve,
)

# A report is the office's own word: its head's, or of whoever has his powers; nobody signs it by order or for a collective.
OF_THE_HEAD: Final = frozenset(
    {SigningCapacity.IN_PERSON, SigningCapacity.FOR_THE_HEAD, SigningCapacity.ACTING, SigningCapacity.BY_AUTHORISATION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper(Signing):
    """What the directory says on the day: lists of recipients, units in force, in which capacities the asker may sign.

    `figures` is the digest of the figures counted again at the lock's positions, where a signature asks for it; `content` that
    of the paper's text as it reads now; `kept` are the files of what was issued, where they are to be kept; `attached` is
    what was found of a copy that was signed outside.
    """

    lists: Mapping[tuple[str, str], tuple[Recipient, ...]] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    figures: str | None = None
    content: str | None = None
    kept: DocumentKept | None = None
    attached: SignedCopyAttached | None = None


def decide(command: Any, states: Mapping[str, Any], facts: OnPaper) -> Decided:
    """The events of a command, by stream: the report's, its paper's, its register's, and those of the report it corrects.

    Raises:
        Unknown: no such report.
        NotLocked, NotDrafted, DraftOutdated, TextDiffers, MandatoryLeftOut, RecipientsMissing, UnitNotInForce
        UnderCorrection, CorrectionStands
        Refused: one of the rules in `shared.documents.refusals`.

    """
    report: Report = states[command.report]
    if isinstance(report, NoReport):
        raise Unknown("report")
    if not isinstance(report, Locked | Written):
        raise NotLocked(report=command.report)
    paper: Document = states[paper_of(command.report)]
    try:
        return _decide(command, report, paper, states, facts)
    except Refused as refused:
        if refused.field == "document":
            refused.field = "report"  # what was asked about, by its name in the command
        raise


def _decide(command: Any, report: Locked | Written, paper: Document, states: Mapping[str, Any], facts: OnPaper) -> Decided:
    match command:
        case asked.WriteSection():
            return {command.report: _write(command, paper)}
        case asked.DraftReport():
            return _draft(command, report, paper, facts)
    if isinstance(paper, NoDocument):
        raise NotDrafted
    document = paper_of(command.report)
    _refuse_what_changed(command, report, paper, facts)
    _refuse_under_correction(command, paper, states)
    match command:
        case asked.KeepReport():
            return {document: lifecycle.keep(paper, facts.kept) if facts.kept is not None else []}
        case asked.AttachSignedReport():
            return {document: lifecycle.attach_copy(paper, facts.attached) if facts.attached is not None else []}
        case asked.SignReport():
            allowed = acts.held_in(paper.paper, facts.may_sign) & OF_THE_HEAD
            return acts.sign(command, document, states, facts, allowed)
        case asked.DispatchReport():
            _refuse_not_in_force([command.recipient], facts, "recipient")
        case asked.SupersedeReport():
            return _correct(command, report, paper.paper, states)
    decided = acts.decide(command, document, states, facts, on=local_day(facts.at), lists=facts)
    if any(isinstance(event, DocumentIssued) for event in decided.get(document, ())):
        issued: Document = paper
        for event in decided[document]:
            issued = evolve(issued, event)
        return {**decided, **_superseding(command.report, issued, states)}
    return decided


# What goes on from one hand to the next is the text of the draft: by these commands, from these stages.
HANDED_ON: Final[Mapping[type, type | UnionType]] = {
    asked.SubmitReport: Drafted | Commented | Returned,
    asked.SignReport: Submitted,
    asked.NumberReport: Signed | Numbered,
    asked.IssueReport: Signed | Numbered,
}


def _refuse_what_changed(command: Any, report: Locked | Written, paper: Document, facts: OnPaper) -> None:
    """Nothing that was locked or drafted reads otherwise by now; before the draft is read again, it is made again."""
    assert not isinstance(paper, NoDocument)
    if isinstance(command, asked.SignReport) and facts.figures != report.lock.figures:
        raise FiguresDiffer(report=command.report)
    if isinstance(command, asked.SubmitReport) and isinstance(report, Written) and report.outdated:
        raise DraftOutdated
    stages = HANDED_ON.get(type(command))
    if stages is not None and isinstance(paper, stages) and facts.content != paper.paper.drafted.content:
        raise TextDiffers


def _refuse_under_correction(command: Any, paper: Document, states: Mapping[str, Any]) -> None:
    correction = corrected_by(command.report)
    leaving = isinstance(command, asked.NumberReport | asked.IssueReport) and isinstance(paper, Signed | Numbered)
    if leaving and not isinstance(states[correction], NoReport):
        raise UnderCorrection(correction=correction)


def _write(command: asked.WriteSection, paper: Document) -> Sequence[Any]:
    match paper:
        case NoDocument() | Drafted() | Commented() | Returned():
            return [SectionWritten(section=command.section, words=command.words)]
        case Submitted():
            raise BeforeTheSigner
    raise SignedStands


def _draft(command: asked.DraftReport, report: Locked | Written, paper: Document, facts: OnPaper) -> Decided:
    day, office = local_day(facts.at), report.period.office
    usual = lines(listed(facts, office, DocumentKind.REPORT, day))
    named = command.recipients or usual
    if not named:
        raise RecipientsMissing("recipients")
    _refuse_not_in_force([line.recipient for line in command.recipients], facts, "recipients")
    missing = {line.recipient for line in usual if line.mandatory} - {line.recipient for line in named if line.mandatory}
    if missing:
        raise MandatoryLeftOut("recipients", recipients=", ".join(sorted(missing)))
    drafted = DocumentDrafted(
        kind=DocumentKind.REPORT,
        office=office,
        about=command.report,
        summary=command.summary,
        content=facts.content,
        recipients=tuple(named),
    )
    document = paper_of(command.report)
    steps = lifecycle.draft(paper, drafted)
    if command.content not in (None, facts.content):
        raise OtherContent("content")
    if not steps and not (isinstance(report, Written) and report.outdated):
        return {}
    return {document: steps, command.report: [ReportDrafted(document=document)]}


def _refuse_not_in_force(units: Sequence[str], facts: OnPaper, at: str) -> None:
    for unit in units:
        if unit not in facts.units:
            raise UnitNotInForce(at, unit=unit, day=local_day(facts.at).isoformat())


def _correct(command: asked.SupersedeReport, report: Locked | Written, paper: Paper, states: Mapping[str, Any]) -> Decided:
    if paper.signed is None:
        raise NotSigned("report")
    correction = corrected_by(command.report)
    if not isinstance(states[correction], NoReport):
        raise CorrectionStands(correction=correction)
    period = report.period
    opened = ReportOpened(
        office=period.office,
        kind=period.kind,
        year=period.year,
        first=period.first,
        last=period.last,
        before=period.before,
        plan=period.plan,
    )
    return {correction: [opened, CorrectionOpened(report=command.report, reason=command.reason)]}


def _superseding(report: str, issued: Document, states: Mapping[str, Any]) -> Decided:
    """What the issue of a corrected report does to the one that it corrects."""
    former = correction_of(report)
    if former is None:
        return {}
    paper = paper_of(former)
    superseded = lifecycle.supersede(states[paper], paper, by=paper_of(report), successor=issued)
    return {paper: superseded, former: [ReportSuperseded(by=report)] if superseded else []}
