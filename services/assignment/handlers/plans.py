"""The commands of yearly plans: which streams each reads, who may ask it, what decides."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from services.assignment.domain.directory.succession import in_its_place
from services.assignment.domain.plan import commands as asked
from services.assignment.domain.plan import decider as plan
from services.assignment.handlers.papers import listing, papers, papers_named
from services.assignment.handlers.streams import PLAN, TASK, Folds, calendar_stream, named, new_stream, of_office, units
from shared.calendar import local_day
from shared.contracts.refusals import Unknown
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.permit import Resource
from shared.vault.port import Vault


def handlers(tenant: str, directories: Directories | None = None) -> list[Handler]:
    """The handlers of one tenant."""
    issuing = listing(directories, plan.Issuing, lambda asking: {"tasks": _tasks(asking)})
    on_plan = handling(streams=named("plan", PLAN), resource=partial(of_plan, tenant), decide=plan.decide)
    return [
        Handler(
            command=asked.DraftPlan,
            action=asked.DRAFT_PLAN,
            streams=_to_draft,
            resource=partial(of_office, tenant),
            decide=plan.decide,
            facts=listing(directories),
            additive=True,
        ),
        on_plan(asked.CopyPlan, asked.COPY_PLAN, further=_next_plan),
        on_plan(asked.IssuePlan, asked.ISSUE_PLAN, streams=_to_issue, further=_its_paper, facts=issuing, answer=_tasks_given),
        on_plan(asked.AmendPlan, asked.AMEND_PLAN, further=_its_paper, facts=listing(directories)),
        on_plan(asked.ClosePlan, asked.CLOSE_PLAN),
    ]


def _to_draft(asking: Asking) -> Folds:
    return {plan.plan_stream(asking.body.office, asking.body.year): PLAN, **papers_named(asking.body.document)}


def _tasks(asking: Asking) -> dict[str, str]:
    return {unit: new_stream("task", asking, unit) for unit in asking.body.disseminate}


def _to_issue(asking: Asking) -> Folds:
    given = dict.fromkeys(_tasks(asking).values(), TASK)
    return {asking.body.plan: PLAN, **given, **units(*asking.body.disseminate), **calendar_stream(asking)}


def _its_paper(asking: Asking, states: States) -> Folds:
    match states[asking.body.plan]:
        case plan.Draft(plan=planned, document=document) | plan.InForce(plan=planned, document=document):
            beside = (plan.plan_stream(planned.office, year) for year in (planned.year - 1, planned.year + 1))
            return {**papers(asking, planned.office, document), **dict.fromkeys(beside, PLAN)}
    return {}


def _next_plan(asking: Asking, states: States) -> Folds:
    """The plan to be drafted, and whoever has the places of the recipients on the day."""
    state = states[asking.body.plan]
    if isinstance(state, plan.NoPlan):
        return {}
    known = [line.unit for line in state.plan.recipients]
    now = (in_its_place(states, unit, local_day(asking.at)) for unit in known)
    return {plan.plan_stream(state.plan.office, state.plan.year + 1): PLAN, **units(*dict.fromkeys((*known, *now)))}


async def _tasks_given(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The dissemination tasks, in the order of the units named, and the number that the plan carries."""
    state = states[asking.body.plan]
    tasks = state.tasks if isinstance(state, plan.InForce) else _tasks(asking).values()  # put away since: asked before
    return {"tasks": list(tasks), "number": state.number}


def of_plan(tenant: str, asking: Asking, states: States) -> Resource:
    state = states[asking.body.plan]
    if isinstance(state, plan.NoPlan) or state.plan.office != asking.subject.office:
        raise Unknown("plan")
    return Resource(tenant=tenant, office=state.plan.office)
