"""Stream `meeting-<id>`: scheduled, moved, held, cancelled; a series is many meetings of one append (R23)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.meeting.commands import (
    CancelMeeting,
    Every,
    HoldMeeting,
    MoveMeeting,
    ScheduleMeeting,
    ScheduleMeetings,
)
from services.assignment.domain.meeting.refusals import DialogueHangsOnIt, MeetingNotYet, MeetingOver, NotASeries, SeriesBackwards
from shared.calendar import Calendar, local_day
from shared.contracts.facts import Facts
from shared.contracts.meeting import MeetingCancelled, MeetingHeld, MeetingKind, MeetingMoved, MeetingScheduled
from shared.contracts.refusals import Unknown

LONGEST_SERIES: Final = timedelta(days=731)
BRIEFINGS: Final = {Every.WEEK: MeetingKind.WEEKLY_BRIEFING, Every.MONTH: MeetingKind.MONTHLY_BRIEFING}


@dataclass(frozen=True, slots=True)
class NoMeeting:
    """Nothing was scheduled under this id."""


@dataclass(frozen=True, slots=True)
class Scheduled:
    """It stands in the calendar for `on`."""

    was: MeetingScheduled
    on: date


@dataclass(frozen=True, slots=True)
class Held:
    """It took place."""

    was: MeetingScheduled
    on: date


@dataclass(frozen=True, slots=True)
class Cancelled:
    """It does not take place."""

    was: MeetingScheduled
    on: date


Meeting = NoMeeting | Scheduled | Held | Cancelled
INITIAL: Final[Meeting] = NoMeeting()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scheduling(Facts):
    """The facts, with streams for as many meetings as can be made."""

    meetings: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Hanging:
    """A dialogue that is tied to a meeting: the day it is to be on, if any, and whether it took place."""

    session: str
    on: date | None
    held: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Hosting(Facts):
    """The facts, with the dialogues tied to the meeting that were not cancelled."""

    dialogues: tuple[Hanging, ...]


def evolve(state: Meeting, event: Any) -> Meeting:
    """The meeting after `event`."""
    match state, event:
        case _, MeetingScheduled():
            return Scheduled(event, event.on)
        case Scheduled(), MeetingMoved():
            return Scheduled(state.was, event.on)
        case Scheduled(), MeetingHeld():
            return Held(state.was, state.on)
        case Scheduled(), MeetingCancelled():
            return Cancelled(state.was, state.on)
    return state


def days_of(command: ScheduleMeetings, calendar: Calendar) -> tuple[date, ...]:
    """The days of a series, each moved on to a working day.

    Raises:
        SeriesBackwards, OutsideCalendar

    """
    if not command.first <= command.last <= command.first + LONGEST_SERIES:
        raise SeriesBackwards("last", first=command.first.isoformat(), last=command.last.isoformat())
    found: list[date] = []
    n = 0
    while (day := _nth(command, n)) <= command.last:
        found.append(calendar.next_working(day))
        n += 1
    return tuple(dict.fromkeys(found))


def _nth(command: ScheduleMeetings, n: int) -> date:
    if command.every is Every.WEEK:
        return command.first + timedelta(weeks=n)
    months = command.first.month - 1 + n
    year, month = command.first.year + months // 12, months % 12 + 1
    # The 31st of a month that has none is its last day.
    last = (date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month, min(command.first.day, last))


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[Any]]:
    """What a command does to a meeting, or a series of them, by stream.

    Raises:
        Unknown, MeetingOver, MeetingNotYet, NotASeries, DialogueHangsOnIt

    """
    if isinstance(command, ScheduleMeeting | ScheduleMeetings):
        assert isinstance(facts, Scheduling)
        return _schedule(command, states, facts)
    state: Meeting = states[command.meeting]
    if isinstance(state, NoMeeting):
        raise Unknown("meeting")
    return {command.meeting: _change(command, state, facts)}


def _schedule(
    command: ScheduleMeeting | ScheduleMeetings, states: Mapping[str, Any], facts: Scheduling
) -> dict[str, Sequence[Any]]:
    if isinstance(command, ScheduleMeeting):
        days: tuple[date, ...] = (command.on,)
        series = None
    elif BRIEFINGS[command.every] is command.kind:
        days = days_of(command, calendar.among(states))
        series = facts.meetings[0]
    else:
        raise NotASeries("kind")
    return {
        stream: [MeetingScheduled(office=command.office, kind=command.kind, body=command.body, on=day, series=series)]
        for stream, day in zip(facts.meetings, days, strict=False)
        if isinstance(states[stream], NoMeeting)
    }


def _change(command: MoveMeeting | HoldMeeting | CancelMeeting, state: Meeting, facts: Facts) -> Sequence[Any]:
    match command, state:
        case HoldMeeting(), Held():
            return []
        case CancelMeeting(), Cancelled():
            return []
        case MoveMeeting(on=on), Scheduled(on=already) if on == already:
            return []
        case MoveMeeting(on=on, reason=reason), Scheduled():
            _refuse_if_hanging(state, facts)
            return [MeetingMoved(on=on, reason=reason)]
        case HoldMeeting(), Scheduled(on=on):
            if local_day(facts.at) < on:
                raise MeetingNotYet("occurred_at", on=on.isoformat())
            return [MeetingHeld()]
        case CancelMeeting(reason=reason), Scheduled():
            _refuse_if_hanging(state, facts)
            return [MeetingCancelled(reason=reason)]
    raise MeetingOver("meeting")


def _refuse_if_hanging(state: Scheduled, facts: Facts) -> None:
    """A meeting is not taken from under a dialogue that is to be held there on its day, or was (R23, invariant 4)."""
    assert isinstance(facts, Hosting)
    for dialogue in facts.dialogues:
        if dialogue.on == state.on and dialogue.held:
            raise MeetingOver("meeting")
        if dialogue.on == state.on:
            raise DialogueHangsOnIt("meeting", session=dialogue.session, on=state.on.isoformat())
