"""The states of a case, and how each fact moves it from one to the next."""

from dataclasses import dataclass, fields, replace
from datetime import date, datetime
from typing import Any, Final

from shared.calendar import local_day
from shared.contracts.case import (
    AnswerApproved,
    AnswerDelivered,
    AnswerReturned,
    AnswerSubmitted,
    AssignmentProposed,
    Authority,
    CaseAssigned,
    CaseCarriedOut,
    CaseClosed,
    CaseConcluded,
    CaseConsulted,
    CaseDirected,
    CaseDiverted,
    CaseDueSet,
    CaseForwarded,
    CaseHandedBack,
    CaseLinked,
    CaseMerged,
    CaseOpened,
    CaseQuarantined,
    CaseRecalled,
    CaseReclassified,
    CaseRejected,
    CaseReopened,
    CaseResolved,
    CaseSplit,
    CaseSplitOff,
    CaseSubmitterAdded,
    CaseSubmitterRemoved,
    CaseTransferred,
    CaseUnlinked,
    CaseUnmerged,
    CaseWithdrawn,
    ConsultationGiven,
    ConsultationMoved,
    Coordination,
    CoordinationSet,
    PartyOpinionRecorded,
)
from shared.contracts.due import Due
from shared.contracts.opinion import Channel, Flag, Kind, SourceGroup
from shared.contracts.types import Sealed


@dataclass(frozen=True, slots=True)
class Matter:
    """What every stage of a case has: whose it is, what it is about, its episode, its due date, its work."""

    case: str
    opinion: str
    episode: str
    office: str
    unit: str  # the unit that took the opinion in
    source_group: SourceGroup
    kind: Kind
    field: str
    flags: tuple[Flag, ...]
    concerns_units: tuple[str, ...]
    concerns_posts: tuple[str, ...]
    words: Sealed
    channel: Channel
    locality: str | None
    hidden: bool
    due: Due  # in force
    received_at: datetime
    begun: date  # the first day of the episode
    drafts: int = 0  # submitted in this episode
    session: str | None = None  # what it is put to, or was raised in
    dialogue: str | None = None  # the same, or that of an episode before: whose matter it is (corrections)
    directed: bool = False  # resolved only when its work is done and the answer delivered
    delivered: bool = False
    carrying: frozenset[str] = frozenset()  # open tasks that carry out its conclusion
    concluded: bool = False  # by an issued notice
    last_word: bool = False  # which only concludes: the speaker is told that, and nothing is drafted any more (R38)
    party_opinion: bool = False  # cấp ủy has spoken in this episode
    submitters: frozenset[str] = frozenset()  # cases merged into this one, and opinions that intake had merged
    coordinating: tuple[Coordination, ...] = ()
    consulting: tuple[tuple[str, str], ...] = ()  # unit and its task, while its opinion is awaited
    authority: Authority = Authority.HEAD  # in whose name its lead has it
    proposed: tuple[str, ...] = ()  # the lead, then those to co-ordinate, that the hub proposes


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarantined(Matter):
    """One that may hold a state secret: its words are gone, in all its episodes."""


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
class Delivered:
    """The speaker has the answer; directed work goes on (đang thực hiện)."""

    matter: Matter
    lead: str
    task: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The episode ended otherwise than settled."""

    matter: Matter
    how: str
    into: str | None = None  # of a merge


@dataclass(frozen=True, slots=True)
class Resolved:
    """The episode ended as settled."""

    matter: Matter
    lead: str | None


@dataclass(frozen=True, slots=True)
class Closed:
    """Put away: resolved, or (`how`) ended otherwise."""

    matter: Matter
    lead: str | None
    how: str | None = None
    into: str | None = None


Open = Waiting | Drafting | UnderApproval | Approved | Delivered
Case = NoCase | Open | Ended | Resolved | Closed
INITIAL: Final[Case] = NoCase()
OPEN: Final = (Waiting, Drafting, UnderApproval, Approved, Delivered)
HELD: Final = (Drafting, UnderApproval, Approved, Delivered)  # by a lead unit

_ENDINGS: Final[dict[type, str]] = {
    CaseRejected: "rejected",
    CaseForwarded: "forwarded",
    CaseDiverted: "diverted",
    CaseWithdrawn: "withdrawn",
    CaseMerged: "merged",
    CaseSplit: "split",
}


def evolve(state: Case, event: Any) -> Case:
    """The case after `event`."""
    if isinstance(event, CaseOpened | CaseSplitOff):
        return Waiting(_begun(event))
    if isinstance(state, NoCase):
        return state
    known = _known(state.matter, event)
    if known is not None:
        return replace(state, matter=known)
    if type(event) in _ENDINGS:
        into = event.into if isinstance(event, CaseMerged) else None
        return Ended(state.matter, _ENDINGS[type(event)], into)
    return _moved(state, event)


def _moved(state: Open | Ended | Resolved | Closed, event: Any) -> Case:
    """What an event makes of the stage."""
    matter = state.matter
    match state, event:
        case _, CaseAssigned():
            given = replace(matter, due=event.due, authority=event.authority, proposed=())
            return Drafting(given, event.lead, event.task)
        case _, CaseHandedBack() | CaseRecalled():
            return Waiting(replace(matter, carrying=matter.carrying - {event.task}))
        case ((Drafting() | UnderApproval() | Approved() | Delivered()), CaseTransferred()):
            return replace(state, lead=event.lead)
        case _, CaseReopened():
            return _taken_up_again(matter, event)
        case _, CaseResolved():
            return Resolved(replace(matter, delivered=True), getattr(state, "lead", None))
        case Resolved(), CaseClosed():
            return Closed(matter, state.lead)
        case Ended(), CaseClosed():
            return Closed(matter, None, state.how, state.into)
        case ((Ended() | Closed()), CaseUnmerged()):
            # Its tasks ended with the merge: a unit is given it anew.
            return Waiting(replace(matter, coordinating=(), consulting=()))
    return _answered(state, event)


def _answered(state: Open | Ended | Resolved | Closed, event: Any) -> Case:
    """What an event of its answer makes of the stage."""
    matter = state.matter
    match state, event:
        case Drafting(), AnswerSubmitted():
            return UnderApproval(replace(matter, drafts=event.draft), state.lead, state.task, event.drafter)
        case UnderApproval(), AnswerReturned():
            return Drafting(matter, state.lead, state.task)
        case UnderApproval(), AnswerApproved():
            return Approved(matter, state.lead, state.task)
        case Approved(), AnswerDelivered():
            return Delivered(replace(matter, delivered=True), state.lead, state.task)
    return state


def _taken_up_again(matter: Matter, event: CaseReopened) -> Case:
    """A new episode: nothing of the former one's answer, session or work goes with it."""
    renewed = replace(
        matter,
        episode=event.episode,
        due=event.due,
        begun=event.due.start,
        field=event.field,
        drafts=0,
        session=None,
        directed=False,
        delivered=False,
        carrying=frozenset(),
        concluded=False,
        last_word=False,
        party_opinion=False,
        coordinating=(),
        consulting=(),
        proposed=(),
    )
    return Drafting(renewed, event.lead, event.task) if event.lead and event.task else Waiting(renewed)


