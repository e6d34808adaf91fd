"""A locked report as the official paper that is signed and sent: its text, its appendices, its head and foot."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from services.reporting.domain.report.states import report_of
from services.reporting.domain.text.sections import Passage, closing, opening, sections
from services.reporting.entrypoints.appendices import appendices
from services.reporting.handlers.papers import Compose
from services.reporting.readmodel.readable import Drafting, Readable, ReadableReports
from shared.contracts.report import Section
from shared.documents.days import day_line
from shared.documents.layout.composition import (
    ADDRESSED,
    FILED,
    Block,
    Composition,
    Heading,
    Paragraph,
    Signature,
    Style,
    mark_of,
)
from shared.documents.layout.head import ROOM_FOR_NUMBER, cited
from shared.permit import Subject

REGISTRY: Final = "VT"


def composed(readable: ReadableReports) -> Compose:
    """What puts a report's paper together for a reader."""

    async def compose(subject: Subject, document: str, drafting: Drafting | None = None) -> Composition:
        return composition(await readable.readable(subject, report_of(document), drafting))

    return compose


def composition(readable: Readable) -> Composition:
    """The paper as it stands; a draft has room for its number and day."""
    told, letterhead, standing = readable.told, readable.letterhead, readable.standing
    symbol = standing.symbol or f"{ROOM_FOR_NUMBER}/BC-{readable.code}"
    day = day_line(letterhead.place, standing.on, told.before)
    belongs = f"(Kèm theo Báo cáo {cited(symbol, day)} của {letterhead.called})"
    body = [Paragraph(opening(told)), *(block for each in sections(told) for block in _section(each, readable.written))]
    return Composition(
        parent=letterhead.parent,
        issuer=letterhead.issuer,
        symbol=symbol,
        day=day,
        kind="BÁO CÁO",
        summary=(f"Kết quả thực hiện công tác đối thoại {told.period}",),
        to=tuple(each.name for each in readable.recipients if each.purpose == ADDRESSED),
        body=tuple(body),
        closing=closing(told),
        recipients=_recipients(readable),
        signatures=(standing.signature or Signature(None, (letterhead.head.upper(),), ""),),
        appendices=appendices(told, belongs),
        mark=mark_of(standing.state, signed=standing.signed),
        at=standing.issued_at or datetime.fromisoformat(readable.one["locked_at"]),
    )


def _recipients(readable: Readable) -> tuple[str, ...]:
    """The lines of Nơi nhận: those it is addressed to, the others, the office's own units together, where it is filed."""
    lines = ["Như trên;"] if any(each.purpose == ADDRESSED for each in readable.recipients) else []
    others = [each for each in readable.recipients if each.purpose not in (ADDRESSED, FILED)]
    units = [each.name for each in others if each.own]
    office = readable.one["office"]
    lines += [f"{each.purpose if each.unit == office else each.name};" for each in others if not each.own]
    lines += ["Các phòng, ban, đơn vị, đoàn thể;"] if len(units) > 1 else [f"{name};" for name in units]
    filed = [each.unit for each in readable.recipients if each.purpose == FILED and each.unit != REGISTRY]
    return (*lines, f"Lưu: {', '.join([REGISTRY, *filed])}.")


def _section(section: Passage, written: Mapping[Section, str]) -> Sequence[Block]:
    """A section with what was written in it; one that says nothing at all is left out, unless others stand under it."""
    typed = written.get(section.part, "") if section.part is not None else ""
    lines = [line.strip() for line in typed.splitlines() if line.strip()]
    if section.part is Section.TASKS:  # they go on in the numbers of those that follow from the figures
        lines = [f"{n}. {line}" for n, line in enumerate(lines, start=len(section.drafted) + 1)]
    said = [*section.drafted, *lines] or ([section.instead] if section.instead else [])
    if not said and section.part is not None:
        return ()
    see = [Paragraph(f"(Chi tiết tại {section.see})", Style.BASIS)] if section.see else []
    return (Heading(section.level, section.title), *(Paragraph(each) for each in said), *see)
