"""A calendar on a wall: the days off of 2023, 2024 and 2025 as the Government announced them, counted square by square."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

# Written down again from the announcements, sharing nothing with the calendar that ships: first day off, last day off.
TET: Final = {2023: ("20/1", "26/1"), 2024: ("8/2", "14/2"), 2025: ("27/1", "31/1")}
OTHERS: Final = {
    2023: [("2/1", "2/1"), ("1/5", "3/5"), ("1/9", "4/9")],
    2024: [("1/1", "1/1"), ("18/4", "18/4"), ("29/4", "1/5"), ("2/9", "3/9")],
    2025: [("1/1", "1/1"), ("7/4", "7/4"), ("30/4", "2/5"), ("1/9", "2/9")],
}
WORKED_INSTEAD: Final = {date(2024, 5, 4), date(2025, 4, 26)}
ONE: Final = timedelta(days=1)
FIRST, LAST = date(2023, 1, 1), date(2025, 12, 31)


def _day(year: int, written: str) -> date:
    day, month = written.split("/")
    return date(year, int(month), int(day))


def _off() -> Iterator[date]:
    for year, tet in TET.items():
        for first, last in (tet, *OTHERS[year]):
            day = _day(year, first)
            while day <= _day(year, last):
                yield day
                day += ONE


@dataclass(frozen=True)
class WallCalendar:
    """A calendar on a wall: every day is a square, crossed out where nobody works."""

    crossed_out: frozenset[date]
    worked: frozenset[date]

    def works(self, day: date) -> bool:
        if day in self.worked:
            return True
        return day.strftime("%a") not in ("Sat", "Sun") and day not in self.crossed_out

    def without(self, *pauses: tuple[date, date]) -> "WallCalendar":
        """The calendar with pauses crossed out: the squares after the first day of each, up to and with its last."""
        still = {asked + n * ONE for asked, until in pauses for n in range(1, (until - asked).days + 1)}
        return WallCalendar(self.crossed_out | still, self.worked - still)

    def after(self, start: date, days: int, *, every_day: bool = False) -> date:
        """Where a finger stands that moved on `days` squares, and then to the next one that is worked."""
        finger = start
        for _ in range(days):
            finger += ONE
            while not every_day and not self.works(finger):
                finger += ONE
        while not self.works(finger):
            finger += ONE
        return finger

    def last_before(self, day: date) -> date:
        """The last square before `day` that is worked."""
        return next(finger for n in range(1, 60) if self.works(finger := day - n * ONE))


WALL: Final = WallCalendar(frozenset(_off()), frozenset(WORKED_INSTEAD))
