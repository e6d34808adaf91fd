"""Stream `opening-<office>`: what an office brings along into its first report, as numbers from a document (brief §5.3, §6)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

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


@event("opening.line_recorded")
class LineRecorded:
    """So many matters were open when the first report's window began, on `first`; they stand in one row of every breakdown.

    None is what is not known of them: not yet classified, not yet assigned, of no known place or group.
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
