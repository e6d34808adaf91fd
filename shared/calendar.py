"""Working days: which days are worked, when a deadline falls, which local day an instant lies on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from shared.contracts.due import Due
from shared.contracts.refusals import Invalid
from shared.contracts.rules import Counting

ZONE: Final = ZoneInfo("Asia/Ho_Chi_Minh")
DAY: Final = timedelta(days=1)


class OutsideCalendar(Invalid):
    """A deadline cannot be counted over days whose holidays nobody has published."""

    code = "outside-calendar"
    rule = ("brief §2.2",)
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

    def working_days(self, after: date, until: date) -> int:
        """How many worked days lie after `after`, up to and with `until`; none where that is no later.

        Raises:
            OutsideCalendar

        """
        return sum(self.is_working(after + n * DAY) for n in range(1, (until - after).days + 1))

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

    def back(self, day: date, working_days: int) -> date:
        """The working day that lies so many working days before `day`; with 0 days `day` itself or the last one before it.

        Raises:
            OutsideCalendar

        """
        if not self.is_working(day):
            day = self.before(day)
        for _ in range(working_days):
            day = self.before(day)
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
class Deadline:
    """What one rule gives: so many days, worked ones or all."""

    days: int
    counting: Counting = Counting.WORKING_DAYS


@dataclass(frozen=True, slots=True)
class Rules:
    """The deadlines in force from `valid_from` on, by rule code."""

    version: str
    valid_from: date
    deadlines: Mapping[str, Deadline]

    def deadline(self, rule: str) -> Deadline:
        """What `rule` gives; the built-in value where these rules were published before the code was known.

        Raises:
            KeyError: no such code.

        """
        return self.deadlines.get(rule) or RULES[0].deadlines[rule]

    def due(self, calendar: Calendar, rule: str, start: date) -> Due:
        """When `rule` falls due, counted from `start`.

        Raises:
            OutsideCalendar
            KeyError: no such code.

        """
        given = self.deadline(rule)
        count = calendar.due if given.counting is Counting.WORKING_DAYS else calendar.due_in_days
        return count(start, given.days, rule=rule, rules=self.version)

    def before(self, calendar: Calendar, rule: str, day: date) -> date:
        """The last working day that still lies as far before `day` as `rule` asks: it rolls back, never forward.

        Raises:
            OutsideCalendar
            KeyError: no such code.

        """
        given = self.deadline(rule)
        if given.counting is Counting.WORKING_DAYS:
            return calendar.back(day, given.days)
        return calendar.back(day - given.days * DAY, 0)

    def reaches(self, calendar: Calendar, rule: str, start: date, day: date) -> bool:
        """Whether `day` lies at least as far after `start` as `rule` asks.

        Raises:
            OutsideCalendar
            KeyError: no such code.

        """
        given = self.deadline(rule)
        if given.counting is Counting.WORKING_DAYS:
            return calendar.working_days(start, day) >= given.days
        return (day - start).days >= given.days


ANSWER: Final = "answer"
CLASSIFY: Final = "classify"
ASSIGN: Final = "assign"
MINUTES: Final = "minutes"
NOTICE: Final = "notice"
REPORT_ANSWERS: Final = "report_answers"
CARRY_OUT: Final = "carry_out"
CARRY_OUT_COMPLEX: Final = "carry_out_complex"
SESSION: Final = "session"
ANNOUNCE: Final = "announce"
CANCELLED: Final = "cancelled"
NAMED_DAY: Final = "named-day"  # stands for the rules where a person named the day
RESUME: Final = "resume"  # the working days that were left when the clock stopped, so no number of its own
REMIND: Final = "remind"
URGE: Final = "urge"
ESCALATE: Final = "escalate"
_BY_THE_CALENDAR: Final = Counting.CALENDAR_DAYS

# The plan is silent on these days: they are the suggested defaults of the domain brief §1.2, for offices that have
# published no rules of their own. Due dates name the version they were counted by, so values never change in place.
RULES: Final = (
    Rules(
        version="2023.1",
        valid_from=date(2021, 1, 1),
        deadlines={
            CLASSIFY: Deadline(2),
            ASSIGN: Deadline(1),
            ANSWER: Deadline(10),
            "tell": Deadline(10),
            "appraise": Deadline(5),
            MINUTES: Deadline(1),
            NOTICE: Deadline(5),
            "disseminate": Deadline(10),
            "consult": Deadline(5),
            SESSION: Deadline(0),
            ANNOUNCE: Deadline(7, _BY_THE_CALENDAR),  # before the session
            CANCELLED: Deadline(5),  # for what was put to it, unless an answer is due later (year walkthrough §4)
            REPORT_ANSWERS: Deadline(3),  # before the session
            CARRY_OUT: Deadline(15, _BY_THE_CALENDAR),
            CARRY_OUT_COMPLEX: Deadline(30, _BY_THE_CALENDAR),
            REMIND: Deadline(2),  # before the due day
            URGE: Deadline(1),  # after it
            ESCALATE: Deadline(5),  # after it
        },
    ),
)


def rules_on(day: date, published: Sequence[Rules] = ()) -> Rules:
    """The rules in force on `day`: of those published the last that holds by then, else the built-in ones."""
    return next((rules for rules in reversed(published) if rules.valid_from <= day), RULES[0])


def answer_due(calendar: Calendar, start: date, rules: Rules | None = None) -> Due:
    """When an answer is due: 10 working days from receipt or reopening unless the rules in force on that day say otherwise.

    Raises:
        OutsideCalendar

    """
    return (rules or rules_on(start)).due(calendar, ANSWER, start)


def recounted(due: Due, former: Calendar | None, now: Calendar, today: date) -> Due | None:
    """`due` by the calendar `now`; None where it was counted by that one already.

    `former` is the calendar it was counted by. A day that was named rather than counted (a session's, an extension's)
    stays, and so does one that the former calendar does not give. What has passed by `today` is not moved within the
    past, and nothing is moved into it: such a date becomes today, or the next working day.
    """
    if due.calendar == now.version:
        return None
    counted = _counted(due, former, now)
    skipped = tuple(sorted(day for day in now.days_off if due.start < day <= counted))
    if counted < today:
        counted = due.day if due.day < today else min(due.day, _from(now, today))
    return replace(due, day=counted, skipped=skipped, calendar=now.version)


def _counted(due: Due, former: Calendar | None, now: Calendar) -> date:
    if former is None or due.days == 0 or due.rules == NAMED_DAY:
        return due.day
    for count in ("due", "due_in_days"):  # worked days or all: whichever gave the day that stands
        try:
            then = getattr(former, count)(due.start, due.days, rule=due.rule, rules=due.rules)
            if then.day == due.day:
                day: date = getattr(now, count)(due.start, due.days, rule=due.rule, rules=due.rules).day
                return day
        except (OutsideCalendar, ValueError):
            continue
    return due.day


def _from(calendar: Calendar, today: date) -> date:
    try:
        return calendar.next_working(today)
    except OutsideCalendar:
        return today
