"""Numbering and issuing a document together with its book, for whoever issues something more in the same append.

A notice or plan that is issued names its document: its decider loads the document's stream and the register's, and adds
what these functions give to its own events.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from typing import Any

from shared.contracts.document import DispatchMeans, Line
from shared.documents import lifecycle, registers
from shared.documents.refusals import NotNumbered
from shared.documents.registers import Book, Register, register_stream
from shared.documents.states import Document, evolve


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """Where a number comes from: the register `book` as it stands, and the number typed in where it is external."""

    book: str
    register: Register = registers.INITIAL
    number: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What follows, by stream (the document, and its register where a number was taken), and the symbol it carries."""

    symbol: str
    events: Mapping[str, Sequence[Any]]


def number(document: str, state: Document, numbering: Numbering, on: date) -> Decided:
    """Give a signed document its number of the day `on`.

    The number of an internal register is assigned at issue (invariant 11): there the document is issued with it.

    Raises:
        Unknown, NotSigned, AlreadyNumbered, WasRecalled, WasSuperseded
        NoSuchRegister, NumberMissing, NumberOutOfRange, NotTheNextNumber, NumberTaken, NumberVoid

    """
    decided = _numbered(document, state, numbering, on)
    book = numbering.register
    if isinstance(book, Book) and not book.opened.external and decided.events:
        return _issued(document, state, decided, on)
    return decided


def issue(
    document: str,
    state: Document,
    on: date,
    numbering: Numbering | None = None,
    means: DispatchMeans | None = None,
    to: Sequence[Line] = (),
) -> Decided:
    """Issue a signed document on the day `on`: numbered first where it has no number, sent to its list where `means` is given.

    A document without a list is sent to `to`.

    Raises:
        RecipientsMissing
        Unknown, NotSigned, NotNumbered, AlreadyNumbered, WasRecalled, WasSuperseded
        NoSuchRegister, NumberMissing, NumberOutOfRange, NotTheNextNumber, NumberTaken, NumberVoid

    """
    paper = lifecycle.signed_paper(state)
    if numbering is not None:
        decided = _numbered(document, state, numbering, on)
    elif paper.symbol is not None:
        decided = Decided(symbol=paper.symbol, events={})
    else:
        raise NotNumbered("document")
    return _issued(document, state, decided, on, means, to)


def _numbered(document: str, state: Document, numbering: Numbering, on: date) -> Decided:
    paper = lifecycle.signed_paper(state)
    known = paper.numbered
    if known is not None and known.register == numbering.book and numbering.number in (None, known.number):
        return Decided(symbol=known.symbol, events={})  # it has its number, maybe of a former year
    office = paper.drafted.office
    numbered, lines = registers.take(
        numbering.register, office=office, book=numbering.book, on=on, document=document, number=numbering.number
    )
    steps = lifecycle.number(state, numbered)
    register = register_stream(office, numbering.book, on.year)
    return Decided(symbol=numbered.symbol, events={document: steps, register: lines})


def _issued(
    document: str,
    state: Document,
    decided: Decided,
    on: date,
    means: DispatchMeans | None = None,
    to: Sequence[Line] = (),
) -> Decided:
    steps = list(decided.events.get(document, ()))
    steps += lifecycle.issue(reduce(evolve, steps, state), on)
    if means is not None:
        steps += lifecycle.dispatch_to_all(reduce(evolve, steps, state), means, to)
    return Decided(symbol=decided.symbol, events={**decided.events, document: steps})
