"""How facts fill the read side: one projection of the cases, one of each unit's stream of tasks."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from services.assignment.readmodel.tables import (
    CASES,
    UNIT_TASKS,
    cases_case,
    cases_draft,
    cases_home,
    unit_tasks_item,
    unit_tasks_task,
    unit_tasks_unit,
)
from shared.canonical import canonical
from shared.clock import micros
from shared.contracts.case import (
    AnswerApproved,
    AnswerDelivered,
    AnswerReturned,
    AnswerSubmitted,
    CaseAssigned,
    CaseClosed,
    CaseHandedBack,
    CaseOpened,
    CaseReopened,
    CaseResolved,
)
from shared.contracts.due import Due
from shared.contracts.task import (
    RevisionRequested,
    TaskAccepted,
    TaskAssigned,
    TaskCompleted,
    TaskDelegated,
    TaskReturned,
    TaskSubmitted,
)
from shared.contracts.types import Sealed
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows


class CaseStage(StrEnum):
    """Where a case stands (domain brief §6)."""

    WAITING = "cho_phan_cong"
    ASSIGNED = "da_phan_cong"
    SUBMITTED = "trinh_tra_loi"
    RETURNED = "yeu_cau_sua"
    APPROVED = "da_duyet"
    RESOLVED = "da_giai_quyet"
    CLOSED = "dong"


class TaskStage(StrEnum):
    """Where a task stands (domain brief §6)."""

    ASSIGNED = "da_giao"
    ACCEPTED = "da_nhan"
    SUBMITTED = "trinh_ket_qua"
    REVISION = "yeu_cau_sua"
    RETURNED = "tra_lai"
    COMPLETED = "hoan_thanh"


CASE_EVENTS: Final = frozenset(
    {
        "case.opened",
        "case.assigned",
        "case.handed_back",
        "case.answer_submitted",
        "case.answer_returned",
        "case.answer_approved",
        "case.answer_delivered",
        "case.resolved",
        "case.closed",
        "case.reopened",
    }
)
TASK_EVENTS: Final = frozenset(
    {
        "task.assigned",
        "task.accepted",
        "task.returned",
        "task.delegated",
        "task.submitted",
        "task.revision_requested",
        "task.completed",
    }
)


async def project_case(recorded: Recorded, rows: Rows) -> None:
    """One fact of a case into its row and the rows of its drafts."""
    tenant, case_id, event = recorded.record.tenant, recorded.stream, recorded.event
    if isinstance(event, CaseOpened):
        rows.put(cases_home, {"tenant": tenant, "case_id": case_id, "office": event.office})
        rows.put(cases_case, _opened(recorded, event))
        return
    home = await rows.get(cases_home, {"tenant": tenant, "case_id": case_id})
    assert home is not None, f"{case_id} has facts before it was opened"
    key = {"tenant": tenant, "office": home["office"], "case_id": case_id}
    changed = _changed(recorded, event)
    rows.patch(cases_case, key, {"version": recorded.record.version, **changed})
    _project_draft(recorded, event, key, rows)


def _opened(recorded: Recorded, event: CaseOpened) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "office": event.office,
        "case_id": recorded.stream,
        "opinion": event.opinion,
        "episode": event.episode,
        "unit": event.unit,
        "lead": None,
        "task_id": None,
        "stage": CaseStage.WAITING.value,
        "field": event.field,
        "kind": event.kind.value,
        "source_group": event.source_group.value,
        "channel": event.channel.value,
        "locality": event.locality,
        "flags": " ".join(flag.value for flag in event.flags),
        "hidden": event.hidden,
        **_due(event.due),
        "received_at": micros(event.received_at),
        "resolved_at": None,
        "drafts": 0,
        "words_ref": event.words.ref,
        "words_digest": event.words.digest,
        "version": recorded.record.version,
    }


def _changed(recorded: Recorded, event: Any) -> dict[str, Any]:
    """The columns of a case's row that `event` changes."""
    match event:
        case CaseAssigned():
            return {"stage": CaseStage.ASSIGNED.value, "lead": event.lead, "task_id": event.task, **_due(event.due)}
        case CaseHandedBack():
            return {"stage": CaseStage.WAITING.value, "lead": None, "task_id": None}
        case AnswerSubmitted():
            return {"stage": CaseStage.SUBMITTED.value, "drafts": event.draft}
        case AnswerReturned():
            return {"stage": CaseStage.RETURNED.value}
        case AnswerApproved():
            return {"stage": CaseStage.APPROVED.value}
        case CaseResolved():
            return {"stage": CaseStage.RESOLVED.value, "resolved_at": recorded.record.occurred, **_due(event.due)}
        case CaseClosed():
            return {"stage": CaseStage.CLOSED.value}
        case CaseReopened():
            stage = CaseStage.ASSIGNED if event.lead else CaseStage.WAITING
            return {
                "stage": stage.value,
                "episode": event.episode,
                "field": event.field,
                "lead": event.lead,
                "task_id": event.task,
                "resolved_at": None,
                "drafts": 0,
                **_due(event.due),
            }
    return {}


