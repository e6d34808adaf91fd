"""What a thing says: the sealed texts of its facts, each with the units it is for and the cases it may speak of. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass, replace
from datetime import datetime
from typing import Any, Final

from services.assignment.domain.case.states import case_of
from services.assignment.domain.notice import states as notices
from services.assignment.readmodel.documents.access import READ_FILE
from services.assignment.readmodel.words.access import READ_TASK_WORDS, READERS
from shared.contracts import case, document, notice, proposal, session, task
from shared.contracts.case import Authority
from shared.contracts.registry import name_of_event
from shared.contracts.roles import Action
from shared.contracts.session import Track
from shared.contracts.types import Sealed
from shared.eventlog.records import Recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One sealed text: `part` of `fact`.

    Beside the office's own roles it is for the units of `leads`, which answer it or carry it out, whoever holds a task of
    `through` among them, and for `units`, which handed it in or appraise it.
    """

    fact: str  # the event's name on disk
    part: str
    ref: str
    at: datetime
    action: Action
    person: str | None = None  # whose word it is, where the fact names one
    unit: str | None = None
    number: int | None = None  # of a notice's item
    case: str | None = None  # the one it is about
    task: str | None = None  # the one it gives
    leads: frozenset[str] = frozenset()
    units: frozenset[str] = frozenset()
    through: frozenset[str] = frozenset()
    for_lead: bool = False  # of its case
    for_helpers: bool = False  # who co-ordinate or were asked
    for_behind: bool = False  # for whoever stands behind the case too: cấp ủy where it leads, the Chairman what he gave
    speaks_of: frozenset[str] = frozenset()  # cases; whoever is kept from one of them does not read it


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A thing of `office`, and what it says in the order it was told."""

    office: str
    pieces: tuple[Piece, ...]
    chairmans: bool = False  # done in the Chairman's name
    holders: frozenset[str] = frozenset()  # whoever holds a task


@dataclass(frozen=True, slots=True)
class Filed:
    """What the files of a thing are read as, and what else they may speak of: a paper is about something."""

    told: Told
    piece: Piece
    about: str | None = None


Facts = Sequence[Recorded]


def told_of(kind: str, facts: Facts) -> Told | None:
    """What a thing of this kind says; None where it never began, or where its kind says nothing here."""
    tell = TELLING.get(kind)
    return tell(facts) if tell is not None and facts else None


def filed_of(kind: str, facts: Facts) -> Filed | None:
    """As what the files of a thing are read: as what it was begun with, whatever it says besides; None where it never began."""
    if kind == "document":
        return _filed_of_document(facts) if facts else None
    told = told_of(kind, facts)
    if told is None:
        return None
    if kind == "task":
        given = facts[0].event
        speaks_of = frozenset({given.case} if given.case else ())
        return Filed(told, replace(_file(facts, READ_TASK_WORDS), leads=told.holders, speaks_of=speaks_of))
    return Filed(told, told.pieces[0])


def _filed_of_document(facts: Facts) -> Filed:
    """Of a paper: by its office's people and by those it was sent to, who carry out what it says."""
    drafted = [each.event for each in facts if isinstance(each.event, document.DocumentDrafted)][-1]
    sent_to = frozenset(each.event.recipient for each in facts if isinstance(each.event, document.DocumentDispatched))
    piece = replace(_file(facts, READ_FILE), units=sent_to, leads=sent_to)
    return Filed(Told(office=drafted.office, pieces=(piece,)), piece, drafted.about)


def _file(facts: Facts, action: Action) -> Piece:
    return Piece(fact=name_of_event(document.AttachmentAdded), part="file", ref="", at=facts[0].occurred_at, action=action)


def sealed_in(event: Any) -> Iterator[tuple[str, str, Any]]:
    """The sealed texts of a fact: part, reference, and the fact or the line of it that it stands in."""
    for each in fields(event):
        value = getattr(event, each.name)
        if isinstance(value, Sealed):
            yield each.name, value.ref, event
        elif isinstance(value, tuple):
            for line in value:
                if is_dataclass(line):
                    yield from sealed_in(line)


def _pieces(facts: Facts) -> Iterator[tuple[Piece, Any, Any]]:
    """Each text that somebody reads, with its fact and the line it stands in."""
    for each in facts:
        event = each.event
        for part, ref, line in sealed_in(event):
            action = READERS.get((type(event), part))
            if action is not None:
                yield _piece(each, part, ref, action), event, line


def _piece(recorded: Recorded, part: str, ref: str, action: Action) -> Piece:
    event = recorded.event
    return Piece(
        fact=name_of_event(type(event)),
        part=part,
        ref=ref,
        at=recorded.occurred_at,
        action=action,
        person=_first(event, "author", "by", "reviewer"),
        unit=_first(event, "unit", "appraiser"),
    )


def _first(event: Any, *names: str) -> str | None:
    return next((value for name in names if isinstance(value := getattr(event, name, None), str)), None)


def _of_case(facts: Facts) -> Told:
    opened = facts[0].event
    about: dict[str, Any] = {"case": facts[0].stream, "speaks_of": frozenset({facts[0].stream})}
    about |= {"for_lead": True, "for_behind": True}
    pieces = []
    for piece, event, _ in _pieces(facts):
        match event:
            case case.CaseConsulted() | case.ConsultationGiven():
                # What a unit is asked, and says, is between it and the lead.
                pieces.append(replace(piece, **about, task=event.task, through=frozenset({event.task})))
            case case.CaseRejected() | case.CaseForwarded() | case.ReopeningDeclined():
                pieces.append(replace(piece, **about, for_helpers=True, units=frozenset({opened.unit})))
            case _:
                pieces.append(replace(piece, **about, for_helpers=True))
    return Told(office=opened.office, pieces=tuple(pieces))


