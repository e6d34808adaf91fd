"""Stream `proposal-<id>`: what is decided about content proposed for the Chairman's dialogue (R25-R28)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from services.assignment.domain.directory.decider import unit_on, unit_stream
from services.assignment.domain.directory.rules import due_by
from services.assignment.domain.proposal import commands as asked
from services.assignment.domain.proposal import refusals
from services.assignment.domain.proposal.checklist import template, template_on
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
from shared.contracts.task import TaskAssigned, TaskCancelled, TaskCompleted, TaskType
from shared.contracts.types import Sealed

Decided = dict[str, Sequence[Any]]
APPRAISE = "appraise"


@dataclass(frozen=True, slots=True, kw_only=True)
class Appraising(Facts):
    """The facts, with the appraisers' tasks by unit: to be made, or given before."""

    tasks: Mapping[str, str]


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to a proposal, by stream.

    Raises:
        Unknown: no such proposal.
        Refused: one of the rules in `refusals`.

    """
    state: Proposal = states[command.proposal]
    if isinstance(command, asked.OpenProposal):
        return {command.proposal: _open(command, state)}
    if isinstance(state, NoProposal):
        raise Unknown("proposal")
    match command:
        case asked.RequestAppraisal():
            return _request_appraisal(command, state, states, facts)
        case asked.GiveAppraisal():
            return _give(command, state, states, facts)
        case asked.OverrideAppraisal():
            return _override(command, state, states, facts)
    return {command.proposal: _step(command, state, facts)}


def _open(command: asked.OpenProposal, state: Proposal) -> list[ProposalOpened]:
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
            checklist=template_on(local_day(command.received_at)).version,
        )
    ]


def _step(command: Any, state: Any, facts: Facts) -> Sequence[Any]:
    """What moves the proposal alone."""
    match command, state:
        case asked.CheckLine(line=line), _:
            return _check(line, state)
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


def _check(line: int, state: Any) -> Sequence[Any]:
    lines = len(template(state.matter.was.checklist).lines)
    if not 1 <= line <= lines:
        raise refusals.NoSuchLine("line", lines=lines)
    return [] if line in state.matter.checked else [ChecklistItemChecked(line=line)]


def _request_appraisal(command: asked.RequestAppraisal, state: Proposal, states: Mapping[str, Any], facts: Facts) -> Decided:
    assert isinstance(facts, Appraising)
    if len(set(command.appraisers)) < 2:
        raise refusals.TwoAppraisers("appraisers")
    if isinstance(state, UnderAppraisal) and state.asked.appraisers == command.appraisers:
        # Only who leads it changes: the appraisers keep their tasks and their day.
        passed_on = replace(state.asked, leader=command.leader)
        return {command.proposal: [passed_on]} if passed_on != state.asked else {}
    if not isinstance(state, Received):
        raise refusals.ProposalElsewhere(stage=type(state).__name__)
    day = local_day(facts.at)
    for unit in command.appraisers:
        unit_on(states[unit_stream(unit)], unit, day, "appraisers")
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
        for unit in command.appraisers
    }
    return {command.proposal: [AppraisalRequested(leader=command.leader, appraisers=command.appraisers, due=due)], **tasks}


def _give(command: asked.GiveAppraisal, state: Proposal, states: Mapping[str, Any], facts: Facts) -> Decided:
    appraisal = _under_appraisal(state, command.appraiser)
    if facts.unit != command.appraiser and command.letter is None:
        raise refusals.LetterMissing("letter", unit=command.appraiser)
    if appraisal.given.get(command.appraiser) == command.verdict:
        return {}
    given = AppraisalGiven(
        appraiser=command.appraiser,
        verdict=command.verdict,
        comment=command.comment,
        letter=command.letter,
        on=command.on or local_day(facts.at),
    )
    return {command.proposal: [given], **_ended(command.appraiser, states, facts, TaskCompleted(unit=command.appraiser))}


def _override(command: asked.OverrideAppraisal, state: Proposal, states: Mapping[str, Any], facts: Facts) -> Decided:
    appraisal = _under_appraisal(state, command.appraiser)
    if command.appraiser in appraisal.given:
        return {}
    if local_day(facts.at) <= appraisal.due.day:
        raise refusals.AppraisalNotLate(due=appraisal.due.day.isoformat())
    overridden = AppraisalOverridden(appraiser=command.appraiser, reason=command.reason)
    cancelled = TaskCancelled(unit=command.appraiser, reason=None)
    return {command.proposal: [overridden], **_ended(command.appraiser, states, facts, cancelled)}


def _ended(unit: str, states: Mapping[str, Any], facts: Facts, event: Any) -> Decided:
    assert isinstance(facts, Appraising)
    task = facts.tasks.get(unit)
    return {task: [event]} if task is not None and is_open(states.get(task)) else {}


def _under_appraisal(state: Proposal, appraiser: str) -> UnderAppraisal:
    if not isinstance(state, UnderAppraisal):
        raise refusals.ProposalElsewhere(stage=type(state).__name__)
    if appraiser not in state.asked.appraisers:
        raise refusals.NotAnAppraiser("appraiser", unit=appraiser)
    return state


def _conclude(command: asked.ConcludeAppraisal, state: UnderAppraisal, facts: Facts) -> AppraisalConcluded:
    if facts.person != state.asked.leader:
        raise refusals.NotTheLeader(leader=state.asked.leader)
    missing = [unit for unit in state.asked.appraisers if unit not in state.given]
    if missing:
        raise refusals.AppraisalOpen(missing=", ".join(missing))
    return AppraisalConcluded(by=facts.person, verdict=command.verdict, note=command.note)
