"""Stream `case-<opinion>`: what is decided about a case; it and the lead unit's task move in one append."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case.commands import (
    ApproveAnswer,
    AssignCase,
    CloseCase,
    DeliverAnswer,
    OpenCase,
    ReopenCase,
    ReturnAnswer,
    SubmitAnswer,
)
from services.assignment.domain.case.refusals import (
    AlreadyAssigned,
    AlreadyResolved,
    AnswerStands,
    AuthorityNotHeld,
    BeforeReceipt,
    NotApproved,
    NotAssigned,
    NothingSubmitted,
    NotResolved,
    ReviewerIsDrafter,
    UnderReview,
)
from services.assignment.domain.case.states import (
    Approved,
    Case,
    Closed,
    Drafting,
    Matter,
    NoCase,
    Resolved,
    UnderApproval,
    Waiting,
)
from services.assignment.domain.directory.decider import lead_on, unit_stream
from services.assignment.domain.directory.refusals import LeadOutsideOffice, UnitNotInForce
from services.assignment.domain.task.commands import ReturnTask
from services.assignment.domain.task.decider import open_work
from shared.calendar import answer_due, local_day
from shared.contracts.case import (
    AnswerApproved,
    AnswerDelivered,
    AnswerReturned,
    AnswerSubmitted,
    Authority,
    CaseAssigned,
    CaseClosed,
    CaseHandedBack,
    CaseOpened,
    CaseReopened,
    CaseResolved,
    Resolution,
)
from shared.contracts.facts import Facts
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.task import (
    RevisionRequested,
    TaskAssigned,
    TaskCompleted,
    TaskReturned,
    TaskSubmitted,
    TaskType,
)
from shared.contracts.types import Sealed, StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingWork(Facts):
    """The facts, with the id of the task that this command may give."""

    task: StreamId


Decided = dict[str, Sequence[Any]]


def next_episode(episode: str) -> str:
    """`7Q2K/2` after `7Q2K/1`."""
    opinion, _, number = episode.rpartition("/")
    return f"{opinion}/{int(number) + 1}"


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to the case, and to the task that moves with it, by stream.

    Raises:
        Unknown: no such case or task.
        Refused: one of the rules in `refusals`, of the directory's or the calendar's.

    """
    if isinstance(command, OpenCase):
        return {command.case: _open(command, states[command.case])}
    if isinstance(command, ReturnTask):
        return _return_task(command, states, facts)
    state: Case = states[command.case]
    if isinstance(state, NoCase):
        raise Unknown("case")
    _refuse_before_receipt(state.matter, facts)
    match command:
        case AssignCase():
            assert isinstance(facts, GivingWork)
            return _assign(command, state, states, facts)
        case SubmitAnswer():
            return _submit(command, state, facts)
        case ReturnAnswer():
            return _return(command, state, facts)
        case ApproveAnswer():
            return _approve(command, state, facts)
        case DeliverAnswer():
            return _deliver(command, state)
        case CloseCase():
            return {command.case: _close(state)}
        case ReopenCase():
            assert isinstance(facts, GivingWork)
            return _reopen(command, state, states, facts)
    raise TypeError(f"a case is not asked to {type(command).__name__}")


def _open(command: OpenCase, state: Case) -> list[CaseOpened]:
    if not isinstance(state, NoCase):
        return []
    return [
        CaseOpened(
            opinion=command.opinion,
            episode=command.episode,
            office=command.office,
            unit=command.unit,
            source_group=command.source_group,
            channel=command.channel,
            locality=command.locality,
            kind=command.kind,
            field=command.field,
            flags=command.flags,
            due=command.due,
            received_at=command.received_at,
            words=Sealed(ref=command.words.ref, digest=command.words.digest),
            hidden=command.hidden,
        )
    ]


def _assign(command: AssignCase, state: Case, states: Mapping[str, Any], facts: GivingWork) -> Decided:
    match state:
        case Drafting(lead=command.lead) | UnderApproval(lead=command.lead) | Approved(lead=command.lead):
            return {}
        case Drafting(lead=lead) | UnderApproval(lead=lead) | Approved(lead=lead):
            raise AlreadyAssigned("lead", lead=lead)
        case Waiting(matter=matter):
            pass
        case _:
            raise AlreadyResolved
    if command.authority is not Authority.HEAD:
        raise AuthorityNotHeld("authority")
    lead_on(states[unit_stream(command.lead)], command.lead, matter.office, local_day(facts.at))
    assigned = CaseAssigned(
        episode=matter.episode,
        lead=command.lead,
        authority=command.authority,
        task=facts.task,
        due=matter.due,
    )
    return {command.case: [assigned], facts.task: [_work(matter, command.lead)]}


