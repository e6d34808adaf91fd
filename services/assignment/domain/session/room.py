"""In the room: opened, presented, raised, answered, counted (R3, R9, R14, R15, R33)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.case import states as case
from services.assignment.domain.case.conflict import refuse_concerned
from services.assignment.domain.case.judging import refuse_concerned_beyond, refuse_others_waiting, refuse_unless_quarantined
from services.assignment.domain.case.refusals import ForwardedInside, OnlySuggestions, SurvivorNotOpen
from services.assignment.domain.case.winding import refuse_open_work
from services.assignment.domain.directory.decider import unit_on, unit_stream
from services.assignment.domain.directory.fields import refuse_unless_field
from services.assignment.domain.directory.party import party_fields_among
from services.assignment.domain.directory.posts import refuse_unless_post
from services.assignment.domain.directory.rules import due_by
from services.assignment.domain.meeting.decider import Cancelled, Held, Scheduled
from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import refusals
from services.assignment.domain.session.preparing import (
    OPEN,
    must_be_announced,
    refuse_other_people,
    refuse_unanswered,
)
from services.assignment.domain.session.states import BEFORE, Session, Stage
from shared.calendar import ANSWER, local_day
from shared.contracts.case import CaseOpened
from shared.contracts.facts import Facts
from shared.contracts.opinion import Channel, Kind
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.session import (
    AgendaPresented,
    AttendanceRecorded,
    ItemRaised,
    Outcome,
    OutcomeRecorded,
    SessionItemRaised,
    SessionOpened,
    Track,
    Trigger,
)

Decided = dict[str, Sequence[Any]]
ENDINGS: Final[Mapping[str, Outcome]] = {
    "rejected": Outcome.NOT_ACCEPTED,
    "forwarded": Outcome.PASSED_ON,
    "diverted": Outcome.PASSED_ON,
    "merged": Outcome.MERGED,
    "withdrawn": Outcome.WITHDRAWN,
}
# What makes an opinion disappear: not even the head records that of criticism of himself (R16, corrections).
PUTTING_AWAY: Final = frozenset({Outcome.NOT_ACCEPTED, Outcome.PASSED_ON, Outcome.MERGED, Outcome.WITHDRAWN})
NOT_AN_ENDING: Final = frozenset({Outcome.DIRECTED, Outcome.WITHDRAWN})  # what work of a notice does not stand against


@dataclass(frozen=True, slots=True, kw_only=True)
class Raising(Facts):
    """The facts, with the streams of what is raised and who raised it."""

    item: str
    case: str
    opinion: str
    speaker: str | None


def begin(command: asked.OpenSession, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The dialogue begins; the cases put to it are guarded, so that no answer is taken back at the same moment (R36)."""
    if session.stage is Stage.IN_PROGRESS:
        return {}
    if session.stage not in BEFORE:
        raise refusals.SessionBegun(stage=session.stage.value)
    for refused in blocks(session, states, local_day(facts.at)):
        raise refused
    return {command.session: [SessionOpened()]}


def blocks(session: Session, states: Mapping[str, Any], day: date) -> Iterator[Refused]:
    """Whatever keeps a dialogue that has not begun from opening on `day`, each as the rule that would refuse it."""
    if session.on is None:
        yield refusals.DayUnknown()
    elif day < session.on:
        yield refusals.NotYetDay(on=session.on.isoformat())
    yield from _refused(_refuse_without_meeting, session, states)
    if not session.was.short_form:
        if session.programme == 0:
            yield refusals.ProgrammeMissing()
        if must_be_announced(session) and not session.announced:
            yield refusals.NotAnnounced()
        if not session.waived:
            yield from _refused(refuse_unanswered, session, states)
        yield from _refused(_refuse_without_party, session, states, day)


def _refused(check: Callable[..., None], *told: Any) -> Iterator[Refused]:
    try:
        check(*told)
    except Refused as refused:
        yield refused


def _refuse_without_meeting(session: Session, states: Mapping[str, Any]) -> None:
    """A periodic dialogue is held at its meeting, which was neither cancelled nor moved to another day (R23, invariant 4)."""
    if session.was.trigger is not Trigger.PERIODIC or session.was.meeting is None:
        return
    meeting = states[session.was.meeting]
    elsewhere = isinstance(meeting, Scheduled | Held) and meeting.on != session.on
    if elsewhere or isinstance(meeting, Cancelled):
        raise refusals.MeetingFellAway(meeting=session.was.meeting)


