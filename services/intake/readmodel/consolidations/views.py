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
ENDED: Final = "Đơn vị đã kết thúc"
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
class Gone:
    """A unit that is no more from a day on, and who has its place today; nobody, where none took over."""

    since: date
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsolidationView:
    """A unit's round before a meeting or session.

    `days_over` are the calendar days beyond the due date: until today for what is missing, until it was handed in else.
    Of a unit that ended before it handed in, nothing is missing: `gone` says since when, and who has its place.
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
    gone: Gone | None
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
class EndedUnit:
    """A unit that was asked, had handed in nothing and is no more: it is not silent. `successors` have its place today."""

    id: str
    unit: str
    unit_label: str
    due: date
    ended: date
    successors: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RoundView:
    """All units that were asked before one meeting or session: asked = with opinions + nil + missing + ended.

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
    ended: tuple[EndedUnit, ...]


def consolidation_view(row: Mapping[Any, Any], directory: Directory) -> ConsolidationView:
    """A unit's round as it stands on the directory's day."""
    due, submitted, cancelled = date.fromisoformat(row["due_day"]), row["submitted_at"], row["cancelled"] is not None
    gone = gone_of(row["unit"], directory) if submitted is None and not cancelled else None
    until = due if cancelled else gone.since if gone else directory.day
    return ConsolidationView(
        id=row["consolidation"],
        office=row["office"],
        unit=row["unit"],
        unit_label=_label(row, directory),
        about=row["about"],
        due=due,
        stage=row["stage"],
        label=CANCELLED if cancelled and submitted is None else _of_gone(gone) if gone else LABELS[row["stage"]],
        missing=submitted is None and not cancelled and gone is None,
        cancelled=cancelled,
        gone=gone,
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


def ended_unit(row: Mapping[Any, Any], directory: Directory) -> EndedUnit:
    """A unit that had handed in nothing when it ended."""
    return EndedUnit(
        id=row["consolidation"],
        unit=row["unit"],
        unit_label=_label(row, directory),
        due=date.fromisoformat(row["due_day"]),
        ended=directory.ended[row["unit"]],
        successors=directory.successors(row["unit"]),
    )


def gone_of(unit: str, directory: Directory) -> Gone | None:
    """Since when a unit is no more, and who has its place."""
    since = directory.ended.get(unit)
    return None if since is None else Gone(since=since, successors=directory.successors(unit))


def _of_gone(gone: Gone) -> str:
    return f"{ENDED}, kế nhiệm: {', '.join(gone.successors)}" if gone.successors else ENDED


def _days(due: date, until: date) -> int:
    return max(0, (until - due).days)
