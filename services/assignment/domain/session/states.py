"""The states of a session, and how each fact moves it from one to the next."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum
from typing import Any, Final

from shared.contracts.session import (
    AnswersReported,
    AttendanceAssigned,
    AttendanceRecorded,
    MinutesSigned,
    OutcomeRecorded,
    ProgrammeApproved,
    ReadinessWaived,
    SessionAnnounced,
    SessionArranged,
    SessionCancelled,
    SessionCaseLinked,
    SessionCaseUnlinked,
    SessionClosed,
    SessionConcluded,
    SessionHeld,
    SessionItemRaised,
    SessionItemSplit,
    SessionOpened,
    SessionPostponed,
    SessionProposed,
    SessionRequestLinked,
)


class Stage(StrEnum):
    """Where a session stands (domain brief §6)."""

    PROPOSED = "de_xuat"
    PROGRAMMED = "duyet_chuong_trinh"
    ANNOUNCED = "da_thong_bao"
    READY = "san_sang"
    IN_PROGRESS = "dang_dien_ra"
    HELD = "da_to_chuc"
    CONCLUDED = "da_ket_luan"
    POSTPONED = "hoan"
    CANCELLED = "huy"
    CLOSED = "ket_thuc"


BEFORE: Final = frozenset({Stage.PROPOSED, Stage.PROGRAMMED, Stage.ANNOUNCED, Stage.READY, Stage.POSTPONED})
AFTER: Final = frozenset({Stage.HELD, Stage.CONCLUDED})


@dataclass(frozen=True, slots=True)
class NoSession:
    """Nothing was proposed under this id."""


@dataclass(frozen=True, slots=True)
class Put:
    """An opinion put to the session: beforehand or in the room, and what became of it."""

    case: str
    episode: str
    raised: bool
    outcome: OutcomeRecorded | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A dialogue at one stage of its way."""

    was: SessionProposed
    stage: Stage
    on: date | None  # none: postponed until a day is named
    puts: Mapping[str, Put] = field(default_factory=dict)  # by case
    programme: int = 0
    reported: frozenset[str] = frozenset()
    waived: bool = False
    arranged: SessionArranged | None = None  # where it is held and who writes its minutes, once anything is said of it
    announced: bool = False  # of the day in force
    attending: Mapping[str, AttendanceAssigned] = field(default_factory=dict)  # by unit
    present: int | None = None
    minutes: bool = False
    notice: str | None = None
    requests: tuple[str, ...] = ()

    @property
    def linked(self) -> list[Put]:
        """What was put to it before it began."""
        return [put for put in self.puts.values() if not put.raised]


INITIAL: Final[NoSession | Session] = NoSession()


def evolve(state: NoSession | Session, event: Any) -> NoSession | Session:
    """The session after `event`."""
    if isinstance(event, SessionProposed):
        return Session(event, Stage.PROPOSED, event.scheduled, requests=event.requests)
    if isinstance(state, NoSession):
        return state
    return _put(state, event) or _moved(state, event)


def _put(state: Session, event: Any) -> Session | None:
    """What changes with the opinions put to it."""
    puts = dict(state.puts)
    match event:
        case SessionCaseLinked(case=case, episode=episode):
            puts[case] = Put(case, episode, raised=False)
        case SessionItemRaised(case=case, episode=episode):
            # What the Chairman's dialogue is to answer is written down before it begins: put to it, not raised in the room.
            puts[case] = Put(case, episode, raised=state.stage not in BEFORE)
        case SessionCaseUnlinked(case=case):
            puts.pop(case, None)
        case SessionItemSplit(case=case, children=children):
            parent = puts.pop(case, None)
            raised = parent.raised if parent else True
            puts |= {child: Put(child, f"{child.removeprefix('case-')}/1", raised) for child in children}
        case OutcomeRecorded(case=case):
            if case in puts:
                puts[case] = replace(puts[case], outcome=event)
        case _:
            return None
    return replace(state, puts=puts)


def _moved(state: Session, event: Any) -> Session:
    """What changes with its way."""
    match event:
        case SessionOpened():
            return replace(state, stage=Stage.IN_PROGRESS)
        case AttendanceRecorded(present=present):
            return replace(state, present=sum(group.heads for group in present))
        case SessionArranged():
            return replace(state, arranged=event)
        case SessionHeld():
            return replace(state, stage=Stage.HELD)
        case MinutesSigned():
            return replace(state, minutes=True)
        case SessionConcluded(notice=notice):
            return replace(state, stage=Stage.CONCLUDED, notice=notice)
        case SessionCancelled():
            return replace(state, stage=Stage.CANCELLED)
        case SessionClosed():
            return replace(state, stage=Stage.CLOSED)
    return _prepared(state, event)


def _prepared(state: Session, event: Any) -> Session:
    """What changes before it begins."""
    match event:
        case ProgrammeApproved(version=version):
            early = state.stage in (Stage.PROPOSED, Stage.PROGRAMMED)
            return replace(state, programme=version, stage=Stage.PROGRAMMED if early else state.stage)
        case SessionAnnounced(on=on):
            ready = state.stage is Stage.READY
            return replace(state, stage=Stage.READY if ready else Stage.ANNOUNCED, on=on, announced=True)
        case SessionRequestLinked(request=request):
            return replace(state, requests=(*state.requests, request))
        case AttendanceAssigned(unit=unit):
            return replace(state, attending={**state.attending, unit: event})
        case AnswersReported(cases=cases):
            stage = Stage.READY if state.stage in BEFORE else state.stage
            return replace(state, reported=frozenset(cases), stage=stage)
        case ReadinessWaived():
            return replace(state, waived=True)
        case SessionPostponed(to=to):
            return replace(state, stage=Stage.POSTPONED, on=to, reported=frozenset(), waived=False, announced=False)
    return state
