"""The books that numbers come from: one for each office, key and year (invariant 11; design decision 20).

An external register is the office's own book, which numbers other papers too: its numbers are typed in, gaps and all.
An internal one is consecutive, and its numbers are given when a document is issued. In both a number belongs to one
document for good, and a spoiled one is a recorded void.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from shared.contracts.document import DocumentNumbered, NumberVoided, RegisterOpened
from shared.contracts.document import NumberTaken as Taken
from shared.contracts.refusals import Refused
from shared.contracts.types import Sealed
from shared.documents.refusals import (
    NoSuchRegister,
    NotTheNextNumber,
    NumberMissing,
    NumberOutOfRange,
    NumberTaken,
    NumberVoid,
    PatternWithoutNumber,
    RegisterStands,
    YearOutOfRange,
)
from shared.documents.states import Document, Superseded

LAST_NUMBER: Final = 99_999
FIRST_YEAR: Final = 1990
LAST_YEAR: Final = 2200
NUMBER: Final = "{number}"


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the book: the document that has the number, or none where it was voided."""

    number: int
    document: str | None


@dataclass(frozen=True, slots=True)
class NoRegister:
    """No book was opened under this name."""


@dataclass(frozen=True, slots=True)
class Book:
    """A book of numbers, with its lines in the order in which they were entered."""

    opened: RegisterOpened
    entries: tuple[Entry, ...] = ()
    last: int = 0  # the highest number in it

    def at(self, number: int) -> Entry | None:
        """The line under `number`, if there is one."""
        return next((entry for entry in self.entries if entry.number == number), None)


Register = NoRegister | Book
RegisterEvent = RegisterOpened | Taken | NumberVoided
INITIAL: Final[Register] = NoRegister()


def register_stream(office: str, book: str, year: int) -> str:
    """The stream of the register `book` of `office` in `year`."""
    return f"register-{office}-{book}-{year}"


def evolve(state: Register, event: RegisterEvent) -> Register:
    """The register after `event`."""
    match state, event:
        case _, RegisterOpened():
            return Book(event)
        case Book(), Taken():
            entry = Entry(event.number, event.document)
        case Book(), NumberVoided():
            # Voided after it was given, the number stays in one line, without its document.
            entries = tuple(each for each in state.entries if each.number != event.number)
            state, entry = replace(state, entries=entries), Entry(event.number, None)
        case _:
            return state
    return replace(state, entries=(*state.entries, entry), last=max(state.last, entry.number))


def symbol(pattern: str, number: int) -> str:
    """Number and symbol as they stand on the paper: numbers below 10 are padded with 0 (NĐ 30/2020, Phụ lục I)."""
    return pattern.replace(NUMBER, f"{number:02d}")


def open_register(state: Register, opened: RegisterOpened) -> list[RegisterOpened]:
    """Open a book for a year.

    Raises:
        PatternWithoutNumber, YearOutOfRange, RegisterStands

    """
    if opened.pattern.count(NUMBER) != 1 or "{" in opened.pattern.replace(NUMBER, ""):
        raise PatternWithoutNumber("pattern")
    if not FIRST_YEAR <= opened.year <= LAST_YEAR:
        raise YearOutOfRange("year", first=FIRST_YEAR, last=LAST_YEAR)
    match state:
        case NoRegister():
            return [opened]
        case Book(opened=known) if known == opened:
            return []
    # Another office's book may come to the same stream's name; it is not this one's either.
    raise RegisterStands("book")


def take(
    state: Register, *, office: str, book: str, on: date, document: str, number: int | None = None
) -> tuple[DocumentNumbered, list[Taken]]:
    """The number of `document`, with what the book notes of it: nothing where the document had that very number.

    In an internal register `number` is left out. Whoever calls this writes `document.numbered` and the line of the book in
    one append (`lifecycle.number`, `issuing.issue`).

    Raises:
        NoSuchRegister, NumberMissing, NumberOutOfRange, NotTheNextNumber, NumberTaken, NumberVoid

    """
    kept = _opened(state, office, book, on.year)
    mine = next((entry.number for entry in kept.entries if entry.document == document), None)
    given = mine if mine is not None and number is None else number
    if kept.opened.external:
        if given is None:
            raise NumberMissing("number")
    else:
        following = kept.last + 1
        if given not in (None, mine, following):
            raise kept_from(kept, given) or NotTheNextNumber("number", next=following)
        given = following if given is None else given
    numbered = DocumentNumbered(
        register=book, year=on.year, number=in_range(given), symbol=symbol(kept.opened.pattern, given), on=on
    )
    if given == mine:
        return numbered, []
    refused = kept_from(kept, given)
    if refused is not None:
        raise refused
    return numbered, [Taken(number=given, document=document)]


def void(
    state: Register,
    *,
    office: str,
    book: str,
    year: int,
    number: int,
    reason: Sealed,
    holder: Document | None = None,
) -> list[NumberVoided]:
    """Record that a number is spoiled; it is never used.

    `holder` is the document that has it: its number is voided only if it never was issued and another stands in its place.

    Raises:
        NoSuchRegister, NumberOutOfRange, NotTheNextNumber, NumberTaken

    """
    kept = _opened(state, office, book, year)
    entry = kept.at(in_range(number))
    if entry is not None:
        if entry.document is None:
            return []
        if not _never_issued(holder):
            raise NumberTaken("number", number=number, document=entry.document)
    elif not kept.opened.external and number != kept.last + 1:
        raise NotTheNextNumber("number", next=kept.last + 1)
    return [NumberVoided(number=number, reason=reason)]


def gaps(numbers: Sequence[int], *, after: int = 0) -> tuple[tuple[int, int], ...]:
    """First and last of each run of numbers missing between `after` and the highest of `numbers`, which are in order.

    An external book gave them to other papers.
    """
    found = []
    for number in numbers:
        if number > after + 1:
            found.append((after + 1, number - 1))
        after = number
    return tuple(found)


def kept_from(book: Book, number: int | None) -> Refused | None:
    """Why `number` cannot be given: another document has it, or it was voided."""
    entry = book.at(number) if number is not None else None
    if entry is None:
        return None
    if entry.document is None:
        return NumberVoid("number", number=number)
    return NumberTaken("number", number=number, document=entry.document)


def in_range(number: int) -> int:
    """`number`, if a register can hold it.

    Raises:
        NumberOutOfRange

    """
    if not 1 <= number <= LAST_NUMBER:
        raise NumberOutOfRange("number", last=LAST_NUMBER)
    return number


def _opened(state: Register, office: str, book: str, year: int) -> Book:
    if isinstance(state, Book) and (state.opened.office, state.opened.register, state.opened.year) == (office, book, year):
        return state
    raise NoSuchRegister("book", book=book, year=year)


def _never_issued(holder: Document | None) -> bool:
    """Superseded before it left the registry: nobody refers to it by its number."""
    return isinstance(holder, Superseded) and holder.paper.issued is None
