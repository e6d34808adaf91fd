"""A dialogue ends: outcomes take effect, minutes are signed, conclusions issued, the session put away (R9, R14, R37)."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.assignment.domain.case import states as case
from services.assignment.domain.case.judging import refuse_concerned_beyond
from services.assignment.domain.case.refusals import AuthorityNotHeld
from services.assignment.domain.case.winding import due_moved, together, wind_up
from services.assignment.domain.directory.rules import due_by
from services.assignment.domain.document.carrying import refuse_other_paper
from services.assignment.domain.notice.states import Issued, given_by
from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import refusals
from services.assignment.domain.session.preparing import OPEN, authority_of, paper_about, refuse_unless_holder
from services.assignment.domain.session.room import refuse_about_himself, refuse_other_ending, refuse_unless_in_progress
from services.assignment.domain.session.states import Put, Session, Stage
from services.assignment.domain.task.states import is_open
from shared.calendar import ANSWER, local_day
from shared.contracts.case import (
    CaseDirected,
    CaseDiverted,
    CaseForwarded,
    CaseMerged,
    CaseRejected,
    CaseResolved,
    CaseSubmitterAdded,
    CaseWithdrawn,
    DueBase,
    Resolution,
)
from shared.contracts.document import DocumentKind
from shared.contracts.facts import Facts
from shared.contracts.roles import Role
from shared.contracts.session import (
    MinutesSigned,
    Outcome,
    OutcomeRecorded,
    SessionClosed,
    SessionConcluded,
    SessionHeld,
    Track,
)
from shared.contracts.task import TaskCompleted

Decided = dict[str, Sequence[Any]]


def hold(command: asked.HoldSession, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """It is over: every ending stands in this append, at the same instant (year walkthrough §4)."""
    if session.stage is Stage.HELD:
        return {}
    refuse_unless_in_progress(session)
    missing = sorted(put.case for put in session.puts.values() if put.outcome is None)
    if missing:
        raise refusals.OutcomesMissing(count=len(missing), cases=", ".join(missing))
    if session.was.short_form and not session.puts:
        raise refusals.NothingPut
    if session.present is None:
        raise refusals.AttendanceMissing
    for put in session.puts.values():
        if put.outcome is not None:
            refuse_other_ending(put.case, put.outcome.outcome, states[put.case])
    # What ended meanwhile, withdrawn perhaps on the same day, has its ending already.
    ending = [put for put in session.puts.values() if isinstance(states[put.case], OPEN)]
    for put in ending:
        assert put.outcome is not None
        refuse_about_himself(states[put.case], put.outcome.outcome, facts)
    if directs(session, states):
        _refuse_other_author(session, facts)
    effects = [_effect(put, session, command.session, states, facts) for put in ending]
    attended = {each.task: [TaskCompleted(unit=unit)] for unit, each in session.attending.items() if is_open(states[each.task])}
    return together({command.session: [SessionHeld()]}, *effects, attended)


def directs(session: Session, states: Mapping[str, Any]) -> bool:
    """Whether its holding gives work: then it is the head's act, whoever wrote down what he decided in the room."""
    given = (put for put in session.puts.values() if put.outcome is not None and put.outcome.outcome is Outcome.DIRECTED)
    return any(isinstance(states.get(put.case), OPEN) for put in given)


def _refuse_other_author(session: Session, facts: Facts) -> None:
    """A direction (bút phê) is the head's at his dialogue and the Chairman's at his (R6, R10)."""
    if facts.capacity is not (Role.CHAIRMAN if session.was.track is Track.CHAIRMAN else Role.CHIEF):
        raise AuthorityNotHeld


