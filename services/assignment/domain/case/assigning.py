"""A case is given to units: proposed, assigned with its co-ordinating units, taken back (R35, invariant 1)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case import commands as asked
from services.assignment.domain.case import refusals
from services.assignment.domain.case.conflict import Acting, refuse_unit
from services.assignment.domain.case.states import HELD, OPEN, Case, Delivered, Matter, Waiting
from services.assignment.domain.directory.decider import lead_on, unit_on, unit_stream
from services.assignment.domain.session.states import Session
from services.assignment.domain.task.dues import named
from services.assignment.domain.task.refusals import ConclusionStands
from services.assignment.domain.task.states import is_open
from shared.calendar import Calendar, local_day
from shared.contracts.case import (
    AssignmentProposed,
    Authority,
    CaseAssigned,
    CaseRecalled,
    Coordination,
    CoordinationSet,
)
from shared.contracts.due import Due
from shared.contracts.facts import Facts
from shared.contracts.roles import Role
from shared.contracts.session import Track
from shared.contracts.task import TaskAssigned, TaskCancelled, TaskDueSet, TaskRecalled, TaskType

Decided = dict[str, Sequence[Any]]
COORDINATION: Final = "coordination"  # a day of a co-ordinating unit's own


@dataclass(frozen=True, slots=True, kw_only=True)
class GivingWork(Acting):
    """The facts, with the ids of the tasks that this command may give: the lead's, and others' by unit."""

    task: str
    tasks: Mapping[str, str] = field(default_factory=dict)


def over(state: Case) -> refusals.CaseOver | refusals.AlreadyResolved:
    """Why nothing more is decided about a case that has ended."""
    how = getattr(state, "how", None)
    return refusals.CaseOver(how=how) if how is not None else refusals.AlreadyResolved()


def propose(command: asked.ProposeAssignment, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """The hub's proposal; it decides nothing, but is held to the same rules."""
    if not isinstance(state, OPEN):
        raise over(state)
    matter, day = state.matter, local_day(facts.at)
    wanted = (command.lead, *command.coordinating)
    if matter.proposed == wanted or (isinstance(state, HELD) and state.lead == command.lead):
        return {}
    if isinstance(state, HELD):
        raise refusals.AlreadyAssigned("lead", lead=state.lead)
    for n, key in enumerate(wanted):
        at = f"coordinating.{n - 1}" if n else "lead"
        if key in wanted[:n]:
            raise refusals.CoordinatesItself(at, unit=key)
        lead_on(states[unit_stream(key)], key, matter.office, day)
        refuse_unit(matter, key, at, facts)
    proposed = AssignmentProposed(episode=matter.episode, lead=command.lead, coordinating=command.coordinating)
    return {command.case: [proposed]}


def assign(command: asked.AssignCase, state: Case, states: Mapping[str, Any], facts: GivingWork) -> Decided:
    """One lead unit, and any number that co-ordinate, each with a task in the same append."""
    if isinstance(state, HELD):
        if state.lead == command.lead:
            return {}
        raise refusals.AlreadyAssigned("lead", lead=state.lead)
    if not isinstance(state, Waiting):
        raise over(state)
    matter = state.matter
    _refuse_authority(command.authority, matter, states, facts)
    _refuse_lead(command.lead, "lead", matter, command.authority, states, facts)
    assigned = CaseAssigned(
        episode=matter.episode, lead=command.lead, authority=command.authority, task=facts.task, due=matter.due
    )
    decided: dict[str, list[Any]] = {command.case: [assigned], facts.task: [answer_work(matter, command.lead, command.authority)]}
    if command.coordinating:
        _coordinate(command.case, command.coordinating, command.lead, matter, command.authority, states, facts, decided)
    return dict(decided)


def _refuse_authority(authority: Authority, matter: Matter, states: Mapping[str, Any], facts: Facts) -> None:
    """The head gives his office's work in his own name; the Chairman what was put to his dialogue (corrections)."""
    if authority is Authority.HEAD:
        if facts.capacity is Role.CHAIRMAN:
            raise refusals.AuthorityNotHeld("authority")
        return
    if facts.capacity is not Role.CHAIRMAN:
        raise refusals.AuthorityNotHeld("authority")
    if not is_chairmans(matter, states):
        raise refusals.NotOnTheChairmansTrack("authority")


def is_chairmans(matter: Matter, states: Mapping[str, Any]) -> bool:
    """Whether it was put to the Chairman's dialogue; taken up again, it is his as before (corrections)."""
    session = states.get(matter.dialogue) if matter.dialogue else None
    return isinstance(session, Session) and session.was.track is Track.CHAIRMAN


def refuse_other_name(matter: Matter, facts: Facts) -> None:
    """What the Chairman gave he decides about, and the head about what he gave (corrections).

    Raises:
        AuthorityNotHeld

    """
    if (matter.authority is Authority.CHAIRMAN) is not (facts.capacity is Role.CHAIRMAN):
        raise refusals.AuthorityNotHeld


