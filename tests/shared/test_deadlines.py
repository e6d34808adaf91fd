"""Deadlines against a table of our own with Tết, swapped days and pauses, and against a calendar that counts day by day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.sonla import builtin_calendar
from shared.calendar import NAMED_DAY, RESUME, RULES, Calendar, Deadline, OutsideCalendar, Rules, recounted, rules_on
from shared.contracts.rules import Counting
from shared.derivation import WEEKEND, Passed, derive, derive_before

DAY = timedelta(days=1)
BUILT_IN = RULES[0]
# Our own year: Tết 10-14/2 with the Saturday after it worked for the Friday before, 30/4-01/5 with a swap, a holiday on a Friday.
TET = {date(2025, 2, day): "Tết" for day in (10, 11, 12, 13, 14)}
SWAPPED = {date(2025, 2, 7): "Nghỉ hoán đổi", date(2025, 5, 2): "Nghỉ hoán đổi"}
OWN = Calendar(
    "own.1",
    date(2025, 1, 1),
    date(2025, 12, 31),
    {**TET, **SWAPPED, date(2025, 4, 30): "Ngày 30/4", date(2025, 5, 1): "Ngày 01/5", date(2025, 9, 5): "Lễ"},
    frozenset({date(2025, 2, 22), date(2025, 4, 26)}),
)
SHIPPED = builtin_calendar()


@pytest.mark.parametrize(
    ("start", "rule", "day"),
    [
        (date(2025, 2, 6), "minutes", date(2025, 2, 17)),  # over the swapped Friday, a weekend and Tết
        (date(2025, 2, 5), "classify", date(2025, 2, 17)),
        (date(2025, 2, 14), "notice", date(2025, 2, 21)),
        (date(2025, 2, 17), "notice", date(2025, 2, 22)),  # the worked Saturday counts
        (date(2025, 2, 3), "answer", date(2025, 2, 24)),
        (date(2025, 4, 24), "classify", date(2025, 4, 26)),
        (date(2025, 4, 25), "notice", date(2025, 5, 6)),
        (date(2025, 8, 20), "carry_out", date(2025, 9, 4)),
        (date(2025, 8, 21), "carry_out", date(2025, 9, 8)),  # the fifteenth day is a holiday before a weekend
        (date(2025, 2, 7), "carry_out_complex", date(2025, 3, 10)),
        (date(2025, 6, 5), "session", date(2025, 6, 5)),
        (date(2025, 2, 10), "session", date(2025, 2, 17)),
    ],
)
def test_our_own_table_of_deadlines(start: date, rule: str, day: date) -> None:
    assert BUILT_IN.due(OWN, rule, start).day == day


@pytest.mark.parametrize(
    ("rule", "day", "latest"),
    [
        ("announce", date(2025, 2, 21), date(2025, 2, 6)),  # seven days before lies in Tết: back to the last day worked
        ("announce", date(2025, 6, 20), date(2025, 6, 13)),
        ("report_answers", date(2025, 2, 18), date(2025, 2, 5)),
        ("report_answers", date(2025, 2, 25), date(2025, 2, 21)),  # 24, the worked Saturday, 21
        ("remind", date(2025, 5, 6), date(2025, 4, 29)),
    ],
)
def test_what_lies_before_a_day_rolls_back_and_never_forward(rule: str, day: date, latest: date) -> None:
    assert BUILT_IN.before(OWN, rule, day) == latest


@pytest.mark.parametrize(
    ("rule", "day", "latest"),
    [
        ("announce", date(2023, 2, 10), date(2023, 2, 3)),
        ("report_answers", date(2023, 2, 10), date(2023, 2, 7)),
        ("announce", date(2023, 3, 21), date(2023, 3, 14)),
        ("report_answers", date(2023, 3, 21), date(2023, 3, 16)),
        ("announce", date(2023, 8, 15), date(2023, 8, 8)),
        ("report_answers", date(2023, 8, 15), date(2023, 8, 10)),
        ("remind", date(2023, 3, 20), date(2023, 3, 16)),
    ],
)
def test_the_days_before_a_session_in_the_year_2023(rule: str, day: date, latest: date) -> None:
    assert BUILT_IN.before(SHIPPED, rule, day) == latest


def test_the_ladder_of_urging_in_the_year_2023() -> None:
    due = date(2023, 3, 20)
    assert BUILT_IN.due(SHIPPED, "urge", due).day == date(2023, 3, 21)
    assert BUILT_IN.due(SHIPPED, "escalate", due).day == date(2023, 3, 27)


def test_the_clock_stands_still_while_a_completion_is_awaited() -> None:
    answer = BUILT_IN.due(OWN, "answer", date(2025, 4, 21))
    assert answer.day == date(2025, 5, 7)
    left = OWN.working_days(date(2025, 4, 25), answer.day)  # asked on the 25th, when four days had been used
    assert left == 6
    again = OWN.due(date(2025, 9, 4), left, rule=RESUME, rules=BUILT_IN.version)
    assert again.day == date(2025, 9, 15)


def test_before_a_day_stays_before_it() -> None:
    found = derive_before(OWN, date(2025, 2, 15), rules=BUILT_IN.version)
    assert found.due.day == date(2025, 2, 6)
    assert found.rolled_from is None
    assert [each.day for each in found.passed] == [date(2025, 2, 7) + n * DAY for n in range(8)]


def test_a_derivation_says_which_days_were_counted_and_why_others_were_not() -> None:
    found = derive(OWN, date(2025, 4, 24), Deadline(3), rule="asked", rules="own")
    assert found.due == OWN.due(date(2025, 4, 24), 3, rule="asked", rules="own")
    assert found.counted == (date(2025, 4, 25), date(2025, 4, 26), date(2025, 4, 28))
    assert found.passed == (Passed(day=date(2025, 4, 27), why=WEEKEND),)
    over = derive(OWN, date(2025, 4, 28), Deadline(2), rule="asked", rules="own")
    assert [each.why for each in over.passed] == ["Ngày 30/4", "Ngày 01/5", "Nghỉ hoán đổi", WEEKEND, WEEKEND]


def test_a_derivation_says_from_which_day_off_it_rolled() -> None:
    found = derive(OWN, date(2025, 8, 21), Deadline(15, Counting.CALENDAR_DAYS), rule="carry_out", rules="own")
    assert (found.rolled_from, found.due.day, len(found.counted)) == (date(2025, 9, 5), date(2025, 9, 8), 15)
    assert [each.why for each in found.passed] == [WEEKEND, WEEKEND]
    nothing = derive(OWN, date(2025, 2, 8), Deadline(0), rule="session", rules="own")
    assert (nothing.counted, nothing.rolled_from, nothing.due.day) == ((), date(2025, 2, 8), date(2025, 2, 17))


def naive(calendar: Calendar, start: date, deadline: Deadline) -> tuple[date, list[date], list[date]]:
    """Walks the days on the wall, ticking off those that count: the last day, the ticked ones, the others."""
    day, left = start, deadline.days
    ticked: list[date] = []
    others: list[date] = []
    while left > 0 or not _worked(calendar, day):
        day += DAY
        counts = left > 0 and (deadline.counting is Counting.CALENDAR_DAYS or _worked(calendar, day))
        left -= counts
        (ticked if counts else others).append(day)
    return day, ticked, [each for each in others if not _worked(calendar, each)]


def _worked(calendar: Calendar, day: date) -> bool:
    return day in calendar.workdays or (day.isoweekday() < 6 and day not in calendar.days_off)


DEADLINES = st.builds(Deadline, st.integers(0, 25), st.sampled_from(Counting))


@given(st.dates(date(2021, 1, 1), date(2027, 10, 1)), DEADLINES)
def test_a_naive_calendar_counts_and_explains_the_same(start: date, deadline: Deadline) -> None:
    found = derive(SHIPPED, start, deadline, rule="asked", rules="x")
    day, ticked, others = naive(SHIPPED, start, deadline)
    assert (found.due.day, list(found.counted), [each.day for each in found.passed]) == (day, ticked, others)


@given(st.dates(date(2021, 3, 1), date(2027, 12, 1)), st.integers(0, 25))
def test_going_back_and_counting_forward_meet(day: date, working_days: int) -> None:
    back = SHIPPED.back(day, working_days)
    assert SHIPPED.is_working(back)
    assert SHIPPED.working_days(back, day if SHIPPED.is_working(day) else SHIPPED.before(day)) == working_days


def test_rules_published_before_a_code_was_known_fall_back_to_the_built_in_one() -> None:
    few = Rules("own.1", date(2025, 1, 1), {"answer": Deadline(5)})
    assert few.deadline("answer").days == 5
    assert few.deadline("notice").days == 5
    assert few.deadline("carry_out").counting is Counting.CALENDAR_DAYS
    with pytest.raises(KeyError):
        few.deadline("no-such-rule")
    assert rules_on(date(2025, 2, 1), (few,)) == few
    assert rules_on(date(2024, 2, 1), (few,)) == BUILT_IN


NEXT = replace(OWN, version="own.2", days_off={**OWN.days_off, date(2025, 6, 9): "Nghỉ", date(2025, 6, 10): "Nghỉ"})
FEWER = replace(OWN, version="own.3", days_off={}, workdays=frozenset({date(2025, 6, 7)}))
TODAY = date(2025, 6, 5)


def test_a_new_calendar_moves_what_was_counted_over_its_days() -> None:
    due = BUILT_IN.due(OWN, "notice", date(2025, 6, 5))
    again = recounted(due, OWN, NEXT, TODAY)
    assert again is not None
    assert (due.day, again.day, again.calendar) == (date(2025, 6, 12), date(2025, 6, 16), "own.2")
    assert again.skipped == (date(2025, 6, 9), date(2025, 6, 10))
    assert recounted(again, NEXT, NEXT, TODAY) is None


def test_days_of_the_calendar_are_counted_as_such() -> None:
    due = BUILT_IN.due(OWN, "carry_out", date(2025, 5, 26))
    assert due.day == date(2025, 6, 10)
    again = recounted(due, OWN, NEXT, TODAY)
    assert again is not None
    assert again.day == date(2025, 6, 11)


def test_a_day_that_was_named_stays_and_so_does_one_that_cannot_be_counted_again() -> None:
    named = replace(BUILT_IN.due(OWN, "notice", date(2025, 6, 5)), rules=NAMED_DAY, rule="extension")
    session = BUILT_IN.due(OWN, "session", date(2025, 6, 9))
    other = replace(named, rules="2023.1", day=date(2025, 6, 13))
    unknown = replace(other, calendar="lost")
    for due, former in ((named, OWN), (session, OWN), (other, OWN), (unknown, None)):
        again = recounted(due, former, NEXT, TODAY)
        assert again is not None
        assert (again.day, again.calendar) == (due.day, "own.2")


def test_nothing_is_moved_into_the_past() -> None:
    due = BUILT_IN.due(OWN, "notice", date(2025, 6, 2))
    assert due.day == date(2025, 6, 9)
    for today, day in ((date(2025, 6, 6), date(2025, 6, 7)), (date(2025, 6, 9), date(2025, 6, 9))):
        again = recounted(due, OWN, FEWER, today)
        assert again is not None
        assert again.day == day


def test_what_has_passed_is_not_moved_within_the_past_but_may_come_out_of_it() -> None:
    due = BUILT_IN.due(OWN, "notice", date(2025, 5, 30))
    assert due.day == date(2025, 6, 6)
    late = recounted(due, OWN, FEWER, date(2025, 6, 12))
    assert late is not None
    assert late.day == due.day
    saved = recounted(BUILT_IN.due(OWN, "notice", date(2025, 6, 3)), OWN, NEXT, date(2025, 6, 11))
    assert saved is not None
    assert saved.day == date(2025, 6, 12)


@given(
    st.dates(date(2025, 1, 1), date(2025, 9, 1)),
    st.integers(0, 20),
    st.dates(date(2025, 1, 1), date(2025, 11, 1)),
    st.sampled_from([NEXT, FEWER]),
)
def test_a_revision_never_makes_late_what_was_in_time(start: date, days: int, today: date, now: Calendar) -> None:
    due = OWN.due(start, days, rule="answer", rules="2023.1")
    again = recounted(due, OWN, now, today)
    assert again is not None
    assert again.calendar == now.version
    if due.day >= today:
        assert again.day >= today
    else:
        assert again.day == due.day or again.day >= today


def test_a_calendar_that_ends_too_early_leaves_the_day() -> None:
    short = replace(OWN, version="own.4", last=date(2025, 6, 10))
    due = BUILT_IN.due(OWN, "notice", date(2025, 6, 5))
    again = recounted(due, OWN, short, date(2025, 6, 6))
    assert again is not None
    assert (again.day, again.calendar) == (due.day, "own.4")
    with pytest.raises(OutsideCalendar):
        BUILT_IN.due(short, "notice", date(2025, 6, 5))
