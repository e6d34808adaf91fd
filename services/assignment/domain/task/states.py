"""The states of a task, and how each fact moves it from one to the next."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from shared.contracts.due import Due
from shared.contracts.task import (
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    OverdueNoticed,
    ProofAdded,
    RevisionRequested,
    Rung,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskDelegated,
    TaskDueSet,
    TaskEscalated,
    TaskRecalled,
    TaskReminded,
    TaskReturned,
    TaskSubmitted,
    TaskTransferred,
    TaskUrged,
)


@dataclass(frozen=True, slots=True)
class NoTask:
    """Nothing was given under this id."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """What every stage of a task has: what was given, who holds it, until when, and how it was urged."""

    given: TaskAssigned
    unit: str
    due: Due
    person: str | None = None  # whom the unit's leader passed it on to
    proofs: int = 0
    asked_until: date | None = None  # an extension that waits for an answer
    reminded: bool = False
    urged: int = 0
    rung: Rung | None = None
    submitted_by: str | None = None


@dataclass(frozen=True, slots=True)
class Assigned:
    """The unit has the work and has not said that it takes it."""

    work: Work


@dataclass(frozen=True, slots=True)
class Accepted:
    """The unit works on it."""

    work: Work


@dataclass(frozen=True, slots=True)
class Submitted:
    """The work waits for approval or, approved, for delivery."""

    work: Work


@dataclass(frozen=True, slots=True)
class Returned:
    """Not this unit's to do; the task is over."""

    work: Work


@dataclass(frozen=True, slots=True)
class Completed:
    """Done."""

    work: Work


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """Taken back by whoever gave it, or no longer needed; the task is over."""

    work: Work


Task = NoTask | Assigned | Accepted | Submitted | Returned | Completed | Withdrawn
INITIAL: Final[Task] = NoTask()
OPEN: Final = (Assigned, Accepted, Submitted)


def is_open(state: Any) -> bool:
    """Whether the unit still has it in hand, or it waits for approval."""
    return isinstance(state, OPEN)


def evolve(state: Task, event: Any) -> Task:
    """The task after `event`."""
    if isinstance(event, TaskAssigned):
        return Assigned(Work(given=event, unit=event.unit, due=event.due))
    if isinstance(state, NoTask):
        return state
    match event:
        case TaskAccepted() | RevisionRequested():
            return Accepted(state.work)
        case TaskSubmitted(by=by):
            return Submitted(replace(state.work, submitted_by=by))
        case TaskReturned():
            return Returned(state.work)
        case TaskCompleted():
            return Completed(state.work)
        case TaskRecalled() | TaskCancelled():
            return Withdrawn(state.work)
        case TaskTransferred(unit=unit):
            moved = replace(state.work, unit=unit, person=None)
            # The new holder has not said yet that it takes it; what was put forward still waits.
            return Assigned(moved) if isinstance(state, Accepted) else replace(state, work=moved)
    return replace(state, work=_known(state.work, event))


def _known(work: Work, event: Any) -> Work:
    """What is known of the work after an event that leaves its stage as it is."""
    match event:
        case TaskDelegated(to=to):
            return replace(work, person=to)
        case TaskDueSet(due=due):
            return replace(work, due=due, reminded=work.reminded and due.day == work.due.day)
        case ExtensionRequested(until=until):
            return replace(work, asked_until=until)
        case ExtensionGranted(due=due):
            return replace(work, due=due, asked_until=None, reminded=False)
        case ExtensionRefused():
            return replace(work, asked_until=None)
        case ProofAdded():
            return replace(work, proofs=work.proofs + 1)
        case TaskReminded():
            return replace(work, reminded=True)
        case TaskUrged(times=times):
            return replace(work, urged=times)
        case TaskEscalated(to=rung):
            return replace(work, rung=rung)
    return work


@dataclass(frozen=True, slots=True)
class NotNoticed:
    """Nobody has noted yet that the task's day has passed."""


@dataclass(frozen=True, slots=True)
class Noticed:
    """Noted, once for each day that was in force."""

    was: OverdueNoticed


NOT_NOTICED: Final[NotNoticed | Noticed] = NotNoticed()


def evolve_overdue(state: NotNoticed | Noticed, event: Any) -> NotNoticed | Noticed:
    """What is noted after `event`."""
    return Noticed(event) if isinstance(event, OverdueNoticed) else state
