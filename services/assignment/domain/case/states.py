"""The states of a case, and how each fact moves it from one to the next."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from shared.calendar import local_day
from shared.contracts.case import (
    AnswerApproved,
    AnswerReturned,
    AnswerSubmitted,
    CaseAssigned,
    CaseClosed,
    CaseHandedBack,
    CaseOpened,
    CaseReopened,
    CaseResolved,
)
from shared.contracts.due import Due


@dataclass(frozen=True, slots=True)
class Matter:
    """What every stage of a case has: whose it is, its episode, its due date."""

    case: str
    opinion: str
    episode: str
    office: str
    unit: str  # the unit that took the opinion in
    field: str
    due: Due
    received_at: datetime
    begun: date  # the first day of the episode
    drafts: int = 0  # submitted in this episode


@dataclass(frozen=True, slots=True)
class NoCase:
    """Nothing was referred under this id."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """With the office; no unit has it."""

    matter: Matter


@dataclass(frozen=True, slots=True)
class Drafting:
    """The lead unit works on its answer."""

    matter: Matter
    lead: str
    task: str


@dataclass(frozen=True, slots=True)
class UnderApproval:
    """A draft lies before whoever approves it."""

    matter: Matter
    lead: str
    task: str
    drafter: str


@dataclass(frozen=True, slots=True)
class Approved:
    """The last draft stands and is to be delivered."""

    matter: Matter
    lead: str
    task: str


@dataclass(frozen=True, slots=True)
class Resolved:
    """The episode ended as settled."""

    matter: Matter
    lead: str | None


@dataclass(frozen=True, slots=True)
class Closed:
    """Resolved and put away."""

    matter: Matter
    lead: str | None


Case = NoCase | Waiting | Drafting | UnderApproval | Approved | Resolved | Closed
INITIAL: Final[Case] = NoCase()


def evolve(state: Case, event: Any) -> Case:
    """The case after `event`."""
    if isinstance(event, CaseOpened):
        return Waiting(_opened(event))
    if isinstance(state, NoCase):
        return state
    matter = state.matter
    match state, event:
        case _, CaseAssigned():
            return Drafting(matter, event.lead, event.task)
        case _, CaseHandedBack():
            return Waiting(matter)
        case _, CaseReopened():
            renewed = replace(matter, episode=event.episode, due=event.due, begun=event.due.start, field=event.field, drafts=0)
            return Drafting(renewed, event.lead, event.task) if event.lead and event.task else Waiting(renewed)
        case _, CaseResolved():
            return Resolved(matter, state.lead if not isinstance(state, Waiting) else None)
        case Resolved(), CaseClosed():
            return Closed(matter, state.lead)
        case Drafting(), AnswerSubmitted():
            return UnderApproval(replace(matter, drafts=event.draft), state.lead, state.task, event.drafter)
        case UnderApproval(), AnswerReturned():
            return Drafting(matter, state.lead, state.task)
        case UnderApproval(), AnswerApproved():
            return Approved(matter, state.lead, state.task)
    return state


def _opened(event: CaseOpened) -> Matter:
    return Matter(
        case=case_of(event.opinion),
        opinion=event.opinion,
        episode=event.episode,
        office=event.office,
        unit=event.unit,
        field=event.field,
        due=event.due,
        received_at=event.received_at,
        begun=local_day(event.received_at),
    )


def case_of(opinion: str) -> str:
    """The case of an opinion: the same id under another name."""
    return f"case-{opinion.partition('-')[2]}"
