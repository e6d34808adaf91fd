"""What may be asked of a paper and of a book of numbers in every service that has some, and what follows from it.

A service's command is one of these acts and the stream that it is about; the service says who may ask it, and holds the rules
that are its own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from shared.contracts.document import DispatchMeans, RegisterOpened, SigningCapacity
from shared.contracts.facts import Facts
from shared.contracts.roles import Role
from shared.contracts.types import Code, Digest, DocumentNumber, Note, PublicName, RegisterKey, UnitKey
from shared.documents import issuing, lifecycle, registers
from shared.documents.issuing import Numbering
from shared.documents.recipients import Lists, unnamed
from shared.documents.refusals import NotForOthers
from shared.documents.registers import Book, Register, register_stream
from shared.documents.statement import Signed
from shared.documents.states import Document, NoDocument, Paper

SIGNERS: Final = (Role.CHIEF, Role.DEPUTY, Role.UNIT_LEADER, Role.UNIT_DEPUTY)
STAFF: Final = (
    Role.HUB,
    Role.SECRETARY,
    Role.CONTENT_DIVISION,
    *SIGNERS,
    Role.SPECIALIST,
    Role.PARTY_COMMITTEE,
    Role.MASS_ORGANISATION,
    Role.REGISTRY,
)
# Whoever a document was sent to says himself that he has it, in whatever capacity his unit answers here.
RECIPIENTS: Final = (*STAFF, Role.RECIPIENT, Role.APPRAISER, Role.PROPOSER, Role.FEEDER, Role.CHAIRMAN)
Decided = Mapping[str, Sequence[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comment:
    """Say what the asker's unit thinks of the draft."""

    comment: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Put it before whoever signs (R41)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Send it back, before signing, with what is to be changed."""

    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """Sign it in one's own name and in a capacity that one's post or delegation allows on the day (R6, R41)."""

    capacity: SigningCapacity
    content: Digest | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class AttachCopy:
    """Let a sealed PDF that was signed outside, as by the State's CA, stand for the paper; it is what is kept as issued."""

    file: Digest


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """Give what is signed its number: typed in from an external register, the next one of an internal, which issues it."""

    book: RegisterKey
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Issue:
    """Issue it; with `book` it is numbered first, with `means` it is sent to every line of its list."""

    book: RegisterKey | None = None
    number: int | None = None
    means: DispatchMeans | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Record that it was sent to a recipient, for what, and how (R42, R45)."""

    recipient: UnitKey
    purpose: PublicName
    means: DispatchMeans


@dataclass(frozen=True, slots=True, kw_only=True)
class Deliver:
    """Record that a recipient has it: the recipient itself, or the registry for one that does not answer here (R42)."""

    recipient: UnitKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """Record where it was made public, with the digest of what stands there (R7)."""

    place: Code
    content: Digest
    redacted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Recall:
    """Take it back after it was issued."""

    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenBook:
    """Open a book of numbers of an office for a year; its symbols are `pattern` with the number in it: {number}/TB-VPUB."""

    office: UnitKey
    book: RegisterKey
    year: int
    external: bool
    pattern: DocumentNumber


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """Record that a number is spoiled; it is never used."""

    office: UnitKey
    book: RegisterKey
    year: int
    number: int
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class Signing(Facts):
    """The facts, with the capacities in which the asker's posts and delegations let him sign on that day, by office.

    Under "" stand those that hold for the papers of every office: the Chairman's.
    """

    may_sign: Mapping[str, frozenset[SigningCapacity]]
    by_key: Signed | None = None  # what the office's key signed for the asker; none where it has none, or nothing is to be signed


Act = Comment | Submit | Return | Sign | Number | Issue | Dispatch | Deliver | Publish | Recall


def decide(act: Act, document: str, states: Mapping[str, Any], facts: Facts, *, on: date, lists: Lists | None = None) -> Decided:
    """What an act does to the paper `document`, and to the register its number comes from, by stream; `on` is its local day.

    `lists` are those of the day, for whom a paper goes to that names nobody.

    Raises:
        Unknown: no such document.
        Refused: one of the rules in `shared.documents.refusals`.
        TypeError: a signature needs to know in which capacities the asker may sign (`sign`).

    """
    state: Document = states[document]
    match act:
        case Comment():
            return {document: lifecycle.comment(state, facts.unit, act.comment)}
        case Submit():
            return {document: lifecycle.submit(state, facts.person)}
        case Return():
            return {document: lifecycle.give_back(state, facts.person, act.reason)}
        case Number():
            return _number(act, document, state, states, on)
        case Issue():
            return _issue(act, document, state, states, on, lists)
        case Dispatch():
            return {document: lifecycle.dispatch(state, act.recipient, act.purpose, act.means)}
        case Deliver():
            return {document: _deliver(act, state, facts)}
        case Publish():
            return {document: lifecycle.publish(state, place=act.place, content=act.content, redacted=act.redacted)}
        case Recall():
            return {document: lifecycle.recall(state, act.reason)}
    raise TypeError(f"a document is not asked to {type(act).__name__}")


def sign(act: Sign, document: str, states: Mapping[str, Any], facts: Signing, may_sign: frozenset[SigningCapacity]) -> Decided:
    """What a signature does to the paper: `may_sign` is what the asker's posts and delegations allow for it on the day.

    Raises:
        Unknown, NotSubmitted, SignedStands, WasRecalled, WasSuperseded, CapacityNotHeld, OtherContent, SigningKeyMissing

    """
    state: Document = states[document]
    signed = lifecycle.sign(
        state,
        document=document,
        signer=facts.person,
        capacity=act.capacity,
        may_sign=may_sign,
        by_key=facts.by_key,
        content=act.content,
    )
    return {document: signed}


def held_in(paper: Paper, may_sign: Mapping[str, frozenset[SigningCapacity]]) -> frozenset[SigningCapacity]:
    """The capacities that hold for the paper's office, of those by office; under "" stand those for every office."""
    return may_sign.get(paper.drafted.office, frozenset()) | may_sign.get("", frozenset())


