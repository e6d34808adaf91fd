"""Dialogues of Sơn La in 2023: the facts that the tests of sessions, requests, proposals and meetings begin with."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from shared.calendar import answer_due
from shared.contracts.case import AnswerSubmitted, Authority, CaseAssigned, CaseLinked, CaseOpened
from shared.contracts.directory import FieldRegistered
from shared.contracts.due import Due
from shared.contracts.facts import Facts
from shared.contracts.meeting import MeetingBody, MeetingKind, MeetingScheduled
from shared.contracts.opinion import RejectionReason, SourceGroup
from shared.contracts.plan import Basis, PlanDrafted, PlanIssued, PlannedDialogue
from shared.contracts.proposal import (
    AppraisalConcluded,
    AppraisalGiven,
    AppraisalRequested,
    ProposalApproved,
    ProposalOpened,
    ProposalSubmitted,
    Verdict,
)
from shared.contracts.request import RequestAccepted, RequestOpened, RequestRefused
from shared.contracts.roles import Role
from shared.contracts.session import (
    AttendanceRecorded,
    Mode,
    Origin,
    Outcome,
    OutcomeRecorded,
    Present,
    ProgrammeApproved,
    SessionAnnounced,
    SessionCaseLinked,
    SessionHeld,
    SessionItemRaised,
    SessionOpened,
    SessionProposed,
    Track,
    Trigger,
)
from shared.contracts.task import TaskAssigned, TaskType
from tests.assignment.stage import DIRECTORY, KNOWN, OPENED, RULES, SESSION, unit
from tests.support.scenario import Given, sealed

MEETING = "meeting-00000000000000000001"
REQUEST = "request-00000000000000000001"
PROPOSAL = "proposal-00000000000000000001"
OTHER_PROPOSAL = "proposal-00000000000000000002"
NOTICE = "notice-00000000000000000001"
ATTENDING = "task-00000000000000000201"
CONFERENCE_DAY, REQUEST_DAY, AD_HOC_DAY, CHAIRMANS_DAY = (
    date(2023, 2, 10),
    date(2023, 3, 21),
    date(2023, 5, 11),
    date(2023, 8, 15),
)
UNITS: Mapping[str, Sequence[Any]] = {
    **DIRECTORY,
    **{f"unit-{key}": [unit(key, None)] for key in ("BDVTU", "MTTQ", "SNNPTNT")},
    **{
        f"field-{key}": [FieldRegistered(field=key, name=key, restricted=False, valid_from=date(2021, 1, 1))]
        for key in ("hanh-chinh-van-phong", "thu-tuc-hanh-chinh", "dao-tao-boi-duong", "nong-nghiep")
    },
}


def told(day: date, kind: type[Facts] = Facts, **changed: Any) -> Any:
    """The facts a decision gets: the head of the office on that day unless said otherwise."""
    moment = datetime(day.year, day.month, day.day, 2, tzinfo=UTC)
    who = {"person": "p-chief", "office": "VPUB", "unit": "CVP", "capacity": Role.CHIEF}
    return kind(**{"at": moment, "now": moment, **who, **changed})


def chairman(day: date, kind: type[Facts] = Facts, **changed: Any) -> Any:
    return told(day, kind, **{"person": "p-chairman", "unit": "VPUB", "capacity": Role.CHAIRMAN, **changed})


def history(*on_session: Any, beside: Mapping[str, Sequence[Any]] | None = None) -> Given:
    """The directory and calendar of Sơn La, these facts of the session, and those of other streams."""
    return RULES.given({**UNITS, SESSION: on_session, **(beside or {})})


# --- what it hangs on

SCHEDULED = MeetingScheduled(
    office="VPUB", kind=MeetingKind.STAFF_CONFERENCE, body=MeetingBody.OFFICE, on=CONFERENCE_DAY, series=None
)
BRIEFING = replace(SCHEDULED, kind=MeetingKind.WEEKLY_BRIEFING, body=MeetingBody.LEADERSHIP, on=date(2023, 1, 9), series=MEETING)


def due(start: date, working_days: int, rule: str) -> Due:
    return KNOWN.due(start, working_days, rule=rule, rules=answer_due(KNOWN, start).rules)


def on_the_day(day: date) -> Due:
    """What is put to a dialogue is due on its day."""
    return due(day, 0, "session")


ASKED = RequestOpened(
    receipt="request_receipt-00000000000000000001",
    office="VPUB",
    unit="TH",
    source_group=SourceGroup.PEOPLE,
    locality=None,
    received_at=datetime(2023, 3, 6, 2, tzinfo=UTC),
    words=sealed(11),
    opinions=(),
    due=due(date(2023, 3, 6), 10, "tell"),
)
GRANTED = RequestAccepted(session=SESSION)
DENIED = RequestRefused(reason=RejectionReason.FINAL_DECISION, note=sealed(12))

BROUGHT = ProposalOpened(
    receipt="proposal_receipt-00000000000000000001",
    office="VPUB",
    division="TH",
    proposer="SNNPTNT",
    received_at=datetime(2023, 6, 5, 2, tzinfo=UTC),
    field="nong-nghiep",
    content=sealed(13),
    reason=sealed(14),
    attachments=(),
    checklist="dieu-8.2019.1",
)
APPRAISAL = AppraisalRequested(leader="p-deputy", appraisers=("BDVTU", "MTTQ"), due=due(date(2023, 6, 12), 5, "appraise"))


def agreed(by: str, verdict: Verdict = Verdict.AGREES) -> AppraisalGiven:
    return AppraisalGiven(appraiser=by, verdict=verdict, comment=None, letter=None, on=date(2023, 6, 16), itself=True)


CONCLUDED = AppraisalConcluded(by="p-deputy", verdict=Verdict.AGREES, note=None)
BEFORE_CHAIRMAN = ProposalSubmitted(to_chairman=True, document=None)
TO_BE_HELD = ProposalApproved(note=None)
AGREED = (BROUGHT, APPRAISAL, agreed("BDVTU"), agreed("MTTQ"), CONCLUDED, BEFORE_CHAIRMAN, TO_BE_HELD)

# --- the plan that names some of them

PLAN = "plan-VPUB-2023"
CONFERENCE_OF_PLAN = PlannedDialogue(
    number=2, track=Track.STAFF, trigger=Trigger.PERIODIC, meeting=MeetingKind.STAFF_CONFERENCE, planned=CONFERENCE_DAY
)
PLAN_DRAFTED = PlanDrafted(
    office="VPUB",
    year=2023,
    bases=(Basis(number="12-QĐi/TU"),),
    dialogues=(CONFERENCE_OF_PLAN,),
    windows=(),
    recipients=(),
    copied_from=None,
    document=None,
)
IN_FORCE = (
    PLAN_DRAFTED,
    PlanIssued(document="document-00000000000000000001", number="01/KH-VPUB", on=date(2023, 1, 4), disseminations=()),
)

# --- the dialogues

PERIODIC = SessionProposed(
    office="VPUB",
    track=Track.STAFF,
    trigger=Trigger.PERIODIC,
    mode=Mode.IN_PERSON,
    origin=Origin.PLAN,
    scheduled=CONFERENCE_DAY,
    meeting=MEETING,
    short_form=False,
    field=None,
    topic=None,
    requests=(),
    proposals=(),
)
AT_BRIEFING = replace(PERIODIC, origin=Origin.RECURRENCE, scheduled=date(2023, 1, 9), short_form=True)
ON_REQUEST = replace(
    PERIODIC,
    track=Track.PEOPLE,
    trigger=Trigger.ON_REQUEST,
    origin=Origin.REQUEST,
    scheduled=REQUEST_DAY,
    meeting=None,
    requests=(REQUEST,),
)
AD_HOC = replace(
    ON_REQUEST,
    trigger=Trigger.AD_HOC,
    origin=Origin.ARISEN,
    scheduled=AD_HOC_DAY,
    field="thu-tuc-hanh-chinh",
    requests=(),
)
CHAIRMANS = replace(
    ON_REQUEST,
    track=Track.CHAIRMAN,
    trigger=None,
    origin=Origin.PROPOSAL,
    scheduled=CHAIRMANS_DAY,
    requests=(),
    proposals=(PROPOSAL,),
)
PROGRAMME = ProgrammeApproved(version=1, by="p-chief", document=None, note=None)
BEGUN = SessionOpened()
PRESENT = AttendanceRecorded(present=(Present(group=SourceGroup.INTERNAL, heads=118),), units=())
HELD = SessionHeld()


def announced(day: date) -> SessionAnnounced:
    return SessionAnnounced(on=day, invitation=None)


# --- what is put to them


def case(n: int = 1) -> str:
    return f"case-7Q2K9FXA3MBTW000000{n}"


def episode(n: int = 1) -> str:
    return f"7Q2K9FXA3MBTW000000{n}/1"


def task(n: int = 1) -> str:
    """Of whoever answers the n-th case."""
    return f"task-0000000000000000010{n}"


def opened(n: int = 1, **changed: Any) -> CaseOpened:
    """An opinion of a member of staff without flags, received on 09/01/2023."""
    return replace(OPENED, opinion=f"opinion-7Q2K9FXA3MBTW000000{n}", episode=episode(n), **{"flags": (), **changed})


def linked(n: int = 1) -> SessionCaseLinked:
    return SessionCaseLinked(case=case(n), episode=episode(n))


def raised(n: int = 1) -> SessionItemRaised:
    return SessionItemRaised(item=f"item-7Q2K9FXA3MBTW000000{n}", case=case(n), episode=episode(n))


def waiting(n: int = 1, **changed: Any) -> dict[str, Sequence[Any]]:
    """The n-th case, put to the session and given to nobody."""
    return {case(n): [opened(n, **changed), CaseLinked(episode=episode(n), session=SESSION)]}


def drafting(n: int = 1, **changed: Any) -> dict[str, Sequence[Any]]:
    """The same, given to TCHCQT, which has not answered yet."""
    opening, put = waiting(n, **changed)[case(n)]
    given = CaseAssigned(episode=episode(n), lead="TCHCQT", authority=Authority.HEAD, task=task(n), due=opening.due)
    return {case(n): [opening, put, given], task(n): [answering(n)]}


def answered(n: int = 1, **changed: Any) -> dict[str, Sequence[Any]]:
    """The same, its answer before the head."""
    submitted = AnswerSubmitted(
        episode=episode(n), draft=1, drafter="p-specialist", answer=sealed(1), solution=None, direction=None, legal_basis=None
    )
    return {name: [*events, submitted] if name == case(n) else events for name, events in drafting(n, **changed).items()}


def answering(n: int = 1) -> TaskAssigned:
    return TaskAssigned(
        type=TaskType.ANSWER,
        unit="TCHCQT",
        office="VPUB",
        about=case(n),
        case=case(n),
        episode=episode(n),
        authority=Authority.HEAD,
        due=OPENED.due,
    )


def attend(day: date, authority: Authority = Authority.HEAD, by: str = "TH") -> TaskAssigned:
    return TaskAssigned(
        type=TaskType.ATTEND,
        unit=by,
        office="VPUB",
        about=SESSION,
        case=None,
        episode=None,
        authority=authority,
        due=on_the_day(day),
    )


def became(n: int, outcome: Outcome, **said: Any) -> OutcomeRecorded:
    """What became of the n-th case."""
    blank = dict.fromkeys(("reason", "to", "diverted", "into", "answer", "direction"))
    return OutcomeRecorded(case=case(n), episode=episode(n), outcome=outcome, **{**blank, **said})
