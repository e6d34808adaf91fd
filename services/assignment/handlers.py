"""Every command of the assignment service: which streams it reads, who may ask it, what decides."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.calendar.commands import PUBLISH_CALENDAR, PublishCalendar
from services.assignment.domain.case import commands as case_commands
from services.assignment.domain.case import decider as case
from services.assignment.domain.case import states as case_states
from services.assignment.domain.directory import commands as directory_commands
from services.assignment.domain.directory import decider as directory
from services.assignment.domain.task import commands as task_commands
from services.assignment.domain.task import decider as task
from services.assignment.readmodel.access import SEE_CASE, SEE_TASK, case_resource, task_resource
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Action
from shared.decider import Fold
from shared.desk import Asking, Handler, States
from shared.ids import base32
from shared.permit import Resource, Subject, permit
from shared.vault.port import Vault

CASE: Final = Fold("case", case_states.INITIAL, case_states.evolve)
TASK: Final = Fold("task", task.INITIAL, task.evolve)
UNIT: Final = Fold("unit", directory.NO_UNIT, directory.evolve_unit)
FIELD: Final = Fold("field", directory.NO_FIELD, directory.evolve_field)
PERSON: Final = Fold("person", directory.NO_PERSON, directory.evolve_person)
CALENDAR: Final = Fold("calendar", calendar.INITIAL, calendar.evolve)
FOLDS: Final[Mapping[str, Fold[Any]]] = {fold.kind: fold for fold in (CASE, TASK, UNIT, FIELD, PERSON, CALENDAR)}

Folds = Mapping[str, Fold[Any]]


def handlers(tenant: str) -> list[Handler]:
    """The handlers of one tenant, those of cases and tasks first."""
    return [*_case_handlers(tenant), *_task_handlers(tenant), *_directory_handlers(tenant)]


def _case_handlers(tenant: str) -> list[Handler]:
    asked = case_commands
    resource = partial(_of_case, tenant)

    def on_case(command: type, action: Action, **more: Any) -> Handler:
        return Handler(
            command=command,
            action=action,
            streams=more.pop("streams", _case_stream),
            resource=more.pop("resource", resource),
            decide=case.decide,
            **more,
        )

    return [
        on_case(asked.OpenCase, asked.OPEN_CASE, resource=partial(_case_to_open, tenant)),
        on_case(asked.AssignCase, asked.ASSIGN_CASE, streams=_case_task_and_lead, facts=_giving_work, answer=_task_given),
        on_case(asked.SubmitAnswer, asked.SUBMIT_ANSWER, further=_task_of_case),
        on_case(asked.ReturnAnswer, asked.RETURN_ANSWER, further=_task_of_case),
        on_case(asked.ApproveAnswer, asked.APPROVE_ANSWER),
        on_case(asked.DeliverAnswer, asked.DELIVER_ANSWER, further=_task_of_case),
        on_case(asked.CloseCase, asked.CLOSE_CASE),
        on_case(asked.ReopenCase, asked.REOPEN_CASE, further=_for_reopening, facts=_giving_work, answer=_task_given),
    ]


def _task_handlers(tenant: str) -> list[Handler]:
    asked = task_commands
    resource = partial(_of_task, tenant)
    return [
        Handler(
            command=asked.AcceptTask,
            action=asked.ACCEPT_TASK,
            streams=_task_stream,
            resource=resource,
            decide=task.decide,
        ),
        Handler(
            command=asked.DelegateTask,
            action=asked.DELEGATE_TASK,
            streams=lambda asking: _task_stream(asking) | {directory.person_stream(asking.body.to): PERSON},
            resource=resource,
            decide=task.decide,
        ),
        Handler(
            command=asked.ReturnTask,
            action=asked.RETURN_TASK,
            streams=_task_stream,
            further=_case_of_task,
            resource=resource,
            decide=case.decide,
        ),
    ]


def _directory_handlers(tenant: str) -> list[Handler]:
    asked = directory_commands

    def kept(command: type, action: Action, streams: Callable[[Asking], Folds], **more: Any) -> Handler:
        return Handler(
            command=command,
            action=action,
            streams=streams,
            resource=partial(_of_installation, tenant),
            decide=more.pop("decide", directory.decide),
            additive=True,  # dated facts are added one after the other; the decider holds their order
            **more,
        )

    return [
        kept(asked.RegisterUnit, asked.REGISTER_UNIT, lambda a: _units(a.body.unit, a.body.office, a.body.parent)),
        kept(asked.RenameUnit, asked.RENAME_UNIT, lambda a: _units(a.body.unit)),
        kept(asked.DissolveUnit, asked.DISSOLVE_UNIT, lambda a: _units(a.body.unit)),
        kept(asked.RegisterField, asked.REGISTER_FIELD, lambda a: {directory.field_stream(a.body.field): FIELD}),
        kept(
            asked.SetFieldLead,
            asked.SET_FIELD_LEAD,
            lambda a: {directory.field_stream(a.body.field): FIELD} | _units(a.body.office, a.body.lead),
        ),
        kept(
            asked.RegisterPerson,
            asked.REGISTER_PERSON,
            lambda a: {directory.person_stream(a.body.person): PERSON} | _units(a.body.unit),
            person=lambda a: str(a.body.person),
        ),
        kept(PublishCalendar, PUBLISH_CALENDAR, _calendar_stream, decide=calendar.decide),
    ]


def _units(*keys: str | None) -> dict[str, Fold[Any]]:
    return {directory.unit_stream(key): UNIT for key in keys if key is not None}


def _calendar_stream(asking: Asking) -> dict[str, Fold[Any]]:
    return {calendar.STREAM: CALENDAR}


def _case_stream(asking: Asking) -> dict[str, Fold[Any]]:
    return {asking.body.case: CASE}


def _task_stream(asking: Asking) -> dict[str, Fold[Any]]:
    return {asking.body.task: TASK}


def _new_task(asking: Asking) -> str:
    # Keyed, not random: a command that is asked again gives the same task, not one that was never written.
    return f"task-{base32(asking.keyed.digest('task', asking.command_id), 20)}"


def _case_task_and_lead(asking: Asking) -> Folds:
    return _case_stream(asking) | {_new_task(asking): TASK} | _units(asking.body.lead)


def _task_of_case(asking: Asking, states: States) -> Folds:
    match states[asking.body.case]:
        case case_states.Drafting(task=stream) | case_states.UnderApproval(task=stream) | case_states.Approved(task=stream):
            return {stream: TASK}
    return {}


def _case_of_task(asking: Asking, states: States) -> Folds:
    found = states[asking.body.task]
    return {} if isinstance(found, task.NoTask) else {found.work.case: CASE}


def _for_reopening(asking: Asking, states: States) -> Folds:
    match states[asking.body.case]:
        case case_states.Resolved(lead=lead) | case_states.Closed(lead=lead):
            return _calendar_stream(asking) | {_new_task(asking): TASK} | _units(lead)
    return {}


async def _giving_work(asking: Asking, facts: Facts) -> case.GivingWork:
    return case.GivingWork(
        at=facts.at,
        now=facts.now,
        person=facts.person,
        office=facts.office,
        unit=facts.unit,
        capacity=facts.capacity,
        task=_new_task(asking),
    )


async def _task_given(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The task that the command gave, or the one the unit already had."""
    given = _new_task(asking)
    if not isinstance(states.get(given, task.INITIAL), task.NoTask):
        return {"task": given}
    return {"task": getattr(states[asking.body.case], "task", None)}


