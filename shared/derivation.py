"""How a deadline was counted, day by day: what a person is shown who asks why."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.calendar import DAY, Calendar, Deadline, OutsideCalendar, Rules
from shared.contracts.due import Due
from shared.contracts.rules import Counting

WEEKEND: Final = "Ngày nghỉ hằng tuần"
BEFORE: Final = "before"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """A day that was passed over, and why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Derivation:
    """A due date with every day that was counted or passed over on the way, in order.

    `rolled_from` is the last day as counted, where it was off and the deadline moved on to the next working day.
    """

    due: Due
    counting: Counting
    counted: tuple[date, ...]
    passed: tuple[Passed, ...]
    rolled_from: date | None


def derive(calendar: Calendar, start: date, deadline: Deadline, *, rule: str, rules: str) -> Derivation:
    """The days that `deadline` gives, counted from `start` (day 1 is the day after; BLDS 2015 Đ.147-148).

    Raises:
        OutsideCalendar

    """
    working = deadline.counting is Counting.WORKING_DAYS
    count = calendar.due if working else calendar.due_in_days
    due = count(start, deadline.days, rule=rule, rules=rules)
    days = [start + n * DAY for n in range(1, (due.day - start).days + 1)]
    if working:
        counted = [day for day in days if calendar.is_working(day)][: deadline.days]
        last = start if deadline.days == 0 else due.day
    else:
        counted = days[: deadline.days]
        last = start + deadline.days * DAY
    return Derivation(
        due=due,
        counting=deadline.counting,
        counted=tuple(counted),
        passed=_passed(calendar, [day for day in days if day not in set(counted)]),
        rolled_from=last if last != due.day else None,
    )


def derive_before(calendar: Calendar, deadline: date, *, rules: str) -> Derivation:
    """The last working day before `deadline` ("trước ngày X"): it never rolls forward.

    Raises:
        OutsideCalendar

    """
    day = calendar.before(deadline)
    between = [day + n * DAY for n in range(1, (deadline - day).days)]
    skipped = tuple(each for each in between if each in calendar.days_off)
    due = Due(day=day, rule=BEFORE, start=deadline, days=0, skipped=skipped, calendar=calendar.version, rules=rules)
    return Derivation(
        due=due,
        counting=Counting.WORKING_DAYS,
        counted=(),
        passed=_passed(calendar, between),
        rolled_from=None,
    )


def after(rules: Rules, calendar: Calendar | None, rule: str, start: date) -> Derivation | None:
    """When `rule` falls due, counted from `start`; None where no calendar reaches so far."""
    if calendar is None:
        return None
    try:
        return derive(calendar, start, rules.deadline(rule), rule=rule, rules=rules.version)
    except OutsideCalendar:
        return None


def ahead(rules: Rules, calendar: Calendar | None, rule: str, day: date) -> Derivation | None:
    """The last day that lies as far before `day` as `rule` asks, counted back from it; None where no calendar reaches so far."""
    if calendar is None:
        return None
    given = rules.deadline(rule)
    try:
        last = rules.before(calendar, rule, day)
    except OutsideCalendar:
        return None
    between = [last + n * DAY for n in range((day - last).days)]
    worked = given.counting is Counting.WORKING_DAYS
    counted = tuple(each for each in between if calendar.is_working(each)) if worked else tuple(between[-given.days :])
    skipped = tuple(each for each in between if each in calendar.days_off)
    due = Due(day=last, rule=rule, start=day, days=given.days, skipped=skipped, calendar=calendar.version, rules=rules.version)
    return Derivation(
        due=due,
        counting=given.counting,
        counted=counted,
        passed=_passed(calendar, [each for each in between if each not in counted]),
        rolled_from=None,
    )


def _passed(calendar: Calendar, days: list[date]) -> tuple[Passed, ...]:
    return tuple(Passed(day=day, why=calendar.days_off.get(day, WEEKEND)) for day in days if not calendar.is_working(day))
