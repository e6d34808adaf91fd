"""A task that moves its case with it: more time, another unit, done (invariants 8, 9; corrections: resolved at)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case import states as cases
from services.assignment.domain.case.conflict import refuse_unit
from services.assignment.domain.case.refusals import AuthorityNotHeld, CoordinatesItself
from services.assignment.domain.directory.decider import lead_on, unit_on, unit_stream
from services.assignment.domain.task import commands as asked
from services.assignment.domain.task import refusals
from services.assignment.domain.task.dues import named
from services.assignment.domain.task.states import Completed, Submitted, Work, is_open
from shared.calendar import local_day
from shared.contracts.case import (
    Authority,
    CaseCarriedOut,
    CaseDueSet,
    CaseResolved,
    CaseTransferred,
    ConsultationMoved,
    CoordinationSet,
    DueBase,
    Resolution,
)
from shared.contracts.due import Due
from shared.contracts.facts import Facts
from shared.contracts.roles import Role
from shared.contracts.task import ExtensionGranted, TaskCompleted, TaskTransferred, TaskType

Decided = dict[str, Sequence[Any]]
EXTENSION: Final = "extension"
LEAD_GIVERS: Final = (Role.CHIEF, Role.CHAIRMAN, Role.SYSTEM)  # who may name the unit that leads (R35), or follow a succession


def leads_by(case: Any, task: str) -> bool:
    """Whether a unit leads the case by this task: who moves that names another lead."""
    return isinstance(case, cases.HELD) and case.task == task


def refuse_answer(held: Work) -> None:
    if held.given.type is TaskType.ANSWER and held.given.case is not None:
        raise refusals.AnswerGoesWithItsDraft("task")


def grant(command: asked.GrantExtension, state: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """More time; the case of the work is due with it (corrections: an approved extension moves the due date)."""
    if not is_open(state):
        raise refusals.TaskEnded("task")
    held: Work = state.work
    if held.asked_until is None:
        raise refusals.NothingAskedFor("task")
    _refuse_other_name(held, facts)
    until = command.until or held.asked_until
    if until <= held.due.day:
        raise refusals.NotLater("until", until=until.isoformat(), due=held.due.day.isoformat())
    due = named(calendar.among(states), held.due.start, until, rule=EXTENSION)
    granted = ExtensionGranted(unit=held.unit, reviewer=facts.person, former=held.due.day, due=due)
    decided: Decided = {command.task: [granted]}
    # Granted when the day had passed, it gives the unit time but makes nothing "in time" (year walkthrough §4).
    if local_day(facts.at) <= held.due.day:
        decided |= _case_due(command.task, held, states, due)
    return decided


def _case_due(task: str, held: Work, states: Mapping[str, Any], due: Due) -> Decided:
    """The case's due date goes with that of the lead's answer and of work on its conclusion, never back."""
    case = held.given.case
    state = states.get(case) if case is not None else None
    if case is None or not isinstance(state, cases.OPEN) or state.matter.due.day >= due.day:
        return {}
    if getattr(state, "task", None) != task and task not in state.matter.carrying:
        return {}
    return {case: [CaseDueSet(episode=state.matter.episode, base=DueBase.EXTENSION, due=due)]}


def complete(command: asked.CompleteTask, state: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Done; the case of carried-out work is settled once its answer is delivered too (corrections: resolved at)."""
    if isinstance(state, Completed):
        return {}
    if not is_open(state):
        raise refusals.TaskEnded("task")
    held: Work = state.work
    refuse_answer(held)
    if not isinstance(state, Submitted):
        raise refusals.NothingSubmitted("task")
    if facts.person == (held.submitted_by or held.person):
        raise refusals.OwnWork("task")
    decided: Decided = {command.task: [TaskCompleted(unit=held.unit)]}
    case = held.given.case
    found = states.get(case) if case is not None else None
    matter = getattr(found, "matter", None)
    if case is not None and matter is not None and command.task in matter.carrying:
        events: list[Any] = [CaseCarriedOut(episode=matter.episode, task=command.task)]
        if isinstance(found, cases.Delivered) and matter.carrying == {command.task}:
            events.append(CaseResolved(episode=matter.episode, how=Resolution.DIRECTED, due=matter.due))
        decided[case] = events
    return decided


def transfer(command: asked.TransferTask, state: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """Another unit holds the same task; the case follows it. The due date stays (invariants 8, 9)."""
    if not is_open(state):
        raise refusals.TaskEnded("task")
    held: Work = state.work
    if command.due not in (None, held.due.day):
        raise refusals.TransferKeepsTheDay("due", due=held.due.day.isoformat())
    if held.unit == command.to:
        raise refusals.SameUnit("to", unit=held.unit)
    _refuse_other_name(held, facts)
    day, unit = local_day(facts.at), states[unit_stream(command.to)]
    if held.given.authority is Authority.CHAIRMAN:
        unit_on(unit, command.to, day, "to")
    else:
        lead_on(unit, command.to, held.given.office, day)
    moved = TaskTransferred(former=held.unit, unit=command.to, basis=command.basis, succession=None)
    return {command.task: [moved], **_case_transferred(command, held, states, facts)}


def _refuse_other_name(held: Work, facts: Facts) -> None:
    """What the Chairman gave he moves, and the head what he gave; the house itself moves either."""
    if facts.capacity is Role.SYSTEM:
        return
    if (held.given.authority is Authority.CHAIRMAN) is not (facts.capacity is Role.CHAIRMAN):
        raise AuthorityNotHeld("task")


def _case_transferred(command: asked.TransferTask, held: Work, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a moved task changes in its case: who leads it, who co-ordinates, or whose opinion is asked."""
    case = held.given.case
    found = states.get(case) if case is not None else None
    if case is None or not isinstance(found, cases.OPEN):
        return {}
    matter = found.matter
    refuse_unit(matter, command.to, "to", facts)
    if any(task == command.task for _, task in matter.consulting):
        if command.to == getattr(found, "lead", None):
            raise CoordinatesItself("to", unit=command.to)
        return {case: [ConsultationMoved(episode=matter.episode, task=command.task, former=held.unit, unit=command.to)]}
    leads = leads_by(found, command.task)
    if leads and facts.capacity not in LEAD_GIVERS:
        raise AuthorityNotHeld("task")
    if not leads and not any(each.task == command.task for each in matter.coordinating):
        return {}
    if command.to in (getattr(found, "lead", None), *(each.unit for each in matter.coordinating)):
        raise CoordinatesItself("to", unit=command.to)
    if not leads:
        coordinating = tuple(
            replace(each, unit=command.to) if each.task == command.task else each for each in matter.coordinating
        )
        return {case: [CoordinationSet(episode=matter.episode, coordinating=coordinating)]}
    return {
        case: [
            CaseTransferred(
                episode=matter.episode,
                former=held.unit,
                lead=command.to,
                basis=command.basis,
                succession=None,
            )
        ]
    }
