"""Stream `calendar-VN`: every calendar ever published, each under its version for good."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.calendar.commands import PublishCalendar
from shared.calendar import Calendar
from shared.contracts.calendar import CalendarPublished
from shared.contracts.facts import Facts
from shared.contracts.refusals import Invalid, Refused

STREAM: Final = "calendar-VN"
FIRST_WEEKEND_DAY: Final = 5  # Saturday, as date.weekday() counts


class CalendarVersionStands(Refused):
    """Due dates name the version they were counted by, so a published version never changes."""

    code = "calendar-version-stands"
    rule = ("brief §2.2", "design decision 18")
    title_vi = "Lịch làm việc phiên bản {version} đã công bố và không thay đổi"
    title_en = "The calendar version {version} is published and does not change"
    advice_vi = "Công bố lịch đã sửa dưới một tên phiên bản mới."
    advice_en = "Publish the corrected calendar under a new version name."


class NoCalendarYet(Refused):
    """Without a calendar no deadline can be counted."""

    code = "no-calendar-yet"
    rule = ("brief §2.2",)
    title_vi = "Chưa công bố lịch làm việc"
    title_en = "No working-day calendar is published"
    advice_vi = "Quản trị công bố lịch làm việc trước, rồi thực hiện lại."
    advice_en = "Have the administrator publish a calendar first, then ask again."


class EmptyCalendar(Invalid):
    """A calendar reaches from its first day to a later one."""

    code = "empty-calendar"
    rule = ()
    title_vi = "Lịch phải bắt đầu trước khi kết thúc"
    title_en = "A calendar begins before it ends"
    advice_vi = "Kiểm tra ngày đầu và ngày cuối."
    advice_en = "Check the first and the last day."


class DayMisplaced(Invalid):
    """Days off are weekdays and swapped workdays are weekends, each once and inside the calendar."""

    code = "day-misplaced"
    rule = ("brief §2.2",)
    title_vi = "Ngày {day} không hợp lệ trong lịch"
    title_en = "The day {day} has no place in the calendar"
    advice_vi = (
        "Ngày nghỉ là thứ Hai đến thứ Sáu, ngày làm bù là thứ Bảy hoặc Chủ nhật; mỗi ngày ghi một lần, trong khoảng của lịch."
    )
    advice_en = "Days off lie on weekdays, worked days on weekends; each once, between the first and the last day."


@dataclass(frozen=True, slots=True)
class Calendars:
    """What was published, oldest first; the last one is in force."""

    published: tuple[CalendarPublished, ...] = ()


INITIAL: Final = Calendars()


def evolve(state: Calendars, event: CalendarPublished) -> Calendars:
    """The calendars after `event`."""
    return Calendars((*state.published, event))


def among(states: Mapping[str, Any]) -> Calendar:
    """The calendar published last, from the states that a command has loaded.

    Raises:
        NoCalendarYet

    """
    return in_force(states[STREAM])


def in_force(state: Calendars) -> Calendar:
    """The calendar published last.

    Raises:
        NoCalendarYet

    """
    if not state.published:
        raise NoCalendarYet
    return _calendar(state.published[-1])


def named(state: Calendars, version: str) -> Calendar | None:
    """The calendar that was published under `version`, in force or not."""
    return next((_calendar(each) for each in state.published if each.version == version), None)


def _calendar(published: CalendarPublished) -> Calendar:
    return Calendar(
        version=published.version,
        first=published.first,
        last=published.last,
        days_off={off.day: off.name for off in published.days_off},
        workdays=frozenset(published.workdays),
    )


def decide(command: PublishCalendar, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[Any]]:
    """The calendar as published, with its days in order.

    Raises:
        EmptyCalendar, DayMisplaced
        CalendarVersionStands: the version is published with other days.

    """
    if command.first >= command.last:
        raise EmptyCalendar("last")
    _refuse_misplaced(command, [off.day for off in command.days_off], "days_off", weekend=False)
    _refuse_misplaced(command, command.workdays, "workdays", weekend=True)
    published = CalendarPublished(
        version=command.version,
        first=command.first,
        last=command.last,
        days_off=tuple(sorted(command.days_off, key=lambda off: off.day)),
        workdays=tuple(sorted(command.workdays)),
    )
    known = next((each for each in states[STREAM].published if each.version == command.version), None)
    if known == published:
        return {}
    if known is not None:
        raise CalendarVersionStands("version", version=command.version)
    return {STREAM: [published]}


def _refuse_misplaced(command: PublishCalendar, days: Sequence[date], field: str, *, weekend: bool) -> None:
    seen: set[date] = set()
    for day in days:
        on_weekend = day.weekday() >= FIRST_WEEKEND_DAY
        if on_weekend is not weekend or day in seen or not command.first <= day <= command.last:
            raise DayMisplaced(field, day=day.isoformat())
        seen.add(day)
