"""Which rules a report's text and paper hold beside those of its life cycle: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class NotDrafted(Refused):
    """A report is commented, submitted and signed as a paper: it is drafted first (R40)."""

    code = "not-drafted"
    rule = ("R40", "brief §6")
    title_vi = "Báo cáo chưa có dự thảo"
    title_en = "The report is not drafted"
    advice_vi = "Dự thảo báo cáo trước."
    advice_en = "Draft it first (draft_report)."


class DraftOutdated(Refused):
    """What is put before the signer is the text as it was written last (R41)."""

    code = "draft-outdated"
    rule = ("R41",)
    title_vi = "Có mục được viết lại sau bản dự thảo"
    title_en = "A section was written after the draft"
    advice_vi = "Soạn lại dự thảo với mã băm của bản mới, rồi trình."
    advice_en = "Draft it again with the digest of what it says now, then submit it."


class TextDiffers(Refused):
    """What is submitted, signed and issued is the text of the draft: nothing that it names may have changed meanwhile (R41)."""

    code = "text-differs"
    rule = ("R41",)
    title_vi = "Văn bản lập lúc này khác bản đã dự thảo"
    title_en = "The paper as it reads now is not the one that was drafted"
    advice_vi = "Soạn lại dự thảo; nếu đã ký, lập báo cáo đính chính."
    advice_en = "Draft it again; once it is signed, correct it by another report (supersede_report)."


class CorrectionStands(Refused):
    """A signed report is corrected by one other, which is opened once and says why; it may be corrected in its turn."""

    code = "correction-stands"
    rule = ("brief §6",)
    title_vi = "Đã mở báo cáo thay thế {correction}"
    title_en = "{correction} is open already to correct it"
    advice_vi = "Làm tiếp trên báo cáo thay thế đó; lý do bổ sung ghi vào phần lời văn của nó."
    advice_en = "Go on with that report; what is to be added to its reason belongs to its text."


class UnderCorrection(Refused):
    """A signed report whose correction is open is not issued any more: the correction is."""

    code = "under-correction"
    rule = ("brief §6",)
    title_vi = "Báo cáo đang được thay thế bằng {correction}"
    title_en = "{correction} is to take its place"
    advice_vi = "Phát hành báo cáo thay thế."
    advice_en = "Issue the corrected report."


class MandatoryLeftOut(Invalid):
    """A report goes to everybody who must have it by the office's list, whoever else is named (R42)."""

    code = "mandatory-left-out"
    rule = ("R42",)
    title_vi = "Thiếu nơi nhận bắt buộc: {recipients}"
    title_en = "Mandatory recipients are left out: {recipients}"
    advice_vi = "Thêm các nơi nhận đó, hoặc để trống để lấy danh sách của văn phòng."
    advice_en = "Name them too, or leave recipients out to take the office's list."
