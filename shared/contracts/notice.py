"""Stream `notice-<id>`: the head's conclusions, with or without a dialogue (R31, R37, R38)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from shared.contracts.case import Authority
from shared.contracts.due import Due
from shared.contracts.registry import event
from shared.contracts.types import DocumentNumber, EpisodeId, Note, StreamId, Text, UnitKey


class ConclusionKind(StrEnum):
    """Directs work, or concludes the opinion."""

    DIRECTS = "chi_dao_giai_quyet"
    CONCLUDES = "ket_luan"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftItem:
    """A conclusion as drafted. `days` are calendar days from the issue, `until` a day named.

    What directs and has neither is due by the rule of the day on which it is issued; what only concludes is never due.
    """

    number: int
    kind: ConclusionKind
    case: StreamId | None
    text: Text
    unit: UnitKey | None
    coordinating: tuple[UnitKey, ...]
    days: int | None
    until: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedItem:
    """A conclusion as issued; one that directs has exactly one task (invariant 6)."""

    number: int
    kind: ConclusionKind
    case: StreamId | None
    episode: EpisodeId | None
    unit: UnitKey | None
    coordinating: tuple[UnitKey, ...]
    due: Due | None
    task: StreamId | None


@event("notice.drafted")
class NoticeDrafted:
    """What is to be concluded; drafting again replaces the items."""

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


@event("notice.issued")
class NoticeIssued:
    """Out on its signed paper, under that paper's number and day; paper, tasks and conclusions stand in the same append."""

    document: StreamId
    number: DocumentNumber
    on: date
    items: tuple[IssuedItem, ...]


@event("notice.amended")
class NoticeAmended:
    """An item as amended, by another document; its task is moved with it."""

    document: StreamId
    number: DocumentNumber
    on: date
    item: IssuedItem
    reason: Note
