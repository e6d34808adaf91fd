"""Calendars are published whole, under a version that never changes."""

from dataclasses import replace
from datetime import date

import pytest

from services.assignment.domain.calendar.commands import PublishCalendar
from services.assignment.domain.calendar.decider import (
    INITIAL,
    CalendarVersionStands,
    DayMisplaced,
    EmptyCalendar,
    evolve,
    in_force,
)
from shared.contracts.calendar import DayOff
from tests.assignment.stage import CALENDAR, PUBLISHED, given

SAME = PublishCalendar(
    version=PUBLISHED.version,
    first=PUBLISHED.first,
    last=PUBLISHED.last,
    days_off=tuple(reversed(PUBLISHED.days_off)),
)
FRIDAY, SATURDAY, SUNDAY = date(2023, 4, 28), date(2023, 4, 29), date(2023, 4, 30)


def test_a_calendar_is_published_with_its_days_in_order() -> None:
    given(more={CALENDAR: []}).when(SAME).then({CALENDAR: [PUBLISHED]})


def test_the_same_calendar_published_again_changes_nothing() -> None:
    given().when(SAME).nothing()


def test_a_published_version_never_changes() -> None:
    given().when(replace(SAME, days_off=())).refuses(CalendarVersionStands, "version")


def test_a_new_version_replaces_the_calendar_in_force() -> None:
    swapped = replace(SAME, version="2023.2", days_off=(DayOff(day=FRIDAY, name="Nghỉ hoán đổi"),), workdays=(SATURDAY,))
    published = given().when(swapped).decided()[CALENDAR][0]
    calendar = in_force(evolve(evolve(INITIAL, PUBLISHED), published))
    assert calendar.version == "2023.2"
    assert not calendar.is_working(FRIDAY)
    assert calendar.is_working(SATURDAY)
    assert not calendar.is_working(SUNDAY)


def test_a_calendar_begins_before_it_ends() -> None:
    given().when(replace(SAME, version="x", last=SAME.first)).refuses(EmptyCalendar, "last")


@pytest.mark.parametrize(
    ("days_off", "workdays", "field"),
    [
        ((SATURDAY,), (), "days_off"),
        ((FRIDAY, FRIDAY), (), "days_off"),
        ((date(2024, 1, 1),), (), "days_off"),
        ((), (FRIDAY,), "workdays"),
        ((), (SUNDAY, SUNDAY), "workdays"),
        ((), (date(2022, 12, 31),), "workdays"),
    ],
)
def test_a_day_has_its_place_in_the_calendar(days_off: tuple[date, ...], workdays: tuple[date, ...], field: str) -> None:
    named = tuple(DayOff(day=day, name="Nghỉ") for day in days_off)
    given().when(replace(SAME, version="x", days_off=named, workdays=workdays)).refuses(DayMisplaced, field)
