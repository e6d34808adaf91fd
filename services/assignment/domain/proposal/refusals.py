"""Which rules a proposal holds: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class ProposalElsewhere(Refused):
    """Each step follows the one before it (R25, R27)."""

    code = "proposal-elsewhere"
    rule = ("R25", "R27", "year §1")
    title_vi = "Đề xuất đang ở bước khác: {stage}"
    title_en = "The proposal stands at another step: {stage}"
    advice_vi = "Làm các bước theo thứ tự: bổ sung, thẩm định, kết luận, trình, quyết định."
    advice_en = "Go step by step: completion, appraisal, its conclusion, submission, decision."


class LeadersFirst(Forbidden):
    """The content division advises the leaders of the Office, and they the Chairman (R26)."""

    code = "leaders-first"
    rule = ("R26", "year §1")
    title_vi = "Lãnh đạo Văn phòng trình Chủ tịch, phòng chuyên môn không trình thẳng"
    title_en = "The leaders of the Office put it before the Chairman, the content division does not"
    advice_vi = "Trình lãnh đạo Văn phòng trước."
    advice_en = "Put it before the leaders of the Office first (to_chairman: false)."


class TwoAppraisers(Invalid):
    """The leader in charge appraises with two others, Dân vận and Mặt trận (R27, invariant 4)."""

    code = "two-appraisers"
    rule = ("R27", "invariant 4")
    title_vi = "Thẩm định cần hai cơ quan phối hợp khác nhau"
    title_en = "An appraisal needs two different co-appraisers"
    advice_vi = "Nêu cơ quan dân vận của Tỉnh ủy và Ủy ban MTTQ Việt Nam tỉnh."
    advice_en = "Name the mass mobilisation body and the Fatherland Front."


class NotDanVanOrMatTran(Invalid):
    """Dân vận and Mặt trận appraise, or whoever has their places on the day; no other body does (R27, invariant 4)."""

    code = "not-dan-van-or-mat-tran"
    rule = ("R27", "invariant 4")
    title_vi = "{unit} không làm công tác dân vận hay mặt trận; cơ quan phối hợp thẩm định: {appraisers}"
    title_en = "{unit} has the place of neither Dân vận nor Mặt trận; those who appraise: {appraisers}"
    advice_vi = "Bỏ trống để mời đúng hai cơ quan; nếu đã sắp xếp lại thì ghi nhận cơ quan kế thừa trước."
    advice_en = "Name none and the two are asked; after a reorganisation record their successors first (succeed_unit)."


class NotAnAppraiser(Invalid):
    """A verdict comes from whoever was asked for it (R27)."""

    code = "not-an-appraiser"
    rule = ("R27",)
    title_vi = "{unit} không được mời thẩm định đề xuất này"
    title_en = "{unit} was not asked to appraise it"
    advice_vi = "Chọn cơ quan đã được mời thẩm định."
    advice_en = "Choose a body that was asked."


class LetterMissing(Invalid):
    """Whoever records another body's verdict names the letter it came by (R27)."""

    code = "letter-missing"
    rule = ("R27",)
    title_vi = "Thiếu số văn bản của {unit}"
    title_en = "The letter of {unit} is not named"
    advice_vi = "Ghi số, ký hiệu văn bản của cơ quan thẩm định."
    advice_en = "Give the number and symbol of the appraiser's letter."


class VerdictStands(Refused):
    """What a body said itself is changed by itself, not by whoever records letters (R27)."""

    code = "verdict-stands"
    rule = ("R27",)
    title_vi = "{unit} đã tự cho ý kiến thẩm định"
    title_en = "{unit} gave its verdict itself"
    advice_vi = "Đề nghị cơ quan đó tự sửa ý kiến của mình."
    advice_en = "Have that body change its verdict itself."


class VerdictAhead(Invalid):
    """A verdict is recorded once it is given (R27)."""

    code = "verdict-ahead"
    rule = ("R27",)
    title_vi = "Ngày {on} chưa đến"
    title_en = "The day {on} has not come yet"
    advice_vi = "Ghi ngày cho ý kiến, không sau hôm nay."
    advice_en = "Give the day on which the verdict was given, today at the latest."


class AppraisalNotLate(Refused):
    """A verdict is gone without only after its date (R27)."""

    code = "appraisal-not-late"
    rule = ("R27",)
    title_vi = "Hạn thẩm định đến hết ngày {due}"
    title_en = "The appraisal is not due until the end of {due}"
    advice_vi = "Chờ hết hạn, đôn đốc, rồi mới quyết định đi tiếp."
    advice_en = "Wait for the date and urge, then go on without it."


class AppraisalOpen(Refused):
    """It is concluded when both have answered, or are gone without (R27, invariant 4)."""

    code = "appraisal-open"
    rule = ("R27", "invariant 4")
    title_vi = "Chưa có ý kiến thẩm định của: {missing}"
    title_en = "No verdict yet from: {missing}"
    advice_vi = "Ghi ý kiến thẩm định; quá hạn thì người phụ trách quyết định đi tiếp, có lý do."
    advice_en = "Record the verdict; once it is late the leader may go on without, with a reason."


class NotTheLeader(Forbidden):
    """The leader in charge who leads the appraisal concludes it (R27)."""

    code = "not-the-leader"
    rule = ("R27",)
    title_vi = "Người chủ trì thẩm định là {leader}"
    title_en = "The appraisal is led by {leader}"
    advice_vi = "Người chủ trì kết luận thẩm định."
    advice_en = "Have that person conclude it."


class NoSuchLine(Invalid):
    """The checklist has as many lines as its dated template (R26)."""

    code = "no-such-line"
    rule = ("R26",)
    title_vi = "Danh mục chuẩn bị có {lines} dòng"
    title_en = "The checklist has {lines} lines"
    advice_vi = "Chọn số dòng trong danh mục."
    advice_en = "Choose one of its lines."


class NotInCharge(Refused):
    """The leader in charge of the field appraises; where nobody is, the head or whom he delegates it to (R27)."""

    code = "not-in-charge"
    rule = ("R27",)
    title_vi = "{leader} không phụ trách lĩnh vực {field_key}; người phụ trách: {in_charge}"
    title_en = "{leader} is not in charge of the field {field_key}; in charge: {in_charge}"
    advice_vi = "Giao người phụ trách chủ trì thẩm định; thay đổi phân công phụ trách thì ghi nhận ở Danh bạ trước."
    advice_en = "Have the leader in charge appraise it; where the charge has changed, record that first (set_charge)."
