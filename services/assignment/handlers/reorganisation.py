"""The commands of work that outlives its unit: which streams each reads, who may ask it, what decides."""

from functools import partial
from typing import Any

from services.assignment.domain.case import states as case_states
from services.assignment.domain.directory.succession import takers
from services.assignment.domain.directory.units import unit_stream
from services.assignment.domain.reorganisation import commands as asked
from services.assignment.domain.reorganisation import decider as reorganisation
from services.assignment.domain.task import states as task_states
from services.assignment.handlers.acting import acting
from services.assignment.handlers.streams import (
    CASE,
    REORGANISATION,
    TASK,
    Folds,
    not_the_heads_alone,
    of_work,
    units,
    work_stream,
)
from shared.decider import Fold
from shared.desk import Asking, Handler, States
from shared.directory.queries import Directories
from shared.permit import Resource


def handlers(tenant: str, directories: Directories | None = None) -> list[Handler]:
    """The handlers of one tenant; `directories` say of whoever acts what conflicts need."""
    return [
        Handler(
            command=command,
            action=action,
            streams=_work_and_queue,
            further=_what_it_belongs_to,
            resource=partial(_of_work, tenant),
            decide=reorganisation.decide,
            facts=acting(directories),
            additive=True,  # the work may have moved on meanwhile without changing what is asked
        )
        for command, action in ((asked.HandOver, asked.HAND_OVER), (asked.SettleTransfer, asked.SETTLE_TRANSFER))
    ]


def _of_work(tenant: str, asking: Asking, states: States) -> Resource:
    """The work; whom the head alone gives it to where whoever takes it leads a case."""
    resource = of_work(tenant, asking, states)
    return resource if reorganisation.names_lead(asking.body.about, states) else not_the_heads_alone(resource, asking)


def _work_and_queue(asking: Asking) -> Folds:
    taker = getattr(asking.body, "to", None)
    return {**work_stream(asking), reorganisation.queue_stream(asking.body.about): REORGANISATION, **units(taker)}


def _what_it_belongs_to(asking: Asking, states: States) -> Folds:
    """The case of a task, the task of a case, the office that gave it, the unit that holds it and whoever took that over."""
    state = states[asking.body.about]
    more: dict[str, Fold[Any]]
    if isinstance(state, task_states.OPEN):
        case = state.work.given.case
        holder, office, more = state.work.unit, state.work.given.office, {case: CASE} if case is not None else {}
    elif isinstance(state, case_states.HELD):
        holder, office, more = state.lead, state.matter.office, {state.task: TASK}
    else:
        return {}
    return {**more, **units(holder, office, *takers(states.get(unit_stream(holder))))}
