"""The commands of cases: which streams each reads, who may ask it, what decides."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from services.assignment.domain.case import answering, judging
from services.assignment.domain.case import commands as asked
from services.assignment.domain.case import decider as case
from services.assignment.domain.case import states as case_states
from services.assignment.domain.directory.decider import field_stream
from services.assignment.domain.task import states as task
from services.assignment.handlers.acting import Lookup, acting, told
from services.assignment.handlers.streams import (
    FIELD,
    SESSION,
    TASK,
    Folds,
    calendar_stream,
    case_stream,
    cases,
    new_stream,
    new_task,
    of_case,
    party_stream,
    units,
)
from services.assignment.readmodel.cases.queries import Wanted
from shared.contracts.facts import Facts
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.ids import base32
from shared.permit import Resource
from shared.vault.port import Vault


def handlers(tenant: str, directories: Directories | None = None, wanted: Wanted | None = None) -> list[Handler]:
    """The handlers of one tenant; `directories` say of whoever acts what conflicts need, `wanted` what speakers wish."""
    stands = acting(directories)
    on_case = handling(streams=case_stream, resource=partial(of_case, tenant), decide=case.decide, facts=stands)
    work = _giving_work(stands)
    giving = {"facts": work, "answer": _task_given}
    ending = {"further": _tasks_and_session}
    joining = {"further": _survivors, "additive": True}
    return [
        on_case(asked.OpenCase, asked.OPEN_CASE, streams=_case_and_survivor, resource=partial(_case_to_open, tenant)),
        on_case(asked.AddSubmitter, asked.ADD_SUBMITTER, resource=partial(_of_the_house, tenant), **joining),
        on_case(asked.RemoveSubmitter, asked.REMOVE_SUBMITTER, resource=partial(_of_the_house, tenant), **joining),
        on_case(asked.ProposeAssignment, asked.PROPOSE_ASSIGNMENT, streams=_case_and_units, additive=True),
        on_case(asked.AssignCase, asked.ASSIGN_CASE, streams=_to_assign, further=_session_of_case, **giving),
        on_case(asked.SetCoordination, asked.SET_COORDINATION, streams=_to_coordinate, further=_its_tasks, facts=work),
        on_case(asked.RecallCase, asked.RECALL_CASE, further=_its_tasks),
        on_case(asked.DirectCase, asked.DIRECT_CASE, streams=_case_and_calendar, **ending),
        on_case(asked.SetCaseDue, asked.SET_CASE_DUE, streams=_case_and_calendar, further=_its_tasks),
        on_case(asked.RecordPartyOpinion, asked.RECORD_PARTY_OPINION, additive=True),
        on_case(asked.ConsultUnit, asked.CONSULT_UNIT, streams=_to_consult, further=_its_tasks, **giving),
        on_case(asked.GiveConsultation, asked.GIVE_CONSULTATION, further=_its_tasks, additive=True),
        on_case(asked.SubmitAnswer, asked.SUBMIT_ANSWER, further=_its_tasks),
        on_case(asked.ReturnAnswer, asked.RETURN_ANSWER, further=_its_tasks),
        on_case(asked.ApproveAnswer, asked.APPROVE_ANSWER, streams=_case_and_party),
        on_case(asked.DeliverAnswer, asked.DELIVER_ANSWER, streams=_case_and_party, **ending),
        on_case(asked.TakeOnBoard, asked.TAKE_ON_BOARD, **ending),
        on_case(asked.CloseCase, asked.CLOSE_CASE, further=_submitters),
        on_case(asked.ReopenCase, asked.REOPEN_CASE, further=_for_reopening, **giving),
        on_case(asked.DeclineReopening, asked.DECLINE_REOPENING, facts=_declining(stands, wanted)),
        on_case(asked.ReclassifyCase, asked.RECLASSIFY_CASE, streams=_case_and_field),
        on_case(asked.RejectCase, asked.REJECT_CASE, **ending),
        on_case(asked.QuarantineCase, asked.QUARANTINE_CASE, further=_to_quarantine),
        on_case(asked.ForwardCase, asked.FORWARD_CASE, streams=_case_and_target, **ending),
        on_case(asked.DivertCase, asked.DIVERT_CASE, streams=_case_and_target, **ending),
        on_case(asked.WithdrawCase, asked.WITHDRAW_CASE, **ending),
        on_case(asked.MergeCase, asked.MERGE_CASE, streams=_case_and_survivor, further=_to_merge),
        on_case(asked.UnmergeCase, asked.UNMERGE_CASE, further=_survivors),
        on_case(
            asked.SplitCase,
            asked.SPLIT_CASE,
            streams=_to_split,
            facts=_splitting(stands),
            answer=_children_answer,
            **ending,
        ),
    ]


def _case_and_units(asking: Asking) -> Folds:
    return {**case_stream(asking), **units(asking.body.lead, *asking.body.coordinating)}


def _case_and_calendar(asking: Asking) -> Folds:
    return {**case_stream(asking), **calendar_stream(asking)}


def _case_and_party(asking: Asking) -> Folds:
    return {**case_stream(asking), **party_stream(asking)}


def _case_and_target(asking: Asking) -> Folds:
    return {**case_stream(asking), **units(asking.body.to)}


def _case_and_survivor(asking: Asking) -> Folds:
    return {**case_stream(asking), **cases(asking.body.into)}


def _case_and_field(asking: Asking) -> Folds:
    field = asking.body.field
    return {**case_stream(asking), **({field_stream(field): FIELD} if field else {})}


def _tasks_by_unit(asking: Asking) -> dict[str, str]:
    """The tasks that co-ordinating units may be given."""
    return {each.unit: new_stream("task", asking, each.unit) for each in getattr(asking.body, "coordinating", ())}


def _to_coordinate(asking: Asking) -> Folds:
    tasks = _tasks_by_unit(asking)
    named = any(each.due is not None for each in asking.body.coordinating)
    days = calendar_stream(asking) if named else {}
    return {**case_stream(asking), **dict.fromkeys(tasks.values(), TASK), **units(*tasks), **days}


def _to_assign(asking: Asking) -> Folds:
    return {**case_stream(asking), new_task(asking): TASK, **units(asking.body.lead), **_to_coordinate(asking)}


def _to_consult(asking: Asking) -> Folds:
    return {**case_stream(asking), new_task(asking): TASK, **units(asking.body.unit), **calendar_stream(asking)}


def _to_split(asking: Asking) -> Folds:
    fields = {field_stream(part.field): FIELD for part in asking.body.parts if part.field}
    return {**case_stream(asking), **cases(*_children(asking)), **fields}


def _children(asking: Asking) -> tuple[str, ...]:
    parent = asking.body.case
    return tuple(f"case-{base32(asking.keyed.digest('case-part', parent, str(n)), 20)}" for n in range(len(asking.body.parts)))


def _session_of_case(asking: Asking, states: States) -> Folds:
    state = states[asking.body.case]
    named = () if isinstance(state, case_states.NoCase) else (state.matter.session, state.matter.dialogue)
    return {each: SESSION for each in named if each is not None}


def _its_tasks(asking: Asking, states: States) -> Folds:
    """The tasks that the case names: its lead's, and those of whoever co-ordinates or is asked."""
    state: case_states.Case = states[asking.body.case]
    if isinstance(state, case_states.NoCase):
        return {}
    lead = (state.task,) if isinstance(state, case_states.HELD) else ()
    matter = state.matter
    beside = (*(each.task for each in matter.coordinating), *(stream for _, stream in matter.consulting))
    return dict.fromkeys((*lead, *beside), TASK)


