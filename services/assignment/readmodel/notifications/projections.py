"""How facts of cases and tasks become notices, and when a notice has lost its cause."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from services.assignment.readmodel.notifications.audiences import of_office, of_person, of_unit
from services.assignment.readmodel.notifications.matrix import OF_OFFICE, TOLD, Audience, Kind, matrix_on
from services.assignment.readmodel.notifications.tables import NOTIFICATIONS, notifications_notice, notifications_thing
from shared.calendar import local_day
from shared.clock import instant
from shared.contracts.case import (
    AnswerApproved,
    AnswerReturned,
    AssignmentProposed,
    Authority,
    CaseAssigned,
    CaseDueSet,
    CaseHandedBack,
    CaseOpened,
    CaseRecalled,
    CaseReopened,
    CaseSplitOff,
    CaseTransferred,
)
from shared.contracts.task import (
    ExtensionGranted,
    ExtensionRefused,
    OverdueNoticed,
    RevisionRequested,
    TaskAssigned,
    TaskCancelled,
    TaskCompleted,
    TaskDelegated,
    TaskDueSet,
    TaskRecalled,
    TaskReturned,
    TaskSubmitted,
    TaskTransferred,
    TaskType,
)
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

CASE_ENDS: Final = frozenset(
    f"case.{how}"
    for how in ("resolved", "rejected", "quarantined", "forwarded", "diverted", "withdrawn", "merged", "split", "closed")
)
MOVES: Final = frozenset(
    {
        "case.assigned",
        "case.recalled",
        "case.reopened",
        "case.transferred",
        "case.due_set",
        "case.answer_returned",
        "task.accepted",
        "task.recalled",
        "task.cancelled",
        "task.due_set",
    }
)
TO_DO: Final = frozenset(Kind) - {Kind.RESULT}
TASK_ENDS: Final = (TaskReturned, TaskRecalled, TaskCancelled, TaskCompleted)
Thing = Mapping[str, Any]


async def project(recorded: Recorded, rows: Rows) -> None:
    """One fact: who holds the thing now, which notices are over, and whom it is told to."""
    event = recorded.event
    about = event.task if isinstance(event, OverdueNoticed) else recorded.stream
    key = {"tenant": recorded.record.tenant, "thing": about}
    known = await rows.get(notifications_thing, key)
    if known is None and not isinstance(event, CaseOpened | CaseSplitOff | TaskAssigned):
        return  # work of before this was kept
    before = known or _begun(recorded, event, key)
    thing = {**before, **_moved(event)}
    rows.put(notifications_thing, thing)
    for audience, kind in _over(recorded.record.type, event, before):
        rows.delete(notifications_notice, {"tenant": key["tenant"], "audience": audience, "thing": about, "kind": kind.value})
    told = thing
    if isinstance(event, AnswerApproved) and thing["task"] is not None:
        work = await rows.get(notifications_thing, {**key, "thing": thing["task"]})
        told = {**thing, "person": work["person"] if work is not None else None}
    matrix = matrix_on(local_day(instant(recorded.record.recorded)))  # by which it is told again after a rebuild
    for line in matrix.lines_of(recorded.record.type):
        addressed = _addressed(line.audience, told)
        if addressed is not None and not (isinstance(event, TaskSubmitted) and thing["answers"]):
            rows.put(notifications_notice, _notice(recorded, addressed, line.kind, thing))


def _begun(recorded: Recorded, event: Any, key: Mapping[str, str]) -> dict[str, Any]:
    task = isinstance(event, TaskAssigned)
    return {
        **key,
        "opens": (event.case if task else None) or recorded.stream,
        "office": event.office,
        "unit": event.unit if task else None,
        "person": None,
        "authority": event.authority.value if task else Authority.HEAD.value,
        "task": None,
        "answers": task and event.type is TaskType.ANSWER,
        "due_day": event.due.day.isoformat(),
    }


def _moved(event: Any) -> dict[str, Any]:
    """What the fact changes about who holds the thing, and until when."""
    match event:
        case TaskDelegated():
            return {"person": event.to}
        case TaskTransferred():
            return {"unit": event.unit, "person": None}
        case TaskDueSet() | ExtensionGranted() | CaseDueSet():
            return {"due_day": event.due.day.isoformat()}
        case CaseAssigned():
            due = event.due.day.isoformat()
            return {"unit": event.lead, "task": event.task, "authority": event.authority.value, "due_day": due}
        case CaseReopened():
            return {"unit": event.lead, "task": event.task, "due_day": event.due.day.isoformat()}
        case CaseTransferred():
            return {"unit": event.lead}
        case CaseHandedBack() | CaseRecalled():
            return {"unit": None, "task": None, "authority": Authority.HEAD.value}
    return {}


def _over(fact: str, event: Any, thing: Thing) -> Iterable[tuple[str, Kind]]:
    """The notices that the fact ends, of the audiences as they were before it."""
    holders = [each for each in (_addressed(Audience.UNIT, thing), _addressed(Audience.PERSON, thing)) if each is not None]
    offices = [_in(thing, audience) for audience in OF_OFFICE]
    match event:
        case _ if fact in CASE_ENDS or isinstance(event, TASK_ENDS):
            return [(audience, kind) for audience in (*holders, *offices) for kind in TO_DO]
        case TaskTransferred():
            return [(audience, kind) for audience in holders for kind in TO_DO]
        case CaseAssigned():
            heads = [_in(thing, Audience.ASSIGN), _in(thing, Audience.PROPOSE)]
            return [(audience, kind) for audience in heads for kind in (Kind.DECISION, Kind.RETURNED)]
        case AssignmentProposed():
            return [(_in(thing, Audience.PROPOSE), kind) for kind in (Kind.DECISION, Kind.RETURNED)]
        case AnswerApproved() | AnswerReturned() | CaseRecalled():
            return [(_in(thing, Audience.CLEAR), Kind.DECISION)]
        case ExtensionGranted():
            late = [(audience, kind) for audience in holders for kind in (Kind.DUE_SOON, Kind.OVERDUE)]
            return [*late, (_in(thing, Audience.EXTEND), Kind.DECISION)]
        case ExtensionRefused():
            return [(_in(thing, Audience.EXTEND), Kind.DECISION)]
        case TaskSubmitted():
            return [(audience, Kind.RETURNED) for audience in holders]
        case RevisionRequested():
            return [(_in(thing, Audience.CONFIRM), Kind.DECISION)]
        case TaskDueSet():
            return [(audience, kind) for audience in holders for kind in (Kind.DUE_SOON, Kind.OVERDUE)]
    return []


def _addressed(audience: Audience, thing: Thing) -> str | None:
    """The audience of a thing; None where nobody is it."""
    match audience:
        case Audience.UNIT:
            return of_unit(thing["unit"]) if thing["unit"] is not None else None
        case Audience.PERSON:
            return of_person(thing["person"]) if thing["person"] is not None else None
    return _in(thing, audience)


def _in(thing: Thing, audience: Audience) -> str:
    return of_office(thing["office"], audience, thing["authority"])


def _notice(recorded: Recorded, audience: str, kind: Kind, thing: Thing) -> dict[str, Any]:
    return {
        "tenant": thing["tenant"],
        "audience": audience,
        "thing": thing["thing"],
        "kind": kind.value,
        "opens": thing["opens"],
        "due_day": thing["due_day"],
        "fact": recorded.record.type,
        "position": recorded.position,
        "at": recorded.record.recorded,
    }


def by_thing(recorded: Recorded) -> Iterable[str]:
    """A fact that a day has passed waits behind the task it is about; what approves an answer, behind nothing else."""
    event = recorded.event
    return (recorded.stream, event.task) if isinstance(event, OverdueNoticed) else (recorded.stream,)


NOTIFICATIONS_PROJECTION: Final = Projection(
    name="notifications",
    version=1,
    sources=("assignment",),
    tables=NOTIFICATIONS,
    events=TOLD | CASE_ENDS | MOVES,
    apply=project,
    keys=by_thing,
)
