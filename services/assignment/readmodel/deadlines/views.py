"""What the questions about due dates are answered with."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from shared.contracts.task import Rung
from shared.nearness import Left


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenWork:
    """A piece of open work as the house itself sees it."""

    about: str
    office: str
    kind: str
    unit: str | None
    due: date
    held_since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """A task whose day has passed, how it was urged so far, and what of the ladder is due now (R39)."""

    task: str
    type: str
    unit: str
    unit_label: str  # of today, with what whoever had it first was called when it was given
    case: str | None
    due: date
    working_days_late: int
    urged: int
    urged_at: datetime | None
    urge_from: date
    rung: str | None
    escalated_at: datetime | None
    escalate_from: date
    due_now: tuple[str, ...]  # urge, escalate


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """Work of a unit that is no more, for which a person must name the taker."""

    about: str
    unit: str
    unit_label: str
    field: str | None
    may_take: tuple[str, ...]  # the unit's successors in force
    queued_at: datetime


class Step(StrEnum):
    """What the ladder asks for (R39)."""

    REMIND = "remind"
    URGE = "urge"
    ESCALATE = "escalate"


@dataclass(frozen=True, slots=True, kw_only=True)
class Followed:
    """A piece of open work: its day, how it was held to that so far, and what of the ladder is due today, the highest first.

    `following`: on which day the next step is due, where none is today and a calendar reaches so far.
    """

    task: str
    type: str
    case: str | None
    unit: str
    unit_label: str
    left: Left
    soon: bool  # in five working days or fewer, not past
    reminded: bool
    urged: int
    urged_at: datetime | None
    rung: Rung | None
    escalated_at: datetime | None
    steps: tuple[Step, ...]
    next_rung: Rung
    following: date | None


@dataclass(frozen=True, slots=True)
class Load:
    """How much open work a unit holds, and how much of it is past its day."""

    unit: str
    label: str
    open: int
    overdue: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ladder:
    """The steps by the rules in force, in working days: before the day, and after it."""

    rules: str
    calendar: str
    remind: int
    urge: int
    escalate: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """The open work of an office by its day. `until`: up to which position it is known; `cut`: there is more than is shown."""

    today: date
    work: tuple[Followed, ...]
    loads: tuple[Load, ...]
    ladder: Ladder
    until: int | None
    cut: bool
