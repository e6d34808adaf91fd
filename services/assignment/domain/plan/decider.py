"""Stream `plan-<office>-<year>`: what is decided about the plan of a year (R1, R2, R29, R45)."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise
from typing import Any, Final

from services.assignment.domain.directory.decider import lead_on, unit_on, unit_stream
from services.assignment.domain.directory.rules import due_by
from services.assignment.domain.directory.succession import in_its_place
from services.assignment.domain.document.carrying import Wanted, carry, is_said_again, refuse_other_paper
from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.plan import commands as asked
from services.assignment.domain.plan.refusals import (
    AnnualWindowMissing,
    DisseminationMissing,
    PlanAmendedByItself,
    PlanCountedTwice,
    PlanEmpty,
    PlanInForce,
    PlanNotInForce,
    PlanNotOver,
    WindowsDoNotTile,
    WindowsWrong,
)
from shared.calendar import local_day
from shared.contracts.case import Authority
from shared.contracts.document import DocumentKind
from shared.contracts.facts import Facts
from shared.contracts.plan import (
    Basis,
    Dissemination,
    PlanAmended,
    PlanClosed,
    PlanDrafted,
    PlanIssued,
    PlannedDialogue,
    Recipient,
    ReportWindow,
)
from shared.contracts.refusals import Unknown
from shared.contracts.task import TaskAssigned, TaskType
from shared.documents.recipients import listed

Decided = dict[str, Sequence[Any]]
DISSEMINATE: Final = "disseminate"
ANNUAL: Final = "annual"  # the report whose windows follow one another over the years
NEXT_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NoPlan:
    """Nothing was drafted for this office and year."""


@dataclass(frozen=True, slots=True)
class Planned:
    """What a plan says now."""

    office: str
    year: int
    bases: tuple[Basis, ...]
    dialogues: tuple[PlannedDialogue, ...]
    windows: tuple[ReportWindow, ...]
    recipients: tuple[Recipient, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    """Not issued yet; `document` is its paper, where the draft names one."""

    plan: Planned
    document: str | None = None


@dataclass(frozen=True, slots=True)
class InForce:
    """Issued, and followed; `tasks` make it known, in the order of the units that were named."""

    plan: Planned
    document: str
    number: str
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """The year is over."""

    plan: Planned
    number: str


Plan = NoPlan | Draft | InForce | Closed
INITIAL: Final[Plan] = NoPlan()


@dataclass(frozen=True, slots=True, kw_only=True)
class Issuing(Listing):
    """The lists of the day, with the stream of each unit's dissemination task."""

    tasks: Mapping[str, str]


def plan_stream(office: str, year: int) -> str:
    """The stream of the plan of `office` for `year`."""
    return f"plan-{office}-{year}"


def dialogue_stream(plan: str, number: int) -> str:
    """The stream that says which session a dialogue of `plan` was used for."""
    return f"planned_dialogue-{plan.partition('-')[2]}-{number}"