def _of_task(facts: Facts) -> Told:
    given = facts[0].event
    speaks_of = frozenset({given.case} if given.case else ())
    holder = next((each.event.unit for each in reversed(facts) if isinstance(each.event, task.TaskTransferred)), given.unit)
    about: dict[str, Any] = {"case": given.case, "leads": frozenset({holder}), "speaks_of": speaks_of}
    pieces = tuple(replace(piece, **about) for piece, _, _ in _pieces(facts))
    chairmans = given.authority == Authority.CHAIRMAN
    return Told(office=given.office, pieces=pieces, chairmans=chairmans, holders=frozenset({holder}))


def _of_notice(facts: Facts) -> Told:
    state = notices.INITIAL
    drafted: set[str] = set()
    for each in facts:
        state = notices.evolve(state, each.event)
        if isinstance(each.event, notice.NoticeDrafted):
            drafted |= {item.case for item in each.event.items if item.case}
    assert not isinstance(state, notices.NoNotice)
    in_force = {item.number: item for item in (state.items if isinstance(state, notices.Issued) else state.draft.items)}
    pieces = []
    for piece, event, line in _pieces(facts):
        match event:
            case notice.NoticeDrafted():
                if event is state.draft:
                    pieces.append(_of_item(piece, in_force[line.number]))
            case notice.NoticeAmended():
                pieces.append(_of_item(piece, in_force[event.item.number]))
            case notice.NoticeCommented():
                # On a draft a unit may say anything about anything that was ever in it.
                pieces.append(replace(piece, leads=frozenset({event.unit}), speaks_of=frozenset(drafted)))
    chairmans = state.draft.authority is Authority.CHAIRMAN
    return Told(office=state.draft.office, pieces=tuple(pieces), chairmans=chairmans)


def _of_item(piece: Piece, item: notice.DraftItem | notice.IssuedItem) -> Piece:
    """A conclusion is for the unit that carries it out and those beside it, each of which holds its task once it is issued."""
    if isinstance(item, notice.IssuedItem):
        given, through = item.task, frozenset(notices.given_by(item))
        # Of old notices, whoever co-ordinates has no task.
        units = {each.unit for each in item.coordinating if each.task is None}
    else:
        given, through, units = None, frozenset(), {*notices.beside(item), *((item.unit,) if item.unit else ())}
    return replace(
        piece,
        number=item.number,
        case=item.case,
        unit=item.unit,
        task=given,
        leads=frozenset(units),
        through=through,
        speaks_of=frozenset({item.case} if item.case else ()),
    )


def _of_session(facts: Facts) -> Told:
    proposed = facts[0].event
    attending = frozenset(each.event.task for each in facts if isinstance(each.event, session.AttendanceAssigned))
    outcomes = {each.event.case: each.event for each in facts if isinstance(each.event, session.OutcomeRecorded)}
    pieces = []
    for piece, event, _ in _pieces(facts):
        match event:
            case session.OutcomeRecorded():
                if event is outcomes[event.case]:
                    about: dict[str, Any] = {"case": event.case, "speaks_of": frozenset({event.case})}
                    pieces.append(replace(piece, **about, for_lead=True, for_helpers=True))
            case session.ReadinessWaived():
                pieces.append(piece)
            case _:
                pieces.append(replace(piece, through=attending))
    return Told(office=proposed.office, pieces=tuple(pieces), chairmans=proposed.track is Track.CHAIRMAN)


def _of_request(facts: Facts) -> Told:
    opened = facts[0].event
    speaks_of = frozenset(case_of(opinion) for opinion in opened.opinions)
    about: dict[str, Any] = {"units": frozenset({opened.unit}), "speaks_of": speaks_of}
    return Told(office=opened.office, pieces=tuple(replace(piece, **about) for piece, _, _ in _pieces(facts)))


def _of_proposal(facts: Facts) -> Told:
    opened = facts[0].event
    asked = {unit for each in facts if isinstance(each.event, proposal.AppraisalRequested) for unit in each.event.appraisers}
    pieces = []
    for piece, event, _ in _pieces(facts):
        match event:
            case proposal.ProposalOpened() | proposal.ProposalCompleted():
                beside: set[str] = {opened.proposer, *asked}
            case proposal.AppraisalGiven():
                beside = {event.appraiser}
            case proposal.AppraisalOverridden() | proposal.AppraisalConcluded():
                beside = set()
            case _:
                beside = {opened.proposer}
        pieces.append(replace(piece, units=frozenset({opened.division, *beside})))
    return Told(office=opened.office, pieces=tuple(pieces))


def _of_the_house(facts: Facts) -> Told:
    return Told(office=facts[0].event.office, pieces=tuple(piece for piece, _, _ in _pieces(facts)))


TELLING: Final[Mapping[str, Callable[[Facts], Told]]] = {
    "case": _of_case,
    "task": _of_task,
    "notice": _of_notice,
    "session": _of_session,
    "request": _of_request,
    "proposal": _of_proposal,
    "plan": _of_the_house,
    "meeting": _of_the_house,
}
