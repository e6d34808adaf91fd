"""Deadlines of 2023, 2024 and 2025 against the days off as the Government announced them, counted by a calendar of our own."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.sonla import builtin_calendar
from shared.calendar import RULES, Calendar, Deadline, recounted
from shared.contracts.rules import Counting
from shared.derivation import derive, derive_before
from tests.support.wall import FIRST, LAST, ONE, WALL, WallCalendar

SHIPPED: Final = builtin_calendar()
BUILT_IN: Final = RULES[0]


def test_the_calendar_that_ships_has_the_days_off_of_the_announcements() -> None:
    days = [FIRST + n * ONE for n in range((LAST - FIRST).days + 1)]
    assert [day for day in days if SHIPPED.is_working(day)] == [day for day in days if WALL.works(day)]


@pytest.mark.parametrize(
    ("start", "rule", "day"),
    [
        # Tết 2023, Friday 20 to Thursday 26 January.
        ("2023-01-19", "assign", "2023-01-27"),
        ("2023-01-18", "classify", "2023-01-27"),
        ("2023-01-13", "answer", "2023-02-03"),
        ("2023-01-19", "carry_out", "2023-02-03"),  # the fifteenth day, worked
        ("2023-01-07", "carry_out", "2023-01-27"),  # the fifteenth day is Sunday 22, within Tết
        # 30/4 and 01/5 of 2023 on a Sunday and a Monday, Giỗ Tổ on the Saturday: three days off.
        ("2023-04-28", "assign", "2023-05-04"),
        ("2023-04-26", "notice", "2023-05-08"),
        # 2/9/2023 is a Saturday: Friday and Monday are off.
        ("2023-08-31", "assign", "2023-09-05"),
        ("2023-08-17", "carry_out", "2023-09-05"),
        # Tết 2024, Thursday 8 to Wednesday 14 February.
        ("2024-02-07", "assign", "2024-02-15"),
        ("2024-02-01", "notice", "2024-02-15"),
        ("2024-01-25", "carry_out", "2024-02-15"),
        # Monday 29/4/2024 is off, Saturday 4/5 worked for it.
        ("2024-04-26", "classify", "2024-05-03"),
        ("2024-04-26", "report_answers", "2024-05-04"),
        ("2024-05-02", "classify", "2024-05-04"),
        ("2024-08-30", "assign", "2024-09-04"),
        # Tết 2025, Monday 27 to Friday 31 January; 2/5 is off, Saturday 26/4 worked for it.
        ("2025-01-24", "assign", "2025-02-03"),
        ("2025-01-20", "notice", "2025-02-03"),
        ("2025-04-25", "assign", "2025-04-26"),
        ("2025-04-24", "notice", "2025-05-05"),
        ("2025-08-29", "assign", "2025-09-03"),
    ],
)
def test_a_table_of_deadlines_over_tet_swapped_days_and_the_second_of_september(start: str, rule: str, day: str) -> None:
    begun, due = date.fromisoformat(start), date.fromisoformat(day)
    given = BUILT_IN.deadline(rule)
    assert BUILT_IN.due(SHIPPED, rule, begun).day == due
    assert WALL.after(begun, given.days, every_day=given.counting is Counting.CALENDAR_DAYS) == due


@pytest.mark.parametrize(
    ("deadline", "last"),
    [
        ("2023-01-27", "2023-01-19"),
        ("2023-06-10", "2023-06-09"),
        ("2023-09-05", "2023-08-31"),
        ("2023-11-20", "2023-11-17"),
        ("2024-02-15", "2024-02-07"),
        ("2024-05-05", "2024-05-04"),
        ("2024-06-10", "2024-06-07"),
        ("2025-02-03", "2025-01-24"),
        ("2025-04-27", "2025-04-26"),
        ("2025-05-05", "2025-04-29"),
    ],
)
def test_before_a_day_is_never_on_it_or_after_it(deadline: str, last: str) -> None:
    day = date.fromisoformat(deadline)
    found = derive_before(SHIPPED, day, rules=BUILT_IN.version)
    assert found.due.day == date.fromisoformat(last) == WALL.last_before(day)
    assert found.rolled_from is None


DAYS: Final = st.dates(FIRST, date(2025, 11, 1))


@given(DAYS, st.integers(0, 30), st.sampled_from(Counting))
def test_counted_on_the_wall_every_deadline_is_the_same(start: date, days: int, counting: Counting) -> None:
    found = derive(SHIPPED, start, Deadline(days, counting), rule="asked", rules="x")
    assert found.due.day == WALL.after(start, days, every_day=counting is Counting.CALENDAR_DAYS)
    assert all(not WALL.works(each.day) for each in found.passed)


@given(st.dates(date(2023, 2, 1), LAST))
def test_looked_up_on_the_wall_the_last_day_before_is_the_same(day: date) -> None:
    assert SHIPPED.before(day) == WALL.last_before(day)


@given(DAYS, st.lists(st.tuples(st.integers(1, 4), st.integers(0, 12)), max_size=4))
def test_pauses_leave_the_days_that_were_left(start: date, pauses: Sequence[tuple[int, int]]) -> None:
    """Asked back so many worked days on, completed so many days later: what was left is counted from there."""
    due, begun, left = SHIPPED.due(start, 10, rule="answer", rules="x").day, start, 10
    for used, waited in pauses:
        asked = WALL.after(begun, used)
        if asked >= due:
            break
        left -= used
        assert SHIPPED.working_days(asked, due) == left
        begun = asked + waited * ONE
        due = SHIPPED.due(begun, left, rule="resume", rules="x").day
        assert due == WALL.after(begun, left)


def _with(crossed_out: frozenset[date], worked: frozenset[date], version: str) -> tuple[Calendar, WallCalendar]:
    named = dict.fromkeys(sorted(WALL.crossed_out | crossed_out), "Nghỉ")
    return Calendar(version, FIRST, LAST, named, WALL.worked | worked), WallCalendar(frozenset(named), WALL.worked | worked)


@given(
    st.dates(FIRST, date(2025, 10, 1)),
    st.integers(1, 20),
    st.sampled_from(Counting),
    st.frozensets(st.integers(1, 30), max_size=4),
    st.integers(-5, 40),
)
def test_a_revision_counts_again_on_the_new_wall_and_makes_nothing_late(
    start: date, days: int, counting: Counting, off: frozenset[int], since: int
) -> None:
    former, _ = _with(frozenset(), frozenset(), "one")
    now, wall = _with(frozenset(start + n * ONE for n in off), frozenset(), "two")
    every_day, today = counting is Counting.CALENDAR_DAYS, start + since * ONE
    count = former.due_in_days if every_day else former.due
    due = count(start, days, rule="answer", rules="x")
    again = recounted(due, former, now, today)
    assert again is not None
    counted = wall.after(start, days)
    on_the_wall = {counted, wall.after(start, days, every_day=True)} if every_day else {counted}
    assert again.day in on_the_wall or again.day >= min(today, due.day)
    assert again.day >= min(due.day, today)
