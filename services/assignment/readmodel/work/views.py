"""What the question of what waits is answered with: frozen values."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from services.assignment.readmodel.work.piles import Pile
from shared.nearness import Left


class Order(StrEnum):
    """By what a list is sorted."""

    DUE = "due"  # the day it is due, earliest first
    NEWEST = "newest"  # the day it was given or came in, latest first


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
    barred: frozenset[str]  # of a case that waits: units that it is about, or that have the place of one, and so never lead it
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
