"""Stream `reorganisation-<work>`: open work of a unit that was succeeded, with its id, history and due date (invariant 9)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.assignment.domain.case import states as cases
from services.assignment.domain.case.conflict import concerned, refuse_concerned
from services.assignment.domain.case.refusals import AboutThatUnit, AuthorityNotHeld
from services.assignment.domain.directory.succession import Goes, Stays, taken_over
from services.assignment.domain.directory.units import Dissolved, holds_on, lead_on, unit_on, unit_stream
from services.assignment.domain.reorganisation.commands import HandOver, SettleTransfer
from services.assignment.domain.task import states as tasks
from services.assignment.domain.task.moving import LEAD_GIVERS, leads_by
from shared.calendar import local_day
from shared.contracts.case import Authority, CaseTransferred, ConsultationMoved, CoordinationSet
from shared.contracts.directory import TransferQueued, TransferSettled
from shared.contracts.facts import Facts
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.task import TaskTransferred


class NotQueued(Refused):
    """Only work that waits for a person is settled; any other is transferred by its head."""

    code = "not-queued"
    rule = ("R49",)
    title_vi = "Công việc này không chờ quyết định chuyển giao"
    title_en = "This work does not wait for anybody to decide who takes it"
    advice_vi = "Xem danh sách chờ của văn phòng; việc khác thì chuyển nhiệm vụ ở trang của việc đó."
    advice_en = "See the office's queue; other work is moved by transfer_task."


@dataclass(frozen=True, slots=True)
class NotAsked:
    """No rule was ever at a loss about it."""


@dataclass(frozen=True, slots=True)
class Queued:
    """A person must decide who takes it from `unit`."""

    unit: str


@dataclass(frozen=True, slots=True)
class Settled:
    """It was decided."""

    to: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Open work as a reorganisation sees it: who holds it, in which field, in whose name it was given."""

    about: str
    office: str
    unit: str
    field: str | None
    authority: Authority
    concerns: tuple[str, ...]  # units that must not have it


Queue = NotAsked | Queued | Settled
INITIAL: Final[Queue] = NotAsked()


def evolve(state: Queue, event: TransferQueued | TransferSettled) -> Queue:
    """What waits after `event`."""
    match event:
        case TransferQueued(unit=unit):
            return Queued(unit)
        case TransferSettled(to=to):
            return Settled(to)
    return state


def queue_stream(about: str) -> str:
    """Where it stands what was decided about a piece of work."""
    return f"reorganisation-{about}"


def held(about: str, states: Mapping[str, Any]) -> Held | None:
    """The open work under `about`, a task or a case; None where nobody holds it, it is done, or it moves with its task.

    Raises:
        Unknown: there never was any.

    """
    state = states[about]
    match state:
        case tasks.NoTask() | cases.NoCase():
            raise Unknown("about")
        case tasks.Assigned(work=work) | tasks.Accepted(work=work) | tasks.Submitted(work=work):
            case = states[work.given.case] if work.given.case is not None else None
            matter = getattr(case, "matter", None)
            return Held(
                about=about,
                office=work.given.office,
                unit=work.unit,
                field=matter.field if matter else None,
                authority=work.given.authority,
                concerns=matter.concerns_units if matter else (),
            )
        case cases.Drafting() | cases.UnderApproval() | cases.Approved() | cases.Delivered():
            task = states[state.task]
            if isinstance(task, tasks.OPEN) and task.work.unit == state.lead:
                return None
            return Held(
                about=about,
                office=state.matter.office,
                unit=state.lead,
                field=state.matter.field,
                authority=Authority.HEAD if isinstance(task, tasks.NoTask) else task.work.given.authority,
                concerns=state.matter.concerns_units,
            )
    return None


