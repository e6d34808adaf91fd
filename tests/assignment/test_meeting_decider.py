"""Conferences and briefings: scheduled one by one or in series, moved, held, cancelled (R23)."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from services.assignment.domain.calendar.decider import NoCalendarYet
from services.assignment.domain.meeting import commands as asked
from services.assignment.domain.meeting.decider import LONGEST_SERIES, Hanging, Hosting, Scheduling
from services.assignment.domain.meeting.refusals import DialogueHangsOnIt, MeetingNotYet, MeetingOver, NotASeries, SeriesBackwards
from shared.calendar import OutsideCalendar
from shared.contracts.meeting import MeetingBody, MeetingCancelled, MeetingHeld, MeetingKind, MeetingMoved
from shared.contracts.refusals import Unknown
from tests.assignment.sittings import BRIEFING, CONFERENCE_DAY, MEETING, SCHEDULED, told
from tests.assignment.stage import CALENDAR, PUBLISHED, RULES, SESSION
from tests.support.scenario import Given, sealed

STREAMS = tuple(f"meeting-000000000000000000{n:02}" for n in range(1, 60))
SCHEDULING = told(date(2023, 1, 4), Scheduling, meetings=STREAMS)
MOVE = asked.MoveMeeting(meeting=MEETING, on=date(2023, 2, 17), reason=sealed(1))
HOLD = asked.HoldMeeting(meeting=MEETING)
CANCEL = asked.CancelMeeting(meeting=MEETING, reason=sealed(2))
MOVED = MeetingMoved(on=date(2023, 2, 17), reason=sealed(1))
HELD, CANCELLED = MeetingHeld(), MeetingCancelled(reason=sealed(2))
WEEKLY = asked.ScheduleMeetings(
    office="VPUB",
    kind=MeetingKind.WEEKLY_BRIEFING,
    body=MeetingBody.LEADERSHIP,
    every=asked.Every.WEEK,
    first=date(2023, 1, 9),
    last=date(2023, 2, 6),
)
MONTHLY = replace(WEEKLY, kind=MeetingKind.MONTHLY_BRIEFING, body=MeetingBody.OFFICE, every=asked.Every.MONTH)


def hosting(day: date, *dialogues: Hanging) -> Any:
    return told(day, Hosting, dialogues=dialogues)


def given(*on_meeting: Any) -> Given:
    return RULES.given({CALENDAR: [PUBLISHED], MEETING: on_meeting})


def days(command: asked.ScheduleMeetings) -> list[date]:
    """The days on which a series puts a meeting."""
    decided = given().when(command, SCHEDULING).decided()
    return [events[0].on for events in decided.values()]


@pytest.mark.parametrize("body", list(MeetingBody))
@pytest.mark.parametrize("kind", list(MeetingKind))
def test_a_meeting_of_either_body_is_put_into_the_calendar(kind: MeetingKind, body: MeetingBody) -> None:
    command = asked.ScheduleMeeting(office="VPUB", kind=kind, body=body, on=CONFERENCE_DAY)
    given().when(command, SCHEDULING).then({MEETING: [replace(SCHEDULED, kind=kind, body=body)]})
    given(SCHEDULED).when(command, SCHEDULING).nothing()


def test_a_weekly_series_is_many_meetings_of_one_append_that_name_the_first() -> None:
    decided = given().when(WEEKLY, SCHEDULING).decided()
    weeks = (date(2023, 1, 9), date(2023, 1, 16), date(2023, 1, 27), date(2023, 1, 30), date(2023, 2, 6))
    series = {stream: [replace(BRIEFING, on=day, series=MEETING)] for stream, day in zip(STREAMS, weeks, strict=False)}
    assert decided == series


def test_a_meeting_on_a_day_that_is_not_worked_is_on_the_next_one_that_is() -> None:
    """23/01/2023 is Tết, and so are the days after it."""
    assert date(2023, 1, 27) in days(WEEKLY)
    tet_week = replace(WEEKLY, first=date(2023, 1, 20), last=date(2023, 1, 20))
    assert days(tet_week) == [date(2023, 1, 27)]


def test_a_month_without_the_day_has_the_meeting_on_its_last_one() -> None:
    assert days(replace(MONTHLY, first=date(2023, 1, 31), last=date(2023, 5, 31))) == [
        date(2023, 1, 31),
        date(2023, 2, 28),
        date(2023, 3, 31),
        date(2023, 5, 1),  # 30/4 is a Sunday
        date(2023, 5, 31),
    ]


def test_two_that_fall_on_one_working_day_are_one() -> None:
    both_in_tet = replace(WEEKLY, first=date(2023, 1, 20), last=date(2023, 1, 27))
    assert days(both_in_tet) == [date(2023, 1, 27)]


@pytest.mark.parametrize(
    ("first", "last"), [(date(2023, 2, 1), date(2023, 1, 1)), (date(2023, 1, 9), date(2023, 1, 9) + LONGEST_SERIES * 2)]
)
def test_a_series_runs_forward_and_for_two_years_at_most(first: date, last: date) -> None:
    given().when(replace(WEEKLY, first=first, last=last), SCHEDULING).refuses(SeriesBackwards, "last")


@pytest.mark.parametrize(
    "command",
    [
        replace(WEEKLY, kind=MeetingKind.STAFF_CONFERENCE),
        replace(WEEKLY, kind=MeetingKind.MONTHLY_BRIEFING),
        replace(MONTHLY, kind=MeetingKind.WEEKLY_BRIEFING),
    ],
)
def test_only_briefings_come_round_by_themselves_each_at_its_own_pace(command: asked.ScheduleMeetings) -> None:
    given().when(command, SCHEDULING).refuses(NotASeries, "kind")


def test_a_series_is_counted_by_the_calendar_as_far_as_it_reaches() -> None:
    RULES.given({}).when(WEEKLY, SCHEDULING).refuses(NoCalendarYet)
    given().when(replace(WEEKLY, last=date(2024, 1, 15)), SCHEDULING).refuses(OutsideCalendar)


def test_it_is_moved_to_another_day_and_moved_there_once() -> None:
    given(SCHEDULED).when(MOVE, hosting(date(2023, 2, 1))).then({MEETING: [MOVED]})
    given(SCHEDULED, MOVED).when(MOVE, hosting(date(2023, 2, 1))).nothing()


def test_it_was_held_on_its_day_or_later_and_not_before() -> None:
    given(SCHEDULED).when(HOLD, hosting(CONFERENCE_DAY)).then({MEETING: [HELD]})
    given(SCHEDULED).when(HOLD, hosting(date(2023, 2, 9))).refuses(MeetingNotYet, "occurred_at")
    given(SCHEDULED, MOVED).when(HOLD, hosting(CONFERENCE_DAY)).refuses(MeetingNotYet, "occurred_at")
    given(SCHEDULED, MOVED, HELD).when(HOLD, hosting(date(2023, 2, 18))).nothing()


def test_it_is_cancelled_with_a_reason_once() -> None:
    given(SCHEDULED).when(CANCEL, hosting(date(2023, 2, 1))).then({MEETING: [CANCELLED]})
    given(SCHEDULED, CANCELLED).when(CANCEL, hosting(date(2023, 2, 1))).nothing()


@pytest.mark.parametrize(
    ("end", "command"),
    [(HELD, MOVE), (HELD, CANCEL), (CANCELLED, MOVE), (CANCELLED, HOLD), (CANCELLED, replace(MOVE, on=CONFERENCE_DAY))],
)
def test_what_was_held_or_cancelled_is_not_changed_any_more(end: Any, command: Any) -> None:
    given(SCHEDULED, end).when(command, hosting(date(2023, 2, 18))).refuses(MeetingOver, "meeting")


@pytest.mark.parametrize("command", [MOVE, CANCEL])
def test_a_meeting_is_not_taken_from_under_a_dialogue(command: Any) -> None:
    there = Hanging(session=SESSION, on=CONFERENCE_DAY, held=False)
    refused = given(SCHEDULED).when(command, hosting(date(2023, 2, 1), there)).refuses(DialogueHangsOnIt, "meeting")
    assert refused.facts == {"session": SESSION, "on": "2023-02-10"}
    for on in (None, date(2023, 2, 17)):
        put_off = replace(there, on=on)
        assert given(SCHEDULED).when(command, hosting(date(2023, 2, 1), put_off)).decided()
    given(SCHEDULED).when(command, hosting(date(2023, 2, 10), replace(there, held=True))).refuses(MeetingOver, "meeting")


@pytest.mark.parametrize("command", [MOVE, HOLD, CANCEL])
def test_a_meeting_nobody_scheduled_is_not_known(command: Any) -> None:
    given().when(command, hosting(CONFERENCE_DAY)).refuses(Unknown, "meeting")