def _refuse_lead(key: str, at: str, matter: Matter, authority: Authority, states: Mapping[str, Any], facts: Facts) -> None:
    day = local_day(facts.at)
    if authority is Authority.CHAIRMAN:
        unit_on(states[unit_stream(key)], key, day, at)
    else:
        lead_on(states[unit_stream(key)], key, matter.office, day)
    refuse_unit(matter, key, at, facts)


def set_coordination(command: asked.SetCoordination, state: Case, states: Mapping[str, Any], facts: GivingWork) -> Decided:
    """Which units co-ordinate from now on; those that are left out lose their task."""
    if not isinstance(state, OPEN):
        raise over(state)
    if not isinstance(state, HELD):
        raise refusals.NotAssigned
    if isinstance(state, Delivered):
        raise refusals.AnswerStands
    refuse_other_name(state.matter, facts)
    authority = state.matter.authority
    wanted = [each.unit for each in command.coordinating]
    as_it_is = [each.unit for each in state.matter.coordinating] == wanted
    days = {each.unit: each.due.day for each in state.matter.coordinating}
    if as_it_is and all(each.due in (None, days[each.unit]) for each in command.coordinating):
        return {}
    decided: dict[str, list[Any]] = {}
    _coordinate(command.case, command.coordinating, state.lead, state.matter, authority, states, facts, decided)
    for former in state.matter.coordinating:
        if former.unit not in wanted and is_open(states[former.task]):
            decided[former.task] = [TaskCancelled(unit=former.unit, reason=None)]
    return dict(decided)


def _coordinate(
    case: str,
    coordinating: Sequence[asked.CoordinatingUnit],
    lead: str,
    matter: Matter,
    authority: Authority,
    states: Mapping[str, Any],
    facts: GivingWork,
    decided: dict[str, list[Any]],
) -> None:
    day = local_day(facts.at)
    before = {each.unit: each for each in matter.coordinating}
    listed: list[Coordination] = []
    for n, each in enumerate(coordinating):
        if each.unit == lead or each.unit in {other.unit for other in listed}:
            raise refusals.CoordinatesItself(f"coordinating.{n}.unit", unit=each.unit)
        _refuse_lead(each.unit, f"coordinating.{n}.unit", matter, authority, states, facts)
        known = before.get(each.unit)
        due = known.due if known else matter.due
        if each.due is not None and each.due != due.day:
            due = day_named(calendar.among(states), day, each.due, f"coordinating.{n}.due", rule=COORDINATION)
        task = known.task if known else facts.tasks[each.unit]
        listed.append(Coordination(unit=each.unit, task=task, due=due))
        if known is None:
            decided[task] = [replace(answer_work(matter, each.unit, authority), due=due)]
        elif due != known.due and is_open(states[task]):
            decided[task] = [TaskDueSet(unit=each.unit, due=due)]
    decided.setdefault(case, []).append(CoordinationSet(episode=matter.episode, coordinating=tuple(listed)))


def day_named(days: Calendar, today: date, until: date, at: str, *, rule: str) -> Due:
    """The due date that a person named, from today on; `at` says in which field.

    Raises:
        DayNotAhead, OutsideCalendar

    """
    if until < today:
        raise refusals.DayNotAhead(at, until=until.isoformat())
    return named(days, today, until, rule=rule)


def answer_work(matter: Matter, unit: str, authority: Authority = Authority.HEAD) -> TaskAssigned:
    """A unit's task to answer, or help to answer, a case."""
    return TaskAssigned(
        type=TaskType.ANSWER,
        unit=unit,
        office=matter.office,
        about=matter.case,
        case=matter.case,
        episode=matter.episode,
        authority=authority,
        due=matter.due,
    )


def recall(command: asked.RecallCase, state: Case, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Taken back from its lead unit, and from those that co-ordinate with it."""
    if isinstance(state, Waiting):
        return {}
    if not isinstance(state, HELD):
        raise over(state)
    if isinstance(state, Delivered):
        raise refusals.AnswerStands
    matter = state.matter
    refuse_other_name(matter, facts)
    if state.task in matter.carrying:
        raise ConclusionStands("case")
    recalled = CaseRecalled(episode=matter.episode, lead=state.lead, task=state.task, reason=command.reason)
    events: list[Any] = [recalled]
    decided: Decided = {command.case: events}
    if is_open(states[state.task]):
        decided[state.task] = [TaskRecalled(unit=state.lead, reason=command.reason)]
    if matter.coordinating:
        events.append(CoordinationSet(episode=matter.episode, coordinating=()))
        for each in matter.coordinating:
            if is_open(states[each.task]):
                decided[each.task] = [TaskCancelled(unit=each.unit, reason=None)]
    return decided
