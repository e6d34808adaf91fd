"""Letters and slips: urging, passing on, submitting upward, and whatever else the office writes (R13, R34, R39)."""

from services.assignment.entrypoints.papers.frame import NOT_SAID, Parts, addressees, field_of, framed, head_of
from services.assignment.readmodel.documents.readable import Readable
from shared.calendar import local_day
from shared.documents.days import full_day, short_day
from shared.documents.layout.composition import Composition, Paragraph
from shared.documents.numbers import count


def urging_letter(readable: Readable) -> Composition:
    """Công văn đôn đốc: which work is late, and what is asked."""
    task, names, called = readable.task, readable.names, readable.letterhead.called
    unit = names.label(task.unit) if task is not None else "đơn vị được giao chủ trì"
    due = f", hoàn thành chậm nhất ngày {short_day(task.due.day)}" if task is not None else ""
    times = f" Đây là lần đôn đốc thứ {count(task.urged + 1)}." if task is not None and task.urged else ""
    body = (
        Paragraph(f"{called} đã giao {unit} nhiệm vụ{due}. Đến nay {called} chưa nhận được báo cáo kết quả.{times}"),
        Paragraph(f"Thực hiện ý kiến chỉ đạo của {head_of(readable)}, đề nghị {unit}:"),
        Paragraph("1. Khẩn trương hoàn thành nhiệm vụ được giao; trả lời người nêu ý kiến và báo cáo kết quả."),
        Paragraph("2. Báo cáo rõ nguyên nhân chậm và thời gian hoàn thành; trường hợp cần gia hạn, có văn bản đề nghị."),
    )
    parts = Parts(
        kind=None,
        summary=(),
        regarding=readable.summary or "đôn đốc thực hiện nhiệm vụ",
        to=addressees(readable) or (unit,),
        body=body,
        closing=f"{called} đề nghị {unit} quan tâm thực hiện./.",
    )
    return framed(readable, parts)


def transfer_slip(readable: Readable) -> Composition:
    """Phiếu chuyển: an opinion goes to whoever is competent. No name and no look-up code stand on it: the code is a key."""
    case, called = readable.case, readable.letterhead.called
    to = "; ".join(addressees(readable)) or "cơ quan có thẩm quyền"
    field = field_of(readable, case)
    about = "nêu tại hồ sơ kèm theo" if field == NOT_SAID else f"thuộc lĩnh vực {field.lower()}"
    received = full_day(local_day(case.received_at)) if case is not None else "ngày ghi tại hồ sơ"
    body = (
        Paragraph(f"{called} tiếp nhận {received} ý kiến {about}."),
        Paragraph(
            f"Sau khi xem xét, nội dung ý kiến thuộc thẩm quyền giải quyết của {to}. {called} chuyển ý kiến đến {to} để xem xét, "
            f"giải quyết theo quy định của pháp luật; trả lời người nêu ý kiến và thông báo kết quả về {called} để theo dõi."
        ),
        Paragraph("Thông tin về người nêu ý kiến được gửi riêng cho đơn vị giải quyết, bảo đảm bí mật theo quy định."),
    )
    summary = (readable.summary or "Ý kiến thuộc thẩm quyền giải quyết của cơ quan khác",)
    closing = f"{called} thông báo để người nêu ý kiến biết, liên hệ với {to} theo quy định./."
    return framed(readable, Parts(kind="PHIẾU CHUYỂN", summary=summary, body=body, closing=closing))


def submission_slip(readable: Readable) -> Composition:
    """Phiếu trình: what is put before whoever decides."""
    about = readable.about
    what = about.line.label if about is not None and about.line.label else readable.summary or "nội dung kèm theo"
    body = (
        Paragraph(f"Nội dung trình: {what}."),
        Paragraph("Hồ sơ kèm theo: theo danh mục trong hệ thống."),
        Paragraph(f"Ý kiến của người có thẩm quyền: {'…' * 14}"),  # on one line: a line of dots cannot be broken,
    )
    parts = Parts(
        kind="PHIẾU TRÌNH",
        summary=(readable.summary or "Giải quyết công việc",),
        to=addressees(readable),
        body=body,
        closing="Kính trình xem xét, quyết định./.",
    )
    return framed(readable, parts)


def letter(readable: Readable) -> Composition:
    """Công văn: regarding what its summary says."""
    called, to = readable.letterhead.called, addressees(readable)
    what = readable.summary or "…"
    parts = Parts(
        kind=None,
        summary=(),
        regarding=what,
        to=to,
        body=(Paragraph(f"{called} trân trọng gửi {'; '.join(to) or 'quý cơ quan'}: {what}."),),
        closing=f"{called} trân trọng đề nghị quý cơ quan quan tâm, phối hợp./.",
    )
    return framed(readable, parts)