def _project_draft(recorded: Recorded, event: Any, case: Mapping[str, Any], rows: Rows) -> None:
    if isinstance(event, AnswerSubmitted | AnswerReturned | AnswerApproved | AnswerDelivered):
        key = {**case, "episode": event.episode, "draft": event.draft}
    match event:
        case AnswerSubmitted():
            rows.put(cases_draft, {**key, **_submitted(recorded, event)})
        case AnswerReturned():
            returned = {"outcome": CaseStage.RETURNED.value, "reviewer": event.reviewer, "reason_ref": event.reason.ref}
            rows.patch(cases_draft, key, returned)
        case AnswerApproved():
            rows.patch(cases_draft, key, {"outcome": CaseStage.APPROVED.value, "reviewer": event.reviewer})
        case AnswerDelivered():
            rows.patch(cases_draft, key, {"means": event.means.value, "delivered_at": recorded.record.occurred})


def _submitted(recorded: Recorded, event: AnswerSubmitted) -> dict[str, Any]:
    return {
        "drafter": event.drafter,
        "reviewer": None,
        "outcome": CaseStage.SUBMITTED.value,
        "answer_ref": event.answer.ref,
        "solution_ref": _ref(event.solution),
        "direction_ref": _ref(event.direction),
        "legal_basis_ref": _ref(event.legal_basis),
        "reason_ref": None,
        "means": None,
        "submitted_at": recorded.record.occurred,
        "delivered_at": None,
    }


def _ref(sealed: Sealed | None) -> str | None:
    return sealed.ref if sealed else None


def _due(due: Due) -> dict[str, str]:
    return {"due_day": due.day.isoformat(), "due": canonical(due).decode()}


async def project_unit_tasks(recorded: Recorded, rows: Rows) -> None:
    """One fact of a task into its row and, where the unit must hear of it, as the next item of the unit's stream."""
    event = recorded.event
    unit = {"tenant": recorded.record.tenant, "unit": event.unit}
    if isinstance(event, TaskAssigned):
        task: Mapping[str, Any] = _assigned(recorded, event)
        rows.put(unit_tasks_task, task)
    else:
        key = {**unit, "task_id": recorded.stream}
        rows.patch(unit_tasks_task, key, {"version": recorded.record.version, **_moved(event)})
        if isinstance(event, TaskAccepted | TaskSubmitted):
            return  # the task stays with the unit and asks nothing new of it
        found = await rows.get(unit_tasks_task, key)
        assert found is not None, f"{recorded.stream} has facts before it was assigned"
        task = found
    end = await rows.get(unit_tasks_unit, unit)
    rows.put(unit_tasks_item, _item(recorded, task, end["last_position"] if end else 0))
    rows.put(unit_tasks_unit, {**unit, "last_position": recorded.position})


def _assigned(recorded: Recorded, event: TaskAssigned) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "unit": event.unit,
        "task_id": recorded.stream,
        "office": event.office,
        "type": event.type.value,
        "case_id": event.case,
        "episode": event.episode,
        "stage": TaskStage.ASSIGNED.value,
        "person": None,
        **_due(event.due),
        "version": recorded.record.version,
    }


def _moved(event: Any) -> dict[str, Any]:
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
    return {}


def _item(recorded: Recorded, task: Mapping[str, Any], previous: int) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "unit": recorded.event.unit,
        "position": recorded.position,
        "previous_position": previous,
        "type": recorded.record.type,
        "task_id": recorded.stream,
        "case_id": task["case_id"],
        "due_day": task["due_day"],
        "at": recorded.record.occurred,
    }


def by_task_and_unit(recorded: Recorded) -> Iterable[str]:
    """A parked task parks its unit: an item after a hole could not name its predecessor."""
    return (recorded.stream, f"unit/{recorded.event.unit}")


CASES_PROJECTION: Final = Projection(
    name="cases",
    version=1,
    sources=("assignment",),
    tables=CASES,
    events=CASE_EVENTS,
    apply=project_case,
)
UNIT_TASKS_PROJECTION: Final = Projection(
    name="unit_tasks",
    version=1,
    sources=("assignment",),
    tables=UNIT_TASKS,
    events=TASK_EVENTS,
    apply=project_unit_tasks,
    keys=by_task_and_unit,
)
