"""The paper that a command names: which one it may be; of a notice or plan its number, issue and sending too."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any, Final

from services.assignment.domain.document.recipients import Listing
from services.assignment.domain.document.refusals import MeansMissing, OtherPaper, PaperMissing, SignedByAnother
from shared.calendar import local_day
from shared.contracts.case import Authority
from shared.contracts.document import DispatchMeans, DocumentKind, DocumentSigned, SigningCapacity
from shared.contracts.facts import Facts
from shared.contracts.plan import Recipient
from shared.contracts.refusals import Unknown
from shared.contracts.types import RegisterKey, StreamId
from shared.documents import issuing
from shared.documents.issuing import Numbering
from shared.documents.recipients import lines, unnamed
from shared.documents.refusals import NotIssued, NotSigned, RecipientsMissing, WasRecalled, WasSuperseded
from shared.documents.registers import register_stream
from shared.documents.signing import BY_ORDER
from shared.documents.states import Document, NoDocument, Paper, Recalled, Superseded, evolve

# What the head does himself, by his deputy, by whoever has his powers, or by whom he authorised with dates: who signs by
# his order (TL.) does not act for him here, and the office never signs on behalf of a collective (NĐ 30/2020 Đ.13).
OF_THE_HEAD: Final = frozenset(
    {SigningCapacity.IN_PERSON, SigningCapacity.FOR_THE_HEAD, SigningCapacity.ACTING, SigningCapacity.BY_AUTHORISATION}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OnPaper:
    """The signed paper it goes out on, `book` and `number` where it has none yet, and how it is sent to its list."""

    document: StreamId | None = None
    book: RegisterKey | None = None
    number: int | None = None  # typed in from an external register
    means: DispatchMeans | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What the paper has to be: of this kind and office, about one of these streams, whose act; whom what it says names.

    Without `authority`, anybody's who may sign it.
    """

    kind: DocumentKind
    office: str
    about: tuple[str, ...]
    recipients: tuple[Recipient, ...] = ()
    authority: Authority | None = Authority.HEAD


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """The paper as issued: its number and symbol, the day it is of, and what follows for it and its register, by stream."""

    document: str
    symbol: str
    on: date
    events: Mapping[str, Sequence[Any]]


def carry(
    asked: OnPaper,
    document: str | None,
    wanted: Wanted,
    states: Mapping[str, Any],
    facts: Listing,
) -> Carried:
    """Number, issue and send the signed paper on the day of the facts; of what was done to it before, nothing again.

    A paper that was issued keeps its own day. One without a list of its own goes to `wanted.recipients`, else to the
    office's list for its kind of that day.

    Raises:
        PaperMissing, OtherPaper, SignedByAnother, MeansMissing, RecipientsMissing
        Unknown: no such document of that office.
        NotSigned, NotNumbered, AlreadyNumbered, WasRecalled, WasSuperseded
        NoSuchRegister, NumberMissing, NumberOutOfRange, NotTheNextNumber, NumberTaken, NumberVoid

    """
    if document is None:
        raise PaperMissing("document")
    state: Document = states[document]
    drafted = _paper_of(document, "document", wanted, state, facts).drafted
    on = local_day(facts.at)
    numbering = None
    if asked.book is not None:
        register = states[register_stream(wanted.office, asked.book, on.year)]
        numbering = Numbering(book=asked.book, register=register, number=asked.number)
    to = lines(wanted.recipients) if wanted.recipients and not drafted.recipients else unnamed(drafted, facts, on)
    decided = issuing.issue(document, state, on, numbering, asked.means, to)
    after: Document = reduce(evolve, decided.events[document], states[document])
    assert not isinstance(after, NoDocument)
    assert after.paper.issued is not None
    if after.paper.outstanding or (to and not after.paper.sendings):
        raise MeansMissing("means")
    if not after.paper.sendings:
        raise RecipientsMissing("recipients")
    return Carried(document=document, symbol=decided.symbol, on=after.paper.issued.on, events=decided.events)


def refuse_other_paper(
    document: str | None,
    at: str,
    wanted: Wanted,
    states: Mapping[str, Any],
    facts: Facts,
    *,
    signed: bool = True,
    issued: bool = False,
) -> None:
    """What a command names, if it names one, is in force and signed; what goes out to others was issued.

    A draft may name a paper that is `signed` only later.

    Raises:
        OtherPaper, SignedByAnother
        Unknown: no such document of that office.
        NotSigned, NotIssued, WasRecalled, WasSuperseded

    """
    if document is None:
        return
    state: Document = states[document]
    paper = _paper_of(document, at, wanted, state, facts)
    if isinstance(state, Recalled):
        raise WasRecalled(at)
    if isinstance(state, Superseded):
        raise WasSuperseded(at, by=state.by)
    if signed and paper.signed is None:
        raise NotSigned(at)
    if issued and paper.issued is None:
        raise NotIssued(at)


def _paper_of(document: str, at: str, wanted: Wanted, state: Document, facts: Facts) -> Paper:
    """The paper, as what was wanted."""
    if isinstance(state, NoDocument) or state.paper.drafted.office != wanted.office:
        raise Unknown(at)
    drafted = state.paper.drafted
    # Only a paper about this very thing: else two of them could go out on one paper, under one number.
    if drafted.kind is not wanted.kind or drafted.about not in wanted.about:
        raise OtherPaper(at, document=document, kind=wanted.kind.value, about=", ".join(wanted.about))
    signed = state.paper.signed
    if signed is not None and not _is_act_of(wanted.authority, signed, facts):
        raise SignedByAnother(at, document=document, capacity=signed.capacity.value)
    return state.paper


def _is_act_of(authority: Authority | None, signed: DocumentSigned, facts: Facts) -> bool:
    """Whether what was signed is the act of that authority: the Chairman's is his own, or by his order (R35, R37, R41)."""
    if authority is None:
        return True
    if authority is Authority.CHAIRMAN:
        assert isinstance(facts, Listing)
        return signed.capacity in BY_ORDER or signed.signer in facts.chairmen
    return signed.capacity in OF_THE_HEAD


def is_said_again(asked: OnPaper, document: str, states: Mapping[str, Any]) -> bool:
    """Whether what went out on `document` is asked to go out on it once more, under the number that it has."""
    state: Document = states[document]
    if isinstance(state, NoDocument) or state.paper.numbered is None:
        return False
    numbered = state.paper.numbered
    return (
        asked.document in (None, document) and asked.book in (None, numbered.register) and asked.number in (None, numbered.number)
    )
