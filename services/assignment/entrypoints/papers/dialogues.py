"""The papers of a dialogue: programme, invitation, minutes (R9, R24, R26, R31–R36)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from services.assignment.entrypoints.papers.frame import (
    Parts,
    addressees,
    dialogue_of,
    field_of,
    framed,
    host_of,
    in_lines,
)
from services.assignment.readmodel.documents.readable import About, Readable
from shared.clock import VIETNAM
from shared.contracts.session import AgendaKind, Mode, Outcome
from shared.documents.days import full_day
from shared.documents.layout.composition import (
    Align,
    Block,
    Cell,
    Column,
    Composition,
    Heading,
    Line,
    Paragraph,
    Row,
    Signature,
    Table,
)
from shared.documents.numbers import count

OUTCOMES: Final = {
    Outcome.ANSWERED: "Trả lời tại chỗ",
    Outcome.TAKEN_ON_BOARD: "Tiếp thu",
    Outcome.DIRECTED: "Giao giải quyết",
    Outcome.NOT_ACCEPTED: "Không tiếp nhận",
    Outcome.PASSED_ON: "Chuyển cơ quan có thẩm quyền",
    Outcome.MERGED: "Gộp",
    Outcome.WITHDRAWN: "Rút",
}
MODES: Final = {Mode.IN_PERSON: "gặp mặt trực tiếp", Mode.ONLINE: "trực tuyến", Mode.HYBRID: "trực tiếp kết hợp trực tuyến"}
AGENDA: Final = {
    AgendaKind.POLICY: "Thông tin chủ trương, chính sách mới",
    AgendaKind.PUBLIC_CONCERN: "Trao đổi vấn đề dư luận quan tâm",
}
NOT_YET: Final = "…………"  # room to write by hand what is not recorded yet
WEEKDAYS: Final = ("Hai", "Ba", "Tư", "Năm", "Sáu", "Bảy", "Chủ nhật")


def programme(readable: Readable) -> Composition:
    """Chương trình: what is done in which order, and what is answered."""
    about = readable.about
    body = [
        *_where(readable),
        Heading(1, "NỘI DUNG"),
        Paragraph("1. Tuyên bố lý do, giới thiệu thành phần dự."),
        Paragraph("2. Thông tin chủ trương, chính sách và những vấn đề được quan tâm."),
        Paragraph("3. Trả lời các ý kiến đã tổng hợp; tiếp nhận ý kiến nêu tại cuộc đối thoại."),
        *([_opinions(readable, about, outcomes=False)] if about is not None and about.whole.get("cases") else []),
        Paragraph(f"4. {host_of(readable, about)} kết luận."),
    ]
    summary = in_lines(_titled(about))
    return framed(readable, Parts(kind="CHƯƠNG TRÌNH", summary=summary, body=body, closing=_asked(readable)))


def invitation(readable: Readable) -> Composition:
    """Giấy mời (Mẫu 1.7)."""
    about, called = readable.about, readable.letterhead.called
    body = [
        Paragraph(f"{called} trân trọng kính mời:"),
        *(Paragraph(f"- {each}.") for each in addressees(readable)),
        Line("Tới dự", f"{_titled(about)}."),
        *_where(readable),
    ]
    closing = "Rất mong sự có mặt của các đồng chí, quý vị./."
    return framed(readable, Parts(kind="GIẤY MỜI", summary=in_lines(f"Dự {dialogue_of(about)}"), body=body, closing=closing))


def minutes(readable: Readable) -> Composition:
    """Biên bản (Mẫu 1.9): every opinion with its outcome, nobody named; no place and day at the top, two signatures."""
    about = readable.about
    whole = about.whole if about is not None else {}
    heads = sum(each["heads"] for each in whole.get("present", ()))
    agenda = [AGENDA[AgendaKind(each["kind"])] for each in whole.get("agenda", ())]
    cases = whole.get("cases", ())
    secretary = readable.secretary or Signature(None, (), "")
    writing = ", ".join(each for each in (secretary.name, *secretary.post) if each)
    body: list[Block] = [
        Line("Thời gian bắt đầu", f"{_at(whole.get('opened'))}."),
        _place(readable),
        Line("Thành phần tham dự", f"{count(heads)} người (có danh sách kèm theo)." if heads else "Có danh sách kèm theo."),
        Line("Chủ trì (chủ tọa)", f"{host_of(readable, about)}."),
        Line("Thư ký (người ghi biên bản)", f"{writing or NOT_YET}."),
        Line("Nội dung", "theo diễn biến cuộc đối thoại."),
        *(Paragraph(f"{n}. {each}.") for n, each in enumerate(dict.fromkeys(agenda), start=1)),
        Paragraph("Các ý kiến nêu và kết quả xử lý tại cuộc đối thoại:"),
        *([_opinions(readable, about, outcomes=True)] if about is not None and cases else []),
        Paragraph(_summed(cases)),
    ]
    ended = f" vào {_at(whole['held'])}" if whole.get("held") else ""
    signatures = (Signature(None, ("THƯ KÝ",), secretary.name), _chair(readable))
    parts = Parts(
        kind="BIÊN BẢN",
        summary=in_lines(_titled(about)),
        body=body,
        closing=f"Cuộc đối thoại kết thúc{ended}. Biên bản đã được đọc lại cho những người tham dự cùng nghe./.",
        signatures=signatures,
        dated=False,
    )
    return framed(readable, parts)


def _titled(about: About | None) -> str:
    called = dialogue_of(about)
    return f"{called[0].upper()}{called[1:]}"


def _where(readable: Readable) -> Sequence[Block]:
    about = readable.about
    on = about.line.day if about is not None else None
    day = f"{full_day(on)} ({_weekday(on.weekday())})" if on is not None else "sẽ thông báo sau"
    return (
        Line("Chủ trì", f"{host_of(readable, about)}."),
        Line("Thời gian", f"{day[0].upper()}{day[1:]}."),
        _place(readable),
    )


def _place(readable: Readable) -> Line:
    """How and where; while no room is named, the office itself."""
    about = readable.about
    mode = MODES[Mode(about.whole["mode"])] if about is not None else "gặp mặt trực tiếp"
    place = about.whole["place"] if about is not None else None
    return Line("Hình thức, địa điểm", f"{mode}, tại {place or readable.letterhead.called}.")


def _at(instant: datetime | None) -> str:
    """14 giờ 00 phút, ngày 10 tháng 02 năm 2023."""
    if instant is None:
        return NOT_YET
    local = instant.astimezone(VIETNAM)
    return f"{local:%H giờ %M phút}, {full_day(local.date())}"


def _weekday(n: int) -> str:
    return WEEKDAYS[n] if n == len(WEEKDAYS) - 1 else f"thứ {WEEKDAYS[n]}"


def _asked(readable: Readable) -> str:
    return f"{readable.letterhead.called} đề nghị các đơn vị chuẩn bị nội dung trả lời, cử người dự đúng thành phần./."


def _chair(readable: Readable) -> Signature:
    signer = readable.signature
    return Signature("CHỦ TỌA", (*((signer.authority,) if signer.authority else ()), *signer.post), signer.name)


def _opinions(readable: Readable, about: About, *, outcomes: bool) -> Table:
    heads = ("TT", "Lĩnh vực ý kiến", "Đơn vị chủ trì", "Kết quả" if outcomes else "Tham mưu trả lời")
    rows = []
    for n, each in enumerate(about.whole["cases"], start=1):
        case = about.cases.get(each["case"])
        field = field_of(readable, case)
        lead = readable.names.label(case.lead) if case is not None and case.lead else "—"
        last = OUTCOMES[Outcome(each["outcome"])] if each["outcome"] else "—"
        rows.append(Row((Cell(str(n)), Cell(field), Cell(lead), Cell(last if outcomes else _stage(about, each["case"])))))
    return Table(
        columns=(Column(10), Column(None, Align.LEFT), Column(52), Column(40)),
        head=(tuple(Cell(head) for head in heads),),
        rows=tuple(rows),
    )


def _stage(about: About, case: str) -> str:
    return "Đã báo cáo" if _answered(about, case) else "Đang chuẩn bị"


def _answered(about: About, case: str) -> bool:
    found = about.cases.get(case)
    return found is not None and any(draft.outcome != "returned" for draft in found.drafts)


def _summed(cases: Sequence[dict[str, Any]]) -> str:
    counted = {label: sum(each["outcome"] == outcome for each in cases) for outcome, label in OUTCOMES.items()}
    parts = [f"{label.lower()} {count(n)}" for label, n in counted.items() if n]
    open_ = sum(each["outcome"] is None for each in cases)
    left = f"chưa ghi kết quả {count(open_)}" if open_ else "không có ý kiến bị bỏ sót"
    if not cases:
        return "Không có ý kiến nêu tại cuộc đối thoại."
    return f"Tổng số ý kiến nêu: {len(cases):02}; {', '.join(parts)}{'; ' if parts else ''}{left}."
