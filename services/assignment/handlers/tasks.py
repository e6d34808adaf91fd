"""The commands of tasks: which streams each reads, who may ask it, what decides."""

from dataclasses import asdict
from functools import partial

from services.assignment.domain.case import decider as case
from services.assignment.domain.case import states as case_states
from services.assignment.domain.directory.decider import person_stream
from services.assignment.domain.task import commands as asked
from services.assignment.domain.task import decider as task
from services.assignment.domain.task import moving
from services.assignment.domain.task.states import NoTask
from services.assignment.handlers.acting import acting
from services.assignment.handlers.papers import papers_named
from services.assignment.handlers.streams import (
    CASE,
    OVERDUE,
    PERSON,
    TASK,
    Folds,
    calendar_stream,
    not_the_heads_alone,
    of_office,
    of_task,
    task_stream,
    units,
)
from shared.contracts.facts import Facts
from shared.contracts.task import TaskType
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.ids import base32
from shared.permit import Resource


def handlers(tenant: str, directories: Directories | None = None) -> list[Handler]:
    """The handlers of one tenant; `directories` say of whoever acts what conflicts need."""
    resource = partial(of_task, tenant)
    on_task = handling(streams=task_stream, resource=resource, decide=task.decide, facts=acting(directories))
    return [
        on_task(asked.AcceptTask, asked.ACCEPT_TASK),
        on_task(
            asked.DelegateTask,
            asked.DELEGATE_TASK,
            streams=lambda asking: {**task_stream(asking), person_stream(asking.body.to): PERSON},
        ),
        on_task(asked.ReturnTask, asked.RETURN_TASK, further=_case_and_its_tasks, decide=case.decide),
        on_task(asked.AddProof, asked.ADD_PROOF, additive=True),
        on_task(asked.SubmitTask, asked.SUBMIT_TASK, further=_case_of_task),
        on_task(asked.RequestRevision, asked.REQUEST_REVISION, further=_case_of_task),
        on_task(asked.CompleteTask, asked.COMPLETE_TASK, further=_case_of_task),
        on_task(asked.RequestExtension, asked.REQUEST_EXTENSION),
        on_task(asked.GrantExtension, asked.GRANT_EXTENSION, streams=_task_and_calendar, further=_case_of_task),
        on_task(asked.RefuseExtension, asked.REFUSE_EXTENSION, further=_case_of_task),
        on_task(asked.RemindTask, asked.REMIND_TASK, additive=True),
        on_task(
            asked.UrgeTask,
            asked.URGE_TASK,
            streams=lambda asking: {**task_stream(asking), **papers_named(asking.body.letter)},
            additive=True,
        ),
        on_task(asked.EscalateTask, asked.ESCALATE_TASK, additive=True),
        on_task(asked.CancelTask, asked.CANCEL_TASK),
        on_task(asked.RecallTask, asked.RECALL_TASK),
        on_task(
            asked.TransferTask,
            asked.TRANSFER_TASK,
            streams=lambda asking: {**task_stream(asking), **units(asking.body.to)},
            further=_case_of_task,
            resource=partial(_to_transfer, tenant),
        ),
        on_task(
            asked.NoticeOverdue,
            asked.NOTICE_OVERDUE,
            streams=lambda asking: {**task_stream(asking), task.overdue_stream(asking.body.task): OVERDUE},
        ),
        Handler(
            command=asked.GiveTask,
            action=asked.GIVE_TASK,
            streams=lambda asking: {_given_task(asking): TASK, **units(asking.body.unit), **calendar_stream(asking)},
            resource=partial(of_office, tenant),
            decide=task.decide,
            facts=_giving,
        ),
        Handler(
            command=asked.SettleTask,
            action=asked.SETTLE_TASK,
            streams=lambda asking: {_given_task(asking): TASK},
            resource=lambda asking, _states: Resource(tenant=tenant, office=asking.subject.office),
            decide=task.decide,
            facts=_giving,
        ),
    ]


def _to_transfer(tenant: str, asking: Asking, states: States) -> Resource:
    """The task; whom the head alone gives it to where its holder leads a case by it."""
    resource = of_task(tenant, asking, states)
    stream = asking.body.task
    leads = any(moving.leads_by(states.get(case), stream) for case in _case_of_task(asking, states))
    return resource if leads else not_the_heads_alone(resource, asking)


def _task_and_calendar(asking: Asking) -> Folds:
    return {**task_stream(asking), **calendar_stream(asking)}


def _case_of_task(asking: Asking, states: States) -> Folds:
    found = states[asking.body.task]
    case_id = None if isinstance(found, NoTask) else found.work.given.case
    return {case_id: CASE} if case_id else {}


def _case_and_its_tasks(asking: Asking, states: States) -> Folds:
    """The case, and those who co-ordinate in it: where nobody leads, nobody helps."""
    found = _case_of_task(asking, states)
    known = [states[stream] for stream in found if stream in states]
    helping = [each.task for state in known if isinstance(state, case_states.OPEN) for each in state.matter.coordinating]
    return {**found, **dict.fromkeys(helping, TASK)}


def _given_task(asking: Asking) -> str:
    """One task of a type, and for each unit, about a thing: who knows that, finds it again.

    A round's list is about one unit by itself, and its task is found by the round alone.
    """
    body = asking.body
    unit: str | None = getattr(body, "unit", None)
    of = () if unit is None or body.type == TaskType.CONSOLIDATE else (unit,)
    return f"task-{base32(asking.keyed.digest('given', body.type, body.about, *of), 20)}"


async def _giving(asking: Asking, facts: Facts) -> Facts:
    return task.Giving(**asdict(facts), task=_given_task(asking))
