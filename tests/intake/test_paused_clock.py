"""The clock of an answer stands still while a completion is awaited: a table with Tết and swapped days, and a wall calendar."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.sonla import builtin_calendar
from services.intake.domain.opinion.states import Classified
from shared.calendar import Calendar, day_starts
from shared.contracts.due import Due
from shared.contracts.opinion import Kind
from tests.intake.stage import CLASSIFY, COMPLETE, OPINION, REQUEST, RULES, receipt_of, sorting
from tests.support.wall import FIRST, ONE, WALL, WallCalendar

SHIPPED: Final = builtin_calendar()
MORNING: Final = timedelta(hours=9)
Steps = Sequence[tuple[str, str]]


@dataclass
class Asked:
    """One opinion, and what is asked about it day after day."""

    since: datetime
    calendar: Calendar = SHIPPED
    calendars: Mapping[str, Calendar] = field(default_factory=lambda: {SHIPPED.version: SHIPPED})
    facts: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.facts.append(receipt_of(at=self.since))

    def ask(self, command: Any, at: datetime) -> None:
        told = sorting(at, calendar=self.calendar, calendars=self.calendars)
        self.facts += RULES.given({OPINION: self.facts}).when(command, told).decided().get(OPINION, ())

    @property
    def due(self) -> Due:
        state = RULES.given({OPINION: self.facts}).state(OPINION)
        assert isinstance(state, Classified)
        return state.due


COMMANDS: Final = {
    "sorted": CLASSIFY,
    "called otherwise": replace(CLASSIFY, kind=Kind.REPORT),
    "asked back": REQUEST,
    "completed": COMPLETE,
}


def morning(day: date) -> datetime:
    return day_starts(day) + MORNING


@pytest.mark.parametrize(
    ("received", "steps", "due"),
    [
        # Ten working days from Monday 09/01/2023 end on 30/01, Tết (20 to 26) between.
        ("2023-01-09", [("2023-01-10", "sorted")], "2023-01-30"),
        # Two days used, eight left: from Wednesday 01/02 on.
        ("2023-01-09", [("2023-01-10", "sorted"), ("2023-01-11", "asked back"), ("2023-02-01", "completed")], "2023-02-13"),
        # The pause lies over Tết: two days left, 30 and 31.
        ("2023-01-09", [("2023-01-10", "sorted"), ("2023-01-19", "asked back"), ("2023-01-27", "completed")], "2023-01-31"),
        # It goes on within Tết, and what is left is counted after it.
        ("2023-01-09", [("2023-01-10", "sorted"), ("2023-01-18", "asked back"), ("2023-01-24", "completed")], "2023-01-31"),
        # Completed on a Saturday: the first day is the Monday after.
        ("2023-01-09", [("2023-01-10", "sorted"), ("2023-01-11", "asked back"), ("2023-01-28", "completed")], "2023-02-08"),
        # Asked and completed on one day: no day was lost.
        ("2023-01-09", [("2023-01-10", "sorted"), ("2023-01-11", "asked back"), ("2023-01-11", "completed")], "2023-01-30"),
        # Received on a day off.
        ("2023-01-22", [("2023-01-27", "sorted"), ("2023-01-30", "asked back"), ("2023-02-06", "completed")], "2023-02-16"),
        # 29/4/2024 is off and Saturday 4/5 worked for it: four days used, six left, the Saturday one of them.
        ("2024-04-22", [("2024-04-22", "sorted"), ("2024-04-26", "asked back"), ("2024-05-02", "completed")], "2024-05-09"),
        # Stopped on the swapped day off, which no day was used by.
        ("2024-04-22", [("2024-04-22", "sorted"), ("2024-04-29", "asked back"), ("2024-05-03", "completed")], "2024-05-10"),
        # Completed on the worked Saturday: the first day is the Monday after.
        ("2024-04-22", [("2024-04-22", "sorted"), ("2024-04-29", "asked back"), ("2024-05-04", "completed")], "2024-05-13"),
        # Stopped on the worked Saturday, by which a day was used.
        ("2025-04-21", [("2025-04-21", "sorted"), ("2025-04-26", "asked back"), ("2025-05-05", "completed")], "2025-05-12"),
        # Twice asked for more, twice completed: eight left, then six.
        (
            "2023-01-09",
            [
                ("2023-01-10", "sorted"),
                ("2023-01-11", "asked back"),
                ("2023-01-13", "completed"),
                ("2023-01-17", "asked back"),
                ("2023-02-06", "completed"),
            ],
            "2023-02-14",
        ),
        # Asked twice before it was completed: the clock has stood since the first time.
        (
            "2023-01-09",
            [
                ("2023-01-10", "sorted"),
                ("2023-01-11", "asked back"),
                ("2023-01-17", "asked back"),
                ("2023-02-01", "completed"),
            ],
            "2023-02-13",
        ),
        # Asked on the last day, and after it: one day is left to answer what came in.
        ("2023-01-09", [("2023-01-10", "sorted"), ("2023-01-30", "asked back"), ("2023-02-03", "completed")], "2023-02-06"),
        ("2023-01-09", [("2023-01-10", "sorted"), ("2023-02-02", "asked back"), ("2023-02-03", "completed")], "2023-02-06"),
        # Not sorted before it was completed: nothing could be done, and its ten days begin then.
        ("2023-01-09", [("2023-01-11", "asked back"), ("2023-02-01", "completed"), ("2023-02-02", "sorted")], "2023-02-15"),
        # Called otherwise afterwards, it is due as before: the time it waited is not taken from it again.
        (
            "2023-01-09",
            [
                ("2023-01-10", "sorted"),
                ("2023-01-11", "asked back"),
                ("2023-02-01", "completed"),
                ("2023-02-02", "called otherwise"),
            ],
            "2023-02-13",
        ),
        (
            "2023-01-09",
            [
                ("2023-01-11", "asked back"),
                ("2023-02-01", "completed"),
                ("2023-02-02", "sorted"),
                ("2023-02-03", "called otherwise"),
            ],
            "2023-02-15",
        ),
        # Sorted without what was asked for, it waits no longer: what was left goes on from that day.
        ("2023-01-09", [("2023-01-11", "asked back"), ("2023-02-01", "sorted")], "2023-02-13"),
        (
            "2023-01-09",
            [("2023-01-10", "sorted"), ("2023-01-11", "asked back"), ("2023-02-01", "called otherwise")],
            "2023-02-13",
        ),
        ("2023-01-09", [("2023-01-11", "asked back"), ("2023-01-11", "sorted")], "2023-01-30"),
    ],
)
def test_a_table_of_answers_whose_clock_was_stopped(received: str, steps: Steps, due: str) -> None:
    opinion = Asked(morning(date.fromisoformat(received)))
    for day, command in steps:
        opinion.ask(COMMANDS[command], morning(date.fromisoformat(day)))
    assert opinion.due.day == date.fromisoformat(due)


def test_the_days_are_those_of_vietnam() -> None:
    """Half an hour after midnight in Sơn La it is still the day before in UTC: 9, 12/01 and 2/02, three days used."""
    opinion = Asked(datetime(2023, 1, 8, 17, 30, tzinfo=UTC))  # 00:30 on the 9th
    opinion.ask(CLASSIFY, datetime(2023, 1, 9, 18, tzinfo=UTC))
    opinion.ask(REQUEST, datetime(2023, 1, 11, 17, 30, tzinfo=UTC))
    opinion.ask(COMPLETE, datetime(2023, 2, 1, 17, 30, tzinfo=UTC))
    assert (opinion.due.start, opinion.due.days, opinion.due.day) == (date(2023, 2, 2), 7, date(2023, 2, 13))


INSTANTS: Final = st.builds(
    lambda day, minutes: day_starts(day) + timedelta(minutes=minutes),
    st.dates(FIRST, date(2025, 8, 1)),
    st.sampled_from([0, 1, 6 * 60 + 59, 7 * 60, 12 * 60, 24 * 60 - 1]),
)
# So many days on it is asked back, so many days later completed; asked back once more in between; called otherwise then.
PAUSES: Final = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 20), st.booleans(), st.booleans()), max_size=4)


@given(INSTANTS, PAUSES, st.booleans())
def test_on_the_wall_the_days_of_a_pause_are_crossed_out(
    since: datetime, pauses: Sequence[tuple[int, int, bool, bool]], sorted_late: bool
) -> None:
    opinion, start = Asked(since), _day(since)
    opinion.ask(CLASSIFY, since)
    crossed_out: list[tuple[date, date]] = []
    now = since
    for used, waited, asked_twice, called_otherwise in pauses:
        asked = now + used * ONE
        if _day(asked) >= opinion.due.day:
            break
        opinion.ask(REQUEST, asked)
        if asked_twice:
            opinion.ask(REQUEST, asked + (waited // 2) * ONE)
        now = asked + waited * ONE
        # Sorted anew in place of a completion, it waits no longer either.
        goes_on = replace(CLASSIFY, flags=()) if sorted_late else COMPLETE
        opinion.ask(goes_on, now)
        crossed_out.append((_day(asked), _day(now)))
        if called_otherwise:
            opinion.ask(replace(CLASSIFY, field="khac"), now)
        assert opinion.due.day == WALL.without(*crossed_out).after(start, 10)
    assert opinion.due.day == WALL.without(*crossed_out).after(start, 10)


@given(INSTANTS, st.integers(0, 6), st.integers(1, 20), st.frozensets(st.integers(1, 40), max_size=5))
def test_a_calendar_published_during_the_pause_takes_no_day_away(
    since: datetime, used: int, waited: int, off: frozenset[int]
) -> None:
    start = _day(since)
    more = frozenset(start + n * ONE for n in off)
    revised = Calendar(
        "revised",
        SHIPPED.first,
        SHIPPED.last,
        {**SHIPPED.days_off, **dict.fromkeys(sorted(more), "Nghỉ thêm")},
        SHIPPED.workdays - more,
    )
    opinion = Asked(since)
    opinion.ask(CLASSIFY, since)
    asked, completed = since + used * ONE, since + (used + waited) * ONE
    opinion.ask(REQUEST, asked)
    opinion.calendar, opinion.calendars = revised, {**opinion.calendars, "revised": revised}
    opinion.ask(COMPLETE, completed)
    wall = WallCalendar(WALL.crossed_out | more, WALL.worked - more).without((_day(asked), _day(completed)))
    assert (opinion.due.day, opinion.due.calendar) == (wall.after(start, 10), "revised")


def _day(instant: datetime) -> date:
    """The day in Vietnam, seven hours ahead all the year."""
    return (instant + timedelta(hours=7)).astimezone(UTC).date()
