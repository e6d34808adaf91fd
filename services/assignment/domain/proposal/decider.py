"""Stream `proposal-<id>`: what is decided about content proposed for the Chairman's dialogue (R25-R28)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.checklist import checklists_among
from services.assignment.domain.directory.decider import unit_on, unit_stream
from services.assignment.domain.directory.rules import due_by
from services.assignment.domain.directory.succession import in_its_place
from services.assignment.domain.document.carrying import Wanted, refuse_other_paper
from services.assignment.domain.proposal import commands as asked
from services.assignment.domain.proposal import refusals
from services.assignment.domain.proposal.states import (
    Appraised,
    Approved,
    Deferred,
    NoProposal,
    Proposal,
    Received,
    Refused,
    Submitted,
    ToComplete,
    UnderAppraisal,
)
from services.assignment.domain.task.states import is_open
from shared.calendar import local_day
from shared.contracts.case import Authority
from shared.contracts.document import DocumentKind
from shared.contracts.facts import Facts
from shared.contracts.proposal import (
    AppraisalConcluded,
    AppraisalGiven,
    AppraisalOverridden,
    AppraisalRequested,
    ChecklistItemChecked,
    ProposalApproved,
    ProposalCompleted,
    ProposalDeferred,
    ProposalOpened,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
)
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.task import TaskAssigned, TaskCancelled, TaskCompleted, TaskType
from shared.contracts.types import Sealed

Decided = dict[str, Sequence[Any]]
APPRAISE = "appraise"
NOT_PREPARED: Final = (ToComplete, Refused, Deferred)  # with its proposer, or nothing is held that would be prepared


@dataclass(frozen=True, slots=True, kw_only=True)
class InCharge:
    """In which fields and over which units these persons lead."""

    fields: frozenset[str]
    units: frozenset[str]
    persons: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraising(Facts):
    """The facts, with the stream of each appraiser's task by the unit that was asked, and who of the office leads in what."""

    tasks: Mapping[str, str]
    charges: tuple[InCharge, ...] = ()
    heads: frozenset[str] = frozenset()  # the head of the office, and whoever acts for him


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to a proposal, by stream.

    Raises:
        Unknown: no such proposal.
        Refused: one of the rules in `refusals`.

    """
    state: Proposal = states[command.proposal]
    if isinstance(command, asked.OpenProposal):
        return {command.proposal: _open(command, state, states)}
    if isinstance(state, NoProposal):
        raise Unknown("proposal")
    match command:
        case asked.RequestAppraisal():
            return _request_appraisal(command, state, states, facts)
        case asked.GiveAppraisal():
            return _give(command, state, states, facts)
        case asked.OverrideAppraisal():
            return _override(command, state, states, facts)
        case asked.CheckLine(line=line):
            return {command.proposal: _check(line, state, states)}
    decided = _step(command, state, facts)
    if isinstance(command, asked.SubmitProposal):
        office = state.matter.was.office
        slip = Wanted(kind=DocumentKind.SUBMISSION_SLIP, office=office, about=(command.proposal,), authority=None)
        refuse_other_paper(command.document, "document", slip, states, facts)
    return {command.proposal: decided}


def _open(command: asked.OpenProposal, state: Proposal, states: Mapping[str, Any]) -> list[ProposalOpened]:
    if not isinstance(state, NoProposal):
        return []
    return [
        ProposalOpened(
            receipt=command.receipt,
            office=command.office,
            division=command.division,
            proposer=command.proposer,
            received_at=command.received_at,
            field=command.field,
            content=Sealed(ref=command.content.ref, digest=command.content.digest),
            reason=Sealed(ref=command.reason.ref, digest=command.reason.digest),
            attachments=command.attachments,
            checklist=checklists_among(states).on(local_day(command.received_at)).version,
        )
    ]


def _step(command: Any, state: Any, facts: Facts) -> Sequence[Any]:
    """What moves the proposal alone."""
    match command, state:
        case asked.ReturnProposal(), ToComplete():
            return []
        case asked.ReturnProposal(reason=reason), Received():
            return [ProposalReturned(reason=reason)]
        case asked.CompleteProposal(content=content, attachments=attachments), ToComplete():
            return [ProposalCompleted(content=content, attachments=attachments)]
        case asked.ConcludeAppraisal(), UnderAppraisal():
            return [_conclude(command, state, facts)]
        case asked.SubmitProposal(to_chairman=to_chairman), Submitted(to_chairman=already) if to_chairman == already:
            return []
        case asked.SubmitProposal(to_chairman=to_chairman, document=document), Appraised() | Submitted(to_chairman=False):
            if to_chairman and facts.capacity not in asked.LEADING:
                raise refusals.LeadersFirst
            return [ProposalSubmitted(to_chairman=to_chairman, document=document)]
    return _decision(command, state)


def _decision(command: Any, state: Any) -> Sequence[Any]:
    """What the Chairman decides."""
    match command, state:
        case (asked.ApproveProposal(), Approved()) | (asked.RefuseProposal(), Refused()) | (asked.DeferProposal(), Deferred()):
            return []
        case asked.ApproveProposal(note=note), Submitted(to_chairman=True) | Deferred():
            return [ProposalApproved(note=note)]
        case asked.RefuseProposal(reason=reason), Submitted(to_chairman=True) | Deferred():
            return [ProposalRefused(reason=reason)]
        case asked.DeferProposal(reason=reason), Submitted(to_chairman=True):
            return [ProposalDeferred(reason=reason)]
    raise refusals.ProposalElsewhere(stage=type(state).__name__)


def _check(line: int, state: Any, states: Mapping[str, Any]) -> Sequence[Any]:
    if isinstance(state, NOT_PREPARED):
        raise refusals.ProposalElsewhere(stage=type(state).__name__)
    lines = len(checklists_among(states).named(state.matter.was.checklist).lines)
    if not 1 <= line <= lines:
        raise refusals.NoSuchLine("line", lines=lines)
    return [] if line in state.matter.checked else [ChecklistItemChecked(line=line)]


def _request_appraisal(command: asked.RequestAppraisal, state: Proposal, states: Mapping[str, Any], facts: Facts) -> Decided:
    assert isinstance(facts, Appraising)
    day = local_day(facts.at)
    appraisers = _in_their_places(command.appraisers, states, day)
    if len(set(appraisers)) < 2:
        raise refusals.TwoAppraisers("appraisers")
    if isinstance(state, UnderAppraisal) and _in_their_places(state.asked.appraisers, states, day) == appraisers:
        # Only who leads it changes: the appraisers keep their tasks and their day.
        passed_on = replace(state.asked, leader=command.leader)
        if passed_on == state.asked:
            return {}
        _refuse_unless_in_charge(command.leader, state.matter.was, facts)
        return {command.proposal: [passed_on]}
    if not isinstance(state, Received):
        raise refusals.ProposalElsewhere(stage=type(state).__name__)
    _refuse_unless_in_charge(command.leader, state.matter.was, facts)
    for unit in appraisers:
        unit_on(states[unit_stream(unit)], unit, day, "appraisers")
    _refuse_others(appraisers, states, day)
    due = due_by(states, facts.office, APPRAISE, day)
    tasks = {
        facts.tasks[unit]: [
            TaskAssigned(
                type=TaskType.APPRAISE,
                unit=unit,
                office=state.matter.was.office,
                about=command.proposal,
                case=None,
                episode=None,
                authority=Authority.CHAIRMAN,
                due=due,
            )
        ]
        for unit in appraisers
    }
    return {command.proposal: [AppraisalRequested(leader=command.leader, appraisers=appraisers, due=due)], **tasks}


def _refuse_others(appraisers: Sequence[str], states: Mapping[str, Any], day: date) -> None:
    """Dân vận and Mặt trận appraise, and nobody beside them or in their stead (R27, invariant 4)."""
    places = _in_their_places(asked.APPRAISERS, states, day)
    for unit in appraisers:
        if unit not in places:
            raise refusals.NotDanVanOrMatTran("appraisers", unit=unit, appraisers=", ".join(places))


def _refuse_unless_in_charge(leader: str, was: ProposalOpened, facts: Facts) -> None:
    """Whoever is in charge of the field, else of the division, else the head of the office leads the appraisal (R27)."""
    assert isinstance(facts, Appraising)
    of_field = [charge.persons for charge in facts.charges if was.field in charge.fields]
    of_division = [charge.persons for charge in facts.charges if was.division in charge.units]
    leaders = frozenset[str]().union(*(of_field or of_division))
    if not (of_field or of_division):
        # His credential says that he is the head where no post is kept.
        leaders = facts.heads | (frozenset({facts.person}) if facts.capacity is Role.CHIEF else frozenset())
    if leader not in leaders:
        raise refusals.NotInCharge("leader", leader=leader, field_key=was.field, in_charge=", ".join(sorted(leaders)) or "-")


def _in_their_places(units: Sequence[str], states: Mapping[str, Any], day: date) -> tuple[str, ...]:
    """Dân vận and Mặt trận stand for who does that work: after a reorganisation their successors are asked (domain brief §3)."""
    return tuple(in_its_place(states, unit, day) for unit in units)


def _give(command: asked.GiveAppraisal, state: Proposal, states: Mapping[str, Any], facts: Facts) -> Decided:
    day = local_day(facts.at)
    appraisal, appraiser = _under_appraisal(state, command.appraiser, states, day)
    by_another = facts.unit not in (appraiser, in_its_place(states, appraiser, day))
    if by_another and command.letter is None:
        raise refusals.LetterMissing("letter", unit=command.appraiser)
    if command.on is not None and command.on > day:
        raise refusals.VerdictAhead("on", on=command.on.isoformat())
    if appraisal.given.get(appraiser) == command.verdict:
        return {}
    if by_another and appraiser in appraisal.itself:
        raise refusals.VerdictStands(unit=command.appraiser)
    given = AppraisalGiven(
        appraiser=appraiser,
        verdict=command.verdict,
        comment=command.comment,
        letter=command.letter,
        on=command.on or day,
        itself=not by_another,
    )
    return {command.proposal: [given], **_ended(appraiser, states, facts, lambda unit: TaskCompleted(unit=unit))}


def _override(command: asked.OverrideAppraisal, state: Proposal, states: Mapping[str, Any], facts: Facts) -> Decided:
    day = local_day(facts.at)
    appraisal, appraiser = _under_appraisal(state, command.appraiser, states, day)
    if appraiser in appraisal.given:
        return {}
    if day <= appraisal.due.day:
        raise refusals.AppraisalNotLate(due=appraisal.due.day.isoformat())
    _refuse_unless_in_charge(facts.person, appraisal.matter.was, facts)
    overridden = AppraisalOverridden(appraiser=appraiser, reason=command.reason)
    return {
        command.proposal: [overridden],
        **_ended(appraiser, states, facts, lambda unit: TaskCancelled(unit=unit, reason=None)),
    }


def _ended(appraiser: str, states: Mapping[str, Any], facts: Facts, event: Callable[[str], Any]) -> Decided:
    """Its task ends with whoever has it by now."""
    assert isinstance(facts, Appraising)
    task = facts.tasks[appraiser]
    state = states.get(task)
    return {task: [event(state.work.unit)]} if state is not None and is_open(state) else {}


def _under_appraisal(state: Proposal, named: str, states: Mapping[str, Any], day: date) -> tuple[UnderAppraisal, str]:
    """The appraisal, and the appraiser as it was asked: whoever has its place by now answers for it."""
    if not isinstance(state, UnderAppraisal):
        raise refusals.ProposalElsewhere(stage=type(state).__name__)
    for appraiser in state.asked.appraisers:
        if named in (appraiser, in_its_place(states, appraiser, day)):
            return state, appraiser
    raise refusals.NotAnAppraiser("appraiser", unit=named)


def _conclude(command: asked.ConcludeAppraisal, state: UnderAppraisal, facts: Facts) -> AppraisalConcluded:
    if facts.person != state.asked.leader:
        raise refusals.NotTheLeader(leader=state.asked.leader)
    _refuse_unless_in_charge(facts.person, state.matter.was, facts)
    missing = [unit for unit in state.asked.appraisers if unit not in state.given]
    if missing:
        raise refusals.AppraisalOpen(missing=", ".join(missing))
    return AppraisalConcluded(by=facts.person, verdict=command.verdict, note=command.note)
