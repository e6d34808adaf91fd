"""How facts fill the lines of units' rounds: each asked unit has one, from the day it is asked."""

from enum import StrEnum
from typing import Any, Final

from services.intake.readmodel.consolidations.tables import CONSOLIDATIONS, consolidations_asked, consolidations_cancelled
from shared.contracts.consolidation import (
    ConsolidationAmended,
    ConsolidationOpened,
    ConsolidationReported,
    ConsolidationReturned,
    ConsolidationSubmitted,
)
from shared.contracts.meeting import MeetingCancelled
from shared.contracts.registry import all_events, name_of_event
from shared.contracts.session import SessionCancelled
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows


class Stage(StrEnum):
    """Where a unit's round stands (year §1); that nothing was handed in yet is computed from it."""

    OPEN = "mo"
    SUBMITTED = "da_nop"
    NIL = "khong_co_y_kien"
    REPORTED = "da_bao_cao"


async def project_consolidation(recorded: Recorded, rows: Rows) -> None:
    """One fact of a unit's round into its line, or that what it was asked before is not held."""
    key = {"tenant": recorded.record.tenant, "consolidation": recorded.stream}
    event = recorded.event
    if isinstance(event, MeetingCancelled | SessionCancelled):
        rows.put(consolidations_cancelled, {"tenant": recorded.record.tenant, "about": recorded.stream})
        return
    if isinstance(event, ConsolidationOpened):
        rows.put(
            consolidations_asked,
            {**key, **_asked(event), "asked_at": recorded.record.occurred, "version": recorded.record.version},
        )
        return
    changed = _changed(recorded, event)
    if isinstance(event, ConsolidationReturned):
        stands = await rows.get(consolidations_asked, key)
        assert stands is not None, f"{recorded.stream} was returned and never opened"
        changed["returned"] = stands["returned"] + 1
    rows.patch(consolidations_asked, key, {**changed, "version": recorded.record.version})


def _asked(event: ConsolidationOpened) -> dict[str, Any]:
    return {
        "office": event.office,
        "unit": event.unit,
        "about": event.about,
        "due_day": event.due.isoformat(),
        "returned": 0,
        "reported_at": None,
        "note_ref": None,
        "amendment_ref": None,
        "return_ref": None,
        **_NOTHING,
    }


_NOTHING: Final = {"stage": Stage.OPEN.value, "nil": False, "opinions": "", "submitted_at": None}


def _changed(recorded: Recorded, event: Any) -> dict[str, Any]:
    """The columns that a fact changes."""
    match event:
        case ConsolidationSubmitted(note=note):
            return {**_handed_in(event), "submitted_at": recorded.record.occurred, "note_ref": note.ref if note else None}
        case ConsolidationAmended(reason=reason):
            return {**_handed_in(event), "amendment_ref": reason.ref}
        case ConsolidationReturned(reason=reason):
            return {**_NOTHING, "note_ref": None, "amendment_ref": None, "return_ref": reason.ref}
        case ConsolidationReported(at=at):
            return {"stage": Stage.REPORTED.value, "reported_at": at}
    return {}


def _handed_in(event: ConsolidationSubmitted | ConsolidationAmended) -> dict[str, Any]:
    stage = Stage.NIL if event.nil else Stage.SUBMITTED
    return {"stage": stage.value, "nil": event.nil, "opinions": " ".join(event.opinions)}


CONSOLIDATIONS_PROJECTION: Final = Projection(
    name="consolidations",
    version=3,
    sources=("intake", "assignment"),
    tables=CONSOLIDATIONS,
    events=frozenset(declared.name for declared in all_events() if declared.stream_kind == "consolidation")
    | {name_of_event(cls) for cls in (MeetingCancelled, SessionCancelled)},
    apply=project_consolidation,
)
