"""What stands over the columns of the report's tables (domain brief §5.2, §5.3; year walkthrough §4)."""

from collections.abc import Mapping
from typing import Any, Final

from shared.contracts.opinion import Flag, RejectionReason

OPINIONS: Final[Mapping[str, str]] = {
    "A": "Kỳ trước chuyển sang",
    "A1": "Điều chỉnh số kỳ trước",
    "B1": "Tiếp nhận mới",
    "B2": "Mở lại",
    "C": "Tổng phải xử lý",
    "D": "Không đủ điều kiện, từ chối",
    "E": "Ngoài thẩm quyền: chuyển, hướng dẫn",
    "F": "Rút",
    "G": "Gộp trùng",
    "H": "Phải giải quyết",
    "I": "Đã giải quyết",
    "I1": "Đã giải quyết đúng hạn",
    "I2": "Đã giải quyết quá hạn",
    "J": "Đang giải quyết",
    "J1": "Đang giải quyết trong hạn",
    "J2": "Đang giải quyết quá hạn",
    "T1": "Tỷ lệ giải quyết (%)",
    "T2": "Tỷ lệ đúng hạn (%)",
    "T3": "Tỷ lệ đúng hạn chặt (%)",
}
DIALOGUES: Final[Mapping[str, str]] = {
    "0": "Hoãn từ kỳ trước",
    "0'": "Điều chỉnh số kỳ trước",
    "1": "Theo kế hoạch trong kỳ",
    "2": "Phát sinh",
    "3": "Đã tổ chức",
    "4": "Hoãn sang kỳ sau",
    "5": "Hủy",
    "6": "Lượt người dự",
    "7": "Ý kiến nêu",
    "8": "Trả lời tại chỗ, tiếp thu",
    "9": "Giao giải quyết",
    "10a": "Không tiếp nhận, có lý do",
    "10b": "Chuyển",
    "10c": "Gộp, rút",
    "11": "Số Thông báo kết luận",
}
CONCLUSIONS: Final[Mapping[str, str]] = {
    "given": "Giao",
    "done_in_time": "Hoàn thành đúng hạn",
    "done_late": "Hoàn thành quá hạn",
    "open_in_time": "Đang thực hiện trong hạn",
    "open_late": "Đang thực hiện quá hạn",
    "dropped": "Thôi giao",
    "urged": "Số lần đôn đốc",
    "extended": "Số lần gia hạn",
}
PROPOSALS: Final[Mapping[str, str]] = {
    "proposals": "Đề xuất nội dung đã nhận",
    "appraised": "Đã thẩm định",
    "agreed": "Đồng ý",
    "refused": "Không đồng ý",
    "deferred": "Để kỳ sau",
}
REQUESTS: Final[Mapping[str, str]] = {
    "received": "Yêu cầu đối thoại đã nhận",
    "accepted": "Chấp nhận",
    "refused": "Từ chối, có lý do",
    "withdrawn": "Rút",
    "met": "Đã đáp ứng",
    "waiting": "Đang xem xét",
}
DISSEMINATION: Final[Mapping[str, str]] = {
    "given": "Giao tuyên truyền, phổ biến",
    "done": "Đã thực hiện",
    "reached": "Lượt người được phổ biến",
    "open": "Đang thực hiện",
}
URGING: Final[Mapping[str, str]] = {"letters": "Số lần đôn đốc tham mưu trả lời", "answers": "Số ý kiến phải đôn đốc"}

TRACKS: Final[Mapping[str, str]] = {
    "A1": "Với công chức, viên chức, người lao động",
    "A2": "Với nhân dân",
    "B": "Đối thoại của Chủ tịch UBND tỉnh",
}
TRIGGERS: Final[Mapping[str, str]] = {
    "dinh_ky": "định kỳ",
    "dot_xuat": "đột xuất",
    "theo_yeu_cau": "trực tiếp (theo yêu cầu)",
}

# Why a request for dialogue was refused (domain brief §2).
REASONS: Final[Mapping[str, str]] = {
    RejectionReason.MISSING_DETAILS: "thiếu thông tin",
    RejectionReason.UNCLEAR: "không rõ nội dung",
    RejectionReason.ANONYMOUS: "nặc danh",
    RejectionReason.REPEATED: "trùng nội dung đã gửi",
    RejectionReason.ALREADY_GUIDED: "đã được hướng dẫn",
    RejectionReason.FINAL_DECISION: "vụ việc đã có quyết định giải quyết cuối cùng",
    RejectionReason.OUTSIDE_COMPETENCE: "không thuộc thẩm quyền",
    RejectionReason.SESSION_RULES: "vi phạm nội quy đối thoại",
    RejectionReason.STATE_SECRET: "nội dung không tiếp nhận qua hệ thống",
}
FLAGS: Final[Mapping[str, str]] = {
    Flag.COMPLEX: "phức tạp",
    Flag.PRESSING: "bức xúc",
    Flag.BACKLOG: "tồn đọng",
    Flag.LONG_DRAWN: "kéo dài",
}


def code(key: str) -> str:
    """What people call a column of Biểu 01 to 04 for short; the others have no such name."""
    if key.islower():
        return f"({key})" if key[0].isdigit() else ""
    name = "A′" if key == "A1" else key.replace("'", "′")
    return f"({name})" if key[0].isdigit() else name


def columns(headings: Mapping[str, str]) -> list[dict[str, Any]]:
    """The columns of a table, in order."""
    return [{"key": key, "heading": heading} for key, heading in headings.items()]
