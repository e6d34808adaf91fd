"""Cases of Sơn La at work: the facts that their tests begin with, and what decides about them."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any

from services.assignment.domain.case.conflict import Place
from services.assignment.domain.case.decider import GivingWork
from services.assignment.handlers import FOLDS, handlers
from shared.calendar import Calendar, answer_due
from shared.contracts.calendar import CalendarPublished, DayOff
from shared.contracts.case import (
    AnswerApproved,
    AnswerDelivered,
    AnswerSubmitted,
    Authority,
    CaseAssigned,
    CaseLinked,
    CaseOpened,
    CaseResolved,
    Means,
    Resolution,
)
from shared.contracts.directory import PersonRegistered, UnitDissolved, UnitKind, UnitRegistered
from shared.contracts.opinion import Channel, Flag, Kind, SourceGroup
from shared.contracts.roles import Role
from shared.contracts.session import Mode, Origin, SessionCaseLinked, SessionProposed, Track, Trigger
from shared.contracts.task import TaskAssigned, TaskSubmitted, TaskType
from tests.support.scenario import Given, Rules, sealed

CASE = "case-7Q2K9FXA3MBTW0000001"
OPINION = "opinion-7Q2K9FXA3MBTW0000001"
EPISODE = "7Q2K9FXA3MBTW0000001/1"
SECOND_EPISODE = "7Q2K9FXA3MBTW0000001/2"
TASK = "task-00000000000000000001"
NEW_TASK = "task-00000000000000000002"
CALENDAR = "calendar-VN"

# Tết 2023 and the days around it, as published (domain brief §2.2).
TET = tuple(date(2023, 1, day) for day in (20, 23, 24, 25, 26))
PUBLISHED = CalendarPublished(
    version="2023.1",
    first=date(2023, 1, 1),
    last=date(2023, 12, 31),
    days_off=tuple(DayOff(day=day, name="Tết Nguyên đán") for day in TET),
    workdays=(),
)
KNOWN = Calendar("2023.1", date(2023, 1, 1), date(2023, 12, 31), dict.fromkeys(TET, "Tết Nguyên đán"), frozenset())
DUE = answer_due(KNOWN, date(2023, 1, 9))
RECEIVED = datetime(2023, 1, 9, 1, 30, tzinfo=UTC)


def facts(
    at: datetime = datetime(2023, 1, 11, 2, tzinfo=UTC),
    *,
    person: str = "p-chief",
    unit: str = "CVP",
    capacity: Role = Role.CHIEF,
    task: str = NEW_TASK,
    posts: tuple[str, ...] = (),
    tasks: Mapping[str, str] | None = None,
    head: bool | None = None,
    heirs: Mapping[str, frozenset[str]] | None = None,
    acts_for: tuple[Place, ...] = (),
) -> GivingWork:
    """Who asks and when; the head of the office on 11/01/2023 unless said otherwise, himself unless he is not the `head`."""
    return GivingWork(
        at=at,
        now=at,
        person=person,
        office="VPUB",
        unit=unit,
        capacity=capacity,
        task=task,
        posts=frozenset(posts),
        tasks=tasks or {},
        head=capacity is Role.CHIEF if head is None else head,
        heirs=heirs or {},
        acts_for=acts_for,
    )


def unit(key: str, office: str | None = "VPUB", kind: UnitKind = UnitKind.DIVISION) -> UnitRegistered:
    return UnitRegistered(
        unit=key,
        code=key,
        name=f"Đơn vị {key}",
        kind=kind,
        office=office,
        parent=office if office != key else None,
        valid_from=date(2021, 1, 1),
    )


OPENED = CaseOpened(
    opinion=OPINION,
    episode=EPISODE,
    office="VPUB",
    unit="TH",
    source_group=SourceGroup.INTERNAL,
    channel=Channel.UNIT_SUMMARY,
    locality=None,
    kind=Kind.PROPOSAL,
    field="dao-tao-boi-duong",
    flags=(Flag.PRESSING,),
    concerns_units=(),
    concerns_posts=(),
    due=DUE,
    received_at=RECEIVED,
    words=sealed(7),
    hidden=False,
    session=None,
)
ASSIGNED = CaseAssigned(episode=EPISODE, lead="TCHCQT", authority=Authority.HEAD, task=TASK, due=DUE)
WORK = TaskAssigned(
    type=TaskType.ANSWER,
    unit="TCHCQT",
    office="VPUB",
    about=CASE,
    case=CASE,
    episode=EPISODE,
    authority=Authority.HEAD,
    due=DUE,
)
SUBMITTED = AnswerSubmitted(
    episode=EPISODE,
    draft=1,
    drafter="p-specialist",
    answer=sealed(1),
    solution=sealed(2),
    direction=None,
    legal_basis=None,
)
APPROVED = AnswerApproved(episode=EPISODE, draft=1, reviewer="p-chief")
DELIVERED = AnswerDelivered(episode=EPISODE, draft=1, means=Means.LETTER)
RESOLVED = CaseResolved(episode=EPISODE, how=Resolution.WRITTEN, due=DUE)

HANDED_IN = TaskSubmitted(unit="TCHCQT", by="p-specialist")
SESSION = "session-00000000000000000001"
CHAIRMAN = facts(person="p-chairman", unit="VPUB", capacity=Role.CHAIRMAN)
DEPUTY = facts(person="p-deputy", capacity=Role.DEPUTY)
HUB = facts(person="p-hub", unit="TCHCQT", capacity=Role.HUB)
LEADER = facts(person="p-leader", unit="TCHCQT", capacity=Role.UNIT_LEADER)
SPECIALIST = facts(person="p-specialist", unit="TCHCQT", capacity=Role.SPECIALIST)
OTHER = facts(person="p-other", unit="TH", capacity=Role.UNIT_LEADER)


def session(track: Track = Track.PEOPLE, *, on: date = date(2023, 3, 21), short_form: bool = False) -> list[Any]:
    """A dialogue on `on`, and the case put to it."""
    proposed = SessionProposed(
        office="VPUB",
        track=track,
        trigger=None if track is Track.CHAIRMAN else Trigger.ON_REQUEST,
        mode=Mode.IN_PERSON,
        origin=Origin.REQUEST,
        scheduled=on,
        meeting=None,
        short_form=short_form,
        field=None,
        topic=None,
        requests=(),
        proposals=(),
    )
    return [proposed, SessionCaseLinked(case=CASE, episode=EPISODE)]


LINKED = CaseLinked(episode=EPISODE, session=SESSION)


DIRECTORY: Mapping[str, Sequence[Any]] = {
    "unit-VPUB": [unit("VPUB", kind=UnitKind.OFFICE)],
    "unit-TCHCQT": [unit("TCHCQT")],
    "unit-TH": [unit("TH")],
    "unit-NC": [unit("NC")],
    "unit-SGTVT": [unit("SGTVT", None, UnitKind.PROVINCIAL_BODY)],
    "unit-MS1": [unit("MS1", "UBND-MSO")],
    "unit-CU": [unit("CU"), UnitDissolved(unit="CU", valid_from=date(2023, 1, 1))],
    "person-p-specialist": [PersonRegistered(person="p-specialist", name=sealed(8), unit="TCHCQT", valid_from=date(2021, 1, 1))],
    "person-p-other": [PersonRegistered(person="p-other", name=sealed(9), unit="TH", valid_from=date(2021, 1, 1))],
    CALENDAR: [PUBLISHED],
}

DECIDE = {handler.command: handler.decide for handler in handlers("sonla")}
RULES = Rules(
    folds=FOLDS,
    decide=lambda command, states, told: DECIDE[type(command)](command, states, told),
    told=lambda _command: facts(),
)


def given(*on_case: Any, task: Sequence[Any] = (), more: Mapping[str, Sequence[Any]] | None = None) -> Given:
    """The directory and calendar of Sơn La, and these facts of the case and its task."""
    return RULES.given({**DIRECTORY, CASE: on_case, TASK: task, **(more or {})})
