"""The states of a document, and how each fact moves it from one to the next; the same for every kind of paper."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Final

from shared.contracts.document import (
    DispatchMeans,
    DocumentCommented,
    DocumentDelivered,
    DocumentDispatched,
    DocumentDrafted,
    DocumentIssued,
    DocumentKept,
    DocumentNumbered,
    DocumentPublished,
    DocumentRecalled,
    DocumentReturned,
    DocumentSigned,
    DocumentSubmitted,
    DocumentSuperseded,
    Line,
    SignedCopyAttached,
)


@dataclass(frozen=True, slots=True)
class Sending:
    """It went to a recipient, for a purpose, by some means."""

    recipient: str
    purpose: str
    means: DispatchMeans


@dataclass(frozen=True, slots=True)
class Paper:
    """What a document holds at every stage: what was drafted last, and what was added to it since."""

    drafted: DocumentDrafted
    signed: DocumentSigned | None = None
    numbered: DocumentNumbered | None = None
    issued: DocumentIssued | None = None
    copy: SignedCopyAttached | None = None  # signed outside
    kept: DocumentKept | None = None
    sendings: tuple[Sending, ...] = ()
    delivered: tuple[str, ...] = ()  # recipients that have it
    published: tuple[DocumentPublished, ...] = ()  # the last of each place

    @property
    def symbol(self) -> str | None:
        """Number and symbol, such as `03/TB-VPUB`, once it carries them."""
        return self.numbered.symbol if self.numbered else None

    @property
    def outstanding(self) -> tuple[Line, ...]:
        """The lines of its distribution list that it has not been sent to."""
        return outstanding(self.drafted.recipients, (sending.recipient for sending in self.sendings))


@dataclass(frozen=True, slots=True)
class NoDocument:
    """Nothing was drafted under this id."""


@dataclass(frozen=True, slots=True)
class Drafted:
    """`du_thao`: being written."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Commented:
    """`lay_y_kien`: units say what they think of it."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Submitted:
    """`trinh_ky`: before whoever signs."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Returned:
    """`tra_lai`: back with whoever drafts."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Signed:
    """`da_ky`: its content is fixed."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Numbered:
    """`da_cap_so`: it carries its number, and has not left the registry."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Issued:
    """`da_phat_hanh`: it stands; not everybody has been sent it."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Sent:
    """`da_gui`: all who must have it were sent it (R42)."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Published:
    """`da_cong_khai`: made public; whom it still is to be sent to, its paper says."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Recalled:
    """`thu_hoi`: taken back, out of force."""

    paper: Paper


@dataclass(frozen=True, slots=True)
class Superseded:
    """`thay_the`: `by` stands in its place."""

    paper: Paper
    by: str


Standing = Issued | Sent | Published  # issued and in force
Document = (
    NoDocument
    | Drafted
    | Commented
    | Submitted
    | Returned
    | Signed
    | Numbered
    | Issued
    | Sent
    | Published
    | Recalled
    | Superseded
)
DocumentEvent = (
    DocumentDrafted
    | DocumentCommented
    | DocumentSubmitted
    | DocumentReturned
    | DocumentSigned
    | DocumentNumbered
    | DocumentIssued
    | DocumentKept
    | SignedCopyAttached
    | DocumentDispatched
    | DocumentDelivered
    | DocumentPublished
    | DocumentRecalled
    | DocumentSuperseded
)
INITIAL: Final[Document] = NoDocument()
LABELS: Final[dict[type, str]] = {
    NoDocument: "",
    Drafted: "du_thao",
    Commented: "lay_y_kien",
    Submitted: "trinh_ky",
    Returned: "tra_lai",
    Signed: "da_ky",
    Numbered: "da_cap_so",
    Issued: "da_phat_hanh",
    Sent: "da_gui",
    Published: "da_cong_khai",
    Recalled: "thu_hoi",
    Superseded: "thay_the",
}


def label(state: Document) -> str:
    """The identifier of a state as the domain names it (year.md §1)."""
    return LABELS[type(state)]


def outstanding(lines: Iterable[Line], sent_to: Iterable[str]) -> tuple[Line, ...]:
    """The lines whose recipient has not been sent it."""
    reached = frozenset(sent_to)
    return tuple(line for line in lines if line.recipient not in reached)


def awaits_nobody(lines: Iterable[Line], sent_to: Iterable[str]) -> bool:
    """Whether all who must have it were sent it: every mandatory recipient, or every one where none is (R42)."""
    reached = frozenset(sent_to)
    must = tuple(lines)
    must = tuple(line for line in must if line.mandatory) or must
    return bool(reached) and all(line.recipient in reached for line in must)


# Facts that move a document on and add nothing to what it holds.
_BY_FACT: Final[dict[type, Callable[[Paper], Document]]] = {
    DocumentCommented: Commented,
    DocumentSubmitted: Submitted,
    DocumentReturned: Returned,
    DocumentRecalled: Recalled,
}


def evolve(state: Document, event: DocumentEvent) -> Document:
    """The document after `event`."""
    if isinstance(event, DocumentDrafted):
        return Drafted(Paper(event))
    if isinstance(state, NoDocument):
        return state
    paper = state.paper
    match event:
        case DocumentSigned():
            return Signed(replace(paper, signed=event))
        case DocumentNumbered():
            return Numbered(replace(paper, numbered=event))
        case DocumentIssued():
            return Issued(replace(paper, issued=event))
        case DocumentKept():
            return replace(state, paper=replace(paper, kept=event))
        case SignedCopyAttached():
            return replace(state, paper=replace(paper, copy=event))
        case DocumentDispatched():
            return _dispatched(state, event)
        case DocumentDelivered():
            return replace(state, paper=replace(paper, delivered=(*paper.delivered, event.recipient)))
        case DocumentPublished():
            others = tuple(each for each in paper.published if each.place != event.place)
            return Published(replace(paper, published=(*others, event)))
        case DocumentSuperseded():
            return Superseded(paper, event.by)
    return _BY_FACT[type(event)](paper)


def _dispatched(state: Document, event: DocumentDispatched) -> Document:
    assert not isinstance(state, NoDocument)
    sending = Sending(event.recipient, event.purpose, event.means)
    paper = replace(state.paper, sendings=(*state.paper.sendings, sending))
    sent_to = (each.recipient for each in paper.sendings)
    if isinstance(state, Issued) and awaits_nobody(paper.drafted.recipients, sent_to):
        return Sent(paper)
    return replace(state, paper=paper)
