"""What a decision about an opinion is told beside its states: what the directory says, and what was made for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from shared.calendar import Calendar, Rules
from shared.contracts.facts import Facts
from shared.contracts.types import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingIn(Facts):
    """The facts of a receipt: the directory's answers of the day, and what was made for it."""

    day: date
    is_office: bool
    is_unit: bool
    is_locality: bool
    opinion: str
    local_id: str
    content_key: str
    speaker: str | None
    receipt: Sealed
    receipt_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingReceipt(Facts):
    """The facts of a receipt for what was raised elsewhere."""

    receipt: Sealed
    receipt_key: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sorting(Facts):
    """The facts of a decision about an opinion: what the directory says of what the command names."""

    day: date
    posts: frozenset[str] = frozenset()  # that whoever asks holds
    units: frozenset[str] = frozenset()  # his own, and those that are no more whose place it has
    is_field: bool = True
    is_unit: bool = True
    unit_office: str | None = None  # the office that the unit named belongs to
    calendar: Calendar | None = None
    rules: tuple[Rules, ...] = ()  # published; the built-in ones where none
    calendars: Mapping[str, Calendar] = field(default_factory=dict)  # every one ever published, by version


@dataclass(frozen=True, slots=True, kw_only=True)
class Splitting(Sorting):
    """The facts of a split: the ids of its parts, in their order."""

    children: tuple[str, ...]