def _of_installation(tenant: str, asking: Asking, states: States) -> Resource:
    return Resource(tenant=tenant)


def _case_to_open(tenant: str, asking: Asking, states: States) -> Resource:
    return Resource(tenant=tenant, office=asking.body.office)


def _of_case(tenant: str, asking: Asking, states: States) -> Resource:
    state: case_states.Case = states[asking.body.case]
    if isinstance(state, case_states.NoCase):
        raise Unknown("case")
    matter = state.matter
    resource = case_resource(tenant, matter.office, matter.unit, getattr(state, "lead", None))
    _refuse_unless_visible(asking.subject, SEE_CASE, resource, "case")
    return resource


def _of_task(tenant: str, asking: Asking, states: States) -> Resource:
    state: task.Task = states[asking.body.task]
    if isinstance(state, task.NoTask):
        raise Unknown("task")
    resource = task_resource(tenant, state.work.office, state.work.unit, state.person)
    _refuse_unless_visible(asking.subject, SEE_TASK, resource, "task")
    return resource


def _refuse_unless_visible(subject: Subject, seeing: Action, resource: Resource, field: str) -> None:
    """Whoever may not see a thing is not told that it is there, by no command either."""
    if not permit(subject, seeing, resource).allowed:
        raise Unknown(field)
