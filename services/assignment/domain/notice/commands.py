"""What may be asked about a conclusion notice, and by whom (R31, R37, R38)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.case import Authority
from shared.contracts.notice import ConclusionKind
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import DocumentNumber, Note, StreamId, Text, UnitKey

DRAFTERS: Final = (Role.HUB, Role.CONTENT_DIVISION)
HEADS: Final = (Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN)

DRAFT_NOTICE: Final = action("draft_notice", grants(Scope.OFFICE, *DRAFTERS))
COMMENT_NOTICE: Final = action("comment_notice", grants(Scope.OFFICE, Role.UNIT_LEADER, Role.SPECIALIST, *DRAFTERS, *HEADS))
ISSUE_NOTICE: Final = action("issue_notice", grants(Scope.OFFICE, Role.REGISTRY, *HEADS))
AMEND_NOTICE: Final = action("amend_notice", grants(Scope.OFFICE, Role.REGISTRY, *HEADS))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """One conclusion: directs work to a unit until a day or within days, or only concludes (R38)."""

    kind: ConclusionKind
    text: Text
    case: StreamId | None = None
    unit: UnitKey | None = None
    coordinating: tuple[UnitKey, ...] = ()
    days: int | None = None
    until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftNotice:
    """Draft what is to be concluded, after a dialogue or without one (R31); drafted again, it replaces the items."""

    office: UnitKey
    items: tuple[Conclusion, ...]
    notice: StreamId | None = None  # to draft one again
    authority: Authority = Authority.HEAD
    session: StreamId | None = None
    document: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CommentNotice:
    """Comment on a draft, for a unit."""

    notice: StreamId
    comment: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class IssueNotice:
    """Issue it under its number: work is given, cases are concluded, in one append."""

    notice: StreamId
    number: DocumentNumber
    on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendNotice:
    """Move the day of one item that directs, by another document (invariant 6)."""

    notice: StreamId
    item: int
    until: date
    number: DocumentNumber
    reason: Note
