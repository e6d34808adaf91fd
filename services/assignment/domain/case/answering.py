"""A case is answered: drafted, cleared, delivered, resolved, put away, taken up again (R32, R34, R5, corrections)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.case import commands as asked
from services.assignment.domain.case import refusals
from services.assignment.domain.case.assigning import GivingWork, answer_work, over, refuse_other_name
from services.assignment.domain.case.conflict import Acting, concerned
from services.assignment.domain.case.states import (
    OPEN,
    Approved,
    Case,
    Closed,
    Delivered,
    Drafting,
    Ended,
    Matter,
    NoCase,
    Resolved,
    UnderApproval,
    Waiting,
)
from services.assignment.domain.case.winding import answering_task, off_the_session, refuse_open_work, together, wind_up
from services.assignment.domain.directory.decider import lead_on, unit_on, unit_stream
from services.assignment.domain.directory.party import party_fields_among
from services.assignment.domain.directory.refusals import LeadOutsideOffice
from services.assignment.domain.directory.rules import due_by
from services.assignment.domain.session.states import Session, Stage
from shared.calendar import ANSWER, local_day
from shared.contracts.case import (
    AnswerApproved,
    AnswerDelivered,
    AnswerReturned,
    AnswerSubmitted,
    Authority,
    CaseClosed,
    CaseReopened,
    CaseResolved,
    ReopeningDeclined,
    Resolution,
)
from shared.contracts.facts import Facts
from shared.contracts.opinion import Flag, Kind
from shared.contracts.refusals import Refused
from shared.contracts.task import RevisionRequested, TaskSubmitted
from shared.documents.refusals import UnitNotInForce

Decided = dict[str, Sequence[Any]]
OF_THE_NOTICE: Final = 0  # in place of the number of a draft


@dataclass(frozen=True, slots=True, kw_only=True)
class Declining(Acting):
    """The facts, with whether a wish to have the case taken up again waits for an answer."""

    wanted: bool


def next_episode(episode: str) -> str:
    """`7Q2K/2` after `7Q2K/1`."""
    opinion, _, number = episode.rpartition("/")
    return f"{opinion}/{int(number) + 1}"


def not_drafting(state: Case) -> Refused:
    """Why a draft cannot be put forward, nor the task handed back."""
    match state:
        case UnderApproval(matter=matter):
            return refusals.UnderReview(draft=matter.drafts)
        case Approved() | Delivered():
            return refusals.AnswerStands()
        case Waiting():
            return refusals.NotAssigned()
    return over(state)


def submit(command: asked.SubmitAnswer, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The lead unit's draft; of a task that only answers, the task is put forward with it."""
    if not isinstance(state, Drafting):
        raise not_drafting(state)
    submitted = AnswerSubmitted(
        episode=state.matter.episode,
        draft=state.matter.drafts + 1,
        drafter=facts.person,
        answer=command.answer,
        solution=command.solution,
        direction=command.direction,
        legal_basis=command.legal_basis,
    )
    return {command.case: [submitted], **_if_answering(state, states, TaskSubmitted(unit=state.lead, by=facts.person))}


def _if_answering(state: Drafting | UnderApproval, states: Mapping[str, Any], event: Any) -> Decided:
    """Moves the task that the answer is; a task that carries out a conclusion goes its own way."""
    task = answering_task(state, states)
    return {task: [event]} if task is not None else {}


