"""What a command does to a report: the protocol of its lock (R40–R44, design decision 16)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from services.reporting.domain.report import commands as asked
from services.reporting.domain.report.refusals import (
    LaterLocked,
    NotOfTheOffice,
    NoWindow,
    PredecessorOpen,
    ReportNotOpen,
    ReportOpenedAlready,
    UnitsSilent,
    WindowNotOver,
    WindowsOverlap,
)
from services.reporting.domain.report.states import (
    INITIAL,
    Locked,
    Locking,
    NoReport,
    Open,
    Period,
    Report,
    Written,
    around,
    report_stream,
)
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.report import (
    Blocked,
    Blocker,
    CarriedOver,
    ConfirmationWaived,
    ConfirmationWithdrawn,
    DataLocked,
    FiguresConfirmed,
    LockRefused,
    LockRequested,
    Reached,
    ReportKind,
    ReportOpened,
    SourceFenced,
)

SOURCES: Final = ("intake", "assignment")  # whose logs a report counts
GUARDS: Final[Mapping[type[Refused], Blocker]] = {
    WindowNotOver: Blocker.WINDOW,
    UnitsSilent: Blocker.SILENT,
    PredecessorOpen: Blocker.PREDECESSOR,
    LaterLocked: Blocker.LATER,
    WindowsOverlap: Blocker.OVERLAP,
}
Decided = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The days of a report as a plan or profile has them."""

    first: date
    last: date
    before: date
    plan: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Other:
    """A report of the same office: its name, year and days, and whether its figures are locked."""

    report: str
    year: int
    first: date
    last: date
    locked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening(Facts):
    """The window that the office's plan gives the report, if it has one in force, and the office's other reports."""

    planned: Window | None
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Confirming(Facts):
    """The units of the office on the last day of the window, the report before where it adjoins, and the other reports."""

    units: frozenset[str]
    former: Report = INITIAL
    others: tuple[Other, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """The figures at the fences: their digest, by which directory, calendar and definitions, and what stands against them.

    `predecessor` is the report whose open matters they carry on.
    """

    figures: str
    predecessor: CarriedOver | None
    directory: int
    calendar: str
    definitions: str
    blocked: tuple[Blocked, ...]
    own: Reached | None = None  # up to where reporting's own log was counted, where the office brought something along


@dataclass(frozen=True, slots=True, kw_only=True)
class Counting(Confirming):
    """What was counted, None while a fence is missing; units and the reports beside as they stand by then."""

    counted: Counted | None


def profile(kind: ReportKind, year: int) -> Window:
    """The default windows: from 1 November to 31 May, sent before 10 June; or to 31 October, before 20 November (brief §5.4)."""
    first = date(year - 1, 11, 1)
    if kind is ReportKind.SIX_MONTH:
        return Window(first=first, last=date(year, 5, 31), before=date(year, 6, 10))
    return Window(first=first, last=date(year, 10, 31), before=date(year, 11, 20))


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The events of a command, by stream.

    Raises:
        Unknown, NoWindow, ReportOpenedAlready, ReportNotOpen, WindowNotOver, UnitsSilent, NotOfTheOffice, PredecessorOpen,
            LaterLocked, WindowsOverlap

    """
    if isinstance(command, asked.OpenReport):
        assert isinstance(facts, Opening)
        return _open(command, states, facts)
    state: Report = states[command.report]
    if isinstance(state, NoReport):
        raise Unknown("report")
    match command:
        case asked.TakeFence():
            events: Sequence[Any] = _take(command, state)
        case asked.LockData():
            assert isinstance(facts, Counting)
            events = _lock(state, facts)
        case asked.RequestLock():
            assert isinstance(facts, Confirming)
            events = _request(state, facts)
        case _:
            assert isinstance(facts, Confirming)
            events = _confirming(command, state, facts)
    return {command.report: events}


def _open(command: asked.OpenReport, states: Mapping[str, Any], facts: Opening) -> Decided:
    stream = report_stream(command.office, command.kind, command.year)
    window = _window(command, facts.planned)
    former = states.get(report_stream(command.office, ReportKind.ANNUAL, command.year - 1))
    period = Period(command.office, command.kind, command.year, window.first, window.last, window.before, window.plan)
    state: Report = states[stream]
    if not isinstance(state, NoReport):
        if state.period != period:
            raise ReportOpenedAlready(report=stream, first=state.period.first.isoformat(), last=state.period.last.isoformat())
        return {}
    previous = former.period.last if former is not None and not isinstance(former, NoReport) else None
    in_order = window.first <= window.last < window.before
    if not in_order or (previous is not None and window.first != previous + timedelta(days=1)):
        raise NoWindow("first", previous=previous.isoformat() if previous else "–")
    for refused in _out_of_turn(period, _others(command, states, facts.others)):
        raise refused
    return {
        stream: [
            ReportOpened(
                office=command.office,
                kind=command.kind,
                year=command.year,
                first=window.first,
                last=window.last,
                before=window.before,
                plan=window.plan,
            )
        ]
    }


def _others(command: asked.OpenReport, states: Mapping[str, Any], known: Sequence[Other]) -> list[Other]:
    """The office's other reports: those around it as their streams have them now, the rest as they are known."""
    found = {each.report: each for each in known}
    for name in around(command.office, command.year):
        state = states.get(name)
        if state is not None and not isinstance(state, NoReport):
            found[name] = other(name, state)
    own = report_stream(command.office, command.kind, command.year)
    return [each for name, each in sorted(found.items()) if name != own]


def other(name: str, state: Open | Locking | Locked | Written) -> Other:
    """A report as another sees it."""
    period = state.period
    return Other(report=name, year=period.year, first=period.first, last=period.last, locked=isinstance(state, Locked | Written))


def _out_of_turn(period: Period, others: Sequence[Other]) -> Iterator[Refused]:
    for each in others:
        if each.locked and each.first > period.last:
            yield LaterLocked(report=each.report, first=each.first.isoformat())
    for each in others:
        # The six months lie within their own year, and are no part of its chain.
        if each.year != period.year and each.first <= period.last and period.first <= each.last:
            days = {"first": each.first.isoformat(), "last": each.last.isoformat()}
            yield WindowsOverlap("first", report=each.report, **days)


def _window(command: asked.OpenReport, planned: Window | None) -> Window:
    usual = planned or profile(command.kind, command.year)
    given = (command.first, command.last, command.before)
    if given == (None, None, None):
        return usual
    return Window(first=command.first or usual.first, last=command.last or usual.last, before=command.before or usual.before)


def _confirming(command: Any, state: Report, facts: Confirming) -> Sequence[Any]:
    if not isinstance(state, Open):
        raise ReportNotOpen
    if command.unit not in facts.units:
        raise NotOfTheOffice("unit", unit=command.unit)
    match command:
        case asked.ConfirmFigures():
            return [] if command.unit in state.confirmed else [FiguresConfirmed(unit=command.unit)]
        case asked.WithdrawConfirmation():
            return [ConfirmationWithdrawn(unit=command.unit)] if command.unit in state.confirmed else []
        case asked.WaiveConfirmation():
            known = state.confirmed | state.waived
            return [] if command.unit in known else [ConfirmationWaived(unit=command.unit, reason=command.reason)]
    raise TypeError(f"a report is not asked to {type(command).__name__}")


def _request(state: Report, facts: Confirming) -> Sequence[Any]:
    if isinstance(state, Locking):
        return []  # it is under way
    if not isinstance(state, Open):
        raise ReportNotOpen
    for refused in _against(state, facts):
        raise refused
    return [LockRequested(attempt=state.attempts + 1)]


def _against(state: Open, facts: Confirming) -> Iterator[Refused]:
    """What stands against a lock besides its figures, as it is known by then."""
    if local_day(facts.now) <= state.period.last:
        yield WindowNotOver(last=state.period.last.isoformat())
    silent = sorted(facts.units - state.confirmed - state.waived)
    if silent:
        yield UnitsSilent(count=len(silent), units=", ".join(silent))
    if isinstance(facts.former, Open | Locking):
        yield PredecessorOpen(last=facts.former.period.last.isoformat())
    yield from _out_of_turn(state.period, facts.others)


def _take(command: asked.TakeFence, state: Report) -> Sequence[Any]:
    if not isinstance(state, Locking) or command.source in {fence.source for fence in state.fences}:
        return []
    return [SourceFenced(source=command.source, position=command.position, attempt=state.attempt)]


def _lock(state: Report, facts: Counting) -> Sequence[Any]:
    counted = facts.counted
    if isinstance(state, Locked | Written | Open) or counted is None:
        return []
    assert isinstance(state, Locking)
    # Something may have happened since it was requested, which stood open to everybody but its units.
    blocked = (*(_blocked(state.period, refused) for refused in _against(state.before, facts)), *counted.blocked)
    if blocked:
        return [LockRefused(blocked=blocked)]
    return [
        DataLocked(
            positions=(*state.fences, *((counted.own,) if counted.own else ())),
            predecessor=counted.predecessor,
            directory=counted.directory,
            calendar=counted.calendar,
            definitions=counted.definitions,
            figures=counted.figures,
        )
    ]


def _blocked(period: Period, refused: Refused) -> Blocked:
    count = refused.facts.get("count", 1)
    return Blocked(why=GUARDS[type(refused)], where=period.kind.value, count=count, episodes=())