def evolve(state: Plan, event: Any) -> Plan:
    """The plan after `event`."""
    match state, event:
        case _, PlanDrafted():
            plan = Planned(event.office, event.year, event.bases, event.dialogues, event.windows, event.recipients)
            return Draft(plan, event.document)
        case Draft(), PlanIssued():
            return InForce(state.plan, event.document, event.number, tuple(each.task for each in event.disseminations))
        case InForce(), PlanAmended():
            plan = replace(state.plan, dialogues=event.dialogues, windows=event.windows, recipients=event.recipients)
            return replace(state, plan=plan)
        case InForce(), PlanClosed():
            return Closed(state.plan, state.number)
    return state


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to a plan, its paper and its tasks, by stream.

    Raises:
        Unknown, PlanInForce, PlanNotInForce, PlanEmpty, PlanNotOver, PlanAmendedByItself
        WindowsWrong, WindowsDoNotTile, AnnualWindowMissing, DisseminationMissing, PlanCountedTwice
        Refused: of the paper's rules (`carrying.carry`) or of the directory's.

    """
    if isinstance(command, asked.DraftPlan):
        assert isinstance(facts, Listing)
        return _draft(command, states, facts)
    state: Plan = states[command.plan]
    if isinstance(state, NoPlan):
        raise Unknown("plan")
    match command:
        case asked.CopyPlan():
            return _copy(command, state.plan, states, local_day(facts.at))
        case asked.IssuePlan():
            assert isinstance(facts, Issuing)
            return _issue(command, state, states, facts)
        case asked.AmendPlan():
            assert isinstance(facts, Listing)
            return _amend(command, state, states, facts)
        case asked.ClosePlan():
            return {command.plan: _close(state, local_day(facts.at))}
    raise TypeError(f"a plan is not asked to {type(command).__name__}")


def _draft(command: asked.DraftPlan, states: Mapping[str, Any], facts: Listing) -> Decided:
    stream = plan_stream(command.office, command.year)
    if not isinstance(states[stream], NoPlan | Draft):
        raise PlanInForce(year=command.year)
    _refuse_counted_twice(command.dialogues)
    _refuse_wrong(command.windows)
    drafted = PlanDrafted(
        office=command.office,
        year=command.year,
        bases=command.bases,
        dialogues=command.dialogues,
        windows=command.windows,
        recipients=command.recipients or listed(facts, command.office, DocumentKind.PLAN, local_day(facts.at)),
        copied_from=None,
        document=command.document,
    )
    wanted = Wanted(kind=DocumentKind.PLAN, office=command.office, about=(stream,))
    refuse_other_paper(command.document, "document", wanted, states, facts, signed=False)
    return {stream: [drafted]}


def _copy(command: asked.CopyPlan, plan: Planned, states: Mapping[str, Any], day: date) -> Decided:
    stream = plan_stream(plan.office, plan.year + 1)
    if isinstance(states[stream], Draft):
        return {}
    if not isinstance(states[stream], NoPlan):
        raise PlanInForce(year=plan.year + 1)
    drafted = PlanDrafted(
        office=plan.office,
        year=plan.year + 1,
        bases=plan.bases,
        dialogues=tuple(replace(each, planned=_next_year(each.planned)) for each in plan.dialogues),
        windows=_windows_after(plan.windows),
        recipients=_in_their_places(plan.recipients, states, day),
        copied_from=command.plan,
        document=None,
    )
    return {stream: [drafted]}


def _in_their_places(recipients: Iterable[Recipient], states: Mapping[str, Any], day: date) -> tuple[Recipient, ...]:
    """Each line stands for a role: whoever has its unit's place on the day is its recipient, once (R45, R49).

    Raises:
        UnitNotInForce: nobody has the place, or several share it and a person must name them.

    """
    found: dict[str, Recipient] = {}
    for line in recipients:
        unit = in_its_place(states, line.unit, day)
        unit_on(states[unit_stream(unit)], unit, day, "recipients")
        found.setdefault(unit, replace(line, unit=unit))
    return tuple(found.values())


def _windows_after(windows: tuple[ReportWindow, ...]) -> tuple[ReportWindow, ...]:
    """A year later; what began with the year begins where that ends, however late the first one began."""
    annual = max(_annual(windows), key=lambda window: window.last, default=None)
    return tuple(
        replace(_window_after(each), first=annual.last + NEXT_DAY)
        if annual is not None and each.first == annual.first
        else _window_after(each)
        for each in windows
    )


def _window_after(window: ReportWindow) -> ReportWindow:
    first, last, before = _next_year(window.first), _next_year(window.last), _next_year(window.before)
    assert first is not None
    assert last is not None
    assert before is not None
    return replace(window, first=first, last=last, before=before)


def _next_year(day: date | None) -> date | None:
    if day is None:
        return None
    leap = day.month == 2 and day.day == 29
    return day.replace(year=day.year + 1, day=28 if leap else day.day)


def _issue(command: asked.IssuePlan, state: Plan, states: Mapping[str, Any], facts: Issuing) -> Decided:
    if isinstance(state, InForce) and is_said_again(command, state.document, states):
        return {}
    if not isinstance(state, Draft):
        raise PlanInForce(year=state.plan.year)  # type: ignore[union-attr]  # NoPlan was refused before
    plan = state.plan
    missing = [name for name, held in (("bases", plan.bases), ("windows", plan.windows)) if not held]
    if missing:
        raise PlanEmpty(missing=", ".join(missing))
    _refuse_wrong(plan.windows)
    _refuse_yearless(plan)
    _refuse_beside(plan, states)
    if not command.disseminate:
        raise DisseminationMissing("disseminate")
    paper = carry(command, command.document or state.document, _paper_about(command.plan, plan), states, facts)
    day = paper.on
    due = due_by(states, plan.office, DISSEMINATE, day)
    tasks: Decided = {}
    units = tuple(dict.fromkeys(command.disseminate))
    for unit in units:
        lead_on(states[unit_stream(unit)], unit, plan.office, day)
        tasks[facts.tasks[unit]] = [
            TaskAssigned(
                type=TaskType.DISSEMINATE,
                unit=unit,
                office=plan.office,
                about=command.plan,
                case=None,
                episode=None,
                authority=Authority.HEAD,
                due=due,
            )
        ]
    made = tuple(Dissemination(unit=unit, task=facts.tasks[unit], due=due) for unit in units)
    issued = PlanIssued(document=paper.document, number=paper.symbol, on=day, disseminations=made)
    return {**paper.events, command.plan: [issued], **tasks}


def _amend(command: asked.AmendPlan, state: Plan, states: Mapping[str, Any], facts: Listing) -> Decided:
    if not isinstance(state, InForce):
        raise PlanNotInForce
    plan = replace(
        state.plan,
        dialogues=state.plan.dialogues if command.dialogues is None else command.dialogues,
        windows=state.plan.windows if command.windows is None else command.windows,
        recipients=state.plan.recipients if command.recipients is None else command.recipients,
    )
    _refuse_counted_twice(plan.dialogues)
    _refuse_wrong(plan.windows)
    _refuse_yearless(plan)
    _refuse_beside(plan, states)
    if plan == state.plan:
        return {}
    if command.document == state.document:
        raise PlanAmendedByItself("document")
    paper = carry(command, command.document, _paper_about(command.plan, plan), states, facts)
    amended = PlanAmended(
        document=paper.document,
        number=paper.symbol,
        on=paper.on,
        dialogues=plan.dialogues,
        windows=plan.windows,
        recipients=plan.recipients,
        reason=command.reason,
    )
    return {**paper.events, command.plan: [amended]}


def _paper_about(stream: str, plan: Planned) -> Wanted:
    return Wanted(kind=DocumentKind.PLAN, office=plan.office, about=(stream,), recipients=plan.recipients)


def _close(state: Plan, day: date) -> list[PlanClosed]:
    match state:
        case Closed():
            return []
        case InForce(plan=plan):
            over = max((window.before for window in plan.windows), default=day)
            if day < over:
                raise PlanNotOver(day=over.isoformat())
            return [PlanClosed()]
    raise PlanNotInForce


def _refuse_counted_twice(dialogues: Sequence[PlannedDialogue]) -> None:
    """A number names one dialogue: by it the session that was proposed as that dialogue is found (R1)."""
    counts = Counter(each.number for each in dialogues)
    for number, times in counts.items():
        if times > 1:
            raise PlanCountedTwice("dialogues", number=number)


def _refuse_wrong(windows: Sequence[ReportWindow]) -> None:
    for window in windows:
        if not window.first <= window.last < window.before:
            raise WindowsWrong("windows", report=window.report)
    annual = _annual(windows)
    _refuse_apart(annual)
    for window in windows:
        beginning = [each for each in annual if each.first == window.first and window.last <= each.last]
        if annual and not beginning:
            raise WindowsDoNotTile("windows", one=_named(window), other=_named(annual[0]))


def _refuse_yearless(plan: Planned) -> None:
    if not _annual(plan.windows):
        raise AnnualWindowMissing("windows", year=plan.year)


def _refuse_beside(plan: Planned, states: Mapping[str, Any]) -> None:
    """The annual windows go on from the plan of the year before, and those of the next year from them."""
    beside = (states.get(plan_stream(plan.office, year)) for year in (plan.year - 1, plan.year + 1))
    known = [_annual(each.plan.windows) for each in beside if isinstance(each, InForce | Closed)]
    _refuse_apart([window for windows in (*known, _annual(plan.windows)) for window in windows])


def _refuse_apart(windows: Iterable[ReportWindow]) -> None:
    for one, other in pairwise(sorted(windows, key=lambda window: window.first)):
        if one.last + NEXT_DAY != other.first:
            raise WindowsDoNotTile("windows", one=_named(one), other=_named(other))


def _annual(windows: Iterable[ReportWindow]) -> list[ReportWindow]:
    return [window for window in windows if window.report == ANNUAL]


def _named(window: ReportWindow) -> str:
    return f"{window.report} {window.first.isoformat()}/{window.last.isoformat()}"
