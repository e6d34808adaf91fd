"""What the questions about tasks are answered with: frozen values, no words."""

from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDetail:
    """A task as its unit sees it."""

    id: str
    version: int
    type: str
    unit: str
    unit_label: str  # of today, with what whoever had it first was called when it was given
    office: str
    person: str | None
    about: str
    case: str | None
    episode: str | None
    authority: str
    stage: str
    due: date
    urged: int
    asked_until: date | None
    proofs: int
    rung: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskItem:
    """One item of a unit's stream: `position` is its place in the log, `previous` that of the unit's item before it.

    Items whose `previous` is the `position` of the one before prove that nothing was missed; the first has 0.
    `type` is what happened, `work` which of the six types of work it is about; `at` is when it happened, by the office's word.
    """

    position: int
    previous: int
    type: str
    unit: str
    unit_label: str  # of the day it happened
    task: str
    work: str
    about: str
    case: str | None
    due: date
    at: datetime
