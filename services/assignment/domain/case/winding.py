"""What a case takes with it: the day of its answer; when it ends, the work no longer needed and its place at a session."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from services.assignment.domain.case.refusals import WorkStillOpen
from services.assignment.domain.case.states import HELD, Open
from services.assignment.domain.session.states import BEFORE, Session
from services.assignment.domain.task.states import is_open
from shared.contracts.case import CaseDueSet, CaseUnlinked, DueBase
from shared.contracts.due import Due
from shared.contracts.session import SessionCaseUnlinked
from shared.contracts.task import TaskCancelled, TaskCompleted, TaskDueSet, TaskType

Decided = dict[str, Sequence[Any]]


def together(*parts: Mapping[str, Sequence[Any]]) -> Decided:
    """The events of all parts by stream, in the order of the parts."""
    decided: dict[str, list[Any]] = {}
    for part in parts:
        for stream, events in part.items():
            decided.setdefault(stream, []).extend(events)
    return dict(decided)


def answering_task(state: Open, states: Mapping[str, Any]) -> str | None:
    """The lead's open task that is the answer itself; work of a conclusion goes its own way."""
    if not isinstance(state, HELD):
        return None
    task: Any = states.get(state.task)
    return state.task if is_open(task) and task.work.given.type is TaskType.ANSWER else None


def due_moved(stream: str, state: Open, base: DueBase, due: Due, states: Mapping[str, Any]) -> Decided:
    """Another due date of the case, and of the answer that its lead works on."""
    decided: Decided = {stream: [CaseDueSet(episode=state.matter.episode, base=base, due=due)]}
    task = answering_task(state, states)
    if task is not None and isinstance(state, HELD) and states[task].work.due != due:
        decided[task] = [TaskDueSet(unit=state.lead, due=due)]
    return decided


def wind_up(state: Open, states: Mapping[str, Any], *, settled: bool) -> Decided:
    """The tasks of an episode that ends: those that answer are done, or no longer needed; what was asked is not any more."""
    answering = [(each.task, each.unit) for each in state.matter.coordinating]
    task = answering_task(state, states)
    if task is not None and isinstance(state, HELD):
        answering.insert(0, (task, state.lead))
    decided: Decided = {
        stream: [TaskCompleted(unit=unit) if settled else TaskCancelled(unit=unit, reason=None)]
        for stream, unit in answering
        if is_open(states.get(stream))
    }
    for unit, stream in state.matter.consulting:
        if is_open(states.get(stream)):
            decided[stream] = [TaskCancelled(unit=unit, reason=None)]
    return decided


def off_the_session(case: str, state: Open, states: Mapping[str, Any], day: date) -> Decided:
    """What ends before the day of its session is no longer put there; from that day on the session records its outcome."""
    session_id = state.matter.session
    session = states.get(session_id) if session_id is not None else None
    if session_id is None or not isinstance(session, Session) or case not in session.puts or session.stage not in BEFORE:
        return {}
    if session.on is not None and day >= session.on:
        return {}
    episode = state.matter.episode
    return {
        case: [CaseUnlinked(episode=episode, session=session_id)],
        session_id: [SessionCaseUnlinked(case=case, episode=episode)],
    }


def refuse_open_work(state: Open) -> None:
    """Work that a conclusion ordered is finished first.

    Raises:
        WorkStillOpen

    """
    if state.matter.carrying:
        raise WorkStillOpen(count=len(state.matter.carrying))
