"""Thông báo ý kiến kết luận: what was concluded of each opinion, who carries it out and until when (R37, R38)."""

from typing import Any, Final

from services.assignment.entrypoints.papers.frame import (
    Parts,
    dialogue_of,
    field_of,
    framed,
    host_of,
    in_lines,
    issued_by,
    said_on,
)
from services.assignment.readmodel.documents.readable import About, Readable
from shared.contracts.notice import ConclusionKind
from shared.documents.days import short_day
from shared.documents.layout.composition import Align, Cell, Column, Composition, Heading, Paragraph, Row, Table
from shared.documents.numbers import count

HEADS: Final = ("TT", "Lĩnh vực ý kiến", "Kết luận, chỉ đạo", "Đơn vị chủ trì", "Đơn vị phối hợp", "Thời hạn")


def notice(readable: Readable) -> Composition:
    """The notice; opinions are named by their field, never in anybody's words."""
    about, session = readable.about, readable.session
    host, called = host_of(readable, session), readable.letterhead.called
    parts = Parts(
        kind="THÔNG BÁO",
        summary=(f"Ý kiến kết luận của {host}", *(in_lines(f"tại {dialogue_of(session)}") if session else ("giao nhiệm vụ",))),
        body=(
            *([Paragraph(_held(readable, session, host))] if session is not None else []),
            Heading(1, "1. Ý kiến và kết luận"),
            _table(readable, about) if about is not None and about.whole.get("items") else Paragraph(readable.summary or "…"),
            Heading(1, "2. Tổ chức thực hiện"),
            Paragraph(
                "a) Các đơn vị được giao chủ trì tổ chức thực hiện đúng nội dung, thời hạn; trả lời người nêu ý kiến và báo cáo "
                f"kết quả về {called} ngay sau khi hoàn thành."
            ),
            Paragraph(f"b) Đơn vị đầu mối của {called} theo dõi, đôn đốc việc thực hiện; tổng hợp, báo cáo {host}."),
        ),
        closing=f"{issued_by(readable)} thông báo để các cơ quan, đơn vị liên quan biết, thực hiện./.",
    )
    return framed(readable, parts)


def _held(readable: Readable, session: About, host: str) -> str:
    heads = sum(each["heads"] for each in session.whole.get("present", ()))
    came = f" Dự cuộc đối thoại có {count(heads)} người." if heads else ""
    puts = len(session.whole.get("cases", ()))
    heard = f" Tại cuộc đối thoại đã nghe, trao đổi {count(puts)} ý kiến." if puts else ""
    called = dialogue_of(session).rpartition(" ngày ")[0] or dialogue_of(session)
    return f"{said_on(session.line.day)}, {host} chủ trì {called}.{came}{heard} {host} kết luận như sau:"


def _table(readable: Readable, about: About) -> Table:
    texts = {word.number: word.text for word in about.words if word.part == "text" and word.number is not None}
    rows = [_row(readable, about, item, texts.get(item["number"])) for item in about.whole.get("items", ())]
    return Table(
        columns=(Column(9), Column(33, Align.LEFT), Column(None, Align.LEFT), Column(28), Column(26), Column(21)),
        head=(tuple(Cell(head) for head in HEADS),),
        rows=tuple(rows),
        size=12,
        head_size=12,
    )


def _row(readable: Readable, about: About, item: dict[str, Any], text: str | None) -> Row:
    case = about.cases.get(item["case"] or "")
    beside = [readable.names.label(each["unit"]) for each in item["coordinating"]]
    concludes = item["kind"] == ConclusionKind.CONCLUDES
    due = short_day(item["due"]) if item["due"] else "Đã kết luận" if concludes else "Theo quy định"
    return Row(
        (
            Cell(str(item["number"])),
            Cell(field_of(readable, case)),
            Cell(text or "—"),
            Cell(readable.names.label(item["unit"]) if item["unit"] else "—"),
            Cell("; ".join(beside) or "Không"),
            Cell(due),
        )
    )
