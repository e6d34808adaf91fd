"""What may be done to a document at each stage, the same for every kind of paper and in every service that has papers.

Each function takes the document as it stands, and gives the events that follow: none where it is so already.
Whoever appends them has loaded the document's stream, and writes to no other document without loading that too.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from shared.contracts.document import (
    DispatchMeans,
    DocumentCommented,
    DocumentDelivered,
    DocumentDispatched,
    DocumentDrafted,
    DocumentIssued,
    DocumentKept,
    DocumentKind,
    DocumentNumbered,
    DocumentPublished,
    DocumentRecalled,
    DocumentReturned,
    DocumentSigned,
    DocumentSubmitted,
    DocumentSuperseded,
    Line,
    SignedCopyAttached,
    SigningCapacity,
)
from shared.contracts.refusals import Refused, Unknown
from shared.contracts.types import Sealed
from shared.documents.refusals import (
    AlreadyNumbered,
    BeforeTheSigner,
    CapacityNotHeld,
    NamesNotTakenOut,
    NotForPublication,
    NotIssued,
    NotNumbered,
    NotSentThere,
    NotSigned,
    NotSubmitted,
    OtherContent,
    PublishedDiffers,
    RecipientsMissing,
    RecipientTwice,
    SentAsIssued,
    SignedStands,
    SigningKeyMissing,
    SuccessorNotInForce,
    WasRecalled,
    WasSuperseded,
)
from shared.documents.statement import Signed as ByKey
from shared.documents.statement import stated
from shared.documents.states import (
    Commented,
    Document,
    Drafted,
    Issued,
    NoDocument,
    Numbered,
    Paper,
    Published,
    Recalled,
    Returned,
    Sending,
    Sent,
    Signed,
    Standing,
    Submitted,
    Superseded,
    outstanding,
)

PUBLIC: Final = frozenset(
    {DocumentKind.PLAN, DocumentKind.PROGRAMME, DocumentKind.INVITATION, DocumentKind.NOTICE, DocumentKind.REPORT}
)


def draft(state: Document, drafted: DocumentDrafted) -> list[DocumentDrafted]:
    """Write it, or write it again: the last draft counts.

    Raises:
        RecipientTwice, BeforeTheSigner, SignedStands, WasRecalled, WasSuperseded

    """
    lines = [(line.recipient, line.purpose) for line in drafted.recipients]
    for line in lines:
        if lines.count(line) > 1:
            raise RecipientTwice("recipients", recipient=line[0])
    match state:
        case NoDocument():
            return [drafted]
        case Drafted(paper=Paper(drafted=known)) if known == drafted:
            return []
        case Drafted() | Commented() | Returned():
            return [drafted]
    raise _too_late_to_change(state)


def comment(state: Document, unit: str, said: Sealed) -> list[DocumentCommented]:
    """Say what a unit thinks of the draft.

    Raises:
        Unknown, BeforeTheSigner, SignedStands, WasRecalled, WasSuperseded

    """
    if isinstance(state, Drafted | Commented | Returned):
        return [DocumentCommented(unit=unit, comment=said)]
    raise _too_late_to_change(state)


def submit(state: Document, by: str) -> list[DocumentSubmitted]:
    """Put it before whoever signs.

    Raises:
        Unknown, SignedStands, WasRecalled, WasSuperseded

    """
    match state:
        case Drafted() | Commented() | Returned():
            return [DocumentSubmitted(by=by)]
        case Submitted():
            return []
    raise _too_late_to_change(state)


def give_back(state: Document, by: str, reason: Sealed) -> list[DocumentReturned]:
    """Return it, before it is signed, to whoever drafts.

    Raises:
        Unknown, NotSubmitted, SignedStands, WasRecalled, WasSuperseded

    """
    match state:
        case Submitted():
            return [DocumentReturned(by=by, reason=reason)]
        case Returned():
            return []
        case Drafted() | Commented():
            raise NotSubmitted("document")
    raise _too_late_to_change(state)


def sign(
    state: Document,
    *,
    document: str,
    signer: str,
    capacity: SigningCapacity,
    may_sign: frozenset[SigningCapacity],
    by_key: ByKey | None,
    content: str | None = None,
) -> list[DocumentSigned]:
    """Sign what was submitted as `document`.

    `may_sign` is what the signer's posts and delegations allow on the day; `content`, what he saw; `by_key`, what the
    office's key signed for him, of the paper as it stood when it was asked.

    Raises:
        Unknown, NotSubmitted, SignedStands, WasRecalled, WasSuperseded
        CapacityNotHeld, OtherContent, SigningKeyMissing

    """
    match state:
        case Submitted(paper=paper):
            if capacity not in may_sign:
                allowed = ", ".join(sorted(may_sign)) or "–"
                raise CapacityNotHeld("capacity", wanted=capacity.value, allowed=allowed)
            if content not in (None, paper.drafted.content):
                raise OtherContent("content")
            return [_signed(document, paper, signer, capacity, by_key)]
        case Signed() | Numbered() | Issued() | Sent() | Published() if _signed_so(state.paper, signer, capacity):
            return []
        case Drafted() | Commented() | Returned():
            raise NotSubmitted("document")
    raise _too_late_to_change(state)


def _signed(document: str, paper: Paper, signer: str, capacity: SigningCapacity, by_key: ByKey | None) -> DocumentSigned:
    if by_key is None:
        raise SigningKeyMissing("document", office=paper.drafted.office)
    signed = DocumentSigned(signer=signer, capacity=capacity, content=paper.drafted.content, by_key=by_key.by_key)
    if stated(paper.drafted.office, document, signed) != by_key:
        raise OtherContent("content")  # drafted anew between the key's signature and now
    return signed


def number(state: Document, numbered: DocumentNumbered) -> list[DocumentNumbered]:
    """Give it a number that `registers.take` took from its book in the same append.

    Raises:
        Unknown, NotSigned, AlreadyNumbered, WasRecalled, WasSuperseded

    """
    known = signed_paper(state).numbered
    if known is None:
        return [numbered]
    if (known.register, known.year, known.number) == (numbered.register, numbered.year, numbered.number):
        return []
    raise AlreadyNumbered("document", symbol=known.symbol)


def signed_paper(state: Document) -> Paper:
    """What a document holds that is signed and in force, numbered and issued or not.

    Raises:
        Unknown, NotSigned, WasRecalled, WasSuperseded

    """
    if isinstance(state, Signed | Numbered | Standing):
        return state.paper
    raise _not_signed(state)


def issue(state: Document, on: date) -> list[DocumentIssued]:
    """Let it stand under its number.

    Raises:
        Unknown, NotSigned, NotNumbered, WasRecalled, WasSuperseded

    """
    match state:
        case Numbered():
            return [DocumentIssued(on=on)]
        case Issued() | Sent() | Published():
            return []
        case Signed():
            raise NotNumbered("document")
    raise _not_signed(state)


def keep(state: Document, kept: DocumentKept) -> list[DocumentKept]:
    """Keep the files of an issued paper, whatever became of it since; what is kept once stays.

    A copy that was signed outside is kept in the place of the form that the house would make.

    Raises:
        Unknown, NotIssued

    """
    if isinstance(state, NoDocument):
        raise Unknown("document")
    if state.paper.issued is None:
        raise NotIssued("document")
    copy = state.paper.copy
    return [] if state.paper.kept is not None else [kept if copy is None else _with_copy(kept, copy)]


def attach_copy(state: Document, attached: SignedCopyAttached) -> list[SignedCopyAttached | DocumentKept]:
    """Let a copy that was signed outside stand for the paper, in the place of one before, until it is sent to anybody.

    Raises:
        Unknown, NotSigned, SentAsIssued, WasRecalled, WasSuperseded

    """
    paper = signed_paper(state)
    if paper.copy is not None and paper.copy.copy.sha256 == attached.copy.sha256:
        return []
    if paper.sendings or isinstance(state, Published):
        raise SentAsIssued("document")
    return [attached] if paper.kept is None else [attached, _with_copy(paper.kept, attached)]


def _with_copy(kept: DocumentKept, attached: SignedCopyAttached) -> DocumentKept:
    copy = attached.copy
    return replace(kept, forms=tuple(copy if each.form is copy.form else each for each in kept.forms))


def dispatch(state: Document, recipient: str, purpose: str, means: DispatchMeans) -> list[DocumentDispatched]:
    """Send it to a recipient, whether or not a line names it; the same way twice is once.

    Raises:
        Unknown, NotIssued, WasRecalled, WasSuperseded

    """
    if Sending(recipient, purpose, means) in _standing(state).sendings:
        return []
    return [DocumentDispatched(recipient=recipient, purpose=purpose, means=means)]


def dispatch_to_all(state: Document, means: DispatchMeans, to: Sequence[Line] = ()) -> list[DocumentDispatched]:
    """Send it to every line of its list, or of `to` where it has none, that it has not been sent to.

    Raises:
        Unknown, NotIssued, WasRecalled, WasSuperseded
        RecipientsMissing

    """
    paper = _standing(state)
    lines = paper.drafted.recipients or to
    if not lines and not paper.sendings:
        raise RecipientsMissing("recipients")
    sent_to = [sending.recipient for sending in paper.sendings]
    return [
        DocumentDispatched(recipient=line.recipient, purpose=line.purpose, means=means) for line in outstanding(lines, sent_to)
    ]


def deliver(state: Document, recipient: str, *, on_behalf: bool) -> list[DocumentDelivered]:
    """Record that a recipient has it; true of a recalled document too, if it was sent.

    Raises:
        Unknown, NotIssued, NotSentThere

    """
    match state:
        case Issued(paper=paper) | Sent(paper=paper) | Published(paper=paper) | Recalled(paper=paper) | Superseded(paper=paper):
            if recipient in paper.delivered:
                return []
            if all(sending.recipient != recipient for sending in paper.sendings):
                raise NotSentThere("recipient", recipient=recipient)
            return [DocumentDelivered(recipient=recipient, on_behalf=on_behalf)]
    raise _not_issued(state)


def publish(state: Document, *, place: str, content: str, redacted: bool) -> list[DocumentPublished]:
    """Make it public at a place; another text there takes the former one's place. Unredacted it is what was signed or issued.

    Raises:
        Unknown, NotIssued, WasRecalled, WasSuperseded
        NotForPublication, NamesNotTakenOut, PublishedDiffers

    """
    paper = _standing(state)
    kind = paper.drafted.kind
    if kind not in PUBLIC:
        raise NotForPublication("document")
    if kind is DocumentKind.NOTICE and not redacted:
        raise NamesNotTakenOut("redacted")
    signed = paper.signed.content if paper.signed is not None else None
    issued = [each.sha256 for each in paper.kept.forms] if paper.kept is not None else []
    if not redacted and signed is not None and content not in (signed, *issued):
        raise PublishedDiffers("content")
    published = DocumentPublished(place=place, content=content, redacted=redacted)
    return [] if published in paper.published else [published]


def recall(state: Document, reason: Sealed) -> list[DocumentRecalled]:
    """Take it back after it was issued, once: another reason would be lost.

    Raises:
        Unknown, NotIssued, WasRecalled, WasSuperseded

    """
    _standing(state)
    return [DocumentRecalled(reason=reason)]


def supersede(
    state: Document, document: str, *, by: str, successor: Document, reason: Sealed | None = None
) -> list[DocumentSuperseded]:
    """Let the document `by`, which stands as `successor`, take the place of `document`.

    Raises:
        Unknown, NotSigned, WasSuperseded, SuccessorNotInForce

    """
    match state:
        case Superseded(by=known) if known == by:
            return []
        case Superseded(by=known):
            raise WasSuperseded("document", by=known)
        case Signed() | Numbered() | Issued() | Sent() | Published() | Recalled():
            paper = state.paper
        case _:
            raise _not_signed(state)
    if by == document or not isinstance(successor, Issued | Sent | Published):
        raise SuccessorNotInForce("successor")
    other = successor.paper.drafted
    if (other.kind, other.office) != (paper.drafted.kind, paper.drafted.office):
        raise SuccessorNotInForce("successor")
    return [DocumentSuperseded(by=by, reason=reason)]


def _standing(state: Document) -> Paper:
    if isinstance(state, Standing):
        return state.paper
    raise _not_issued(state)


def _signed_so(paper: Paper, signer: str, capacity: SigningCapacity) -> bool:
    return paper.signed is not None and (paper.signed.signer, paper.signed.capacity) == (signer, capacity)


def _too_late_to_change(state: Document) -> Refused:
    match state:
        case Submitted():
            return BeforeTheSigner("document")
        case Signed() | Numbered() | Issued() | Sent() | Published():
            return SignedStands("document")
    return _gone(state)


def _not_signed(state: Document) -> Refused:
    return NotSigned("document") if isinstance(state, Drafted | Commented | Submitted | Returned) else _gone(state)


def _not_issued(state: Document) -> Refused:
    early = Drafted | Commented | Submitted | Returned | Signed | Numbered
    return NotIssued("document") if isinstance(state, early) else _gone(state)


def _gone(state: Document) -> Refused:
    match state:
        case Recalled():
            return WasRecalled("document")
        case Superseded(by=by):
            return WasSuperseded("document", by=by)
    return Unknown("document")
