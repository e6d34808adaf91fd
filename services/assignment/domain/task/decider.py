"""Stream `task-<id>`: what the unit does with the work it was given, until it is returned or completed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.assignment.domain.directory.decider import Person, person_stream
from services.assignment.domain.task.commands import AcceptTask, DelegateTask
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Invalid, Refused, Unknown
from shared.contracts.task import (
    RevisionRequested,
    TaskAccepted,
    TaskAssigned,
    TaskCompleted,
    TaskDelegated,
    TaskReturned,
    TaskSubmitted,
)


class TaskEnded(Refused):
    """A returned or completed task is history."""

    code = "task-ended"
    title_vi = "Nhiệm vụ đã kết thúc"
    title_en = "The task has ended"
    advice_vi = "Xem nhiệm vụ hiện hành của hồ sơ."
    advice_en = "Look at the task that the case has now."


class WorkSubmitted(Refused):
    """While the answer is before whoever approves it, the unit neither passes the work on nor hands it back."""

    code = "work-submitted"
    title_vi = "Kết quả đã trình, đang chờ duyệt"
    title_en = "The work is submitted and waits for approval"
    advice_vi = "Chờ ý kiến duyệt; nếu bị trả lại để sửa thì thực hiện sau đó."
    advice_en = "Wait for the approval; if it is returned, ask again then."


class UnknownPerson(Invalid):
    """Nobody is registered under this id."""

    code = "unknown-person"
    title_vi = "Không có người mang mã {person}"
    title_en = "There is no person {person}"
    advice_vi = "Kiểm tra mã; người mới phải được đăng ký trước."
    advice_en = "Check the id; a new person is registered first."


class DelegateOutsideUnit(Invalid):
    """A leader gives work to the people of the unit only."""

    code = "delegate-outside-unit"
    title_vi = "Người {person} không thuộc đơn vị {unit}"
    title_en = "The person {person} is not of the unit {unit}"
    advice_vi = "Chọn người thuộc đơn vị; việc không thuộc đơn vị thì trả lại, kèm lý do."
    advice_en = "Choose a person of the unit; return what is not the unit's to do, with the reason."


@dataclass(frozen=True, slots=True)
class NoTask:
    """Nothing was given under this id."""


@dataclass(frozen=True, slots=True)
class Assigned:
    """The unit has the work and has not said that it takes it; `person` where its leader passed it on."""

    work: TaskAssigned
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Accepted:
    """The unit works on it."""

    work: TaskAssigned
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Submitted:
    """The work waits for approval or, approved, for delivery."""

    work: TaskAssigned
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Returned:
    """Not this unit's to do; the task is over."""

    work: TaskAssigned
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Completed:
    """Done."""

    work: TaskAssigned
    person: str | None = None


Task = NoTask | Assigned | Accepted | Submitted | Returned | Completed
TaskEvent = TaskAssigned | TaskAccepted | TaskReturned | TaskDelegated | TaskSubmitted | RevisionRequested | TaskCompleted
INITIAL: Final[Task] = NoTask()


def evolve(state: Task, event: TaskEvent) -> Task:
    """The task after `event`."""
    if isinstance(event, TaskAssigned):
        return Assigned(event)
    if isinstance(state, NoTask):
        return state
    match event:
        case TaskDelegated():
            return replace(state, person=event.to)
        case TaskAccepted() | RevisionRequested():
            return Accepted(state.work, state.person)
        case TaskSubmitted():
            return Submitted(state.work, state.person)
        case TaskReturned():
            return Returned(state.work, state.person)
        case TaskCompleted():
            return Completed(state.work, state.person)


def open_work(state: Task) -> TaskAssigned:
    """The work of a task that the unit still has in hand.

    Raises:
        Unknown, TaskEnded, WorkSubmitted

    """
    match state:
        case NoTask():
            raise Unknown("task")
        case Returned() | Completed():
            raise TaskEnded("task")
        case Submitted():
            raise WorkSubmitted("task")
        case Assigned(work=work) | Accepted(work=work):
            return work


def decide(command: AcceptTask | DelegateTask, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[TaskEvent]]:
    """What a unit does with its own task; returning it touches the case and is decided there.

    Raises:
        Unknown, TaskEnded, WorkSubmitted
        UnknownPerson, DelegateOutsideUnit

    """
    task: Task = states[command.task]
    match command:
        case AcceptTask():
            return {command.task: _accept(task)}
        case DelegateTask():
            return {command.task: _delegate(command, task, states[person_stream(command.to)], facts)}


def _accept(task: Task) -> list[TaskEvent]:
    if isinstance(task, Accepted | Submitted):
        return []
    return [TaskAccepted(unit=open_work(task).unit)]


def _delegate(command: DelegateTask, task: Task, person: object, facts: Facts) -> list[TaskEvent]:
    work = open_work(task)
    if not isinstance(person, Person):
        raise UnknownPerson("to", person=command.to)
    if person.unit != work.unit or local_day(facts.at) < person.valid_from:
        raise DelegateOutsideUnit("to", person=command.to, unit=work.unit)
    if isinstance(task, Assigned | Accepted) and task.person == command.to:
        return []
    return [TaskDelegated(unit=work.unit, to=command.to)]
