"""Working days: the brief's test vectors, the days that swap, and a naive calendar that counts day by day."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.sonla import builtin_calendar
from shared.calendar import Calendar, OutsideCalendar, answer_due, day_starts, local_day, rules_on

CALENDAR = builtin_calendar()
DAY = timedelta(days=1)
DAYS = st.dates(date(2021, 1, 1), date(2027, 11, 1))


def due(start: date, working_days: int) -> date:
    return CALENDAR.due(start, working_days, rule="answer", rules="2023.1").day


@pytest.mark.parametrize(
    ("start", "after_five", "after_ten"),
    [
        (date(2023, 1, 13), date(2023, 1, 27), date(2023, 2, 3)),
        (date(2023, 4, 26), date(2023, 5, 8), date(2023, 5, 15)),
        (date(2024, 4, 25), date(2024, 5, 6), date(2024, 5, 13)),
        (date(2025, 4, 24), date(2025, 5, 5), date(2025, 5, 12)),
        (date(2026, 2, 10), date(2026, 2, 24), date(2026, 3, 3)),
        (date(2026, 8, 20), date(2026, 8, 26), date(2026, 9, 7)),
        (date(2026, 11, 17), date(2026, 11, 25), date(2026, 12, 2)),
    ],
)
def test_deadlines_over_holidays_and_swapped_days(start: date, after_five: date, after_ten: date) -> None:
    assert (due(start, 5), due(start, 10)) == (after_five, after_ten)


@pytest.mark.parametrize(
    ("start", "working_days", "day"),
    [
        (date(2023, 1, 9), 10, date(2023, 1, 30)),  # from the direction of 09/01, Tết skipped (year.md 2.2)
        (date(2023, 3, 6), 10, date(2023, 3, 20)),
        (date(2023, 3, 6), 2, date(2023, 3, 8)),
        (date(2023, 4, 20), 10, date(2023, 5, 9)),
        (date(2023, 7, 5), 10, date(2023, 7, 19)),
        (date(2023, 2, 10), 5, date(2023, 2, 17)),
        (date(2023, 6, 12), 5, date(2023, 6, 19)),
    ],
)
def test_deadlines_of_the_year_2023(start: date, working_days: int, day: date) -> None:
    assert due(start, working_days) == day


@pytest.mark.parametrize(
    ("off", "worked"),
    [
        (date(2024, 4, 29), date(2024, 5, 4)),
        (date(2025, 5, 2), date(2025, 4, 26)),
        (date(2026, 1, 2), date(2026, 1, 10)),
        (date(2026, 8, 31), date(2026, 8, 22)),
    ],
)
def test_a_swapped_day_is_off_and_its_saturday_is_worked(off: date, worked: date) -> None:
    assert not CALENDAR.is_working(off)
    assert CALENDAR.is_working(worked)


@pytest.mark.parametrize(
    ("deadline", "last"),
    [
        (date(2023, 6, 10), date(2023, 6, 9)),
        (date(2024, 6, 10), date(2024, 6, 7)),
        (date(2025, 6, 10), date(2025, 6, 9)),
        (date(2026, 6, 10), date(2026, 6, 9)),
        (date(2027, 6, 10), date(2027, 6, 9)),
        (date(2023, 11, 20), date(2023, 11, 17)),
        (date(2024, 11, 20), date(2024, 11, 19)),
        (date(2027, 11, 20), date(2027, 11, 19)),
    ],
)
def test_before_a_day_never_rolls_forward(deadline: date, last: date) -> None:
    assert CALENDAR.before(deadline) == last


def test_a_last_calendar_day_off_rolls_to_the_next_working_day() -> None:
    assert CALENDAR.due_in_days(date(2023, 2, 17), 15, rule="notice", rules="2023.1").day == date(2023, 3, 6)
    assert CALENDAR.due_in_days(date(2023, 2, 17), 30, rule="notice", rules="2023.1").day == date(2023, 3, 20)


def test_a_due_date_says_how_it_was_counted() -> None:
    counted = answer_due(CALENDAR, date(2023, 4, 26))
    assert counted.day == date(2023, 5, 15)
    assert counted.skipped == (date(2023, 5, 1), date(2023, 5, 2), date(2023, 5, 3))
    assert (counted.start, counted.days, counted.rule) == (date(2023, 4, 26), 10, "answer")
    assert (counted.calendar, counted.rules) == (CALENDAR.version, "2023.1")


@pytest.mark.parametrize("day", [date(2020, 12, 31), date(2028, 1, 1)])
def test_a_day_nobody_published_is_refused_with_the_years_known(day: date) -> None:
    with pytest.raises(OutsideCalendar) as refused:
        CALENDAR.is_working(day)
    assert refused.value.facts["years"] == "2021–2027"


def test_the_first_and_the_last_day_published_belong_to_the_calendar() -> None:
    assert (CALENDAR.is_working(date(2021, 1, 1)), CALENDAR.is_working(date(2027, 12, 31))) == (False, True)
    assert due(date(2027, 12, 30), 1) == date(2027, 12, 31)
    assert CALENDAR.before(date(2028, 1, 1)) == date(2027, 12, 31)
    assert CALENDAR.due_in_days(date(2027, 12, 21), 10, rule="notice", rules="2023.1").day == date(2027, 12, 31)


@pytest.mark.parametrize(("start", "days"), [(date(2027, 12, 30), 5), (date(2026, 1, 1), 10**9), (date.min, 1), (date.max, 1)])
def test_a_deadline_that_leaves_the_calendar_is_refused(start: date, days: int) -> None:
    with pytest.raises(OutsideCalendar):
        due(start, days)
    with pytest.raises(OutsideCalendar):
        CALENDAR.due_in_days(start, days, rule="notice", rules="2023.1")


@pytest.mark.parametrize("day", [date.min, date.max, date(2021, 1, 1), date(2021, 1, 2)])
def test_before_a_day_outside_the_calendar_is_refused(day: date) -> None:
    with pytest.raises(OutsideCalendar):
        CALENDAR.before(day)


def test_a_deadline_in_the_past_is_no_deadline() -> None:
    with pytest.raises(ValueError, match="past"):
        due(date(2023, 1, 3), -1)


def test_the_local_day_changes_at_seventeen_hours_utc() -> None:
    assert local_day(datetime(2023, 5, 31, 16, 59, 59, tzinfo=UTC)) == date(2023, 5, 31)
    assert local_day(datetime(2023, 5, 31, 17, 0, tzinfo=UTC)) == date(2023, 6, 1)
    assert day_starts(date(2023, 6, 1)) == datetime(2023, 5, 31, 17, 0, tzinfo=UTC)


def test_days_before_the_oldest_rules_fall_under_them() -> None:
    assert rules_on(date(1999, 1, 1)) == rules_on(date(2023, 1, 4))


def naive_due(calendar: Calendar, start: date, working_days: int) -> date:
    """Walks a calendar on the wall: every day is crossed out, worked ones are counted."""
    day, left = start, working_days
    while True:
        worked = (day.isoweekday() < 6 and day not in calendar.days_off) or day in calendar.workdays
        if left == 0 and worked:
            return day
        day += DAY
        worked = (day.isoweekday() < 6 and day not in calendar.days_off) or day in calendar.workdays
        if worked and left > 0:
            left -= 1


@given(DAYS, st.integers(0, 30))
def test_a_naive_calendar_counts_the_same(start: date, working_days: int) -> None:
    assert due(start, working_days) == naive_due(CALENDAR, start, working_days)


@given(DAYS, DAYS, st.integers(0, 20))
def test_who_starts_later_is_never_due_earlier(one: date, other: date, working_days: int) -> None:
    earlier, later = sorted((one, other))
    assert due(earlier, working_days) <= due(later, working_days)


@given(st.dates(date(2021, 2, 1), date(2027, 12, 31)))
def test_before_is_the_nearest_working_day_below(deadline: date) -> None:
    last = CALENDAR.before(deadline)
    assert last < deadline
    assert CALENDAR.is_working(last)
    assert not any(CALENDAR.is_working(last + n * DAY) for n in range(1, (deadline - last).days))
