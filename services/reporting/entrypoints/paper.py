"""A locked report as the official paper that is signed and sent: its text, its appendices, its head and foot."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from services.reporting.domain.text.sections import Passage, closing, opening, sections
from services.reporting.entrypoints.appendices import appendices
from services.reporting.readmodel.readable import Readable
from shared.contracts.report import Section
from shared.documents.layout.composition import (
    Block,
    Composition,
    Heading,
    Paragraph,
    Signature,
    Style,
    day_line,
    full_day,
)

# How the list of recipients is grouped under Nơi nhận, in this order; whoever it is addressed to stands as "Như trên".
ADDRESSED: Final = "Kính gửi"
FILED: Final = "Lưu"


def composition(readable: Readable) -> Composition:
    """The paper as it stands; a draft has room for its number and day."""
    told, letterhead, standing = readable.told, readable.letterhead, readable.standing
    symbol = standing.symbol or f"       /BC-{readable.code}"
    day = full_day(standing.on) if standing.on else f"ngày … tháng … năm {told.before.year}"
    belongs = f"(Kèm theo Báo cáo số {symbol.strip() if standing.symbol else '…' + symbol.strip()} {day} của {letterhead.called})"
    body = [Paragraph(opening(told)), *(block for each in sections(told) for block in _section(each, readable.written))]
    return Composition(
        parent=letterhead.parent,
        issuer=letterhead.issuer,
        symbol=symbol,
        day=day_line(letterhead.place, standing.on, told.before),
        kind="BÁO CÁO",
        summary=("Kết quả thực hiện công tác đối thoại", told.period),
        to=tuple(name for line, name in readable.recipients if line.purpose == ADDRESSED),
        body=tuple(body),
        closing=closing(told),
        recipients=_recipients(readable),
        signatures=(standing.signature or Signature(None, (letterhead.head.upper(),), ""),),
        appendices=appendices(told, belongs),
        draft=standing.symbol is None,
        at=standing.issued_at or datetime.fromisoformat(readable.one["locked_at"]),
    )


def _recipients(readable: Readable) -> tuple[str, ...]:
    """The lines of Nơi nhận: those it is addressed to, the others by purpose, where it is filed."""
    lines = ["Như trên;"] if any(line.purpose == ADDRESSED for line, _ in readable.recipients) else []
    others = [(line, name) for line, name in readable.recipients if line.purpose not in (ADDRESSED, FILED)]
    units = [name for line, name in others if line.role == "don_vi"]
    lines += [f"{line.purpose if line.role == 'lanh_dao_van_phong' else name};" for line, name in others if line.role != "don_vi"]
    lines += ["Các phòng, ban, đơn vị, đoàn thể;"] if len(units) > 1 else [f"{name};" for name in units]
    filed = ["VT" if line.role == "van_thu" else line.unit for line, _ in readable.recipients if line.purpose == FILED]
    return (*lines, f"Lưu: {', '.join(filed or ['VT'])}.")


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
