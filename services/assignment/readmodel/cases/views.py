"""What the questions about cases are answered with: frozen values, no words."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from shared.derivation import Derivation


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseRow:
    """A case as lists show it.

    Of a diverted one only a pointer is shown to all but the head: that it came on that day and was diverted; its due date is
    None then, and what else it was is empty.
    """

    id: str
    version: int
    opinion: str
    episode: str
    office: str
    unit: str
    unit_label: str  # of today, with what it was called when the matter was received
    lead: str | None
    lead_label: str | None
    task: str | None
    stage: str
    field: str
    kind: str
    source_group: str
    channel: str
    locality: str | None
    flags: tuple[str, ...]
    hidden: bool
    speaker: str | None  # what stands in place of the name, where the speaker asked not to be shown
    due: date | None
    overdue: bool
    received_at: datetime
    resolved_at: datetime | None
    session: str | None
    directed: bool
    concluded: bool
    authority: str | None
    into: str | None
    wishes: tuple[str, ...]  # what is wanted of it since its present episode began and nobody has decided about


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An answer as put forward, and what became of it; its parts are references into the vault."""

    episode: str
    draft: int
    drafter: str
    reviewer: str | None
    outcome: str
    submitted_at: datetime
    delivered_at: datetime | None
    means: str | None
    refs: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDetail(CaseRow):
    """A case with the derivation of its due date, the reference of its words, its drafts, oldest first, and those beside it.

    `proposed` is the lead, then those to co-ordinate, that the hub proposes; `submitters` are the cases merged into it, and
    the opinions that intake had merged, to whose submitters its answer goes too. `assign_by`: until when the head names its
    lead, while it waits for that.
    """

    due: date
    declined_at: datetime | None  # when it was decided that it is not taken up again
    paper: str | None  # where it is suspected of holding a state secret: all else that it said is erased
    concerns_units: tuple[str, ...]
    concerns_units_labels: tuple[str, ...]  # in the order of the keys, as of those below
    concerns_posts: tuple[str, ...]
    proposed: tuple[str, ...]
    proposed_labels: tuple[str, ...]
    coordinating: tuple[str, ...]
    coordinating_labels: tuple[str, ...]
    consulting: tuple[str, ...]
    consulting_labels: tuple[str, ...]
    submitters: tuple[str, ...]
    derivation: Mapping[str, Any]
    assign_by: Derivation | None
    words: Mapping[str, str]
    drafts: tuple[Draft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CasePage:
    """Some cases by due date, and the cursor that leads on (None: these were the last)."""

    cases: tuple[CaseRow, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list of cases is narrowed to; None means all.

    `older_than` leaves what has been open for more days than so many, since its present episode began; `due_by` what is open
    and due until that day; `words` what holds all these syllables, whatever their marks.
    """

    stage: str | None = None
    source: str | None = None
    open: bool | None = None
    due_by: date | None = None
    words: str | None = None
    field: str | None = None
    lead: str | None = None
    unit: str | None = None
    overdue: bool | None = None
    resolved: bool | None = None
    wished: bool | None = None
    flagged: bool | None = None
    older_than: int | None = None


NO_FILTERS = Filters()


class CaseOrder(StrEnum):
    """By what a list of cases is sorted."""

    DUE = "due"  # the day it is due, earliest first
    NEWEST = "newest"  # when it was received, latest first


class View(StrEnum):
    """The usual views of an office's cases."""

    OPEN = "open"
    OVERDUE = "overdue"
    FLAGGED = "flagged"
    WISHED = "wished"
    OVER = "over"
    ALL = "all"


@dataclass(frozen=True, slots=True)
class Viewed:
    """How many cases lie in a view."""

    view: View
    all: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """Words from the vault by part; those that were erased are named and empty."""

    parts: Mapping[str, str]
    erased: tuple[str, ...] = field(default=())
