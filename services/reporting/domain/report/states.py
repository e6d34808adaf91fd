"""A report's states: no report, open, being locked, locked, written; what its events make of them."""

import re
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Final

from shared.contracts.report import (
    Blocked,
    CarriedOver,
    ConfirmationWaived,
    ConfirmationWithdrawn,
    DataLocked,
    FiguresConfirmed,
    LockRefused,
    LockRequested,
    Reached,
    ReportDrafted,
    ReportKind,
    ReportOpened,
    ReportSuperseded,
    SectionWritten,
    SourceFenced,
)


@dataclass(frozen=True, slots=True)
class Period:
    """What a report is about."""

    office: str
    kind: ReportKind
    year: int
    first: date
    last: date
    before: date
    plan: str | None


@dataclass(frozen=True, slots=True)
class NoReport:
    """Nothing was opened under this name."""


@dataclass(frozen=True, slots=True)
class Open:
    """Units confirm; `attempts` were made to lock it, the last one refused for what is `blocked`."""

    period: Period
    confirmed: frozenset[str] = frozenset()
    waived: frozenset[str] = frozenset()
    attempts: int = 0
    blocked: tuple[Blocked, ...] = ()


@dataclass(frozen=True, slots=True)
class Locking:
    """The sources are asked for their fences; `fences` are those that stand, as it was `before`."""

    before: Open
    attempt: int
    fences: tuple[Reached, ...] = ()

    @property
    def period(self) -> Period:
        return self.before.period


@dataclass(frozen=True, slots=True)
class Lock:
    """What the figures rest on, and their digest."""

    positions: tuple[Reached, ...]
    directory: int
    calendar: str
    definitions: str
    figures: str


@dataclass(frozen=True, slots=True)
class Locked:
    """The figures stand."""

    period: Period
    confirmed: frozenset[str]
    waived: frozenset[str]
    lock: Lock


@dataclass(frozen=True, slots=True)
class Written:
    """Its text is being written on what is locked: `drafted` as a paper, `outdated` where a section was written since."""

    locked: Locked
    drafted: bool = False
    outdated: bool = False
    superseded_by: str | None = None

    @property
    def period(self) -> Period:
        return self.locked.period

    @property
    def lock(self) -> Lock:
        return self.locked.lock


Report = NoReport | Open | Locking | Locked | Written
INITIAL: Final[Report] = NoReport()
# No window is named so, and a unit's key ends before its year.
CORRECTION: Final = re.compile(r"(report-.+-\d{4}(?:-H1)?)-DC([1-9]\d{0,2})")


def report_stream(office: str, kind: ReportKind, year: int) -> str:
    """The stream of an office's report: `report-VPUB-2023-H1`, `report-VPUB-2023`."""
    return f"report-{office}-{year}-H1" if kind is ReportKind.SIX_MONTH else f"report-{office}-{year}"


def corrected_by(report: str) -> str:
    """The stream of the report that corrects this one: `report-VPUB-2023-H1-DC1`, then `-DC2`."""
    name, generation = _generation(report)
    return f"{name}-DC{generation + 1}"


def first_of(report: str) -> str:
    """The first report of the window of this one, which may correct it."""
    return _generation(report)[0]


def correction_of(report: str) -> str | None:
    """The report that this one corrects; None for the first of its window."""
    name, generation = _generation(report)
    if generation < 2:
        return name if generation else None
    return f"{name}-DC{generation - 1}"


def _generation(report: str) -> tuple[str, int]:
    """The first report of a window, and how often it was corrected."""
    found = CORRECTION.fullmatch(report)
    return (found[1], int(found[2])) if found else (report, 0)


def paper_of(report: str) -> str:
    """The stream of a report's paper: `document-VPUB-2023-H1`."""
    return f"document-{report.partition('-')[2]}"


def report_of(paper: str) -> str:
    """The report whose paper it is."""
    return f"report-{paper.partition('-')[2]}"


def formers_of(period: Period) -> tuple[str, ...]:
    """The streams of the reports that may adjoin: the last annual one, and for an annual one its own year's six months.

    Usually the annual one does, whichever this is (domain brief, corrections); the six months where the year's own report
    begins after them.
    """
    last_year = report_stream(period.office, ReportKind.ANNUAL, period.year - 1)
    six_months = report_stream(period.office, ReportKind.SIX_MONTH, period.year)
    return (last_year,) if period.kind is ReportKind.SIX_MONTH else (last_year, six_months)


def adjoins(former: Report, period: Period) -> bool:
    """Whether the window of `former` ends where that of `period` begins: only then what it left open carries over."""
    return not isinstance(former, NoReport) and former.period.last + timedelta(days=1) == period.first


def around(office: str, year: int) -> tuple[str, ...]:
    """The streams of the office's reports of a year and of those beside it."""
    return tuple(report_stream(office, kind, each) for each in (year - 1, year, year + 1) for kind in ReportKind)


def carried_over(former: Report, report: str) -> CarriedOver | None:
    """What a report before, called `report`, hands on; nothing while it is not locked."""
    if not isinstance(former, Locked | Written):
        return None
    first, last, lock = former.period.first, former.period.last, former.lock
    return CarriedOver(report=report, first=first, last=last, positions=lock.positions, figures=lock.figures)


def evolve(state: Report, event: Any) -> Report:
    """The report after `event`."""
    match state, event:
        case NoReport(), ReportOpened():
            period = Period(event.office, event.kind, event.year, event.first, event.last, event.before, event.plan)
            return Open(period)
        case Open(), FiguresConfirmed():
            return replace(state, confirmed=state.confirmed | {event.unit}, waived=state.waived - {event.unit})
        case Open(), ConfirmationWithdrawn():
            return replace(state, confirmed=state.confirmed - {event.unit})
        case Open(), ConfirmationWaived():
            return replace(state, waived=state.waived | {event.unit})
        case Open(), LockRequested():
            return Locking(replace(state, attempts=event.attempt, blocked=()), event.attempt)
        case Locking(), SourceFenced():
            return replace(state, fences=(*state.fences, Reached(source=event.source, position=event.position)))
        case Locking(), LockRefused():
            return replace(state.before, blocked=event.blocked)
        case Locking(), DataLocked():
            lock = Lock(event.positions, event.directory, event.calendar, event.definitions, event.figures)
            return Locked(state.period, state.before.confirmed, state.before.waived, lock)
        case ((Locked() | Written()), _):
            return _written(state, event)
    return state


def _written(state: Locked | Written, event: Any) -> Report:
    text = state if isinstance(state, Written) else Written(state)
    match event:
        case SectionWritten():
            return replace(text, outdated=text.drafted)
        case ReportDrafted():
            return replace(text, drafted=True, outdated=False)
        case ReportSuperseded():
            return replace(text, superseded_by=event.by)
    return state
