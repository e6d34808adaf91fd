"""What every paper of the office has alike: head, number, day, recipients, signature."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.readmodel.cases.views import CaseDetail
from services.assignment.readmodel.documents.readable import About, Readable, keeps_back
from shared.contracts.document import DocumentKind
from shared.contracts.session import AUDIENCES, TRIGGER_LABELS, Track, Trigger
from shared.documents.days import day_line, full_day, short_day
from shared.documents.layout.composition import ADDRESSED, FILED, Block, Composition, Paragraph, Signature, mark_of
from shared.documents.layout.head import ROOM_FOR_NUMBER

# How the symbol of a paper that has no number yet begins (Phụ lục III).
SYMBOLS: Final = {
    DocumentKind.PLAN: "KH",
    DocumentKind.PROGRAMME: "CTr",
    DocumentKind.INVITATION: "GM",
    DocumentKind.MINUTES: "BB",
    DocumentKind.NOTICE: "TB",
    DocumentKind.TRANSFER_SLIP: "PC",
    DocumentKind.SUBMISSION_SLIP: "PTr",
}
COMMITTEE: Final = "ỦY BAN NHÂN DÂN"
NOT_SAID: Final = "—"
ONE_LINE: Final = 66  # characters of a summary that a line has room for


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What one kind of paper has of its own."""

    kind: str | None
    summary: tuple[str, ...]
    body: Sequence[Block]
    closing: str
    regarding: str | None = None
    to: tuple[str, ...] = ()
    signatures: tuple[Signature, ...] | None = None  # of whoever signed the paper, unless it is signed by others too
    dated: bool = True
    landscape: bool = False
    internal: bool = False  # a working paper of a division: headed by it, without number and recipients


def framed(readable: Readable, parts: Parts) -> Composition:
    """The paper with its frame."""
    paper, letterhead = readable.paper, readable.letterhead
    kind = DocumentKind(paper.kind)
    dated = day_line(letterhead.place, paper.issued_on, readable.drafted_on)
    parent, issuer = _division(readable) if parts.internal else _issuer(readable)
    return Composition(
        parent=parent,
        issuer=issuer,
        symbol=None if parts.internal else _symbol(readable, kind),
        day=dated if parts.dated else None,
        kind=parts.kind,
        regarding=parts.regarding,
        summary=parts.summary,
        to=parts.to,
        body=tuple(parts.body) or (Paragraph(""),),
        closing=parts.closing,
        recipients=() if parts.internal else recipients(readable, addressed=bool(parts.to)),
        signatures=parts.signatures or (readable.signature,),
        landscape=parts.landscape,
        mark=mark_of(paper.state, signed=paper.signer is not None),
        at=readable.at,
    )


def _issuer(readable: Readable) -> tuple[str, str]:
    """Who stands above, and who issues it."""
    if readable.chairmans:
        return "", _in_full(readable.letterhead.parent)
    return readable.letterhead.parent, readable.letterhead.issuer


def _division(readable: Readable) -> tuple[str, str]:
    """The office, and the division of it that drafted the paper."""
    letterhead, drafter = readable.letterhead, readable.paper.history[0].unit
    if drafter is None or drafter == readable.paper.office:
        return _issuer(readable)
    return f"{letterhead.issuer} {letterhead.parent}", readable.names.label(drafter).upper()


def _in_full(committee: str) -> str:
    """`ỦY BAN NHÂN DÂN ⏎ TỈNH SƠN LA`: only whoever stands above the issuer is shortened (NĐ 30, Phụ lục I, II.2)."""
    short, _, place = committee.partition(" ")
    return f"{COMMITTEE}\n{place}" if short == "UBND" and place else committee


def issued_by(readable: Readable) -> str:
    """Who the paper says is speaking: the office, or the People's Committee whose Chairman signed it."""
    if not readable.chairmans:
        return readable.letterhead.called
    return readable.letterhead.above.replace("UBND", COMMITTEE.capitalize(), 1)


def _symbol(readable: Readable, kind: DocumentKind) -> str:
    """Its number; of a draft room for it before what will follow: the type of the paper or, of a letter, who drafted it."""
    if readable.paper.number:
        return readable.paper.number
    drafter = readable.paper.history[0].unit
    letters = [SYMBOLS[kind], readable.code] if kind in SYMBOLS else [readable.code, *([drafter] if drafter else [])]
    return f"{ROOM_FOR_NUMBER}/{'-'.join(letters)}"


def field_of(readable: Readable, case: CaseDetail | None) -> str:
    """The field of an opinion; not of one that is restricted or about units or posts: those who get the paper may not know."""
    if case is None or keeps_back(readable.names, case):
        return NOT_SAID
    return readable.names.label(case.field)


def addressees(readable: Readable) -> tuple[str, ...]:
    """Whom it is addressed to; of a paper without such a line, all who must have it."""
    lines = readable.paper.recipients
    named = [line for line in lines if line.purpose == ADDRESSED] or [line for line in lines if line.mandatory]
    return tuple(readable.names.label(line.recipient) for line in named)


def recipients(readable: Readable, *, addressed: bool) -> tuple[str, ...]:
    """The lines of Nơi nhận."""
    lines = readable.paper.recipients
    to = addressees(readable) if addressed else ()
    others = [line for line in lines if line.purpose != FILED and readable.names.label(line.recipient) not in to]
    shown = [f"{line.purpose if line.recipient == readable.paper.office else _purposed(readable, line)};" for line in others]
    filed = [line.recipient for line in lines if line.purpose == FILED and line.recipient != "VT"]
    return (*(("Như trên;",) if addressed else ()), *shown, f"Lưu: {', '.join(['VT', *filed])}.")


def _purposed(readable: Readable, line: Any) -> str:
    return f"{readable.names.label(line.recipient)} ({line.purpose.lower()})"


def dialogue_of(about: About | None) -> str:
    """`cuộc đối thoại định kỳ với công chức, viên chức, người lao động ngày 10/02/2023`."""
    if about is None:
        return "cuộc đối thoại"
    track = about.line.track or Track.STAFF
    trigger = about.whole.get("trigger")
    how = f" {TRIGGER_LABELS[Trigger(trigger)]}" if trigger else ""
    return f"cuộc đối thoại{how} với {AUDIENCES[track]}{f' ngày {short_day(about.line.day)}' if about.line.day else ''}"


def in_lines(summary: str) -> tuple[str, ...]:
    """A summary in one line where it fits, else broken after a phrase: no word and no day stands in a line alone."""
    first, comma, rest = summary.rpartition(", ")
    return (f"{first},", rest) if comma and len(summary) > ONE_LINE else (summary,)


def host_of(readable: Readable, about: About | None) -> str:
    """Who holds the dialogue: the head of the office, or the Chairman (Track B)."""
    track = about.line.track if about is not None else None
    return f"Chủ tịch {readable.letterhead.above}" if track is Track.CHAIRMAN else head_of(readable)


def head_of(readable: Readable) -> str:
    """Chánh Văn phòng UBND tỉnh."""
    return f"{readable.letterhead.head} {readable.letterhead.above}"


def said_on(on: date | None) -> str:
    """A day as prose has it; while it is open, that."""
    return f"{full_day(on)[0].upper()}{full_day(on)[1:]}" if on is not None else "Ngày ……"