def send_back(command: asked.ReturnAnswer, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The draft goes back with what is to be changed."""
    reviewed = _reviewed(state, facts)
    returned = AnswerReturned(
        episode=reviewed.matter.episode,
        draft=reviewed.matter.drafts,
        reviewer=facts.person,
        reason=command.reason,
    )
    asked_back = RevisionRequested(unit=reviewed.lead, reason=command.reason)
    return {command.case: [returned], **_if_answering(reviewed, states, asked_back)}


def approve(command: asked.ApproveAnswer, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The draft stands."""
    if isinstance(state, Approved):
        return {}
    matter = _reviewed(state, facts).matter
    _refuse_without_party(matter, states, facts)
    return {command.case: [AnswerApproved(episode=matter.episode, draft=matter.drafts, reviewer=facts.person)]}


def _refuse_without_party(matter: Matter, states: Mapping[str, Any], facts: Facts) -> None:
    """Where cấp ủy leads its opinion is a step, not an option (corrections: N4, N8, N10-N12).

    Raises:
        PartyOpinionMissing

    """
    if matter.field in party_fields_among(states, local_day(facts.at)) and not matter.party_opinion:
        raise refusals.PartyOpinionMissing(field_key=matter.field)


def _reviewed(state: Case, facts: Facts) -> UnderApproval:
    """What lies before whoever gave the work: the Chairman clears what is answered in his name, nobody for him."""
    match state:
        case UnderApproval(drafter=facts.person):
            raise refusals.ReviewerIsDrafter
        case UnderApproval():
            refuse_other_name(state.matter, facts)
            return state
        case Approved() | Delivered():
            raise refusals.AnswerStands
        case Waiting() | Drafting():
            raise refusals.NothingSubmitted
    raise over(state)


def deliver(command: asked.DeliverAnswer, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The speaker has the answer; directed work that is still open keeps the case open (corrections: resolved at)."""
    match state:
        case Approved(matter=matter):
            events: list[Any] = [AnswerDelivered(episode=matter.episode, draft=matter.drafts, means=command.means)]
            before: Decided = {}
            if not matter.carrying and not _conclusion_awaited(state, states):
                how = Resolution.DIRECTED if matter.directed else Resolution.WRITTEN
                events.append(CaseResolved(episode=matter.episode, how=how, due=matter.due))
                before = off_the_session(command.case, state, states, local_day(facts.at))
            return together(before, {command.case: events}, wind_up(state, states, settled=True))
        case Waiting() | Drafting() | UnderApproval() if state.matter.last_word:
            return _deliver_conclusion(command, state, states, facts)
        case Delivered() | Resolved():
            return {}
        case Closed(how=None):
            return {}
        case UnderApproval():
            raise refusals.NotApproved
        case Waiting() | Drafting():
            raise refusals.NothingSubmitted
    raise over(state)


def _deliver_conclusion(
    command: asked.DeliverAnswer, state: Waiting | Drafting | UnderApproval, states: Mapping[str, Any], facts: Facts
) -> Decided:
    """A notice said the last word: that is the answer, whatever was drafted, and nobody approves what the head signed (R38)."""
    matter = state.matter
    refuse_open_work(state)
    _refuse_without_party(matter, states, facts)
    delivered = AnswerDelivered(episode=matter.episode, draft=OF_THE_NOTICE, means=command.means)
    resolved = CaseResolved(episode=matter.episode, how=Resolution.WRITTEN, due=matter.due)
    before = off_the_session(command.case, state, states, local_day(facts.at))
    return together(before, {command.case: [delivered, resolved]}, wind_up(state, states, settled=True))


def _conclusion_awaited(state: Approved, states: Mapping[str, Any]) -> bool:
    """Directed at a dialogue that was held: its notice will say what is to be carried out; a briefing has none of its own."""
    matter = state.matter
    session = states.get(matter.session) if matter.session is not None else None
    if not matter.directed or matter.concluded or not isinstance(session, Session):
        return False
    return session.stage is Stage.HELD and not session.was.short_form


def take_on_board(command: asked.TakeOnBoard, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """A suggestion is accepted (R17); always in time."""
    if isinstance(state, Resolved) or (isinstance(state, Closed) and state.how is None):
        return {}
    if not isinstance(state, OPEN):
        raise over(state)
    if isinstance(state, Delivered):
        raise refusals.AnswerStands
    matter = state.matter
    if matter.kind is not Kind.SUGGESTION:
        raise refusals.OnlySuggestions
    refuse_open_work(state)
    resolved = CaseResolved(episode=matter.episode, how=Resolution.TAKEN_ON_BOARD, due=matter.due)
    before = off_the_session(command.case, state, states, local_day(facts.at))
    return together(before, {command.case: [resolved]}, wind_up(state, states, settled=True))


def close(command: asked.CloseCase, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Put away: ended, its work done, and a flagged matter that was settled is concluded (R5, invariant 5)."""
    if isinstance(state, Closed):
        return {}
    assert not isinstance(state, NoCase)
    matter = state.matter
    if matter.carrying:
        raise refusals.WorkStillOpen(count=len(matter.carrying))
    if not isinstance(state, Resolved | Ended):
        raise refusals.NotResolved
    # What was passed on or taken back is not this office's to conclude, and what was merged is concluded with its survivor.
    flags = _flags_of_all(matter, states) if isinstance(state, Resolved) else ()
    if flags and not matter.concluded:
        raise refusals.ConclusionMissing(flags=", ".join(flags))
    return {command.case: [CaseClosed(episode=matter.episode)]}


def _flags_of_all(matter: Matter, states: Mapping[str, Any]) -> tuple[Flag, ...]:
    """The marks of a matter and of those merged into it, which end with its answer (R5, invariant 3)."""
    merged = [states[each].matter.flags for each in matter.submitters if not isinstance(states.get(each), NoCase | None)]
    return tuple(sorted({*matter.flags, *(flag for flags in merged for flag in flags)}))


def reopen(command: asked.ReopenCase, state: Case, states: Mapping[str, Any], facts: GivingWork) -> Decided:
    """A new episode: due anew, with the former lead's new task where that unit is still there."""
    if isinstance(state, Closed) and state.how is not None:
        raise over(state)
    if not isinstance(state, Resolved | Closed):
        raise refusals.NotResolved
    day, matter = local_day(facts.at), state.matter
    due = due_by(states, matter.office, ANSWER, day)
    renewed = replace(matter, episode=next_episode(matter.episode), due=due, drafts=0)
    lead = state.lead if _still_leads(state, states, facts) else None
    reopened = CaseReopened(
        episode=renewed.episode,
        previous=matter.episode,
        reason=command.reason,
        field=renewed.field,
        lead=lead,
        task=facts.task if lead else None,
        due=renewed.due,
    )
    if lead is None:
        return {command.case: [reopened]}
    return {command.case: [reopened], facts.task: [answer_work(renewed, lead, matter.authority)]}


def decline_reopening(command: asked.DeclineReopening, state: Case, states: Mapping[str, Any], facts: Declining) -> Decided:
    """It stays as it ended, each time that its speaker wished otherwise; what is still open needs no reopening."""
    if isinstance(state, (NoCase, *OPEN)):
        raise refusals.NotResolved
    if not facts.wanted:
        raise refusals.NothingWished
    return {command.case: [ReopeningDeclined(episode=state.matter.episode, reason=command.reason)]}


def _still_leads(state: Resolved | Closed, states: Mapping[str, Any], facts: Facts) -> bool:
    """A lead that is no more by then is not given the task: the case waits for the head to assign another."""
    if state.lead is None or state.lead in concerned(state.matter.concerns_units, facts):
        return False
    unit, day = states[unit_stream(state.lead)], local_day(facts.at)
    try:
        if state.matter.authority is Authority.CHAIRMAN:
            unit_on(unit, state.lead, day, "lead")
        else:
            lead_on(unit, state.lead, state.matter.office, day)
    except (UnitNotInForce, LeadOutsideOffice):
        return False
    return True


def begun(matter: Matter) -> date:
    """The first day on which anything can happen in the episode."""
    return max(local_day(matter.received_at), matter.begun)
