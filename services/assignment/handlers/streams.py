"""What several commands of the assignment service read and are about: folds, streams, resources."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from services.assignment.domain.attachment import decider as attachment
from services.assignment.domain.calendar import decider as calendar
from services.assignment.domain.case import states as case_states
from services.assignment.domain.directory import (
    charges,
    checklist,
    delegations,
    letterhead,
    party,
    recipients,
    rules,
    signing_keys,
)
from services.assignment.domain.directory import decider as directory
from services.assignment.domain.directory import posts as posts_of
from services.assignment.domain.meeting import decider as meeting
from services.assignment.domain.notice import states as notice_states
from services.assignment.domain.plan import decider as plan
from services.assignment.domain.plan import dialogue as planned
from services.assignment.domain.proposal import states as proposal_states
from services.assignment.domain.reorganisation import decider as reorganisation
from services.assignment.domain.request import states as request_states
from services.assignment.domain.session import item
from services.assignment.domain.session import states as session_states
from services.assignment.domain.task import states as task
from services.assignment.readmodel.access import SEE_CASE, SEE_TASK, case_resource, task_resource
from services.assignment.readmodel.deadlines.access import SEE_QUEUE
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Action, Role
from shared.decider import Fold
from shared.desk import Asking, States
from shared.documents import registers
from shared.ids import base32
from shared.permit import Resource, Subject, permit

CASE: Final = Fold("case", case_states.INITIAL, case_states.evolve)
TASK: Final = Fold("task", task.INITIAL, task.evolve)
OVERDUE: Final = Fold("overdue", task.NOT_NOTICED, task.evolve_overdue)
UNIT: Final = Fold("unit", directory.NO_UNIT, directory.evolve_unit)
FIELD: Final = Fold("field", directory.NO_FIELD, directory.evolve_field)
PERSON: Final = Fold("person", directory.NO_PERSON, directory.evolve_person)
POST: Final = Fold("post", posts_of.NO_POST, posts_of.evolve_post)
DELEGATION: Final = Fold("delegation", delegations.NO_DELEGATION, delegations.evolve_delegation)
RECIPIENTS: Final = Fold("recipients", recipients.NO_RECIPIENTS, recipients.evolve_recipients)
RULES: Final = Fold("rules", rules.NO_RULES, rules.evolve_rules)
CHARGES: Final = Fold("charges", charges.NO_CHARGES, charges.evolve_charges)
LETTERHEAD: Final = Fold("letterhead", letterhead.NO_LETTERHEAD, letterhead.evolve_letterhead)
SIGNING_KEYS: Final = Fold("signing_key", signing_keys.NO_SIGNING_KEYS, signing_keys.evolve_signing_keys)
PARTY_FIELDS: Final = Fold("party_fields", party.NO_LIST, party.evolve_party_fields)
CHECKLIST: Final = Fold("checklist", checklist.NO_CHECKLIST, checklist.evolve_checklists)
REORGANISATION: Final = Fold("reorganisation", reorganisation.INITIAL, reorganisation.evolve)
CALENDAR: Final = Fold("calendar", calendar.INITIAL, calendar.evolve)
MEETING: Final = Fold("meeting", meeting.INITIAL, meeting.evolve)
SESSION: Final = Fold("session", session_states.INITIAL, session_states.evolve)
ITEM: Final = Fold("item", item.INITIAL, item.evolve)
NOTICE: Final = Fold("notice", notice_states.INITIAL, notice_states.evolve)
REQUEST: Final = Fold("request", request_states.INITIAL, request_states.evolve)
PROPOSAL: Final = Fold("proposal", proposal_states.INITIAL, proposal_states.evolve)
PLAN: Final = Fold("plan", plan.INITIAL, plan.evolve)
PLANNED_DIALOGUE: Final = Fold("planned_dialogue", planned.INITIAL, planned.evolve)
REGISTER: Final = Fold("register", registers.INITIAL, registers.evolve)
ATTACHMENT: Final = Fold("attachment", attachment.INITIAL, attachment.evolve)

Folds = Mapping[str, Fold[Any]]


def units(*keys: str | None) -> dict[str, Fold[Any]]:
    return {directory.unit_stream(key): UNIT for key in keys if key is not None}


def fields(*keys: str | None) -> dict[str, Fold[Any]]:
    return {directory.field_stream(key): FIELD for key in keys if key is not None}


def posts(*keys: str) -> dict[str, Fold[Any]]:
    return {posts_of.post_stream(key): POST for key in keys}


def calendar_stream(asking: Asking) -> dict[str, Fold[Any]]:
    """The calendar, and the rules by which the asker's office counts."""
    return {
        calendar.STREAM: CALENDAR,
        rules.rules_stream(asking.subject.office): RULES,
        rules.rules_stream(None): RULES,
    }


