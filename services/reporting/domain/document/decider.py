"""What a command does to a report's text and to its paper, which goes through the one life cycle of papers (R40–R45)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.reporting.domain.document import commands as asked
from services.reporting.domain.document.refusals import DraftOutdated, MandatoryLeftOut, NotDrafted
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
from shared.contracts.document import DocumentDrafted, DocumentIssued, DocumentKind, SigningCapacity
from shared.contracts.plan import Recipient
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.report import CorrectionOpened, ReportDrafted, ReportOpened, ReportSuperseded, SectionWritten
from shared.documents import acts, lifecycle
from shared.documents.acts import Decided, Signing
from shared.documents.recipients import lines, listed
from shared.documents.refusals import BeforeTheSigner, NotSigned, RecipientsMissing, SignedStands, UnitNotInForce
from shared.documents.states import Commented, Document, Drafted, NoDocument, Paper, Returned, Submitted, evolve

# A report is the office's own word: its head's, or of whoever has his powers; nobody signs it by order or for a collective.
OF_THE_HEAD: Final = frozenset(
    {SigningCapacity.IN_PERSON, SigningCapacity.FOR_THE_HEAD, SigningCapacity.ACTING, SigningCapacity.BY_AUTHORISATION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper(Signing):
    """What the directory says on the day: lists of recipients, units in force, in which capacities the asker may sign.

    `figures` is the digest of the figures counted again at the lock's positions, where a signature asks for it.
    """

    lists: Mapping[tuple[str, str], tuple[Recipient, ...]] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    figures: str | None = None


def decide(command: Any, states: Mapping[str, Any], facts: OnPaper) -> Decided:
    """The events of a command, by stream: the report's, its paper's, its register's, and those of the report it corrects.

    Raises:
        Unknown: no such report.
        NotLocked, NotDrafted, DraftOutdated, MandatoryLeftOut, RecipientsMissing, UnitNotInForce
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
    match command:
        case asked.SubmitReport() if isinstance(report, Written) and report.outdated:
            raise DraftOutdated
        case asked.SignReport():
            return _sign(command, report, paper.paper, states, facts)
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
        content=command.content,
        recipients=tuple(named),
    )
    document = paper_of(command.report)
    steps = lifecycle.draft(paper, drafted)
    if not steps and not (isinstance(report, Written) and report.outdated):
        return {}
    return {document: steps, command.report: [ReportDrafted(document=document)]}


def _refuse_not_in_force(units: Sequence[str], facts: OnPaper, at: str) -> None:
    for unit in units:
        if unit not in facts.units:
            raise UnitNotInForce(at, unit=unit, day=local_day(facts.at).isoformat())


def _sign(
    command: asked.SignReport, report: Locked | Written, paper: Paper, states: Mapping[str, Any], facts: OnPaper
) -> Decided:
    if facts.figures != report.lock.figures:
        raise FiguresDiffer(report=command.report)
    allowed = acts.held_in(paper, facts.may_sign) & OF_THE_HEAD
    return acts.sign(command, paper_of(command.report), states, facts, allowed)


def _correct(command: asked.SupersedeReport, report: Locked | Written, paper: Paper, states: Mapping[str, Any]) -> Decided:
    if paper.signed is None:
        raise NotSigned("report")
    correction = corrected_by(command.report)
    if not isinstance(states[correction], NoReport):
        return {}
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
