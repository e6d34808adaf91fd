"""Working days: which days are worked, when a deadline falls, which local day an instant lies on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.due import Due
from shared.contracts.refusals import Invalid

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
DAY: Final = timedelta(days=1)


class OutsideCalendar(Invalid):
    """A deadline cannot be counted over days whose holidays nobody has published."""

    code = "outside-calendar"
    title_vi = "Ngày nằm ngoài lịch làm việc đã công bố ({first} đến {last})"
    title_en = "The day lies outside the published working-day calendar ({first} to {last})"
    advice_vi = "Lịch hiện có các năm {years}. Kiểm tra lại ngày, hoặc công bố lịch của năm còn thiếu."
    advice_en = "The calendar knows the years {years}. Check the day, or publish a calendar that holds it."


def local_day(instant: datetime) -> date:
    """The day in Vietnam on which `instant` (aware) lies."""
    return instant.astimezone(ZONE).date()


def day_starts(day: date) -> datetime:
    """The instant, in UTC, at which `day` begins in Vietnam."""
    return datetime.combine(day, time(), ZONE).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Calendar:
    """One published calendar of the days from `first` to `last`, both known to it.

    Mondays to Fridays are worked except `days_off` (holidays and swapped days, with their names); Saturdays and Sundays
    are off except `workdays` (the days worked in exchange). Source: BLLĐ 2019 Đ.111-112; domain brief §2.2.
    """

    version: str
    first: date
    last: date
    days_off: Mapping[date, str]
    workdays: frozenset[date]

    def is_working(self, day: date) -> bool:
        """Whether `day` is worked.

        Raises:
            OutsideCalendar

        """
        if not self.first <= day <= self.last:
            raise self._outside(day)
        if day.weekday() < 5:
            return day not in self.days_off
        return day in self.workdays

    def next_working(self, day: date) -> date:
        """`day` itself if it is worked, else the first worked day after it: where a last day off rolls to.

        Raises:
            OutsideCalendar

        """
        while not self.is_working(day):
            day += DAY
        return day

    def before(self, deadline: date) -> date:
        """The last working day strictly before `deadline`: "trước ngày X" never rolls forward.

        Raises:
            OutsideCalendar

        """
        if not self.first < deadline <= self.last + DAY:
            raise self._outside(deadline)
        day = deadline - DAY
        while not self.is_working(day):
            day -= DAY
        return day

    def due(self, start: date, working_days: int, *, rule: str, rules: str) -> Due:
        """The day on which `working_days` counted from `start` end, at 24:00, with its derivation.

        Day 1 is the day after the event (BLDS 2015 Đ.147); days off do not count; with 0 days the day of the event is the
        last, and a last day off rolls to the next working day (Đ.148).

        Raises:
            OutsideCalendar
            ValueError: fewer than no days.

        """
        if working_days < 0:
            raise ValueError(f"a deadline of {working_days} working days lies in the past")
        if not self.first <= start <= self.last:
            raise self._outside(start)
        day = start
        for _ in range(working_days):
            day = self.next_working(day + DAY)
        return self._derived(start, self.next_working(day), working_days, rule, rules)

    def due_in_days(self, start: date, days: int, *, rule: str, rules: str) -> Due:
        """The same over calendar days, as notices set them (15, 30): a last day off rolls to the next working day.

        Raises:
            OutsideCalendar
            ValueError: fewer than no days.

        """
        if days < 0:
            raise ValueError(f"a deadline of {days} days lies in the past")
        if not self.first <= start <= self.last or days > (self.last - start).days:
            raise self._outside(start)
        return self._derived(start, self.next_working(start + days * DAY), days, rule, rules)

    def _derived(self, start: date, day: date, days: int, rule: str, rules: str) -> Due:
        skipped = tuple(sorted(off for off in self.days_off if start < off <= day))
        return Due(day=day, rule=rule, start=start, days=days, skipped=skipped, calendar=self.version, rules=rules)

    def _outside(self, day: date) -> OutsideCalendar:
        return OutsideCalendar(
            day=day.isoformat(),
            first=self.first.isoformat(),
            last=self.last.isoformat(),
            years=f"{self.first.year}–{self.last.year}",
            calendar=self.version,
        )


@dataclass(frozen=True, slots=True)
class Rules:
    """The deadlines in force from `valid_from` on, in working days by rule code."""

    version: str
    valid_from: date
    working_days: Mapping[str, int]

    def due(self, calendar: Calendar, rule: str, start: date) -> Due:
        """When `rule` falls due, counted from `start`.

        Raises:
            OutsideCalendar
            KeyError: these rules do not know it.

        """
        return calendar.due(start, self.working_days[rule], rule=rule, rules=self.version)


# The plan is silent on these days: they are the suggested defaults of the domain brief §1.2 (R50), to be changed by a
# new version with a later day, never in place, because due dates name the version they were counted by.
RULES: Final = (
    Rules(
        version="2023.1",
        valid_from=date(2021, 1, 1),
        working_days={"classify": 2, "assign": 1, "answer": 10, "tell": 10, "appraise": 5, "minutes": 1, "notice": 5},
    ),
)
ANSWER: Final = "answer"
CLASSIFY: Final = "classify"


def rules_on(day: date) -> Rules:
    """The rules in force on `day`; the oldest ones for days before any."""
    return next((rules for rules in reversed(RULES) if rules.valid_from <= day), RULES[0])


def answer_due(calendar: Calendar, start: date) -> Due:
    """When an answer is due: 10 working days from receipt or reopening, by the rules in force on that day.

    Raises:
        OutsideCalendar

    """
    return rules_on(start).due(calendar, ANSWER, start)
