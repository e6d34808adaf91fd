"""What questions about requests and proposals are answered with: frozen values, no words and no names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from services.intake.readmodel.submissions.projections import ReceiptStage
from shared.calendar import local_day
from shared.clock import instant
from shared.directory.snapshot import Directory


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to. `unit` took it in, or proposed it."""

    stage: ReceiptStage | None = None
    field: str | None = None  # of proposals


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestView:
    """A request for direct dialogue at its receipt, and where it stands with the assignment service once handed on."""

    id: str
    office: str
    unit: str
    unit_label: str  # of today, with what it was called when the request came in
    local_id: str
    stage: str
    reason: str | None
    request: str | None
    request_stage: str | None
    session: str | None
    due: date | None
    channel: str
    source_group: str
    locality: str | None
    opinions: tuple[str, ...]
    incoming_number: str | None
    incoming_on: date | None
    received_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProposalView:
    """A proposal for the Chairman's dialogue at its receipt, and where it stands once handed on."""

    id: str
    office: str
    division: str
    division_label: str  # of today, with what it was called when the proposal came in
    proposer: str
    proposer_label: str
    local_id: str
    stage: str
    reason: str | None
    proposal: str | None
    proposal_stage: str | None
    session: str | None
    field: str
    attachments: tuple[str, ...]
    incoming_number: str | None
    incoming_on: date | None
    received_at: datetime
    version: int


def request_view(row: Mapping[Any, Any], directory: Directory) -> RequestView:
    """A request's row as shown."""
    return RequestView(
        **_common(row),
        unit=row["unit"],
        unit_label=_label(row, "unit", directory),
        request=row["thing"],
        request_stage=row["further_stage"],
        due=_day(row["due_day"]),
        channel=row["channel"],
        source_group=row["source_group"],
        locality=row["locality"],
        opinions=tuple(row["opinions"].split()),
    )


def proposal_view(row: Mapping[Any, Any], directory: Directory) -> ProposalView:
    """A proposal's row as shown."""
    return ProposalView(
        **_common(row),
        division=row["unit"],
        division_label=_label(row, "unit", directory),
        proposer=row["proposer"],
        proposer_label=_label(row, "proposer", directory),
        proposal=row["thing"],
        proposal_stage=row["further_stage"],
        field=row["field"],
        attachments=tuple(row["attachments"].split()),
    )


def _label(row: Mapping[Any, Any], column: str, directory: Directory) -> str:
    return directory.label_today(row[column], row["field"], begun=local_day(instant(row["received_at"])))


def _common(row: Mapping[Any, Any]) -> dict[str, Any]:
    return {
        "id": row["submission"],
        "office": row["office"],
        "local_id": row["local_id"],
        "stage": row["stage"],
        "reason": row["reason"],
        "session": row["session"],
        "incoming_number": row["incoming_number"],
        "incoming_on": _day(row["incoming_on"]),
        "received_at": instant(row["received_at"]),
        "version": row["version"],
    }


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
