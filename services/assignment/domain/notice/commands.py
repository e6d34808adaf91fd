"""What may be asked about a conclusion notice, and by whom (R31, R37, R38)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.assignment.domain.case.commands import CoordinatingUnit
from services.assignment.domain.document.carrying import OnPaper
from shared.contracts.case import Authority
from shared.contracts.notice import ConclusionKind
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Note, PrintedText, StreamId, UnitKey

DRAFTERS: Final = (Role.HUB, Role.CONTENT_DIVISION)
HEADS: Final = (Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN)

DRAFT_NOTICE: Final = action("draft_notice", grants(Scope.OFFICE, *DRAFTERS))
COMMENT_NOTICE: Final = action(
    "comment_notice", grants(Scope.OFFICE, Role.UNIT_LEADER, Role.UNIT_DEPUTY, Role.SPECIALIST, *DRAFTERS, *HEADS)
)
# The head decides by signing its paper; the registry numbers and sends it.
ISSUE_NOTICE: Final = action("issue_notice", grants(Scope.OFFICE, Role.REGISTRY))
AMEND_NOTICE: Final = action("amend_notice", grants(Scope.OFFICE, Role.REGISTRY))


@dataclass(frozen=True, slots=True, kw_only=True)
class Conclusion:
    """One conclusion: directs work to a unit until a day, within days or by the rule, or only concludes (R38).

    Units that co-ordinate have the item's day, or each its own.
    """

    kind: ConclusionKind
    text: PrintedText
    case: StreamId | None = None
    unit: UnitKey | None = None
    coordinating: tuple[CoordinatingUnit, ...] = ()
    days: int | None = None
    until: date | None = None
    by_rule: bool = False  # within the days that the rules of its day give to such work


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
class IssueNotice(OnPaper):
    """Issue it on its signed paper: that is numbered and sent, work is given, cases are concluded, in one append."""

    notice: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendNotice(OnPaper):
    """Move the day of one item that directs, by another document about the notice (invariant 6).

    With `unit`, only that of a unit that co-ordinates it; without, also theirs who have the item's day.
    """

    notice: StreamId
    item: int
    until: date
    reason: Note
    unit: UnitKey | None = None
