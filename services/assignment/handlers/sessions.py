"""The commands of dialogue sessions: which streams each reads, who may ask it, what decides."""

from collections.abc import Mapping
from dataclasses import asdict
from functools import partial
from typing import Any

from services.assignment.domain.case import states as case_states
from services.assignment.domain.directory.people import person_stream
from services.assignment.domain.plan.decider import dialogue_stream
from services.assignment.domain.session import commands as asked
from services.assignment.domain.session import decider, ending, preparing, proposing, room
from services.assignment.domain.session.states import NoSession, Session
from services.assignment.handlers.acting import acting
from services.assignment.handlers.papers import listing, papers_named
from services.assignment.handlers.streams import (
    CASE,
    ITEM,
    MEETING,
    NOTICE,
    PERSON,
    PLAN,
    PLANNED_DIALOGUE,
    PROPOSAL,
    REQUEST,
    SESSION,
    TASK,
    Folds,
    calendar_stream,
    cases,
    fields,
    named,
    new_stream,
    new_task,
    not_the_heads_alone,
    of_office,
    party_stream,
    posts,
    units,
)
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.desk import Asking, Handler, States, handling
from shared.directory.queries import Directories
from shared.ids import base32
from shared.permit import Resource
from shared.vault.port import Vault


def handlers(tenant: str, directories: Directories | None = None) -> list[Handler]:
    """The handlers of one tenant; `directories` say of whoever acts what conflicts need."""
    on_session = handling(streams=named("session", SESSION), resource=partial(of_session, tenant), decide=decider.decide)
    return [
        Handler(
            command=asked.ProposeSession,
            action=asked.PROPOSE_SESSION,
            streams=_to_propose,
            resource=partial(of_office, tenant),
            decide=decider.decide,
            facts=_proposing,
            further=_given_before,
        ),
        on_session(asked.ApproveProgramme, asked.APPROVE_PROGRAMME, streams=_session_and_paper, facts=listing(directories)),
        on_session(asked.ArrangeSession, asked.ARRANGE_SESSION, streams=_session_and_secretary),
        on_session(
            asked.AnnounceSession,
            asked.ANNOUNCE_SESSION,
            streams=lambda asking: {**_session_and_calendar(asking), **papers_named(asking.body.invitation)},
        ),
        on_session(asked.LinkCase, asked.LINK_CASE, streams=_session_and_case, further=_its_answer),
        on_session(asked.UnlinkCase, asked.UNLINK_CASE, streams=_session_and_case, further=_its_answer),
        on_session(asked.AssignAttendance, asked.ASSIGN_ATTENDANCE, streams=_to_attend, facts=_giving_attendance),
        on_session(asked.ReportAnswers, asked.REPORT_ANSWERS, further=_its_cases),
        on_session(asked.WaiveReadiness, asked.WAIVE_READINESS),
        on_session(asked.OpenSession, asked.OPEN_SESSION, streams=_session_and_party, further=_cases_and_meeting),
        on_session(asked.PresentAgenda, asked.PRESENT_AGENDA, additive=True),
        on_session(
            asked.RaiseItem,
            asked.RAISE_ITEM,
            streams=_to_raise,
            facts=_raising,
            person=_speaker,
            answer=_raised,
            additive=True,
        ),
        on_session(
            asked.RecordOutcome,
            asked.RECORD_OUTCOME,
            streams=_case_and_survivor,
            facts=acting(directories),
            additive=True,
        ),
        on_session(asked.RecordAttendance, asked.RECORD_ATTENDANCE, streams=_session_and_units, additive=True),
        on_session(
            asked.HoldSession,
            asked.HOLD_SESSION,
            streams=_session_and_calendar,
            further=_cases_and_tasks,
            resource=partial(_to_hold, tenant),
            facts=acting(directories),
        ),
        on_session(asked.SignMinutes, asked.SIGN_MINUTES, streams=_session_and_paper, facts=listing(directories)),
        on_session(asked.ConcludeInMeeting, asked.CONCLUDE_IN_MEETING),
        on_session(asked.PostponeSession, asked.POSTPONE_SESSION, streams=_session_and_calendar, further=_cases_and_tasks),
        on_session(asked.CancelSession, asked.CANCEL_SESSION, streams=_session_and_calendar, further=_cases_and_tasks),
        on_session(asked.CloseSession, asked.CLOSE_SESSION, further=_all_work),
    ]


def _session(asking: Asking) -> Folds:
    return {asking.body.session: SESSION}


def _session_and_units(asking: Asking) -> Folds:
    return {**_session(asking), **units(*(each.unit for each in asking.body.units))}


def _session_and_secretary(asking: Asking) -> Folds:
    named = asking.body.secretary
    return {**_session(asking), **({person_stream(named): PERSON} if named is not None else {})}


def _session_and_paper(asking: Asking) -> Folds:
    return {**_session(asking), **papers_named(asking.body.document)}


def _to_propose(asking: Asking) -> Folds:
    body = asking.body
    return {
        new_stream("session", asking): SESSION,
        **({body.meeting: MEETING} if body.meeting else {}),
        **fields(body.field),
        **({body.planned.plan: PLAN, _dialogue(asking): PLANNED_DIALOGUE} if body.planned else {}),
        **dict.fromkeys(body.requests, REQUEST),
        **dict.fromkeys(body.proposals, PROPOSAL),
    }