def decide(command: HandOver | SettleTransfer, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[Any]]:
    """What becomes of one piece of work, by stream.

    Raises:
        Unknown, NotQueued, AboutThatUnit, AboutThatPost, AuthorityNotHeld
        UnknownUnit, UnitNotInForce, LeadOutsideOffice: of whoever is to take it.

    """
    found = held(command.about, states)
    if found is None:
        return {}  # nobody holds it any more: closed work never moves
    queue = queue_stream(command.about)
    match command:
        case HandOver():
            return _hand_over(found, states[queue], states, facts)
        case SettleTransfer(to=to):
            if states[queue] == Settled(to):
                return {}
            if not isinstance(states[queue], Queued):
                raise NotQueued("about")
            matter = _matter(found.about, states)
            if matter is not None:
                refuse_concerned(matter, facts)
            if names_lead(found.about, states) and facts.capacity not in LEAD_GIVERS:
                raise AuthorityNotHeld("about")
            _refuse_wrong_taker(found, to, states, facts)
            settled = TransferSettled(about=found.about, office=found.office, to=to)
            return {queue: [settled], **_moved(found, to, None, states)}
    raise TypeError(f"a reorganisation is not asked to {type(command).__name__}")


def _hand_over(found: Held, queue: Queue, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[Any]]:
    if queue == Queued(found.unit):
        return {}
    day = local_day(facts.at)
    match taken_over(states[unit_stream(found.unit)], found.field, day):
        case Stays():
            return {}
        case Goes(to=to, basis=basis) if to not in concerned(found.concerns, facts) and holds_on(states[unit_stream(to)], day):
            return _moved(found, to, basis, states)
    queued = TransferQueued(about=found.about, office=found.office, unit=found.unit, field=found.field)
    return {queue_stream(found.about): [queued]}


def _refuse_wrong_taker(found: Held, to: str, states: Mapping[str, Any], facts: Facts) -> None:
    day = local_day(facts.at)
    office = states[unit_stream(found.office)]
    # Of an office that is no more, the work goes to whoever took its place, and no head of it is left to be asked.
    gone = isinstance(office, Dissolved) and office.dissolved_from <= day
    if gone or found.authority is Authority.CHAIRMAN:
        unit_on(states[unit_stream(to)], to, day, "to")
    else:
        lead_on(states[unit_stream(to)], to, found.office, day)
    if to in concerned(found.concerns, facts):
        raise AboutThatUnit("to", unit=to)


def _matter(about: str, states: Mapping[str, Any]) -> cases.Matter | None:
    """The matter of a case, or of the case that a task belongs to."""
    state = states[about]
    if isinstance(state, tasks.OPEN):
        case = state.work.given.case
        state = states.get(case) if case is not None else None
    found: cases.Matter | None = getattr(state, "matter", None)
    return found


def names_lead(about: str, states: Mapping[str, Any]) -> bool:
    """Whether whoever takes this work leads a case from then on."""
    state = states[about]
    if not isinstance(state, tasks.OPEN):
        return isinstance(state, cases.HELD)
    case = state.work.given.case
    return case is not None and leads_by(states.get(case), about)


def _moved(found: Held, to: str, basis: str | None, states: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """The work with its new holder; a case and the task it is answered by move together."""
    if to == found.unit:
        return {}
    state = states[found.about]
    if not isinstance(state, tasks.OPEN):
        return {found.about: [_led_by(state, to, basis)]}
    moved = TaskTransferred(former=found.unit, unit=to, basis=basis, succession=found.unit)
    case = state.work.given.case
    return {found.about: [moved]} | (_case_of_task(case, found, to, basis, states) if case is not None else {})


def _case_of_task(case: str, found: Held, to: str, basis: str | None, states: Mapping[str, Any]) -> dict[str, Sequence[Any]]:
    """What a moved task changes in its case: who leads it, who co-ordinates, or whose opinion is asked."""
    state = states[case]
    if isinstance(state, cases.HELD) and state.task == found.about and state.lead == found.unit:
        return {case: [_led_by(state, to, basis)]}
    if isinstance(state, cases.OPEN) and any(each.task == found.about for each in state.matter.coordinating):
        coordinating = tuple(replace(each, unit=to) if each.task == found.about else each for each in state.matter.coordinating)
        return {case: [CoordinationSet(episode=state.matter.episode, coordinating=coordinating)]}
    if isinstance(state, cases.OPEN) and any(task == found.about for _, task in state.matter.consulting):
        moved = ConsultationMoved(episode=state.matter.episode, task=found.about, former=found.unit, unit=to)
        return {case: [moved]}
    return {}


def _led_by(state: Any, to: str, basis: str | None) -> CaseTransferred:
    return CaseTransferred(
        episode=state.matter.episode,
        former=state.lead,
        lead=to,
        basis=basis,
        succession=state.lead,
    )
