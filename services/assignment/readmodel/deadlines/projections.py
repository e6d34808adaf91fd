"""How facts of cases and tasks fill the open work: what ends leaves it."""

from collections.abc import Iterable
from typing import Any, Final

from services.assignment.readmodel.deadlines.tables import (
    DEADLINES,
    deadlines_home,
    deadlines_open,
    deadlines_queue,
)
from shared.contracts.case import (
    CaseAssigned,
    CaseClosed,
    CaseDiverted,
    CaseDueSet,
    CaseForwarded,
    CaseHandedBack,
    CaseMerged,
    CaseOpened,
    CaseRecalled,
    CaseReclassified,
    CaseRejected,
    CaseReopened,
    CaseResolved,
    CaseSplit,
    CaseSplitOff,
    CaseTransferred,
    CaseUnmerged,
    CaseWithdrawn,
)
from shared.contracts.directory import TransferQueued, TransferSettled
from shared.contracts.due import Due
from shared.contracts.task import (
    ExtensionGranted,
    OverdueNoticed,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskDueSet,
    TaskEscalated,
    TaskRecalled,
    TaskReminded,
    TaskReturned,
    TaskTransferred,
    TaskUrged,
)
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

TASK: Final = "task"
CASE: Final = "case"
MERGED: Final = "merged"  # set aside rather than gone: the merge may be undone
EVENTS: Final = frozenset(
    {
        "case.opened",
        "case.split_off",
        "case.assigned",
        "case.handed_back",
        "case.recalled",
        "case.reclassified",
        "case.transferred",
        "case.due_set",
        "case.resolved",
        "case.rejected",
        "case.forwarded",
        "case.diverted",
        "case.withdrawn",
        "case.merged",
        "case.unmerged",
        "case.split",
        "case.closed",
        "case.reopened",
        "task.assigned",
        "task.transferred",
        "task.due_set",
        "task.extension_granted",
        "task.reminded",
        "task.urged",
        "task.escalated",
        "task.returned",
        "task.recalled",
        "task.cancelled",
        "task.completed",
        "overdue.noticed",
        "reorganisation.queued",
        "reorganisation.settled",
    }
)
CASE_ENDS: Final = (
    CaseResolved | CaseRejected | CaseForwarded | CaseDiverted | CaseWithdrawn | CaseMerged | CaseSplit | CaseClosed
)
TASK_ENDS: Final = TaskReturned | TaskRecalled | TaskCancelled | TaskCompleted


async def project(recorded: Recorded, rows: Rows) -> None:
    """One fact into the open work it is about."""
    tenant, event = recorded.record.tenant, recorded.event
    held: dict[str, Any]
    match event:
        case CaseOpened() | CaseSplitOff():
            held = {"kind": CASE, "case_id": recorded.stream, **_due(event.due)}
            _begin(recorded, event.office, rows, held, field=event.field)
            return
        case TaskAssigned():
            held = {"kind": TASK, "type": event.type.value, "unit": event.unit, "case_id": event.case, **_due(event.due)}
            _begin(recorded, event.office, rows, held)
            return
        case TransferQueued() | TransferSettled():
            _queue(recorded, event, rows)
            return
    about = event.task if isinstance(event, OverdueNoticed) else recorded.stream
    home = await rows.get(deadlines_home, {"tenant": tenant, "about": about})
    if home is None:
        return  # work of before this was kept
    key = {"tenant": tenant, "office": home["office"], "about": about}
    if isinstance(event, TASK_ENDS):
        rows.delete(deadlines_open, key)
        rows.delete(deadlines_queue, key)
    elif isinstance(event, CASE_ENDS):
        if isinstance(event, CaseMerged):
            rows.patch(deadlines_open, key, {"kind": MERGED})
        else:
            rows.delete(deadlines_open, key)
        rows.delete(deadlines_queue, key)
    elif isinstance(event, CaseReopened):
        held = {"kind": CASE, "case_id": about, "unit": event.lead, "task_id": event.task, **_due(event.due)}
        _begin(recorded, home["office"], rows, held, field=event.field)
    elif isinstance(event, CaseReclassified):
        rows.patch(deadlines_home, {"tenant": tenant, "about": about}, {"field": event.field})
    else:
        rows.patch(deadlines_open, key, _changed(recorded, event))


def _begin(recorded: Recorded, office: str, rows: Rows, held: dict[str, Any], field: str | None = None) -> None:
    key = {"tenant": recorded.record.tenant, "about": recorded.stream}
    rows.put(deadlines_home, key | {"office": office, "field": field})
    blank = {
        "type": None,
        "unit": None,
        "first_unit": held.get("unit"),
        "begun_at": recorded.record.occurred,
        "task_id": None,
        "held_since": recorded.record.occurred,
        "reminded_for": None,
        "noticed_for": None,
        "urged": 0,
        "urged_at": None,
        "rung": None,
        "escalated_at": None,
        "queued": False,
    }
    rows.put(deadlines_open, {**key, "office": office, **blank, **held})


def _changed(recorded: Recorded, event: Any) -> dict[str, Any]:
    """The columns of open work that `event` changes."""
    at = recorded.record.occurred
    match event:
        case CaseAssigned():
            return {"unit": event.lead, "task_id": event.task, "held_since": at, **_due(event.due)}
        case CaseHandedBack() | CaseRecalled():
            return {"unit": None, "task_id": None}
        case CaseUnmerged():
            return {"kind": CASE, "unit": None, "task_id": None}  # its work ended with the merge: it waits for a lead
        case CaseTransferred():
            return {"unit": event.lead, "held_since": at}
        case TaskTransferred():
            return {"unit": event.unit, "held_since": at}
        case CaseDueSet() | TaskDueSet() | ExtensionGranted():
            return _due(event.due)
        case TaskReminded():
            return {"reminded_for": event.due.isoformat()}
        case OverdueNoticed():
            return {"noticed_for": event.due.isoformat()}
        case TaskUrged():
            return {"urged": event.times, "urged_at": at}
        case TaskEscalated():
            return {"rung": event.to.value, "escalated_at": at}
    return {}


def _queue(recorded: Recorded, event: TransferQueued | TransferSettled, rows: Rows) -> None:
    key = {"tenant": recorded.record.tenant, "office": event.office, "about": event.about}
    if isinstance(event, TransferQueued):
        rows.put(
            deadlines_queue,
            key | {"unit": event.unit, "field": event.field, "queued_at": recorded.record.occurred},
        )
    else:
        rows.delete(deadlines_queue, key)
    rows.patch(deadlines_open, key, {"queued": isinstance(event, TransferQueued)})


def _due(due: Due) -> dict[str, str]:
    return {"due_day": due.day.isoformat(), "calendar": due.calendar}


def by_work(recorded: Recorded) -> Iterable[str]:
    """What is said of work in other streams waits for the work's own."""
    event = recorded.event
    if isinstance(event, OverdueNoticed):
        return (recorded.stream, event.task)
    if isinstance(event, TransferQueued | TransferSettled):
        return (recorded.stream, event.about)
    return (recorded.stream,)


DEADLINES_PROJECTION: Final = Projection(
    name="deadlines",
    version=2,
    sources=("assignment",),
    tables=DEADLINES,
    events=EVENTS,
    apply=project,
    keys=by_work,
)
