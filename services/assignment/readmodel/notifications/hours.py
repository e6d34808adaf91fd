"""When mail goes out: what is due today at once, the rest with the next working morning. Pure."""

from datetime import UTC, date, datetime, time
from typing import Final

from shared.calendar import DAY, ZONE, Calendar, OutsideCalendar, local_day

OPENS: Final = time(7, 30)
CLOSES: Final = time(17, 0)
FRIDAY: Final = 4


def is_open(now: datetime, calendar: Calendar | None) -> bool:
    """Whether the office works at this instant."""
    return _is_working(calendar, local_day(now)) and OPENS <= now.astimezone(ZONE).time() < CLOSES


def opens_after(now: datetime, calendar: Calendar | None) -> datetime:
    """The first working morning after this instant, in UTC."""
    day = local_day(now)
    if now.astimezone(ZONE).time() >= OPENS:
        day += DAY
    while not _is_working(calendar, day):
        day += DAY
    return datetime.combine(day, OPENS, ZONE).astimezone(UTC)


def send_at(now: datetime, due: date, calendar: Calendar | None) -> datetime:
    """When to tell that something is due: at once where that is today or past and the office works; else in the morning."""
    return now if due <= local_day(now) and is_open(now, calendar) else opens_after(now, calendar)


def _is_working(calendar: Calendar | None, day: date) -> bool:
    """By the published calendar; by the days of the week where it does not reach so far."""
    if calendar is not None:
        try:
            return calendar.is_working(day)
        except OutsideCalendar:
            pass
    return day.weekday() <= FRIDAY
