"""What the questions about papers and registers are answered with: frozen values, words only as references."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentRow:
    """A document as lists show it."""

    id: str
    version: int
    office: str
    kind: str
    state: str
    about: str | None
    number: str | None  # number and symbol, such as 03/TB-VPUB
    issued_on: date | None
    signer: str | None
    capacity: str | None
    summary: str | None  # a reference into the vault
    superseded_by: str | None
    drafted_at: datetime
    changed_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """A document that was sent to a unit: for what and when, and when the unit said that it has it (None: not yet)."""

    document: DocumentRow
    purpose: str
    sent_at: datetime
    delivered_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedPage:
    """Some documents that were sent to a unit, the latest ahead, and the cursor that leads on (None: these were the last)."""

    received: tuple[Received, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipient:
    """A line of the distribution list, whether it was sent, and whether the recipient has it."""

    recipient: str
    purpose: str
    mandatory: bool
    sent: bool
    delivered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A fact of a document: what, when by the office's word and when recorded, by whom and in which capacity."""

    version: int
    type: str
    state: str
    at: datetime
    recorded_at: datetime
    person: str | None
    unit: str | None
    capacity: str | None
    detail: Mapping[str, Any]
    words: str | None  # a reference into the vault


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentDetail(DocumentRow):
    """A document with the digest of its text, its distribution list and its whole history, oldest first."""

    content: str | None
    recipients: tuple[Recipient, ...]
    history: tuple[Step, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentPage:
    """Some documents, the latest drafted ahead, and the cursor that leads on (None: these were the last)."""

    documents: tuple[DocumentRow, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterRow:
    """A book of numbers of one year, and how many lines it has; `next` is what an internal one gives."""

    id: str
    version: int
    office: str
    book: str
    year: int
    external: bool
    pattern: str
    last: int
    next: int | None
    taken: int
    voided: int


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberLine:
    """A line of the book: the document that has the number, or (`void`) the reference of why it was voided."""

    number: int
    symbol: str
    document: str | None
    void: str | None
    at: datetime
    recorded_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """The document that a line of a book names, as the book shows it, and whom it was sent to."""

    document: DocumentRow
    sent_to: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPage:
    """Some lines by number, the runs of numbers missing between them, and the number to go on after (None: the last ones)."""

    register: RegisterRow
    lines: tuple[NumberLine, ...]
    gaps: tuple[tuple[int, int], ...]  # first and last of each run
    after: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentFilters:
    """What a list of documents is narrowed to; None or nothing means all. `number`: its number in whichever book."""

    kind: str | None = None
    state: str | None = None
    about: str | None = None
    states: tuple[str, ...] = ()
    number: int | None = None