def _dialogue(asking: Asking) -> str:
    return dialogue_stream(asking.body.planned.plan, asking.body.planned.number)


def _session_and_case(asking: Asking) -> Folds:
    return {**_session(asking), asking.body.case: CASE, **calendar_stream(asking)}


def _session_and_calendar(asking: Asking) -> Folds:
    return {**_session(asking), **calendar_stream(asking)}


def _session_and_party(asking: Asking) -> Folds:
    return {**_session(asking), **party_stream(asking)}


def _to_attend(asking: Asking) -> Folds:
    people = dict.fromkeys((person_stream(each) for each in asking.body.people), PERSON)
    return {**_session(asking), new_task(asking): TASK, **units(asking.body.unit), **people, **calendar_stream(asking)}


def _to_raise(asking: Asking) -> Folds:
    raised = _raised_ids(asking)
    body = asking.body
    known = {**fields(body.field), **units(*body.concerns_units, body.locality), **posts(*body.concerns_posts)}
    return {**_session(asking), raised["item"]: ITEM, raised["case"]: CASE, **known, **calendar_stream(asking)}


def _case_and_survivor(asking: Asking) -> Folds:
    return {**_session(asking), **cases(asking.body.case, asking.body.into), **units(asking.body.to)}


def _its_cases(asking: Asking, states: States) -> Folds:
    session = states[asking.body.session]
    return cases(*session.puts) if isinstance(session, Session) else {}


def _cases_and_meeting(asking: Asking, states: States) -> Folds:
    session = states[asking.body.session]
    meeting = session.was.meeting if isinstance(session, Session) else None
    return {**_its_cases(asking, states), **({meeting: MEETING} if meeting else {})}


def _cases_and_tasks(asking: Asking, states: States) -> Folds:
    session = states[asking.body.session]
    if not isinstance(session, Session):
        return {}
    survivors = (put.outcome.into for put in session.puts.values() if put.outcome is not None)
    tasks = [task for case in session.puts for task in _tasks(states.get(case))]
    attending = (each.task for each in session.attending.values())
    return {**cases(*session.puts, *survivors), **dict.fromkeys((*attending, *tasks), TASK)}


def _tasks(case: Any) -> list[str]:
    """The tasks that a case names: its lead's, and those of whoever co-ordinates or is asked."""
    if case is None or isinstance(case, case_states.NoCase):
        return []
    lead = [case.task] if isinstance(case, case_states.HELD) else []
    matter = case.matter
    return [*lead, *(each.task for each in matter.coordinating), *(task for _, task in matter.consulting)]


def _its_answer(asking: Asking, states: States) -> Folds:
    return dict.fromkeys(_tasks(states[asking.body.case]), TASK)


def _all_work(asking: Asking, states: States) -> Folds:
    """The cases put to it, and the tasks that its notice gave."""
    session = states[asking.body.session]
    if not isinstance(session, Session) or session.notice is None:
        return _its_cases(asking, states)
    tasks = dict.fromkeys(ending.tasks_of(session, states), TASK)
    return {**_its_cases(asking, states), session.notice: NOTICE, **tasks}


def _given_before(asking: Asking, states: States) -> Folds:
    """The dialogues that requests, proposals and a line of the plan were given before: cancelled ones leave them free."""
    planned = (_dialogue(asking),) if asking.body.planned else ()
    taken = (*asking.body.requests, *asking.body.proposals, *planned)
    named = (getattr(states[stream], "session", None) for stream in taken)
    return dict.fromkeys((session for session in named if session is not None), SESSION)


def _raised_ids(asking: Asking) -> dict[str, str]:
    suffix = base32(asking.keyed.digest("raised", asking.command_id), 20)
    return {"item": f"item-{suffix}", "case": f"case-{suffix}", "opinion": f"opinion-{suffix}"}


def _speaker(asking: Asking) -> str | None:
    if asking.body.speaker_name is None:
        return None
    return f"s-{asking.keyed.hex('speaker', _raised_ids(asking)['opinion'])[:32]}"


async def _proposing(asking: Asking, facts: Facts) -> Facts:
    return proposing.Proposing(**asdict(facts), session=new_stream("session", asking))


async def _giving_attendance(asking: Asking, facts: Facts) -> Facts:
    return preparing.GivingAttendance(**asdict(facts), task=new_task(asking))


async def _raising(asking: Asking, facts: Facts) -> Facts:
    ids = _raised_ids(asking)
    return room.Raising(**asdict(facts), item=ids["item"], case=ids["case"], opinion=ids["opinion"], speaker=_speaker(asking))


async def _raised(asking: Asking, states: States, vault: Vault) -> Mapping[str, Any]:
    """The case, item and opinion of what was raised."""
    ids = _raised_ids(asking)
    return ids if not isinstance(states[ids["case"]], case_states.NoCase) else {}


def _to_hold(tenant: str, asking: Asking, states: States) -> Resource:
    """The session; the head's alone to hold where that directs work."""
    resource = of_session(tenant, asking, states)
    return resource if ending.directs(states[asking.body.session], states) else not_the_heads_alone(resource, asking)


def of_session(tenant: str, asking: Asking, states: States) -> Resource:
    session = states[asking.body.session]
    if isinstance(session, NoSession) or session.was.office != asking.subject.office:
        raise Unknown("session")
    return Resource(tenant=tenant, office=session.was.office)