def _tasks_and_session(asking: Asking, states: States) -> Folds:
    return {**_its_tasks(asking, states), **_session_of_case(asking, states)}


def _survivors(asking: Asking, states: States) -> Folds:
    """What a case was merged into, and what that was merged into, as far as the states so far name it."""
    return cases(*(getattr(state, "into", None) for state in states.values()))


def _submitters(asking: Asking, states: States) -> Folds:
    """The cases that were merged into the case."""
    state: case_states.Case = states[asking.body.case]
    submitters = () if isinstance(state, case_states.NoCase) else sorted(state.matter.submitters)
    return cases(*(each for each in submitters if each.startswith("case-")))


def _to_merge(asking: Asking, states: States) -> Folds:
    return {**_tasks_and_session(asking, states), **_survivors(asking, states)}


def _to_quarantine(asking: Asking, states: States) -> Folds:
    return {**_tasks_and_session(asking, states), **_submitters(asking, states)}


def _for_reopening(asking: Asking, states: States) -> Folds:
    match states[asking.body.case]:
        case case_states.Resolved(lead=lead) | case_states.Closed(lead=lead):
            return {**calendar_stream(asking), new_task(asking): TASK, **units(lead)}
    return {}


def _giving_work(stands: Lookup) -> Lookup:
    async def giving(asking: Asking, facts: Facts) -> Facts:
        return case.GivingWork(**told(await stands(asking, facts)), task=new_task(asking), tasks=_tasks_by_unit(asking))

    return giving


def _declining(stands: Lookup, wanted: Wanted | None) -> Lookup:
    async def declining(asking: Asking, facts: Facts) -> Facts:
        found = await stands(asking, facts)
        return answering.Declining(**told(found), wanted=wanted is not None and await wanted.again(asking.body.case))

    return declining


def _splitting(stands: Lookup) -> Lookup:
    async def splitting(asking: Asking, facts: Facts) -> Facts:
        return judging.Splitting(**told(await stands(asking, facts)), children=_children(asking))

    return splitting


async def _task_given(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The task that the command gave, or the one the unit already had."""
    given = new_task(asking)
    if not isinstance(states.get(given, task.INITIAL), task.NoTask):
        return {"task": given}
    return {"task": getattr(states[asking.body.case], "task", None)}


async def _children_answer(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    return {"children": list(_children(asking))}


def _of_the_house(tenant: str, asking: Asking, states: States) -> Resource:
    """What the house asks itself, in the name of an office, also of what is no case yet."""
    return Resource(tenant=tenant, office=asking.subject.office)


def _case_to_open(tenant: str, asking: Asking, states: States) -> Resource:
    return Resource(tenant=tenant, office=asking.body.office)
