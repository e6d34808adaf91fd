"""Stream `document-<id>`: a paper of the assignment service through the one life cycle of all papers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.assignment.domain.directory.decider import unit_on, unit_stream
from services.assignment.domain.directory.refusals import NotAnOffice
from services.assignment.domain.document.commands import (
    CommentOnDocument,
    DeliverDocument,
    DispatchDocument,
    DraftDocument,
    IssueDocument,
    NumberDocument,
    PublishDocument,
    RecallDocument,
    RedraftDocument,
    ReturnDocument,
    SignDocument,
    SubmitDocument,
    SupersedeDocument,
)
from services.assignment.domain.document.recipients import Listing, lines, listed, unnamed
from services.assignment.domain.document.refusals import NotByOrder
from shared.calendar import local_day
from shared.contracts.directory import UnitKind
from shared.contracts.document import DocumentDrafted, Line, SigningCapacity
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.types import StreamId
from shared.documents import issuing, lifecycle
from shared.documents.issuing import Numbering
from shared.documents.refusals import NotForOthers
from shared.documents.registers import register_stream
from shared.documents.states import Document, NoDocument


@dataclass(frozen=True, slots=True, kw_only=True)
class Drafting(Listing):
    """The lists of the day, with the id of the document that this command may begin."""

    document: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing(Facts):
    """The facts, with the capacities in which the asker's posts and delegations let him sign on that day, by office.

    Under "" stand those that hold for the papers of every office: the Chairman's.
    """

    may_sign: Mapping[str, frozenset[SigningCapacity]]


Decided = Mapping[str, Sequence[Any]]
# What only the head of an office and his deputies sign as, and whoever has his powers.
LEADING: Final = frozenset({SigningCapacity.IN_PERSON, SigningCapacity.FOR_THE_HEAD, SigningCapacity.ACTING})


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to the document, and to the register its number comes from, by stream.

    Raises:
        Unknown: no such document.
        Refused: one of the rules in `shared.documents.refusals`, or of the directory's.

    """
    if isinstance(command, DraftDocument):
        assert isinstance(facts, Drafting)
        return {facts.document: _draft(command, states, facts)}
    state: Document = states[command.document]
    if isinstance(state, NoDocument):
        raise Unknown("document")
    match command:
        case NumberDocument():
            return _number(command, state, states, facts)
        case IssueDocument():
            assert isinstance(facts, Listing)
            return _issue(command, state, states, facts)
        case RedraftDocument():
            assert isinstance(facts, Listing)
            return {command.document: _redraft(command, state, states, facts)}
        case SignDocument():
            assert isinstance(facts, Signing)
            return {command.document: _sign(command, state, facts)}
        case DispatchDocument():
            return {command.document: _dispatch(command, state, states, facts)}
        case DeliverDocument():
            return {command.document: _deliver(command, state, facts)}
        case SupersedeDocument():
            return {command.document: _supersede(command, state, states)}
    return {command.document: _simply(command, state, facts)}


def _simply(command: Any, state: Document, facts: Facts) -> Sequence[Any]:
    match command:
        case CommentOnDocument():
            return lifecycle.comment(state, facts.unit, command.comment)
        case SubmitDocument():
            return lifecycle.submit(state, facts.person)
        case ReturnDocument():
            return lifecycle.give_back(state, facts.person, command.reason)
        case PublishDocument():
            return lifecycle.publish(state, place=command.place, content=command.content, redacted=command.redacted)
        case RecallDocument():
            return lifecycle.recall(state, command.reason)
    raise TypeError(f"a document is not asked to {type(command).__name__}")


def _draft(command: DraftDocument, states: Mapping[str, Any], facts: Drafting) -> Sequence[Any]:
    office = unit_on(states[unit_stream(facts.office)], facts.office, local_day(facts.at), "office")
    if office.kind is not UnitKind.OFFICE:
        raise NotAnOffice("office", unit=facts.office)
    _refuse_unknown_recipients(command.recipients, states, facts)
    drafted = DocumentDrafted(
        kind=command.kind,
        office=facts.office,
        about=command.about,
        summary=command.summary,
        content=command.content,
        recipients=command.recipients or lines(listed(facts, facts.office, command.kind)),
    )
    return lifecycle.draft(states[facts.document], drafted)