def _refuse_without_party(session: Session, states: Mapping[str, Any], day: date) -> None:
    """Where cấp ủy leads, its opinion is a step before the dialogue, which no waiver passes over (corrections)."""
    linked = [(put.case, states[put.case]) for put in session.linked if isinstance(states[put.case], case.OPEN)]
    led = party_fields_among(states, day)
    missing = sorted(name for name, at in linked if at.matter.field in led and not at.matter.party_opinion)
    if missing:
        raise refusals.PartyOpinionsMissing(count=len(missing), cases=", ".join(missing))


def present(command: asked.PresentAgenda, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Something is presented that needs no opinion."""
    refuse_unless_in_progress(session)
    return {command.session: [AgendaPresented(kind=command.kind, content=command.content)]}


def raise_item(command: asked.RaiseItem, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """An opinion is received, classified and referred at once: item and case are one append (design decision 14).

    What the Chairman's dialogue is to answer is written down before it begins too: nothing else takes it in.
    """
    assert isinstance(facts, Raising)
    if facts.case in session.puts:
        return {}
    if not (session.was.track is Track.CHAIRMAN and session.stage in BEFORE):
        refuse_unless_in_progress(session)
    _refuse_unknown(command, states, local_day(facts.at))
    refuse_other_people("source_group", session, command.source_group)
    was, episode = session.was, f"{facts.case.removeprefix('case-')}/1"
    raised = ItemRaised(
        session=command.session,
        case=facts.case,
        opinion=facts.opinion,
        episode=episode,
        office=was.office,
        source_group=command.source_group,
        kind=command.kind,
        field=command.field,
        words=command.words,
        speaker=facts.speaker,
        speaker_name=command.speaker_name,
        hidden=command.hidden,
        agenda=None,
    )
    opened = CaseOpened(
        opinion=facts.opinion,
        episode=episode,
        office=was.office,
        unit=facts.unit,
        source_group=command.source_group,
        channel=Channel.SESSION,
        locality=command.locality,
        kind=command.kind,
        field=command.field,
        flags=tuple(sorted(set(command.flags))),
        concerns_units=command.concerns_units,
        concerns_posts=command.concerns_posts,
        due=due_by(states, was.office, ANSWER, local_day(facts.at)),
        received_at=facts.at,
        words=command.words,
        hidden=command.hidden,
        session=command.session,
    )
    put = SessionItemRaised(item=facts.item, case=facts.case, episode=episode)
    return {command.session: [put], facts.item: [raised], facts.case: [opened]}


def _refuse_unknown(command: asked.RaiseItem, states: Mapping[str, Any], day: date) -> None:
    """Field, units, posts and place of what is raised are those of the directory on that day."""
    refuse_unless_field(states, command.field, day, "field")
    for unit in command.concerns_units:
        unit_on(states[unit_stream(unit)], unit, day, "concerns_units")
    for post in command.concerns_posts:
        refuse_unless_post(states, post, day, "concerns_posts")
    if command.locality is not None:
        unit_on(states[unit_stream(command.locality)], command.locality, day, "locality")


def record_outcome(command: asked.RecordOutcome, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What became of an opinion; it takes effect when the session is held, and until then can be put right."""
    refuse_unless_in_progress(session)
    put = session.puts.get(command.case)
    if put is None:
        raise refusals.NotPutHere("case")
    refuse_about_himself(states[command.case], command.outcome, facts)
    refuse_unless_quarantined(command.reason)
    _refuse_incomplete(command, states)
    _refuse_unfit(command, session, states)
    if command.outcome is Outcome.PASSED_ON:
        _refuse_target(command, session, states, local_day(facts.at))
    if command.outcome is Outcome.MERGED:
        _refuse_circle(command, session, states)
    recorded = OutcomeRecorded(
        case=command.case,
        episode=put.episode,
        outcome=command.outcome,
        reason=command.reason,
        to=command.to,
        diverted=command.diverted,
        into=command.into,
        answer=command.answer,
        direction=command.direction,
    )
    return {command.session: [recorded]}


def refuse_about_himself(state: Any, outcome: Outcome, facts: Facts) -> None:
    """Nobody gives an opinion about himself or his unit its outcome; the head answers it or takes it on board, no more.

    Raises:
        AboutThatPost, AboutThatUnit

    """
    ended = not isinstance(state, case.OPEN)  # it is only written down what has become of it
    refuse_concerned(state.matter, facts, accounting=ended or outcome not in PUTTING_AWAY)


def _refuse_incomplete(command: asked.RecordOutcome, states: Mapping[str, Any]) -> None:
    missing = {
        Outcome.ANSWERED: command.answer is None and not isinstance(states[command.case], case.UnderApproval | case.Approved),
        Outcome.DIRECTED: command.direction is None,
        Outcome.NOT_ACCEPTED: command.reason is None,
        Outcome.PASSED_ON: command.to is None,
        Outcome.MERGED: command.into is None,
    }
    needed = {
        Outcome.ANSWERED: "answer",
        Outcome.DIRECTED: "direction",
        Outcome.NOT_ACCEPTED: "reason",
        Outcome.PASSED_ON: "to",
        Outcome.MERGED: "into",
    }
    if missing.get(command.outcome, False):
        name = needed[command.outcome]
        raise refusals.OutcomeIncomplete(name, outcome=command.outcome.value, missing=name)


def _refuse_unfit(command: asked.RecordOutcome, session: Session, states: Mapping[str, Any]) -> None:
    """An outcome says no more than the case itself would let be done, and no other ending than it has."""
    state = states[command.case]
    if not isinstance(state, case.OPEN):
        refuse_other_ending(command.case, command.outcome, state)
        return
    if command.outcome is Outcome.TAKEN_ON_BOARD and state.matter.kind is not Kind.SUGGESTION:
        raise OnlySuggestions("outcome")
    if command.outcome is Outcome.WITHDRAWN:
        refuse_others_waiting({*state.matter.submitters, *_merged_here(command.case, session)})
    if command.outcome not in NOT_AN_ENDING:
        refuse_open_work(state)


def _refuse_target(command: asked.RecordOutcome, session: Session, states: Mapping[str, Any], day: date) -> None:
    """What is passed on goes to a unit in force outside the office; another procedure may be run inside it."""
    assert command.to is not None
    unit = unit_on(states[unit_stream(command.to)], command.to, day, "to")
    if command.diverted is None and session.was.office in (unit.office, command.to):
        raise ForwardedInside("to", unit=command.to)


def refuse_other_ending(stream: str, outcome: Outcome, state: Any) -> None:
    """What ended on the day, withdrawn perhaps, has that as its outcome (year walkthrough §4).

    Raises:
        OutcomeAgainstEnding

    """
    ending = ENDINGS.get(getattr(state, "how", None) or "")
    if ending is not None and ending is not outcome:
        raise refusals.OutcomeAgainstEnding("outcome", case=stream, outcome=ending.value)


def _refuse_circle(command: asked.RecordOutcome, session: Session, states: Mapping[str, Any]) -> None:
    assert command.into is not None
    survivor = states[command.into]
    if isinstance(survivor, case.NoCase) or survivor.matter.office != session.was.office:
        raise Unknown("into")
    if command.into == command.case or not isinstance(survivor, OPEN):
        raise refusals.MergedInACircle("into")
    refuse_concerned_beyond(survivor.matter, states[command.case].matter, "into")
    beside = session.puts.get(command.into)
    became = beside.outcome.outcome if beside is not None and beside.outcome is not None else None
    if became is Outcome.MERGED or _merged_here(command.case, session):
        raise refusals.MergedInACircle("into")
    if became is Outcome.WITHDRAWN:
        raise SurvivorNotOpen("into", into=command.into)


def _merged_here(survivor: str, session: Session) -> list[str]:
    """What is to be merged into the case when the session is held."""
    outcomes = ((put.case, put.outcome) for put in session.puts.values() if put.outcome is not None)
    return sorted(merged for merged, outcome in outcomes if outcome.into == survivor)


def record_attendance(command: asked.RecordAttendance, session: Session, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Who was there, counted by group, and of them by unit.

    Raises:
        SessionNotInProgress, UnitsBeyondTotal
        UnknownUnit, UnitNotInForce: a unit that is not there on the day.

    """
    refuse_unless_in_progress(session)
    named = [each.unit for each in command.units]
    for unit in named:
        unit_on(states[unit_stream(unit)], unit, local_day(facts.at), "units")
    of_units, of_groups = [each.heads for each in command.units], [each.heads for each in command.present]
    heads, total = sum(of_units), sum(of_groups)
    if heads > total or len(set(named)) < len(named) or min([*of_units, *of_groups], default=0) < 0:
        raise refusals.UnitsBeyondTotal("units", heads=heads, total=total)
    return {command.session: [AttendanceRecorded(present=command.present, units=command.units)]}


def refuse_unless_in_progress(session: Session) -> None:
    """What happens in the room is recorded while it is going on.

    Raises:
        SessionNotInProgress

    """
    if session.stage is not Stage.IN_PROGRESS:
        raise refusals.SessionNotInProgress(stage=session.stage.value)
