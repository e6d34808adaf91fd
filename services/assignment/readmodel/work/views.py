"""What the question of what waits is answered with: frozen values, and how many working days are left. Pure."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from services.assignment.readmodel.work.piles import Pile
from shared.calendar import Calendar, OutsideCalendar

SOON_DAYS: Final = 2


class Nearness(StrEnum):
    """How near a due date is; the order is that of their urgency."""

    OVERDUE = "overdue"
    SOON = "soon"  # two working days or fewer
    LATER = "later"


class Order(StrEnum):
    """By what a list is sorted."""

    DUE = "due"  # the day it is due, earliest first
    NEWEST = "newest"  # the day it was given or came in, latest first


@dataclass(frozen=True, slots=True)
class Left:
    """A due date as it looks today. `days` are working days, left or late; None where no calendar reaches so far."""

    due: date
    nearness: Nearness
    days: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """One thing that waits. `title` is what the case says, None where that is not the asker's to read."""

    id: str
    version: int
    case: str | None
    task: str | None
    about: str
    type: str | None  # of the task
    unit: str | None
    unit_label: str | None  # of today, with what it was called when it was given
    person: str | None
    person_name: str | None
    stage: str
    left: Left
    at: datetime
    kind: str | None
    field_label: str | None
    asked_until: date | None
    proposed: tuple[str, ...]  # of a case that waits: the lead that the hub proposes, then those to co-ordinate
    usual: str | None  # of a case: who usually answers for its field
    urged: int
    title: str | None
    sent_back: str | None  # with which words, where a draft was, as far as they are his to read


@dataclass(frozen=True, slots=True)
class Count:
    """How much lies in a pile, and how much of that is overdue."""

    pile: Pile
    all: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Piled:
    """Some of one pile, the cursor that leads on (None: these were the last), and how much lies in each."""

    pile: Pile | None
    counts: tuple[Count, ...]
    waiting: tuple[Waiting, ...]
    cursor: str | None
    today: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """How much open work somebody of a unit has; None: what nobody has by name."""

    person: str | None
    name: str | None
    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitWork:
    """The open work of a unit: how much each of its people has, and some of it, what nobody has by name ahead.

    `cursor` leads on; None: these were the last.
    """

    units: tuple[str, ...]
    labels: tuple[str, ...]
    loads: tuple[Load, ...]
    waiting: tuple[Waiting, ...]
    cursor: str | None
    today: date


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
