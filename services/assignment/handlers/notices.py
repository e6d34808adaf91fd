"""The commands of conclusion notices: which streams each reads, who may ask it, what decides."""

from collections.abc import Mapping
from functools import partial
from typing import Any

from services.assignment.domain.notice import commands as asked
from services.assignment.domain.notice import decider as notice
from services.assignment.domain.notice.states import Draft, Issued, NoNotice, beside, given_by
from services.assignment.domain.session.states import Session
from services.assignment.handlers.papers import listing, papers, papers_named
from services.assignment.handlers.streams import (
    NOTICE,
    SESSION,
    TASK,
    Folds,
    calendar_stream,
    cases,
    named,
    new_stream,
    of_office,
    units,
)
from shared.commands import MAX_ITEMS
from shared.contracts.refusals import Unknown
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.permit import Resource
from shared.vault.port import Vault


def handlers(tenant: str, directories: Directories | None = None) -> list[Handler]:
    """The handlers of one tenant."""
    on_notice = handling(streams=named("notice", NOTICE), resource=partial(of_notice, tenant), decide=notice.decide)
    return [
        Handler(
            command=asked.DraftNotice,
            action=asked.DRAFT_NOTICE,
            streams=_to_draft,
            resource=partial(of_office, tenant),
            decide=notice.decide,
            facts=listing(directories, notice.Drafting, lambda asking: {"notice": _notice(asking)}),
            additive=True,
        ),
        on_notice(asked.CommentNotice, asked.COMMENT_NOTICE, additive=True),
        on_notice(
            asked.IssueNotice,
            asked.ISSUE_NOTICE,
            streams=lambda asking: {asking.body.notice: NOTICE, **calendar_stream(asking)},
            further=_to_issue,
            facts=listing(
                directories, notice.Issuing, lambda asking: {"tasks": _tasks(asking), "beside": partial(_beside, asking)}
            ),
            answer=_tasks_given,
        ),
        on_notice(asked.AmendNotice, asked.AMEND_NOTICE, further=_to_amend, facts=listing(directories)),
    ]


def _notice(asking: Asking) -> str:
    return asking.body.notice or new_stream("notice", asking)


def _to_draft(asking: Asking) -> Folds:
    body = asking.body
    session = {body.session: SESSION} if body.session else {}
    return {
        _notice(asking): NOTICE,
        **session,
        **cases(*(item.case for item in body.items)),
        **papers_named(body.document),
    }


def _tasks(asking: Asking) -> dict[int, str]:
    """The task that each item may give, by number."""
    return {n: new_stream("task", asking, str(n)) for n in range(1, MAX_ITEMS + 1)}


def _beside(asking: Asking, number: int, unit: str) -> str:
    """The task of a unit that co-ordinates an item."""
    return new_stream("task", asking, str(number), unit)


def _to_issue(asking: Asking, states: States) -> Folds:
    """What the draft names: its paper, session, cases, units, and the tasks that it gives."""
    match states[asking.body.notice]:
        case Draft(draft=draft):
            session = {draft.session: SESSION} if draft.session else {}
            tasks = _tasks(asking)
            given = {tasks[item.number]: TASK for item in draft.items if item.unit is not None}
            helping = {_beside(asking, item.number, unit): TASK for item in draft.items for unit in beside(item)}
            held = states.get(draft.session) if draft.session else None
            put = held.puts if isinstance(held, Session) else ()
            named_units = (key for item in draft.items for key in (item.unit, *beside(item)))
            paper = papers(asking, draft.office, draft.document)
            work = {**cases(*(item.case for item in draft.items), *put), **given, **helping, **units(*named_units)}
            return {**session, **work, **paper}
        case Issued(draft=draft, document=document):
            return papers(asking, draft.office, document)
    return {}


def _to_amend(asking: Asking, states: States) -> Folds:
    """The tasks and case of the item, and the paper that amends it."""
    match states[asking.body.notice]:
        case Issued(draft=draft, items=items):
            found = next((item for item in items if item.number == asking.body.item), None)
            if found is not None and found.task is not None:
                tasks = dict.fromkeys(given_by(found), TASK)
                return {**tasks, **cases(found.case), **papers(asking, draft.office)}
    return {}


async def _tasks_given(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The tasks that the notice gave, in the order of its items, of each its lead's first; and the number that it carries."""
    state = states[asking.body.notice]
    if not isinstance(state, Issued):
        return {}
    return {"tasks": [task for item in state.items for task in given_by(item)], "number": state.number}


def of_notice(tenant: str, asking: Asking, states: States) -> Resource:
    state = states[asking.body.notice]
    if isinstance(state, NoNotice) or state.draft.office != asking.subject.office:
        raise Unknown("notice")
    return Resource(tenant=tenant, office=state.draft.office)
