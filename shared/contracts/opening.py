"""Stream `opening-<office>`: what an office brings along into its first report, as numbers from a document (brief §5.3, §6)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from shared.contracts.opinion import SourceGroup
from shared.contracts.registry import event
from shared.contracts.types import DocumentNumber, FieldKey, LocalityKey, Note, PublicName, StreamId, UnitKey


class Outcome(StrEnum):
    """How matters of a line end, by the column that then counts them (brief §5.3)."""

    REJECTED = "rejected"  # D
    FORWARDED = "forwarded"  # E
    WITHDRAWN = "withdrawn"  # F
    MERGED = "merged"  # G
    RESOLVED = "resolved"  # I1, I2
    RECORDED = "recorded"  # told by an opinion of its own since: the line counts it no more


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """The document that a number is taken from."""

    number: DocumentNumber
    dated: date
    name: PublicName
    issuer: PublicName | None  # whose document it is


def _of_an_unknown_body(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "document": {**data["document"], "issuer": None}}


@event("opening.line_recorded", version=2, upcasters={1: _of_an_unknown_body})
class LineRecorded:
    """So many matters were open when the first report's window began, on `first`; they stand in one row of every breakdown.

    None is what is not known of them: not yet classified, not yet assigned, of no known place or group. Version 1 did not say
    who had issued the document.
    """

    report: StreamId
    first: date
    line: int
    count: int
    field: FieldKey | None
    unit: UnitKey | None
    locality: LocalityKey | None
    source: SourceGroup | None
    due: date | None
    document: Source


@event("opening.line_withdrawn")
class LineWithdrawn:
    """The line was wrong, and why; another may be recorded under its number."""

    line: int
    reason: Note


@event("opening.line_settled")
class LineSettled:
    """So many matters of a line ended that day, so, by this document if there is one, for this reason."""

    line: int
    outcome: Outcome
    count: int
    on: date
    document: DocumentNumber | None
    reason: Note


@event("opening.settlement_withdrawn")
class SettlementWithdrawn:
    """A settlement of a line was wrong, and why: the matters it ended are open as before.

    `settlement` is its place among those said of the line since it was recorded, the first is 1.
    """

    line: int
    settlement: int
    reason: Note
