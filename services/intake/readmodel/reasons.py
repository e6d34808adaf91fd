"""Why something that was fed was parked, said to its sender: each reason with its title and what to do, in both languages."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from services.intake.readmodel.languages import Said


class Reason(NamedTuple):
    """What is wrong, and what the sender does about it."""

    title: Said
    advice: Said


_AGAIN: Final = Said("Sửa rồi gửi lại thành bản ghi mới.", "Correct it and send it again as a new record.")
_DIRECTORY: Final = Said(
    "Dùng khóa đơn vị trong danh mục đang có hiệu lực, rồi gửi lại.",
    "Use the key of a unit that is in force in the directory, and send it again.",
)
REASONS: Final[Mapping[str, Reason]] = {
    "empty": Reason(Said("Bản ghi không có nội dung", "The record is empty"), _AGAIN),
    "too-large": Reason(
        Said("Bản ghi quá lớn", "The record is too large"),
        Said(
            "Mỗi ý kiến không quá 256 KiB; rút ngắn rồi gửi lại.", "An opinion is at most 256 KiB; shorten it and send it again."
        ),
    ),
    "bad-signature": Reason(
        Said("Chữ ký không đúng", "The signature does not hold"),
        Said(
            "Ký HMAC-SHA256 trên toàn bộ nội dung bằng khóa hiện hành của đơn vị, ghi vào ce_signature.",
            "Sign the whole value by HMAC-SHA256 with the unit's present key, and put it into ce_signature.",
        ),
    ),
    "bad-header": Reason(
        Said("Có tiêu đề ce_ không đọc được", "A ce_ header cannot be read"),
        Said("Mỗi tiêu đề ce_ gửi một lần, mã hóa UTF-8.", "Send each ce_ header once, in UTF-8."),
    ),
    "unknown-type": Reason(
        Said("Loại bản ghi không được hỗ trợ", "Records of this type are not known"),
        Said("Gửi ce_type là opinion.fed.v1.", "Send opinion.fed.v1 as ce_type."),
    ),
    "not-json": Reason(
        Said("Nội dung không phải đối tượng JSON", "The value is no JSON object"),
        Said("Gửi JSON hợp lệ, mã hóa UTF-8, mỗi khóa chỉ một lần.", "Send valid JSON in UTF-8, each key once."),
    ),
    "local-id-missing": Reason(
        Said("Thiếu mã nội bộ", "The local id is missing"),
        Said("Ghi mã của hệ thống mình vào local_id, rồi gửi lại.", "Put your own system's id into local_id, and send it again."),
    ),
    "invalid": Reason(Said("Dữ liệu không hợp lệ", "A value is not valid"), _AGAIN),
    "occurred-ahead": Reason(
        Said("Thời điểm diễn ra nằm ở tương lai", "It cannot have happened yet"),
        Said(
            "Kiểm tra đồng hồ của máy gửi; occurred_at không được sau hiện tại quá 5 phút.",
            "Check the sender's clock; occurred_at may lie at most 5 minutes ahead.",
        ),
    ),
    "not-an-office": Reason(
        Said("Đơn vị nêu ở office không tổ chức đối thoại", "What office names holds no dialogues"),
        Said("Nêu khóa của văn phòng, ví dụ VPUB.", "Name the key of an office, such as VPUB."),
    ),
    "unknown-unit": Reason(Said("Đơn vị không có trong danh mục", "The unit is not in the directory"), _DIRECTORY),
    "local-id-taken": Reason(
        Said("Mã nội bộ này đã dùng cho một ý kiến khác", "This local id already names another opinion"),
        Said(
            "Bản đầu tiên được giữ nguyên. Gửi nội dung mới với mã nội bộ khác.",
            "The first one stands. Send the new content under another local id.",
        ),
    ),
    "forbidden": Reason(
        Said("Đơn vị không có quyền gửi ý kiến này", "The unit may not hand this in"),
        Said("Kiểm tra office, hoặc hỏi quản trị.", "Check office, or ask the administrator."),
    ),
}
# Of whatever else parks a record: a fault of ours, or a rule that came later.
OTHER: Final = Reason(
    Said("Bản ghi chưa xử lý được", "The record could not be handled"),
    Said(
        "Nội dung được giữ lại. Báo quản trị, kèm vị trí (place) của bản ghi.",
        "What was sent is kept. Tell the administrator, with the record's place.",
    ),
)


def said(reason: str) -> Reason:
    """What is said of a reason by its code."""
    return REASONS.get(reason, OTHER)
