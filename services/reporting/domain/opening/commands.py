"""What may be asked about an opening balance, and by whom (brief §5.3, §6)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.opening import Outcome, Source
from shared.contracts.opinion import SourceGroup
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import DocumentNumber, FieldKey, LocalityKey, Note, StreamId, UnitKey

RECORD_OPENING_LINE: Final = action("record_opening_line", grants(Scope.OFFICE, Role.HUB, Role.CHIEF))
WITHDRAW_OPENING_LINE: Final = action("withdraw_opening_line", RECORD_OPENING_LINE.grants)
SETTLE_OPENING_LINE: Final = action("settle_opening_line", RECORD_OPENING_LINE.grants)


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOpeningLine:
    """Say how many matters of one row of every breakdown were open when the office's first report begins."""

    office: UnitKey
    report: StreamId
    line: int
    count: int
    document: Source
    field: FieldKey | None = None
    unit: UnitKey | None = None
    locality: LocalityKey | None = None
    source: SourceGroup | None = None
    due: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawOpeningLine:
    """Take a line back while its report is open: it was wrong."""

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
