"""Kế hoạch: the dialogues of the year, when their reports are due, who makes it known (R1, R2, R29, R43–R45)."""

from typing import Any, Final

from services.assignment.entrypoints.papers.frame import Parts, framed
from services.assignment.readmodel.documents.readable import Readable
from shared.contracts.meeting import MeetingKind
from shared.contracts.session import AUDIENCES, TRIGGER_LABELS, Track, Trigger
from shared.documents.citing import cited_in_full
from shared.documents.days import short_day
from shared.documents.layout.composition import Align, Cell, Column, Composition, Heading, Paragraph, Row, Table
from shared.documents.numbers import count

MEETINGS: Final = {
    MeetingKind.YEAR_END: "Hội nghị tổng kết, triển khai nhiệm vụ",
    MeetingKind.STAFF_CONFERENCE: "Hội nghị công chức, viên chức, người lao động",
    MeetingKind.DOCUMENT_STUDY: "Hội nghị quán triệt văn bản",
    MeetingKind.WEEKLY_BRIEFING: "Giao ban tuần",
    MeetingKind.MONTHLY_BRIEFING: "Giao ban tháng",
    MeetingKind.OTHER_CONFERENCE: "Hội nghị khác",
}
REPORTS: Final = {"six_month": "Báo cáo 6 tháng", "annual": "Báo cáo năm"}
HEADS: Final = ("TT", "Đối tượng, hình thức", "Gắn với hội nghị, cuộc họp", "Thời gian dự kiến")


def plan(readable: Readable) -> Composition:
    """The yearly plan."""
    whole: dict[str, Any] = dict(readable.about.whole) if readable.about is not None else {}
    year, called = readable.paper.about.rpartition("-")[2] if readable.paper.about else "", readable.letterhead.called
    bases = whole.get("bases", ())
    based = f"Thực hiện {'; '.join(cited_in_full(**each) for each in bases)}, {called}" if bases else called
    parts = Parts(
        kind="KẾ HOẠCH",
        summary=(f"Thực hiện công tác đối thoại năm {year}",),
        body=(
            Paragraph(f"{based} ban hành Kế hoạch thực hiện công tác đối thoại năm {year}, như sau:"),
            Heading(1, "I. MỤC ĐÍCH, YÊU CẦU"),
            Paragraph(
                "1. Trực tiếp tiếp nhận ý kiến, phản ánh, nguyện vọng chính đáng của công chức, viên chức, người lao động và "
                "Nhân dân; giải quyết kịp thời, dứt điểm những vụ việc phức tạp, bức xúc, tồn đọng, kéo dài."
            ),
            Paragraph(
                "2. Việc đối thoại bảo đảm dân chủ, công khai; tiếp nhận đầy đủ ý kiến, làm rõ hướng giải quyết, đơn vị chủ trì "
                "và thời hạn; tuân thủ quy định của Đảng, pháp luật của Nhà nước."
            ),
            Heading(1, "II. CÁC CUỘC ĐỐI THOẠI ĐỊNH KỲ TRONG NĂM"),
            *([_table(whole["dialogues"])] if whole.get("dialogues") else [Paragraph("Không có cuộc đối thoại định kỳ.")]),
            Paragraph(
                "Đối thoại trực tiếp được tổ chức khi công dân có yêu cầu; đối thoại đột xuất khi phát sinh vụ việc cần "
                "giải quyết ngay, mỗi cuộc về 01 nội dung hoặc lĩnh vực."
            ),
            Heading(1, "III. CHẾ ĐỘ BÁO CÁO"),
            *(Paragraph(_window(each)) for each in whole.get("windows", ())),
            Heading(1, "IV. TỔ CHỨC THỰC HIỆN"),
            *_spread(whole),
            Paragraph("Các đơn vị tổng hợp ý kiến, tham mưu trả lời và cử người dự đối thoại theo phân công."),
        ),
        closing=(
            f"Trong quá trình thực hiện, nếu có vướng mắc, các phòng, ban, đơn vị phản ánh về {called} để xem xét, quyết định./."
        ),
    )
    return framed(readable, parts)


def _table(dialogues: list[dict[str, Any]]) -> Table:
    return Table(
        columns=(Column(10), Column(None, Align.LEFT), Column(58, Align.LEFT), Column(32)),
        head=(tuple(Cell(head) for head in HEADS),),
        rows=tuple(_row(n, each) for n, each in enumerate(dialogues, start=1)),
    )


def _row(n: int, each: dict[str, Any]) -> Row:
    how = TRIGGER_LABELS[Trigger(each["trigger"])] if each["trigger"] else ""
    whom = f"Với {AUDIENCES[Track(each['track'])]}{f', {how}' if how else ''}"
    meeting = MEETINGS[MeetingKind(each["meeting"])] if each["meeting"] else "—"
    planned = short_day(each["planned"]) if each["planned"] else "Trong năm"
    return Row((Cell(str(n)), Cell(whom), Cell(meeting), Cell(planned)))


def _window(each: dict[str, Any]) -> str:
    days = f"số liệu từ ngày {short_day(each['first'])} đến hết ngày {short_day(each['last'])}"
    return f"{REPORTS.get(each['report'], 'Báo cáo')}: {days}, gửi trước ngày {short_day(each['before'])}."


def _spread(whole: dict[str, Any]) -> list[Paragraph]:
    given, units = whole.get("disseminations", ()), "phòng, ban, đơn vị, tổ chức đoàn thể"
    if not given:
        return [Paragraph(f"Các {units} phổ biến Kế hoạch này.")]
    until = max(each["due"] for each in given)
    return [Paragraph(f"{count(len(given))} {units} phổ biến Kế hoạch này, hoàn thành trước ngày {short_day(until)}.")]
