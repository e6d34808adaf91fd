"""What may be asked about a unit's consolidation round, and about a batch, and by whom (R30)."""

from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from services.intake.domain.opinion.commands import COLLECTORS, HUB_OF_OFFICE
from shared.contracts.consolidation import BatchSource
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Code, Digest, Most, Note, RefusalCode, StreamId, UnitKey

MAX_UNITS: Final = 200  # of a round
MAX_ROWS: Final = 1_000  # of one file
OWN_UNIT: Final = grants(Scope.UNIT, *COLLECTORS)
OPEN_CONSOLIDATION: Final = action("open_consolidation", HUB_OF_OFFICE)
SUBMIT_CONSOLIDATION: Final = action("submit_consolidation", OWN_UNIT)
AMEND_CONSOLIDATION: Final = action("amend_consolidation", OWN_UNIT)
RETURN_CONSOLIDATION: Final = action("return_consolidation", HUB_OF_OFFICE)
REPORT_CONSOLIDATION: Final = action("report_consolidation", HUB_OF_OFFICE, grants(Scope.OFFICE, Role.SECRETARY))
RECORD_BATCH: Final = action("record_batch", OWN_UNIT)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenConsolidation:
    """Ask units for their people's opinions before a meeting or session; each unit gets a round of its own."""

    office: UnitKey
    about: StreamId
    units: Annotated[tuple[UnitKey, ...], Most(MAX_UNITS, least=1)]
    due: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SubmitConsolidation:
    """Hand in the unit's list, or that it has none (`nil`)."""

    consolidation: StreamId
    nil: bool = False
    opinions: tuple[StreamId, ...] = ()
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AmendConsolidation:
    """Replace the unit's list before it is reported."""

    consolidation: StreamId
    nil: bool = False
    opinions: tuple[StreamId, ...] = ()
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnConsolidation:
    """Ask the unit to do it again."""

    consolidation: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportConsolidation:
    """Record that it was put before the head at the meeting."""

    consolidation: StreamId
    at: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class TakenRow:
    """A row and the opinion it stands for, or the code of its refusal."""

    row: int
    opinion: StreamId | None = None
    code: RefusalCode | None = None
    field: Code | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordBatch:
    """Record what became of each row of a file, once for each file of a unit; the rows were handed in one by one before."""

    office: UnitKey
    source: BatchSource
    file: Digest
    rows: Annotated[tuple[TakenRow, ...], Most(MAX_ROWS)]
    known: int = 0  # rows that met their first copy
