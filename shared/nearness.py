"""How near a due date is today, in working days: what lists are grouped and coloured by. Pure."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from shared.calendar import Calendar, OutsideCalendar

SOON_DAYS: Final = 2


class Nearness(StrEnum):
    """How near a due date is; the order is that of their urgency."""

    OVERDUE = "overdue"
    SOON = "soon"  # two working days or fewer
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Left:
    """A due date as it looks today. `days` are working days, left or late; None where no calendar reaches so far."""

    due: date
    nearness: Nearness
    days: int | None


def left_until(calendar: Calendar, today: date, due: date) -> Left:
    """How near `due` is on `today`; the day itself is still in time."""
    late = today > due
    try:
        days: int | None = calendar.working_days(due, today) if late else calendar.working_days(today, due)
    except OutsideCalendar:
        days = None
    if late:
        return Left(due, Nearness.OVERDUE, days)
    return Left(due, Nearness.SOON if days is not None and days <= SOON_DAYS else Nearness.LATER, days)
