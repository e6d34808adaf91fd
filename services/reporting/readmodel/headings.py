"""What stands over the columns of the report's tables (domain brief §5.2, §5.3; year walkthrough §4)."""

from collections.abc import Mapping
from typing import Any, Final

from services.reporting.domain.figures.lineage import Verdict
from services.reporting.domain.figures.tallies import Why
from shared.contracts.opinion import Flag, RejectionReason
from shared.contracts.session import AUDIENCES, TRIGGER_LABELS, Track, Trigger
from shared.papers.places import Public, public_place

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
GATHERING: Final[Mapping[str, str]] = {
    "rounds": "Số đợt tổng hợp ý kiến",
    "asked": "Lượt đơn vị phải gửi",
    "handed_in": "Đã gửi kết quả",
    "listed": "Có ý kiến",
    "nil": "Không có ý kiến",
    "silent": "Chưa gửi",
}
URGING: Final[Mapping[str, str]] = {"letters": "Số lần đôn đốc tham mưu trả lời", "answers": "Số ý kiến phải đôn đốc"}

TRACKS: Final[Mapping[str, str]] = {
    Track.STAFF: f"Với {AUDIENCES[Track.STAFF]}",
    Track.PEOPLE: "Với nhân dân",
    Track.CHAIRMAN: "Đối thoại của Chủ tịch UBND tỉnh",
}
TRIGGERS: Final[Mapping[str, str]] = {
    **{each.value: label for each, label in TRIGGER_LABELS.items()},
    Trigger.ON_REQUEST: "trực tiếp (theo yêu cầu)",
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
# How prose says that a paper was made public, by place.
PUBLISHED: Final[Mapping[Public, str]] = {
    Public.OFFICE_SITE: "đăng công khai trên Trang Thông tin điện tử Văn phòng",
    Public.PORTAL: "đăng công khai trên Cổng Thông tin điện tử tỉnh",
    Public.NOTICE_BOARD: "niêm yết công khai tại trụ sở",
}
SOMEWHERE: Final = "đăng công khai"
FLAGS: Final[Mapping[str, str]] = {
    Flag.COMPLEX: "phức tạp",
    Flag.PRESSING: "bức xúc",
    Flag.BACKLOG: "tồn đọng",
    Flag.LONG_DRAWN: "kéo dài",
}

VERDICTS: Final[Mapping[Verdict, Mapping[str, str]]] = {
    Verdict.COUNTED: {"vi": "Được tính trong kỳ", "en": "Counted in the window"},
    Verdict.NOT_BEGUN: {
        "vi": "Không tính: đến hết kỳ chưa có việc tiếp nhận nào được biết",
        "en": "Not counted: nothing known begins it before the window is over",
    },
    Verdict.ENDED_BEFORE: {"vi": "Không tính: đã kết thúc trước kỳ", "en": "Not counted: it ended before the window"},
    Verdict.SPLIT: {"vi": "Không tính: đã tách, các phần được tính thay", "en": "Not counted: split, its parts are instead"},
    Verdict.CHAIRMAN: {
        "vi": "Không tính trong Biểu 02–05: thuộc đối thoại của Chủ tịch UBND tỉnh",
        "en": "Not counted in Biểu 02 to 05: it belongs to a dialogue of the Chairman",
    },
    Verdict.NOT_ISSUED: {"vi": "Không tính: đến hết kỳ chưa phát hành", "en": "Not counted: not issued before the window ends"},
    Verdict.NO_ITEM: {
        "vi": "Không tính: không thuộc mục giao việc nào của một thông báo kết luận đã phát hành",
        "en": "Not counted: no item of conclusions that were issued directs it",
    },
    Verdict.NOT_URGED: {
        "vi": "Không tính riêng: ý kiến được tính theo lượt xử lý, nhiệm vụ trả lời chỉ được tính khi bị đôn đốc",
        "en": "Not counted by itself: its episode is, a task to answer only where it was urged",
    },
    Verdict.OUTSIDE: {"vi": "Không tính: không có việc nào thuộc kỳ", "en": "Not counted: nothing of it falls into the window"},
}
# What puts a dialogue, notice, request, proposal or task into a column.
WHY: Final[Mapping[Why, Mapping[str, str]]] = {
    Why.SCHEDULED: {"vi": "Ngày ấn định ban đầu thuộc kỳ", "en": "The day first fixed falls into the window"},
    Why.PROPOSED: {
        "vi": "Được đề xuất trong kỳ, sau ngày ấn định ban đầu",
        "en": "Proposed in the window, after the day first fixed",
    },
    Why.ENDED_EARLY: {
        "vi": "Tổ chức hoặc hủy trong kỳ, trước ngày ấn định ban đầu",
        "en": "Held or cancelled in the window, before the day first fixed",
    },
    Why.PUT_OFF: {"vi": "Của kỳ trước, chưa tổ chức, chưa hủy trước kỳ này", "en": "Of an earlier window and not ended in one"},
    Why.LEFT_OPEN: {"vi": "Báo cáo kỳ trước để lại", "en": "Left by the report before"},
    Why.LATE: {"vi": "Nay mới biết so với báo cáo kỳ trước", "en": "Known otherwise since the report before"},
    Why.MOVED: {"vi": "Nay ở dòng khác so với báo cáo kỳ trước", "en": "In another row than the report before had it in"},
    Why.HELD: {"vi": "Đã tổ chức trong kỳ", "en": "Held in the window"},
    Why.CANCELLED: {"vi": "Đã hủy trong kỳ", "en": "Cancelled in the window"},
    Why.POSTPONED: {"vi": "Đã hoãn, đến hết kỳ chưa tổ chức", "en": "Put off, and not held before the window is over"},
    Why.NOT_ENDED: {"vi": "Đến hết kỳ chưa tổ chức, chưa hủy", "en": "Neither held nor cancelled before the window is over"},
    Why.ATTENDED: {"vi": "Số người dự được ghi nhận", "en": "So many were recorded as present"},
    Why.RAISED: {"vi": "Nêu tại cuộc đối thoại đã tổ chức trong kỳ", "en": "Put to or raised in a dialogue held in the window"},
    Why.CONCLUDED: {"vi": "Kết quả tại cuộc đối thoại", "en": "Its outcome in the dialogue"},
    Why.ISSUED: {"vi": "Phát hành trong kỳ", "en": "Issued in the window"},
    Why.GIVEN: {"vi": "Được giao, chưa kết thúc trước kỳ", "en": "Given, and not over before the window"},
    Why.IN_TIME: {"vi": "Hoàn thành không quá hạn", "en": "Done no later than its due day"},
    Why.OVERDUE: {"vi": "Quá hạn", "en": "Past its due day"},
    Why.DROPPED: {"vi": "Trả lại, thu hồi hoặc hủy", "en": "Returned, recalled or cancelled"},
    Why.DONE: {"vi": "Hoàn thành trong kỳ", "en": "Done in the window"},
    Why.HAPPENED: {"vi": "Diễn ra trong kỳ", "en": "It happened in the window"},
    Why.DUE: {"vi": "Hạn gửi kết quả thuộc kỳ", "en": "Its day falls into the window"},
    Why.HANDED_IN: {"vi": "Đơn vị đã gửi trước khi hết kỳ", "en": "The unit handed in before the window was over"},
    Why.WAITING: {"vi": "Đến hết kỳ chưa xong", "en": "Still open when the window is over"},
}


def made_public(code: str) -> str:
    """How prose says that a paper was made public at the place of a code; of one that is not known, only that it was."""
    place = public_place(code)
    return PUBLISHED[place] if place is not None else SOMEWHERE


def code(key: str) -> str:
    """What people call a column of Biểu 01 to 04 for short; the others have no such name."""
    if key.islower():
        return f"({key})" if key[0].isdigit() else ""
    name = "A′" if key == "A1" else key.replace("'", "′")
    return f"({name})" if key[0].isdigit() else name


def columns(headings: Mapping[str, str]) -> list[dict[str, Any]]:
    """The columns of a table, in order."""
    return [{"key": key, "heading": heading} for key, heading in headings.items()]