def party_stream(asking: Asking) -> dict[str, Fold[Any]]:
    """In which fields cấp ủy leads."""
    return {party.STREAM: PARTY_FIELDS}


def case_stream(asking: Asking) -> dict[str, Fold[Any]]:
    return {asking.body.case: CASE}


def task_stream(asking: Asking) -> dict[str, Fold[Any]]:
    return {asking.body.task: TASK}


def work_stream(asking: Asking) -> dict[str, Fold[Any]]:
    """The task or case that the command is about."""
    about: str = asking.body.about
    match about.partition("-")[0]:
        case "task":
            return {about: TASK}
        case "case":
            return {about: CASE}
    raise Invalid("about")


def new_stream(kind: str, asking: Asking, *of: str) -> str:
    """The stream that a command creates; `of` tells several of one kind apart."""
    # Keyed, not random: a command that is asked again gives the same stream, not one that was never written.
    return f"{kind}-{base32(asking.keyed.digest(kind, asking.command_id, *of), 20)}"


def new_task(asking: Asking) -> str:
    return new_stream("task", asking)


def named(field: str, fold: Fold[Any]) -> Callable[[Asking], Folds]:
    """The one stream that the command's `field` names."""
    return lambda asking: {getattr(asking.body, field): fold}


def cases(*streams: str | None) -> dict[str, Fold[Any]]:
    """The cases among these, each once."""
    return {stream: CASE for stream in streams if stream is not None}


def of_office(tenant: str, asking: Asking, states: States) -> Resource:
    """What a command makes for the office it names."""
    return Resource(tenant=tenant, office=asking.body.office, units=frozenset({asking.subject.unit}))


def of_installation(tenant: str, asking: Asking, states: States) -> Resource:
    return Resource(tenant=tenant)


def not_the_heads_alone(resource: Resource, asking: Asking) -> Resource:
    """What others than the head decide too: as if it were of the asker's unit, or of one that he acts for."""
    acts_for = {asking.subject.unit, *(each.unit for each in asking.subject.delegated)}
    return replace(resource, units=resource.units | acts_for)


def of_case(tenant: str, asking: Asking, states: States) -> Resource:
    state: case_states.Case = states[asking.body.case]
    if isinstance(state, case_states.NoCase):
        raise Unknown("case")
    matter = state.matter
    helping = (*(each.unit for each in matter.coordinating), *(unit for unit, _ in matter.consulting))
    resource = case_resource(tenant, matter.office, matter.unit, getattr(state, "lead", None), helping)
    refuse_unless_visible(asking.subject, SEE_CASE, resource, "case")
    return resource


def of_task(tenant: str, asking: Asking, states: States) -> Resource:
    state: task.Task = states[asking.body.task]
    if isinstance(state, task.NoTask):
        raise Unknown("task")
    resource = task_resource(tenant, state.work.given.office, state.work.unit, state.work.person)
    refuse_unless_visible(asking.subject, SEE_TASK, resource, "task")
    return resource


def of_work(tenant: str, asking: Asking, states: States) -> Resource:
    """The task or case that the command is about, as whoever leads the office sees it."""
    state: Any = states[asking.body.about]
    match state:
        case task.NoTask() | case_states.NoCase():
            raise Unknown("about")
    office = state.matter.office if hasattr(state, "matter") else state.work.given.office
    resource = Resource(tenant=tenant, office=office)
    refuse_unless_visible(asking.subject, SEE_QUEUE, resource, "about")
    return resource


def refuse_unless_visible(subject: Subject, seeing: Action, resource: Resource, field: str) -> None:
    """Whoever may not see a thing is not told that it is there, by no command either."""
    if Role.SYSTEM in subject.capacities and subject.tenant == resource.tenant:
        return  # the house itself: what it may do, the action's grants say
    if not permit(subject, seeing, resource).allowed:
        raise Unknown(field)
