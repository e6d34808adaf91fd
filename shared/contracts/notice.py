"""Stream `notice-<id>`: the head's conclusions, with or without a dialogue (R31, R37, R38)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shared.contracts.case import Authority
from shared.contracts.due import Due
from shared.contracts.registry import event
from shared.contracts.types import DocumentNumber, EpisodeId, Note, StreamId, Text, UnitKey


class ConclusionKind(StrEnum):
    """Directs work, or concludes the opinion."""

    DIRECTS = "chi_dao_giai_quyet"
    CONCLUDES = "ket_luan"


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnDay:
    """A unit that co-ordinates until a day of its own."""

    unit: UnitKey
    until: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftItem:
    """A conclusion as drafted. `days` are calendar days from the issue, `until` a day named.

    What directs and has neither is due by the rule of the day on which it is issued; what only concludes is never due.
    A unit that co-ordinates and is named by its key alone has the day of the item.
    """

    number: int
    kind: ConclusionKind
    case: StreamId | None
    text: Text
    unit: UnitKey | None
    coordinating: tuple[OwnDay | UnitKey, ...]
    days: int | None
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """A unit that co-ordinates an item, with the task and the date of its own; neither where none was given."""

    unit: UnitKey
    task: StreamId | None
    due: Due | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedItem:
    """A conclusion as issued; one that directs has one task of its lead's (invariant 6), and one for each unit beside it."""

    number: int
    kind: ConclusionKind
    case: StreamId | None
    episode: EpisodeId | None
    unit: UnitKey | None
    coordinating: tuple[Beside, ...]
    due: Due | None
    task: StreamId | None


def _by_key_alone(data: dict[str, Any]) -> dict[str, Any]:
    return data


@event("notice.drafted", version=2, upcasters={1: _by_key_alone})
class NoticeDrafted:
    """What is to be concluded; drafting again replaces the items. Version 1 gave no co-ordinating unit a day of its own."""

    office: UnitKey
    authority: Authority
    session: StreamId | None
    meeting: StreamId | None  # of a briefing whose notice carries the line
    document: StreamId | None
    items: tuple[DraftItem, ...]


@event("notice.commented")
class NoticeCommented:
    """A unit's comment on the draft."""

    unit: UnitKey
    comment: Note


def _without_tasks(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "coordinating": [{"unit": key, "task": None, "due": None} for key in item["coordinating"]]}


def _nobody_beside_asked(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "items": [_without_tasks(item) for item in data["items"]]}


@event("notice.issued", version=2, upcasters={1: _nobody_beside_asked})
class NoticeIssued:
    """Out on its signed paper, under that paper's number and day; paper, tasks and conclusions stand in the same append.

    Version 1 gave the units that co-ordinate no task.
    """

    document: StreamId
    number: DocumentNumber
    on: date
    items: tuple[IssuedItem, ...]


def _nobody_beside_moved(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "item": _without_tasks(data["item"])}


@event("notice.amended", version=2, upcasters={1: _nobody_beside_moved})
class NoticeAmended:
    """An item as amended, by another document; its tasks are moved with it. In version 1 only its lead had one."""

    document: StreamId
    number: DocumentNumber
    on: date
    item: IssuedItem
    reason: Note
