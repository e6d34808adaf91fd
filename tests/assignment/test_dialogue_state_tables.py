"""The state tables of meetings, dialogues, requests and proposals in the service's README say what the deciders do."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any, Final

import pytest

from services.assignment.domain.meeting import commands as of_meeting
from services.assignment.domain.meeting.decider import Hosting
from services.assignment.domain.proposal import commands as of_proposal
from services.assignment.domain.proposal.decider import Appraising
from services.assignment.domain.request import commands as of_request
from services.assignment.domain.session import commands as of_session
from services.assignment.domain.session.preparing import GivingAttendance
from services.assignment.domain.session.room import Raising
from services.assignment.domain.session.states import Session
from services.assignment.entrypoints.api import meetings, proposals, requests, sessions
from shared.contracts.case import CaseResolved, Resolution
from shared.contracts.meeting import MeetingCancelled, MeetingHeld
from shared.contracts.opinion import Kind, RejectionReason, SourceGroup
from shared.contracts.proposal import ProposalDeferred, ProposalRefused, ProposalReturned, Verdict
from shared.contracts.request import RequestMet, RequestWithdrawn
from shared.contracts.session import (
    AgendaKind,
    AnswersReported,
    MinutesSigned,
    Outcome,
    SessionCancelled,
    SessionClosed,
    SessionConcluded,
    SessionPostponed,
)
from shared.desk import name_of
from tests.assignment.sittings import (
    AGREED,
    APPRAISAL,
    ASKED,
    ATTENDING,
    BEFORE_CHAIRMAN,
    BEGUN,
    BROUGHT,
    CONCLUDED,
    CONFERENCE_DAY,
    DENIED,
    GRANTED,
    HELD,
    MEETING,
    NOTICE,
    ON_REQUEST,
    PERIODIC,
    PRESENT,
    PROGRAMME,
    PROPOSAL,
    REQUEST,
    SCHEDULED,
    TO_BE_HELD,
    UNITS,
    agreed,
    announced,
    answered,
    became,
    case,
    episode,
    linked,
    opened,
    told,
)
from tests.assignment.stage import DUE, RULES, SESSION
from tests.assignment.test_state_tables import README
from tests.support import state_tables
from tests.support.scenario import Given, sealed

Histories = Mapping[str, Sequence[Any]]
EARLY: Final = date(2023, 2, 1)
TASKS: Final = {"BDVTU": "task-00000000000000000401", "MTTQ": "task-00000000000000000402"}

# --- dialogues: in full form, with staff, one answered opinion put to it

_READY: Final = (PERIODIC, linked(1), PROGRAMME, announced(CONFERENCE_DAY), AnswersReported(cases=(case(1),)))
_HELD: Final = (*_READY, BEGUN, PRESENT, became(1, Outcome.ANSWERED), HELD)
_CONCLUDED: Final = (*_HELD, MinutesSigned(document=None, cases=(case(1),)), SessionConcluded(notice=NOTICE, meeting=None))
SESSIONS: Final[dict[str, tuple[Any, ...]]] = {
    "Proposed": _READY[:2],
    "Programmed": _READY[:3],
    "Announced": _READY[:4],
    "Ready": _READY,
    "Postponed": (*_READY, SessionPostponed(to=date(2023, 3, 10), reason=sealed(1))),
    "InProgress": _HELD[:-1],
    "Held": _HELD,
    "Concluded": _CONCLUDED,
    "Closed": (*_CONCLUDED, SessionClosed()),
    "Cancelled": (*_READY[:2], SessionCancelled(reason=sealed(1))),
}
ON_SESSIONS: Final[dict[str, Any]] = {
    "approve_programme": of_session.ApproveProgramme(session=SESSION),
    "arrange_session": of_session.ArrangeSession(session=SESSION, place="Hội trường tầng 2"),
    "announce_session": of_session.AnnounceSession(session=SESSION),
    "link_case": of_session.LinkCase(session=SESSION, case=case(2)),
    "unlink_case": of_session.UnlinkCase(session=SESSION, case=case(1)),
    "assign_attendance": of_session.AssignAttendance(session=SESSION, unit="TH"),
    "report_answers": of_session.ReportAnswers(session=SESSION),
    "waive_readiness": of_session.WaiveReadiness(session=SESSION, reason=sealed(1)),
    "postpone_session": of_session.PostponeSession(session=SESSION, to=date(2023, 7, 20), reason=sealed(1)),
    "cancel_session": of_session.CancelSession(session=SESSION, reason=sealed(1)),
    "open_session": of_session.OpenSession(session=SESSION),
    "present_agenda": of_session.PresentAgenda(session=SESSION, kind=AgendaKind.POLICY, content=sealed(1)),
    "raise_item": of_session.RaiseItem(
        session=SESSION, source_group=SourceGroup.INTERNAL, kind=Kind.PROPOSAL, field="dao-tao-boi-duong", words=sealed(1)
    ),
    "record_outcome": of_session.RecordOutcome(session=SESSION, case=case(1), outcome=Outcome.WITHDRAWN),
    "record_attendance": of_session.RecordAttendance(session=SESSION, present=PRESENT.present),
    "hold_session": of_session.HoldSession(session=SESSION),
    "sign_minutes": of_session.SignMinutes(session=SESSION),
    "conclude_in_meeting": of_session.ConcludeInMeeting(session=SESSION),
    "close_session": of_session.CloseSession(session=SESSION),
}
ON_ITS_DAY: Final = ("open_session", "hold_session", "close_session")


def stands(state: Any) -> str:
    """The name of a state: of a session its stage."""
    return state.stage.name.title().replace("_", "") if isinstance(state, Session) else type(state).__name__


def outcome(history: Given, command: Any, stream: str, facts: Any) -> str:
    """What a cell of a table says, of stages as `stands` names them."""
    return state_tables.outcome(history, command, stream, facts, stands)


def _session_facts(name: str, day: date) -> Any:
    if name == "assign_attendance":
        return told(day, GivingAttendance, task=ATTENDING)
    if name == "raise_item":
        return told(day, Raising, item="item-3", case=case(3), opinion="opinion-3", speaker=None)
    return told(day)


def of_sessions() -> list[list[str]]:
    """The table of dialogues, computed."""
    rows = [["command \\ in", *SESSIONS]]
    for name, command in ON_SESSIONS.items():
        cells = []
        for stage, events in SESSIONS.items():
            settled = CaseResolved(episode=episode(1), how=Resolution.ON_THE_SPOT, due=DUE)
            cases = answered(1)
            if stage in ("Held", "Concluded", "Closed"):
                cases = {case(1): [*cases[case(1)], settled]}
            history = RULES.given({**UNITS, SESSION: events, case(2): [opened(2)], **cases})
            on = history.state(SESSION).on
            cells.append(outcome(history, command, SESSION, _session_facts(name, on if name in ON_ITS_DAY else EARLY)))
        rows.append([f"`{name}`", *cells])
    return rows


# --- meetings

MEETINGS: Final[dict[str, tuple[Any, ...]]] = {
    "Scheduled": (SCHEDULED,),
    "Held": (SCHEDULED, MeetingHeld()),
    "Cancelled": (SCHEDULED, MeetingCancelled(reason=sealed(1))),
}
ON_MEETINGS: Final[dict[str, Any]] = {
    "move_meeting": of_meeting.MoveMeeting(meeting=MEETING, on=date(2023, 2, 17)),
    "hold_meeting": of_meeting.HoldMeeting(meeting=MEETING),
    "cancel_meeting": of_meeting.CancelMeeting(meeting=MEETING, reason=sealed(1)),
}

# --- requests: of a dialogue that has not begun, and for meeting it one that was held

REQUESTS: Final[dict[str, tuple[Any, ...]]] = {
    "Open": (ASKED,),
    "Accepted": (ASKED, GRANTED),
    "Met": (ASKED, GRANTED, RequestMet(session=SESSION)),
    "Refused": (ASKED, DENIED),
    "Withdrawn": (ASKED, RequestWithdrawn(note=None)),
}
ON_REQUESTS: Final[dict[str, Any]] = {
    "accept_request": of_request.AcceptRequest(request=REQUEST, session="session-00000000000000000002"),
    "refuse_request": of_request.RefuseRequest(request=REQUEST, reason=RejectionReason.FINAL_DECISION, note=sealed(1)),
    "withdraw_request": of_request.WithdrawRequest(request=REQUEST),
    "meet_request": of_request.MeetRequest(request=REQUEST),
}

# --- proposals: both verdicts given, and for going on without one, one of them missing

_BOTH: Final = (BROUGHT, APPRAISAL, agreed("BDVTU"), agreed("MTTQ"))
PROPOSALS: Final[dict[str, tuple[Any, ...]]] = {
    "Received": (BROUGHT,),
    "ToComplete": (BROUGHT, ProposalReturned(reason=sealed(1))),
    "UnderAppraisal": (BROUGHT, APPRAISAL, replace(agreed("BDVTU"), letter="112/BDVTU", itself=False), agreed("MTTQ")),
    "Appraised": (*_BOTH, CONCLUDED),
    "Submitted": (*_BOTH, CONCLUDED, BEFORE_CHAIRMAN),
    "Approved": AGREED,
    "Refused": (*_BOTH, CONCLUDED, BEFORE_CHAIRMAN, ProposalRefused(reason=sealed(1))),
    "Deferred": (*_BOTH, CONCLUDED, BEFORE_CHAIRMAN, ProposalDeferred(reason=None)),
}
ON_PROPOSALS: Final[dict[str, Any]] = {
    "return_proposal": of_proposal.ReturnProposal(proposal=PROPOSAL, reason=sealed(1)),
    "complete_proposal": of_proposal.CompleteProposal(proposal=PROPOSAL, content=sealed(1)),
    "request_appraisal": of_proposal.RequestAppraisal(proposal=PROPOSAL, leader="p-deputy"),
    "give_appraisal": of_proposal.GiveAppraisal(
        proposal=PROPOSAL, appraiser="BDVTU", verdict=Verdict.WITH_CHANGES, letter="112/BDVTU"
    ),
    "override_appraisal": of_proposal.OverrideAppraisal(proposal=PROPOSAL, appraiser="MTTQ", reason=sealed(1)),
    "conclude_appraisal": of_proposal.ConcludeAppraisal(proposal=PROPOSAL, verdict=Verdict.AGREES),
    "submit_proposal": of_proposal.SubmitProposal(proposal=PROPOSAL),
    "approve_proposal": of_proposal.ApproveProposal(proposal=PROPOSAL),
    "refuse_proposal": of_proposal.RefuseProposal(proposal=PROPOSAL, reason=sealed(1)),
    "defer_proposal": of_proposal.DeferProposal(proposal=PROPOSAL),
    "check_line": of_proposal.CheckLine(proposal=PROPOSAL, line=1),
}


def _table(
    stream: str,
    states: Mapping[str, tuple[Any, ...]],
    commands: Mapping[str, Any],
    facts: Any,
    beside: Callable[[str], Histories] = lambda _name: {},
) -> list[list[str]]:
    rows = [["command \\ in", *states]]
    for name, command in commands.items():
        cells = []
        for events in states.values():
            left_out = agreed("MTTQ") if name == "override_appraisal" and events[-1] == agreed("MTTQ") else None
            history = RULES.given({**UNITS, **beside(name), stream: [event for event in events if event != left_out]})
            cells.append(outcome(history, command, stream, facts))
        rows.append([f"`{name}`", *cells])
    return rows


def of_meetings() -> list[list[str]]:
    """The table of meetings, computed on the day."""
    return _table(MEETING, MEETINGS, ON_MEETINGS, told(CONFERENCE_DAY, Hosting, dialogues=()))


def of_requests() -> list[list[str]]:
    """The table of requests, computed."""

    def beside(name: str) -> Histories:
        over = (BEGUN, HELD) if name == "meet_request" else ()
        return {SESSION: [ON_REQUEST, *over], "session-00000000000000000002": [ON_REQUEST]}

    return _table(REQUEST, REQUESTS, ON_REQUESTS, told(date(2023, 3, 9)), beside)


def of_proposals() -> list[list[str]]:
    """The table of proposals, computed after the appraisers' day."""
    late = told(date(2023, 6, 20), Appraising, person="p-deputy", tasks=TASKS, heads=frozenset({"p-deputy"}))
    return _table(PROPOSAL, PROPOSALS, ON_PROPOSALS, late)


