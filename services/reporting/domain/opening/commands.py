"""What may be asked about an opening balance, and by whom (brief §5.3, §6)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.opening import Outcome
from shared.contracts.opinion import SourceGroup
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import DocumentNumber, FieldKey, LocalityKey, Note, PublicName, StreamId, UnitKey

RECORD_OPENING_LINE: Final = action("record_opening_line", grants(Scope.OFFICE, Role.HUB, Role.CHIEF))
WITHDRAW_OPENING_LINE: Final = action("withdraw_opening_line", RECORD_OPENING_LINE.grants)
SETTLE_OPENING_LINE: Final = action("settle_opening_line", RECORD_OPENING_LINE.grants)
WITHDRAW_OPENING_SETTLEMENT: Final = action("withdraw_opening_settlement", RECORD_OPENING_LINE.grants)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceDocument:
    """The document that a number is taken from, by number, day, name and whose it is."""

    number: DocumentNumber
    dated: date
    name: PublicName
    issuer: PublicName


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpeningLine:
    """Say how many matters of one row of every breakdown were open when the office's first report begins."""

    office: UnitKey
    report: StreamId
    line: int
    count: int
    document: SourceDocument
    field: FieldKey | None = None
    unit: UnitKey | None = None
    locality: LocalityKey | None = None
    source: SourceGroup | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOpeningLine:
    """Take a line back while its report, or the correction of it, is open: it was wrong."""

    office: UnitKey
    line: int
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class SettleOpeningLine:
    """Say that so many matters of a line ended, how and on which day."""

    office: UnitKey
    line: int
    outcome: Outcome
    count: int
    on: date
    reason: Note
    document: DocumentNumber | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOpeningSettlement:
    """Take a settlement back, it was wrong: the first of its line is 1, the next 2. A lock that counted it stands."""

    office: UnitKey
    line: int
    settlement: int
    reason: Note