def _redraft(command: RedraftDocument, state: Document, states: Mapping[str, Any], facts: Listing) -> Sequence[Any]:
    assert not isinstance(state, NoDocument)
    _refuse_unknown_recipients(command.recipients, states, facts)
    former = state.paper.drafted
    drafted = DocumentDrafted(
        kind=former.kind,
        office=former.office,
        about=former.about,
        summary=command.summary,
        content=command.content,
        recipients=command.recipients or lines(listed(facts, former.office, former.kind)),
    )
    return lifecycle.draft(state, drafted)


def _refuse_unknown_recipients(named: Sequence[Line], states: Mapping[str, Any], facts: Facts) -> None:
    for line in named:
        unit_on(states[unit_stream(line.recipient)], line.recipient, local_day(facts.at), "recipients")


def _sign(command: SignDocument, state: Document, facts: Signing) -> Sequence[Any]:
    assert not isinstance(state, NoDocument)
    allowed = facts.may_sign.get(state.paper.drafted.office, frozenset()) | facts.may_sign.get("", frozenset())
    if command.capacity is SigningCapacity.BY_ORDER and _directs(state.paper.drafted):
        # By order of the Chairman: of the office's own head, what directs work is never signed by order (R35, R37).
        if not facts.may_sign.get(state.paper.drafted.office, frozenset()) & LEADING:
            raise NotByOrder("capacity")
        allowed |= {SigningCapacity.BY_ORDER}
    return lifecycle.sign(state, signer=facts.person, capacity=command.capacity, may_sign=allowed, content=command.content)


def _directs(drafted: DocumentDrafted) -> bool:
    """Whether it is the paper of a notice or plan: work is given by it."""
    return drafted.about is not None and drafted.about.startswith(("notice-", "session-", "plan-"))


def _number(command: NumberDocument, state: Document, states: Mapping[str, Any], facts: Facts) -> Decided:
    numbering = _numbering(command.book, command.number, state, states, facts)
    return issuing.number(command.document, state, numbering, local_day(facts.at)).events


def _issue(command: IssueDocument, state: Document, states: Mapping[str, Any], facts: Listing) -> Decided:
    assert not isinstance(state, NoDocument)
    numbering = None
    if command.book is not None:
        numbering = _numbering(command.book, command.number, state, states, facts)
    to = unnamed(state.paper.drafted, facts) if command.means is not None else ()
    return issuing.issue(command.document, state, local_day(facts.at), numbering, command.means, to).events


def _numbering(book: str, number: int | None, state: Document, states: Mapping[str, Any], facts: Facts) -> Numbering:
    assert not isinstance(state, NoDocument)
    stream = register_stream(state.paper.drafted.office, book, local_day(facts.at).year)
    return Numbering(book=book, register=states[stream], number=number)


def _dispatch(command: DispatchDocument, state: Document, states: Mapping[str, Any], facts: Facts) -> Sequence[Any]:
    unit_on(states[unit_stream(command.recipient)], command.recipient, local_day(facts.at), "recipient")
    return lifecycle.dispatch(state, command.recipient, command.purpose, command.means)


def _deliver(command: DeliverDocument, state: Document, facts: Facts) -> Sequence[Any]:
    own = facts.unit == command.recipient
    if not own and facts.capacity is not Role.REGISTRY:
        raise NotForOthers("recipient", recipient=command.recipient)
    return lifecycle.deliver(state, command.recipient, on_behalf=not own)


def _supersede(command: SupersedeDocument, state: Document, states: Mapping[str, Any]) -> Sequence[Any]:
    successor: Document = states[command.successor]
    if isinstance(successor, NoDocument):
        raise Unknown("successor")
    return lifecycle.supersede(state, command.document, by=command.successor, successor=successor, reason=command.reason)
