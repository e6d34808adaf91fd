"""A due date that a person named, with what lies before it counted as for any other (design decision 18)."""

from dataclasses import replace
from datetime import date

from shared.calendar import NAMED_DAY, Calendar
from shared.contracts.due import Due


def named(days: Calendar, start: date, until: date, *, rule: str) -> Due:
    """The day `until`, with the working days that lie between it and `start`.

    Raises:
        OutsideCalendar

    """
    counted = days.due(start, 0, rule=rule, rules=NAMED_DAY)
    return replace(counted, day=until, days=days.working_days(start, until))
