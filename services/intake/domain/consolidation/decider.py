"""Streams `consolidation-<about>-<unit>` and `batch-<id>`: rounds with nil returns, and files row by row (R30)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.intake.domain.consolidation import commands as asked
from services.intake.domain.consolidation.refusals import (
    AlreadyReported,
    AlreadySubmitted,
    BatchMiscounted,
    NilOrOpinions,
    NotSubmitted,
    NotThisUnits,
    UnitOutsideOffice,
)
from services.intake.domain.opinion.refusals import NotAnOffice, UnknownUnit
from services.intake.domain.opinion.states import NoOpinion, RaisedReceipt
from shared.contracts.consolidation import (
    BatchImported,
    BatchRowRefused,
    BatchRowTaken,
    ConsolidationAmended,
    ConsolidationOpened,
    ConsolidationReported,
    ConsolidationReturned,
    ConsolidationSubmitted,
)
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown

Decided = dict[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class NoConsolidation:
    """No round was opened for this unit."""


@dataclass(frozen=True, slots=True)
class Open:
    """The unit is asked, for the first time or again; past its day it is "chưa nộp", which is computed."""

    was: ConsolidationOpened


@dataclass(frozen=True, slots=True)
class Submitted:
    """The unit's list is in, or that it has none."""

    was: ConsolidationOpened
    nil: bool
    opinions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reported:
    """Put before the head."""

    was: ConsolidationOpened
    nil: bool
    opinions: tuple[str, ...]


Consolidation = NoConsolidation | Open | Submitted | Reported
INITIAL: Final[Consolidation] = NoConsolidation()


@dataclass(frozen=True, slots=True)
class NoBatch:
    """Nothing was imported under this id."""


@dataclass(frozen=True, slots=True)
class Batch:
    """A file that was read whole."""

    was: BatchImported


NO_BATCH: Final[NoBatch | Batch] = NoBatch()


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Facts):
    """The facts, with the stream of each unit's round and what the directory knows."""

    day: date
    is_office: bool
    rounds: Mapping[str, str]  # stream by unit
    unknown: tuple[str, ...]  # units that are not in force
    outside: tuple[str, ...]  # units of other bodies, or an office as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording(Facts):
    """The facts, with the stream of the batch."""

    batch: str


def consolidation_stream(about: str, unit: str) -> str:
    """The round of one unit for one meeting or session: asked again, it is the same."""
    return f"consolidation-{about}-{unit}"


def evolve(state: Consolidation, event: Any) -> Consolidation:
    """The round after `event`."""
    match state, event:
        case _, ConsolidationOpened():
            return Open(event)
        case ((Open() | Submitted()), (ConsolidationSubmitted() | ConsolidationAmended())):
            return Submitted(state.was, event.nil, event.opinions)
        case Submitted(), ConsolidationReturned():
            return Open(state.was)
        case Submitted(), ConsolidationReported():
            return Reported(state.was, state.nil, state.opinions)
    return state


def evolve_batch(state: NoBatch | Batch, event: Any) -> NoBatch | Batch:
    """The batch after `event`."""
    return Batch(event) if isinstance(event, BatchImported) else state


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to a unit's round, or records of a batch, by stream.

    Raises:
        Unknown: no such round or opinion.
        Refused: one of the rules in `refusals`.

    """
    if isinstance(command, asked.OpenConsolidation):
        assert isinstance(facts, Opening)
        return _open(command, states, facts)
    if isinstance(command, asked.RecordBatch):
        assert isinstance(facts, Recording)
        return _record(command, states, facts)
    state: Consolidation = states[command.consolidation]
    if isinstance(state, NoConsolidation):
        raise Unknown("consolidation")
    return {command.consolidation: _step(command, state, states)}


def _open(command: asked.OpenConsolidation, states: Mapping[str, Any], facts: Opening) -> Decided:
    if not facts.is_office:
        raise NotAnOffice("office", unit=command.office)
    if facts.unknown:
        raise UnknownUnit("units", unit=facts.unknown[0], day=facts.day.isoformat())
    if facts.outside:
        raise UnitOutsideOffice("units", unit=facts.outside[0], office=command.office)
    return {
        stream: [ConsolidationOpened(office=command.office, unit=unit, about=command.about, due=command.due)]
        for unit, stream in facts.rounds.items()
        if isinstance(states[stream], NoConsolidation)
    }


def _step(command: Any, state: Any, states: Mapping[str, Any]) -> list[Any]:
    match command, state:
        case asked.ReportConsolidation(), Reported():
            return []
        case _, Reported():
            raise AlreadyReported
        case asked.SubmitConsolidation(), Submitted():
            if (state.nil, state.opinions) == (command.nil, command.opinions):
                return []
            raise AlreadySubmitted
        case asked.SubmitConsolidation(), Open():
            _refuse_wrong(command, state, states)
            return [ConsolidationSubmitted(nil=command.nil, opinions=command.opinions, note=command.note)]
        case asked.AmendConsolidation(), Submitted():
            _refuse_wrong(command, state, states)
            return [ConsolidationAmended(nil=command.nil, opinions=command.opinions, reason=command.reason)]
        case asked.ReturnConsolidation(reason=reason), Submitted():
            return [ConsolidationReturned(reason=reason)]
        case asked.ReportConsolidation(at=at), Submitted():
            return [ConsolidationReported(at=at)]
    raise NotSubmitted


def _refuse_wrong(command: Any, state: Any, states: Mapping[str, Any]) -> None:
    if command.nil is bool(command.opinions):
        raise NilOrOpinions("opinions")
    for opinion in command.opinions:
        _refuse_others(states[opinion], opinion, "opinions", unit=state.was.unit, office=state.was.office)


def _refuse_others(found: Any, opinion: str, field: str, *, unit: str, office: str) -> None:
    """Refuse an opinion that is not there, or that another unit took in, or for another office."""
    if isinstance(found, NoOpinion | RaisedReceipt):
        raise Unknown(field)
    if found.receipt.unit != unit or found.receipt.office != office:
        raise NotThisUnits(field, opinion=opinion)


def _record(command: asked.RecordBatch, states: Mapping[str, Any], facts: Recording) -> Decided:
    if not isinstance(states[facts.batch], NoBatch):
        return {}
    for row in command.rows:
        if row.opinion is not None:
            _refuse_others(states[row.opinion], row.opinion, "rows", unit=facts.unit, office=command.office)
    taken = [row for row in command.rows if row.opinion is not None]
    refused = [row for row in command.rows if row.opinion is None]
    if any(row.code is None for row in refused) or not 0 <= command.known <= len(taken):
        raise BatchMiscounted("rows")
    imported = BatchImported(
        office=command.office,
        unit=facts.unit,
        source=command.source,
        file=command.file,
        rows=len(command.rows),
        taken=len(taken),
        known=command.known,
        refused=len(refused),
    )
    rows: list[Any] = [BatchRowTaken(row=row.row, opinion=row.opinion) for row in taken if row.opinion]
    rows += [BatchRowRefused(row=row.row, code=row.code, field=row.field) for row in refused if row.code]
    return {facts.batch: [imported, *rows]}
