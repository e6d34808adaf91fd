"""What questions about units' rounds are answered with: frozen values, no words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.intake.readmodel.consolidations.projections import Stage
from shared.calendar import local_day
from shared.clock import instant
from shared.directory.snapshot import Directory

MISSING: Final = "Chưa nộp"
CANCELLED: Final = "Không phải nộp, cuộc họp đã hủy"
LABELS: Final[Mapping[str, str]] = {
    Stage.OPEN: MISSING,
    Stage.SUBMITTED: "Đã nộp",
    Stage.NIL: "Không có ý kiến",
    Stage.REPORTED: "Đã báo cáo",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to.

    `missing`: who was asked and has handed in neither opinions nor that there are none, before what is still to be held
    or was held.
    """

    about: str | None = None
    stage: Stage | None = None
    missing: bool | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolidationView:
    """A unit's round before a meeting or session.

    `days_over` are the calendar days beyond the due date: until today for what is missing, until it was handed in else.
    """

    id: str
    office: str
    unit: str
    unit_label: str  # of today, with what it was called when it was asked
    about: str
    due: date
    stage: str
    label: str
    missing: bool
    cancelled: bool  # the meeting or session is not held
    days_over: int
    nil: bool
    opinions: tuple[str, ...]
    submitted_at: datetime | None
    returned: int  # times that the hub asked for it again
    reported_at: str | None
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingUnit:
    """A unit that was asked and has handed in nothing: "chưa nộp"."""

    id: str
    unit: str
    unit_label: str  # of today, with what it was called when it was asked
    due: date
    days_over: int
    returned: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """All units that were asked before one meeting or session: asked = with opinions + nil + missing.

    Of one that is not held nobody is missing.
    """

    about: str
    office: str
    cancelled: bool
    due: date  # the latest of its units'
    asked: int
    with_opinions: int
    nil: int
    reported: int  # of those handed in
    missing: tuple[MissingUnit, ...]


def consolidation_view(row: Mapping[Any, Any], directory: Directory) -> ConsolidationView:
    """A unit's round as it stands on the directory's day."""
    due, submitted, cancelled = date.fromisoformat(row["due_day"]), row["submitted_at"], row["cancelled"] is not None
    until = due if cancelled else directory.day
    return ConsolidationView(
        id=row["consolidation"],
        office=row["office"],
        unit=row["unit"],
        unit_label=_label(row, directory),
        about=row["about"],
        due=due,
        stage=row["stage"],
        label=CANCELLED if cancelled and submitted is None else LABELS[row["stage"]],
        missing=submitted is None and not cancelled,
        cancelled=cancelled,
        days_over=_days(due, until if submitted is None else local_day(instant(submitted))),
        nil=bool(row["nil"]),
        opinions=tuple(row["opinions"].split()),
        submitted_at=None if submitted is None else instant(submitted),
        returned=row["returned"],
        reported_at=row["reported_at"],
        version=row["version"],
    )


def missing_unit(row: Mapping[Any, Any], directory: Directory) -> MissingUnit:
    """A unit that has handed in nothing until the directory's day."""
    due = date.fromisoformat(row["due_day"])
    return MissingUnit(
        id=row["consolidation"],
        unit=row["unit"],
        unit_label=_label(row, directory),
        due=due,
        days_over=_days(due, directory.day),
        returned=row["returned"],
    )


def _label(row: Mapping[Any, Any], directory: Directory) -> str:
    return directory.label_today(row["unit"], begun=local_day(instant(row["asked_at"])))


def _days(due: date, until: date) -> int:
    return max(0, (until - due).days)
