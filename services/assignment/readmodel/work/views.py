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
