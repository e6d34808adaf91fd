"""The steps of a report are counted back in working days from the day before which it must be sent."""

from datetime import date

import pytest

from deploy.sonla import builtin_calendar
from services.reporting.domain.report.ladder import Step, ladder

CALENDAR = builtin_calendar()


def test_the_steps_of_2023_are_those_of_the_walkthrough() -> None:
    six_months = ladder(CALENDAR, date(2023, 5, 31), date(2023, 6, 10))
    assert list(six_months.values()) == [date(2023, 6, day) for day in (2, 5, 6, 7, 8, 9)]
    year = ladder(CALENDAR, date(2023, 10, 31), date(2023, 11, 20))
    assert list(year.values()) == [date(2023, 11, day) for day in (10, 13, 14, 15, 16, 17)]


@pytest.mark.parametrize(
    ("before", "day"),
    [
        (date(2024, 6, 10), date(2024, 6, 7)),
        (date(2025, 6, 10), date(2025, 6, 9)),
        (date(2026, 6, 10), date(2026, 6, 9)),
        (date(2027, 6, 10), date(2027, 6, 9)),
        (date(2024, 11, 20), date(2024, 11, 19)),
        (date(2027, 11, 20), date(2027, 11, 19)),
    ],
)
def test_it_is_sent_on_the_last_working_day_before(before: date, day: date) -> None:
    assert ladder(CALENDAR, date(before.year, 5, 31), before)[Step.DISPATCH] == day


def test_a_lock_never_precedes_the_end_of_its_window() -> None:
    """In 2024 D−5 is 31 May, the window's last day: it is locked on Monday 3 June, the day of the draft."""
    steps = ladder(CALENDAR, date(2024, 5, 31), date(2024, 6, 10))
    assert (steps[Step.LOCK], steps[Step.DRAFT], steps[Step.COMMENT]) == (date(2024, 6, 3), date(2024, 6, 3), date(2024, 6, 4))


def test_a_close_that_leaves_no_room_shortens_the_ladder() -> None:
    """A close of 14 November 2023 leaves three working days."""
    steps = ladder(CALENDAR, date(2023, 11, 14), date(2023, 11, 20))
    assert [steps[step].day for step in Step] == [15, 15, 15, 15, 16, 17]
    too_late = ladder(CALENDAR, date(2023, 11, 18), date(2023, 11, 20))  # a Saturday and the Monday before which it is sent
    assert [too_late[step].day for step in Step] == [20, 17, 17, 17, 17, 17]
