"""Stream `calendar-VN`: the days that are worked and the days that are not, as published."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.registry import event
from shared.contracts.types import PublicName, VersionName


@dataclass(frozen=True, slots=True, kw_only=True)
class DayOff:
    """A weekday that is not worked, and why."""

    day: date
    name: PublicName


@event("calendar.published")
class CalendarPublished:
    """A whole calendar, replacing the former one: `days_off` on weekdays, `workdays` on weekends (swapped days)."""

    version: VersionName
    first: date
    last: date
    days_off: tuple[DayOff, ...]
    workdays: tuple[date, ...]
