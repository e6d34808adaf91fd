"""How facts of tasks fill their rows, and each unit's stream of what it is asked."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from services.assignment.readmodel.tasks.tables import UNIT_TASKS, unit_tasks_item, unit_tasks_task, unit_tasks_unit
from shared.canonical import canonical
from shared.contracts.due import Due
from shared.contracts.registry import all_events
from shared.contracts.task import (
    ExtensionGranted,
    ExtensionRefused,
    ExtensionRequested,
    ProofAdded,
    RevisionRequested,
    TaskAccepted,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskDelegated,
    TaskDueSet,
    TaskEscalated,
    TaskRecalled,
    TaskReturned,
    TaskSubmitted,
    TaskTransferred,
    TaskUrged,
)
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows


class TaskStage(StrEnum):
    """Where a task stands (domain brief §6)."""

    ASSIGNED = "da_giao"
    ACCEPTED = "da_nhan"
    SUBMITTED = "trinh_ket_qua"
    REVISION = "yeu_cau_sua"
    RETURNED = "tra_lai"
    COMPLETED = "hoan_thanh"
    TRANSFERRED = "chuyen_giao"
    CANCELLED = "huy"


TASK_EVENTS: Final = frozenset(declared.name for declared in all_events() if declared.stream_kind == "task")
# That the unit took the work or put its result forward asks nothing new of it, and makes no item of its stream.
OWN_WORDS: Final = (TaskAccepted, TaskSubmitted)
ITEM_EVENTS: Final = TASK_EVENTS - {"task.accepted", "task.submitted"}


def units_of(recorded: Recorded) -> tuple[str, ...]:
    """The units whose streams have an item of a fact of a task; of a transfer both."""
    event: Any = recorded.event
    former = (event.former,) if isinstance(event, TaskTransferred) else ()
    return (*former, event.unit)


async def project_unit_tasks(recorded: Recorded, rows: Rows) -> None:
    """One fact of a task into its row and, where the unit must hear of it, as the next item of the unit's stream."""
    event = recorded.event
    if isinstance(event, TaskAssigned):
        task = _assigned(recorded, event)
        rows.put(unit_tasks_task, task)
        await _tell(recorded, event.unit, task, rows)
        return
    holder = event.former if isinstance(event, TaskTransferred) else event.unit
    key = {"tenant": recorded.record.tenant, "unit": holder, "task_id": recorded.stream}
    known = await rows.get(unit_tasks_task, key)
    assert known is not None, f"{recorded.stream} has facts before it was assigned"
    before = known["stage"]
    changed = {"version": recorded.record.version, **_moved(event, known)}
    rows.patch(unit_tasks_task, key, changed)
    if isinstance(event, OWN_WORDS):
        return
    found = {**known, **changed}
    await _tell(recorded, holder, found, rows)
    if isinstance(event, TaskTransferred):
        # The new holder has not said yet that it takes it; what was put forward still waits.
        stage = before if before == TaskStage.SUBMITTED.value else TaskStage.ASSIGNED.value
        moved = {**found, "unit": event.unit, "stage": stage, "person": None}
        rows.put(unit_tasks_task, moved)
        await _tell(recorded, event.unit, moved, rows)


async def _tell(recorded: Recorded, unit: str, task: Mapping[str, Any], rows: Rows) -> None:
    """The next item of the unit's stream, naming the one before it."""
    at = {"tenant": recorded.record.tenant, "unit": unit}
    end = await rows.get(unit_tasks_unit, at)
    rows.put(unit_tasks_item, _item(recorded, unit, task, end["last_position"] if end else 0))
    rows.put(unit_tasks_unit, {**at, "last_position": recorded.position})


def _assigned(recorded: Recorded, event: TaskAssigned) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "unit": event.unit,
        "task_id": recorded.stream,
        "first_unit": event.unit,
        "given_at": recorded.record.occurred,
        "office": event.office,
        "type": event.type.value,
        "about": event.about,
        "case_id": event.case,
        "episode": event.episode,
        "authority": event.authority.value,
        "stage": TaskStage.ASSIGNED.value,
        "urged": 0,
        "asked_until": None,
        "proofs": 0,
        "rung": None,
        "person": None,
        **_due(event.due),
        "version": recorded.record.version,
    }


def _due(due: Due) -> dict[str, str]:
    return {"due_day": due.day.isoformat(), "due": canonical(due).decode()}


def _moved(event: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """The columns of a task's row that `event` changes."""
    match event:
        case TaskAccepted():
            return {"stage": TaskStage.ACCEPTED.value}
        case TaskDelegated():
            return {"person": event.to}
        case TaskSubmitted():
            return {"stage": TaskStage.SUBMITTED.value}
        case RevisionRequested():
            return {"stage": TaskStage.REVISION.value}
        case TaskReturned():
            return {"stage": TaskStage.RETURNED.value}
        case TaskCompleted():
            return {"stage": TaskStage.COMPLETED.value}
        case TaskTransferred():
            return {"stage": TaskStage.TRANSFERRED.value}
        case TaskRecalled() | TaskCancelled():
            return {"stage": TaskStage.CANCELLED.value}
    return _held(event, known)


def _held(event: Any, known: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that change as the task is held to its day."""
    match event:
        case TaskDueSet():
            return _due(event.due)
        case ExtensionRequested():
            return {"asked_until": event.until.isoformat()}
        case ExtensionGranted():
            return {"asked_until": None, **_due(event.due)}
        case ExtensionRefused():
            return {"asked_until": None}
        case TaskUrged():
            return {"urged": event.times}
        case TaskEscalated():
            return {"rung": event.to.value}
        case ProofAdded():
            return {"proofs": known["proofs"] + 1}
    return {}


def _item(recorded: Recorded, unit: str, task: Mapping[str, Any], previous: int) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "unit": unit,
        "position": recorded.position,
        "previous_position": previous,
        "type": recorded.record.type,
        "task_id": recorded.stream,
        "work": task["type"],
        "about": task["about"],
        "case_id": task["case_id"],
        "due_day": task["due_day"],
        "at": recorded.record.occurred,
    }


def by_task_and_unit(recorded: Recorded) -> Iterable[str]:
    """A parked task parks its unit: an item after a hole could not name its predecessor."""
    return (recorded.stream, *(f"unit/{unit}" for unit in units_of(recorded)))


UNIT_TASKS_PROJECTION: Final = Projection(
    name="unit_tasks",
    version=6,
    sources=("assignment",),
    tables=UNIT_TASKS,
    events=TASK_EVENTS,
    apply=project_unit_tasks,
    keys=by_task_and_unit,
)