def open_book(act: OpenBook, states: Mapping[str, Any]) -> Decided:
    """What opening a book of numbers does to its register.

    Raises:
        PatternWithoutNumber, YearOutOfRange, RegisterStands

    """
    stream = book_of(act)
    opened = RegisterOpened(office=act.office, register=act.book, year=act.year, external=act.external, pattern=act.pattern)
    return {stream: registers.open_register(states[stream], opened)}


def void(act: Void, states: Mapping[str, Any]) -> Decided:
    """What voiding a number does to its register; the document that has it stands among `states`.

    Raises:
        NoSuchRegister, NumberOutOfRange, NotTheNextNumber, NumberTaken

    """
    stream = book_of(act)
    state: Register = states[stream]
    holder = holder_of(act, state)
    voided = registers.void(
        state,
        office=act.office,
        book=act.book,
        year=act.year,
        number=act.number,
        reason=act.reason,
        holder=states[holder] if holder is not None else None,
    )
    return {stream: voided}


def book_of(act: OpenBook | Void) -> str:
    """The register that is asked about."""
    return register_stream(act.office, act.book, act.year)


def holder_of(act: Void, state: Register) -> str | None:
    """The document that has the number to be voided, if one has."""
    entry = state.at(act.number) if isinstance(state, Book) else None
    return entry.document if entry is not None else None


def _number(act: Number, document: str, state: Document, states: Mapping[str, Any], on: date) -> Decided:
    paper = lifecycle.signed_paper(state)
    return issuing.number(document, state, _numbering(act.book, act.number, paper, states, on), on).events


def _issue(act: Issue, document: str, state: Document, states: Mapping[str, Any], on: date, lists: Lists | None) -> Decided:
    paper = lifecycle.signed_paper(state)
    numbering = _numbering(act.book, act.number, paper, states, on) if act.book is not None else None
    to = unnamed(paper.drafted, lists, on) if act.means is not None and lists is not None else ()
    return issuing.issue(document, state, on, numbering, act.means, to).events


def _numbering(book: str, number: int | None, paper: Paper, states: Mapping[str, Any], on: date) -> Numbering:
    return Numbering(book=book, register=states[register_stream(paper.drafted.office, book, on.year)], number=number)


def _deliver(act: Deliver, state: Document, facts: Facts) -> Sequence[Any]:
    own = facts.unit == act.recipient
    if not own and facts.capacity is not Role.REGISTRY:
        raise NotForOthers("recipient", recipient=act.recipient)
    return lifecycle.deliver(state, act.recipient, on_behalf=not own)


def its_register(act: Number | Issue, state: Document, year: int) -> str | None:
    """The register of the paper's office and of the year of the act, where a number is asked for."""
    if isinstance(state, NoDocument) or act.book is None:
        return None
    return register_stream(state.paper.drafted.office, act.book, year)