def _known(matter: Matter, event: Any) -> Matter | None:
    """What is known of the matter after an event that leaves its stage as it is; None: it moves the stage."""
    match event:
        case CaseDueSet(due=due):
            return replace(matter, due=due)
        case CaseReclassified():
            return replace(
                matter,
                kind=event.kind,
                field=event.field,
                flags=event.flags,
                concerns_units=event.concerns_units,
                concerns_posts=event.concerns_posts,
            )
        case CoordinationSet(coordinating=coordinating):
            return replace(matter, coordinating=coordinating)
        case CaseDirected():
            return replace(matter, directed=True)
        case CaseConcluded(task=task):
            if task is None:
                return replace(matter, concluded=True, last_word=True)
            return replace(matter, concluded=True, last_word=False, directed=True, carrying=matter.carrying | {task})
        case PartyOpinionRecorded():
            return replace(matter, party_opinion=True)
        case AssignmentProposed(lead=lead, coordinating=units):
            return replace(matter, proposed=(lead, *units))
    return _beside(matter, event)


def _beside(matter: Matter, event: Any) -> Matter | None:
    """What is known of the matter's tasks, session and submitters after an event about those."""
    match event:
        case CaseCarriedOut(task=task):
            return replace(matter, carrying=matter.carrying - {task})
        case CaseConsulted(unit=unit, task=task):
            return replace(matter, consulting=(*matter.consulting, (unit, task)))
        case ConsultationGiven(task=task):
            return replace(matter, consulting=tuple(each for each in matter.consulting if each[1] != task))
        case ConsultationMoved(task=task, unit=to):
            return replace(matter, consulting=tuple((to if each == task else unit, each) for unit, each in matter.consulting))
        case CaseSubmitterAdded(merged=merged):
            return replace(matter, submitters=matter.submitters | {merged})
        case CaseSubmitterRemoved(merged=merged):
            return replace(matter, submitters=matter.submitters - {merged})
        case CaseLinked(session=session):
            return replace(matter, session=session, dialogue=session)
        case CaseUnlinked():
            return replace(matter, session=None, dialogue=None)
        case CaseQuarantined():
            return Quarantined(**{each.name: getattr(matter, each.name) for each in fields(Matter)})
    return None


def _begun(event: CaseOpened | CaseSplitOff) -> Matter:
    return Matter(
        case=case_of(event.opinion) if isinstance(event, CaseOpened) else f"case-{event.episode.rpartition('/')[0]}",
        opinion=event.opinion,
        episode=event.episode,
        office=event.office,
        unit=event.unit,
        source_group=event.source_group,
        kind=event.kind,
        field=event.field,
        flags=event.flags,
        concerns_units=event.concerns_units,
        concerns_posts=event.concerns_posts,
        words=event.words,
        channel=event.channel,
        locality=event.locality,
        hidden=event.hidden,
        due=event.due,
        received_at=event.received_at,
        begun=local_day(event.received_at),
        session=event.session,
        dialogue=event.session if isinstance(event, CaseOpened) else event.dialogue,
    )


def case_of(opinion: str) -> str:
    """The case of an opinion: the same id under another name."""
    return f"case-{opinion.partition('-')[2]}"
