"""What the questions about due dates are answered with."""

from dataclasses import dataclass
from datetime import date, datetime


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