TABLES: Final[dict[str, Callable[[], list[list[str]]]]] = {
    "States of a dialogue": of_sessions,
    "States of a meeting": of_meetings,
    "States of a request for dialogue": of_requests,
    "States of a proposal": of_proposals,
}


@pytest.mark.parametrize("heading", list(TABLES))
def test_a_state_table_says_what_the_decider_does(heading: str) -> None:
    assert state_tables.written(README, heading) == TABLES[heading]()


@pytest.mark.parametrize(
    ("routes", "rows", "creating"),
    [
        (sessions, ON_SESSIONS, {"propose_session"}),
        (meetings, ON_MEETINGS, {"schedule_meeting", "schedule_meetings"}),
        (requests, ON_REQUESTS, set()),
        (proposals, ON_PROPOSALS, set()),
    ],
)
def test_the_tables_have_a_row_for_every_command_that_people_ask(routes: Any, rows: dict[str, Any], creating: set[str]) -> None:
    assert {name_of(command) for _, command, _ in routes.COMMANDS} == rows.keys() | creating


def test_what_the_readme_says_beside_the_tables_holds() -> None:
    cancelled = RULES.given(
        {
            **UNITS,
            REQUEST: [ASKED, GRANTED],
            SESSION: [ON_REQUEST, SessionCancelled(reason=sealed(1))],
            "session-00000000000000000002": [ON_REQUEST],
        }
    )
    assert outcome(cancelled, ON_REQUESTS["accept_request"], REQUEST, told(EARLY)) == "stays"
    assert outcome(cancelled, ON_REQUESTS["refuse_request"], REQUEST, told(EARLY)) == "→ Refused"
    under = RULES.given({**UNITS, PROPOSAL: [BROUGHT, APPRAISAL]})
    facts = told(date(2023, 6, 12), Appraising, tasks=TASKS, heads=frozenset({"p-deputy", "p-other"}))
    other = replace(ON_PROPOSALS["request_appraisal"], leader="p-other")
    assert outcome(under, other, PROPOSAL, facts) == "stays"
    assert TO_BE_HELD in AGREED


if __name__ == "__main__":
    state_tables.show(TABLES)
