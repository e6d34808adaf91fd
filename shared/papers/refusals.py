"""Which rules files of papers hold: what was issued is kept as it was signed, and what is missing is said to be missing."""

from shared.contracts.refusals import Refused


class NotComposable(Refused):
    """An issued paper is kept once it can be read, and never given up in silence (R41)."""

    code = "not-composable"
    rule = ("R41",)
    title_vi = "Chưa lưu được văn bản đã phát hành {document}: bảng đọc thiếu nội dung của văn bản"
    title_en = "The issued paper {document} cannot be kept: what it says is not in the read models"
    advice_vi = "Xem `doithoai dlq list`, xử lý sự kiện bị gác lại, rồi `doithoai dlq requeue`."
    advice_en = "See `doithoai dlq list`, mend what is parked, then `doithoai dlq requeue`."


class SignedDiffers(Refused):
    """What is kept as issued says what was signed (R41)."""

    code = "signed-differs"
    rule = ("R41",)
    title_vi = "Văn bản {document} nay đọc khác nội dung đã ký"
    title_en = "The paper {document} reads otherwise now than it was signed"
    advice_vi = "Trả lại tiêu đề, tên gọi đã đổi sau khi ký, rồi `doithoai dlq requeue`; hoặc lập báo cáo thay thế."
    advice_en = "Put back the letterhead or names changed since, then `doithoai dlq requeue`; or correct the report."


class FileLost(Refused):
    """A file that was kept and not erased is handed out or missed, never made anew in silence (R41)."""

    code = "file-lost"
    rule = ("R41",)
    title_vi = "Mất tệp đã phát hành"
    title_en = "The file that was issued is lost"
    advice_vi = "Báo người vận hành: khôi phục nơi lưu tệp từ bản sao lưu; `doithoai doctor` liệt kê tệp bị mất."
    advice_en = "Tell the operator: restore the place of files from the backup; `doithoai doctor` lists what is lost."
