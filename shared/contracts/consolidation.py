"""Streams `consolidation-<meeting or session>-<unit>` and `batch-<id>`: what units gather, and what came in as a file (R30)."""

from datetime import date
from enum import StrEnum

from shared.contracts.registry import event
from shared.contracts.types import Code, Digest, Note, RefusalCode, StreamId, UnitKey


class BatchSource(StrEnum):
    """Where a batch came from."""

    SPREADSHEET = "bang_tinh"
    REGISTER = "so_tiep_nhan"


@event("consolidation.opened")
class ConsolidationOpened:
    """A unit is asked for its people's opinions before a meeting or session; `due` is the last day."""

    office: UnitKey
    unit: UnitKey
    about: StreamId  # the meeting or session
    due: date


@event("consolidation.submitted")
class ConsolidationSubmitted:
    """The unit's list: its opinions, or a nil return (`nil`, no opinions)."""

    nil: bool
    opinions: tuple[StreamId, ...]
    note: Note | None


@event("consolidation.amended")
class ConsolidationAmended:
    """The unit changed its list before it was reported: this one replaces the former."""

    nil: bool
    opinions: tuple[StreamId, ...]
    reason: Note


@event("consolidation.returned")
class ConsolidationReturned:
    """The hub asks the unit to do it again."""

    reason: Note


@event("consolidation.reported")
class ConsolidationReported:
    """Put before the head at the meeting."""

    at: StreamId


@event("batch.imported")
class BatchImported:
    """A file of opinions was read whole: how many rows, how many of them became opinions or met their first copy."""

    office: UnitKey
    unit: UnitKey
    source: BatchSource
    file: Digest
    rows: int
    taken: int
    known: int
    refused: int


@event("batch.row_taken")
class BatchRowTaken:
    """A row of the file and the opinion it stands for."""

    row: int
    opinion: StreamId


@event("batch.row_refused")
class BatchRowRefused:
    """A row that no opinion could be made of, and the code of the refusal."""

    row: int
    code: RefusalCode
    field: Code | None