def _effect(put: Put, session: Session, stream: str, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What its outcome makes of a case that is still open, and of the work on it."""
    state, outcome = states[put.case], put.outcome
    assert outcome is not None
    if outcome.outcome is Outcome.DIRECTED:
        assert outcome.direction is not None
        due = due_by(states, session.was.office, ANSWER, local_day(facts.at))
        directed = CaseDirected(
            episode=put.episode,
            author=facts.person,
            authority=authority_of(session),
            direction=outcome.direction,
            session=stream,
        )
        return together({put.case: [directed]}, due_moved(put.case, state, DueBase.DIRECTION, due, states))
    merged: Decided = {}
    if outcome.outcome is Outcome.MERGED:
        assert outcome.into is not None
        # Since the outcome was recorded, the survivor may have ended or been merged away itself.
        if not isinstance(states[outcome.into], OPEN):
            raise refusals.MergedInACircle
        refuse_concerned_beyond(states[outcome.into].matter, state.matter, None)
        joining = (put.case, *sorted(state.matter.submitters))
        merged = {outcome.into: [CaseSubmitterAdded(merged=each) for each in joining]}
    settled = outcome.outcome in (Outcome.ANSWERED, Outcome.TAKEN_ON_BOARD)
    ended: Decided = {put.case: [_end_of(put.episode, outcome, state.matter)]}
    return together(ended, merged, wind_up(state, states, settled=settled))


def _end_of(episode: str, recorded: OutcomeRecorded, matter: case.Matter) -> Any:
    """The fact that ends the episode by an outcome."""
    match recorded.outcome:
        case Outcome.ANSWERED:
            return CaseResolved(episode=episode, how=Resolution.ON_THE_SPOT, due=matter.due)
        case Outcome.TAKEN_ON_BOARD:
            return CaseResolved(episode=episode, how=Resolution.TAKEN_ON_BOARD, due=matter.due)
        case Outcome.NOT_ACCEPTED:
            assert recorded.reason is not None
            return CaseRejected(episode=episode, reason=recorded.reason, note=None)
        case Outcome.PASSED_ON:
            assert recorded.to is not None
            if recorded.diverted is not None:
                return CaseDiverted(episode=episode, kind=recorded.diverted, to=recorded.to)
            return CaseForwarded(episode=episode, to=recorded.to, note=None)
        case Outcome.MERGED:
            assert recorded.into is not None
            return CaseMerged(episode=episode, into=recorded.into)
        case Outcome.WITHDRAWN:
            return CaseWithdrawn(episode=episode, note=None)
    raise AssertionError(recorded.outcome)


def sign_minutes(command: asked.SignMinutes, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The minutes list every opinion put to the session, each with its outcome."""
    if session.minutes:
        return {}
    if session.stage not in (Stage.HELD, Stage.CONCLUDED):
        raise refusals.SessionNotHeld(stage=session.stage.value)
    refuse_unless_holder(session, facts)
    refuse_other_paper(command.document, "document", paper_about(command.session, session, DocumentKind.MINUTES), states, facts)
    return {command.session: [MinutesSigned(document=command.document, cases=tuple(sorted(session.puts)))]}


def conclude_in_meeting(command: asked.ConcludeInMeeting, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Its conclusions are a line in the notice of its briefing."""
    if not session.was.short_form:
        raise refusals.NotShortForm
    if session.stage is Stage.CONCLUDED:
        return {}
    if session.stage is not Stage.HELD:
        raise refusals.SessionNotHeld(stage=session.stage.value)
    return {command.session: [SessionConcluded(notice=None, meeting=session.was.meeting)]}


def close(command: asked.CloseSession, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Nothing of it is open any more (invariant 5)."""
    if session.stage is Stage.CLOSED:
        return {}
    if session.stage is not Stage.CONCLUDED:
        raise refusals.SessionNotHeld(stage=session.stage.value)
    if not session.minutes and not session.was.short_form:
        raise refusals.MinutesMissing
    settled = (case.Resolved, case.Closed, case.Ended)
    still = sorted(put.case for put in session.puts.values() if not isinstance(states[put.case], settled))
    still += sorted(task for task in tasks_of(session, states) if is_open(states[task]))
    if still:
        raise refusals.WorkOpen(count=len(still), work=", ".join(still))
    return {command.session: [SessionClosed()]}


def tasks_of(session: Session, states: Mapping[str, Any]) -> list[str]:
    """The tasks that its notice gave, to lead and to co-ordinate, those about no opinion among them."""
    issued = states.get(session.notice) if session.notice is not None else None
    return [task for item in issued.items for task in given_by(item)] if isinstance(issued, Issued) else []