def _work(matter: Matter, lead: str) -> TaskAssigned:
    return TaskAssigned(
        type=TaskType.ANSWER,
        unit=lead,
        office=matter.office,
        case=matter.case,
        episode=matter.episode,
        due=matter.due,
    )


def _submit(command: SubmitAnswer, state: Case, facts: Facts) -> Decided:
    if not isinstance(state, Drafting):
        raise _not_drafting(state)
    submitted = AnswerSubmitted(
        episode=state.matter.episode,
        draft=state.matter.drafts + 1,
        drafter=facts.person,
        answer=command.answer,
        solution=command.solution,
        direction=command.direction,
        legal_basis=command.legal_basis,
    )
    return {command.case: [submitted], state.task: [TaskSubmitted(unit=state.lead)]}


def _not_drafting(state: Case) -> Refused:
    match state:
        case UnderApproval(matter=matter):
            return UnderReview(draft=matter.drafts)
        case Approved():
            return AnswerStands()
        case Waiting():
            return NotAssigned()
    return AlreadyResolved()


def _return(command: ReturnAnswer, state: Case, facts: Facts) -> Decided:
    reviewed = _reviewed(state, facts)
    returned = AnswerReturned(
        episode=reviewed.matter.episode,
        draft=reviewed.matter.drafts,
        reviewer=facts.person,
        reason=command.reason,
    )
    return {command.case: [returned], reviewed.task: [RevisionRequested(unit=reviewed.lead)]}


def _approve(command: ApproveAnswer, state: Case, facts: Facts) -> Decided:
    if isinstance(state, Approved):
        return {}
    matter = _reviewed(state, facts).matter
    return {command.case: [AnswerApproved(episode=matter.episode, draft=matter.drafts, reviewer=facts.person)]}


def _reviewed(state: Case, facts: Facts) -> UnderApproval:
    match state:
        case UnderApproval(drafter=facts.person):
            raise ReviewerIsDrafter
        case UnderApproval():
            return state
        case Approved():
            raise AnswerStands
        case Waiting() | Drafting():
            raise NothingSubmitted
    raise AlreadyResolved


def _deliver(command: DeliverAnswer, state: Case) -> Decided:
    match state:
        case Approved(matter=matter, lead=lead, task=task):
            delivered = AnswerDelivered(episode=matter.episode, draft=matter.drafts, means=command.means)
            resolved = CaseResolved(episode=matter.episode, how=Resolution.WRITTEN, due=matter.due)
            return {command.case: [delivered, resolved], task: [TaskCompleted(unit=lead)]}
        case Resolved() | Closed():
            return {}
        case UnderApproval():
            raise NotApproved
    raise NothingSubmitted


def _close(state: Case) -> list[CaseClosed]:
    match state:
        case Resolved(matter=matter):
            return [CaseClosed(episode=matter.episode)]
        case Closed():
            return []
    raise NotResolved


def _reopen(command: ReopenCase, state: Case, states: Mapping[str, Any], facts: GivingWork) -> Decided:
    if not isinstance(state, Resolved | Closed):
        raise NotResolved
    day = local_day(facts.at)
    renewed = replace(
        state.matter,
        episode=next_episode(state.matter.episode),
        due=answer_due(calendar.in_force(states[calendar.STREAM]), day),
    )
    lead = state.lead if _still_leads(state, states, day) else None
    reopened = CaseReopened(
        episode=renewed.episode,
        previous=state.matter.episode,
        reason=command.reason,
        field=renewed.field,
        lead=lead,
        task=facts.task if lead else None,
        due=renewed.due,
    )
    return {command.case: [reopened]} | ({facts.task: [_work(renewed, lead)]} if lead else {})


def _still_leads(state: Resolved | Closed, states: Mapping[str, Any], day: date) -> bool:
    """A lead that is no more by then is not given the task: the case waits for the head to assign another."""
    if state.lead is None:
        return False
    try:
        lead_on(states[unit_stream(state.lead)], state.lead, state.matter.office, day)
    except (UnitNotInForce, LeadOutsideOffice):
        return False
    return True


def _return_task(command: ReturnTask, states: Mapping[str, Any], facts: Facts) -> Decided:
    work = open_work(states[command.task])
    state: Case = states[work.case]
    if not isinstance(state, Drafting) or state.task != command.task:
        raise _not_drafting(state)
    _refuse_before_receipt(state.matter, facts)
    handed_back = CaseHandedBack(
        episode=state.matter.episode,
        lead=work.unit,
        task=command.task,
        reason=command.reason,
    )
    return {
        command.task: [TaskReturned(unit=work.unit, reason=command.reason)],
        work.case: [handed_back],
    }


def _refuse_before_receipt(matter: Matter, facts: Facts) -> None:
    if facts.at < matter.received_at or local_day(facts.at) < matter.begun:
        raise BeforeReceipt("occurred_at", earliest=max(local_day(matter.received_at), matter.begun).isoformat())
