"""Which rules an opinion holds before referral: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class BeforeReceipt(Invalid):
    """Nothing happens to an opinion before it is handed in."""

    code = "before-receipt"
    rule = ("brief §6",)
    title_vi = "Thời điểm diễn ra trước khi tiếp nhận"
    title_en = "It cannot have happened before the opinion was received"
    advice_vi = "Kiểm tra thời điểm diễn ra; phải từ {earliest} trở đi."
    advice_en = "Check when it happened; it must be {earliest} or later."


class UnknownUnit(Invalid):
    """Units are named by their permanent keys, and must be in force on the day."""

    code = "unknown-unit"
    rule = ()
    title_vi = "Không có đơn vị {unit} trong danh mục ngày {day}"
    title_en = "There is no unit {unit} in the directory of {day}"
    advice_vi = "Chọn đơn vị trong danh mục đang có hiệu lực."
    advice_en = "Choose a unit that is in force on that day."


class NotAnOffice(Invalid):
    """Only an office that holds dialogues takes opinions in."""

    code = "not-an-office"
    rule = ()
    title_vi = "{unit} không phải là văn phòng tổ chức đối thoại"
    title_en = "{unit} is no office that holds dialogues"
    advice_vi = "Nêu khóa của văn phòng, ví dụ VPUB."
    advice_en = "Name the key of an office, such as VPUB."


class UnknownField(Invalid):
    """A field is named by its permanent key, and must be registered on the day."""

    code = "unknown-field"
    rule = ()
    title_vi = "Không có lĩnh vực {field_key} trong danh mục ngày {day}"
    title_en = "There is no field {field_key} in the directory of {day}"
    advice_vi = "Chọn lĩnh vực trong danh mục; nếu chưa rõ, dùng `khac`."
    advice_en = "Choose a field of the directory; where unclear, use `khac`."


class LocalIdTaken(Refused):
    """A unit's own id names one opinion for ever: other content under it is never written over the first (R48)."""

    code = "local-id-taken"
    rule = ("R48",)
    title_vi = "Mã nội bộ này đã dùng cho một ý kiến khác"
    title_en = "This local id already names another opinion"
    advice_vi = "Bản đầu tiên được giữ nguyên. Gửi nội dung mới với mã nội bộ khác."
    advice_en = "The first one stands. Hand the new content in under another local id."


class AlreadyReferred(Refused):
    """After referral only the assignment service decides (design decision 14)."""

    code = "already-referred"
    rule = ("design decision 14",)
    title_vi = "Ý kiến đã chuyển sang bộ phận phân công"
    title_en = "The opinion has been referred"
    advice_vi = "Thực hiện trên hồ sơ vụ việc của ý kiến này."
    advice_en = "Act on its case instead."


class AlreadyEnded(Refused):
    """An episode ends once, by one fact (R9)."""

    code = "already-ended"
    rule = ("R9", "design decision 14")
    title_vi = "Ý kiến đã kết thúc ({how})"
    title_en = "The opinion has ended ({how})"
    advice_vi = "Không thể thay đổi kết quả đã ghi; nếu là việc mới, tiếp nhận ý kiến mới."
    advice_en = "What is recorded stands; a new matter is a new opinion."


class NotClassified(Refused):
    """What is handed over must say what it is, in which field, and until when."""

    code = "not-classified"
    rule = ("brief §6",)
    title_vi = "Ý kiến chưa được phân loại"
    title_en = "The opinion is not classified yet"
    advice_vi = "Phân loại trước, rồi chuyển phân công."
    advice_en = "Classify it first, then refer it."


class NothingAsked(Refused):
    """A completion answers a request for one."""

    code = "nothing-asked"
    rule = ("year §1",)
    title_vi = "Chưa có yêu cầu bổ sung"
    title_en = "No completion was asked for"
    advice_vi = "Gửi yêu cầu bổ sung trước."
    advice_en = "Ask for what is missing first."


class MergedIntoItself(Invalid):
    """An opinion is not its own duplicate."""

    code = "merged-into-itself"
    rule = ("invariant 3",)
    title_vi = "Không thể gộp ý kiến vào chính nó"
    title_en = "An opinion cannot be merged into itself"
    advice_vi = "Chọn ý kiến khác cùng nội dung."
    advice_en = "Choose the other opinion of the same matter."


class SurvivorNotOpen(Refused):
    """Only an opinion that is still open can answer for another one; that keeps merges free of circles (invariant 3)."""

    code = "survivor-not-open"
    rule = ("invariant 3",)
    title_vi = "Ý kiến nhận gộp không còn đang xử lý"
    title_en = "The opinion to merge into is not open here"
    advice_vi = "Gộp vào ý kiến đang xử lý; nếu đã chuyển phân công, hãy chuyển cả ý kiến này."
    advice_en = "Merge into an open one; where it was referred, refer this one too."


class OthersMergedInto(Refused):
    """Taken back by its speaker or split, it would leave those without an answer whose matter was merged into it."""

    code = "others-merged-into"
    rule = ("R9", "invariant 3")
    title_vi = "Còn {count} ý kiến của người khác đã gộp vào ý kiến này, đang chờ trả lời"
    title_en = "{count} opinions of others were merged into it and wait for its answer"
    advice_vi = "Bỏ gộp các ý kiến đó trước ({merged}), rồi làm lại; mỗi ý kiến gộp sau vào đúng phần được tách của nó."
    advice_en = "Undo those merges first ({merged}), then ask again; merge each into that part of a split that it is about."


class OtherOffice(Refused):
    """Opinions of two offices are answered and counted apart."""

    code = "other-office"
    rule = ("brief, corrections",)
    title_vi = "Hai ý kiến thuộc hai văn phòng khác nhau"
    title_en = "The two opinions belong to two offices"
    advice_vi = "Chuyển ý kiến sang văn phòng kia thay vì gộp."
    advice_en = "Forward the opinion to the other office instead."


class TooFewParts(Invalid):
    """Splitting makes at least two of one."""

    code = "too-few-parts"
    rule = ("Thông tư 05/2021/TT-TTCP",)
    title_vi = "Tách ý kiến cần ít nhất hai nội dung"
    title_en = "A split needs at least two matters"
    advice_vi = "Nêu từng nội dung riêng, hoặc phân loại ý kiến như một nội dung."
    advice_en = "Give each matter its own words, or classify the opinion as one."


class ForwardedInside(Invalid):
    """Forwarding leaves the office; a unit of the office gets the matter by referral and assignment."""

    code = "forwarded-inside"
    rule = ("R19", "brief, corrections")
    title_vi = "{unit} thuộc chính văn phòng này"
    title_en = "{unit} belongs to this office"
    advice_vi = "Chuyển phân công để người đứng đầu giao việc cho đơn vị."
    advice_en = "Refer it, and have the head assign the unit."


class AboutThatUnit(Forbidden):
    """People of a unit that an opinion is about neither call it something else nor make it disappear (R16, R18)."""

    code = "about-that-unit"
    rule = ("R16", "R18", "invariant 7")
    title_vi = "Ý kiến phản ánh chính đơn vị {unit}"
    title_en = "The opinion is about the unit {unit} itself"
    advice_vi = "Người của đơn vị khác phân loại lại hoặc xử lý; đơn vị bị phản ánh chuyển ý kiến đi, không quyết định về nó."
    advice_en = "Have people of another unit decide; those whom it is about may refer it, and no more."


class AboutThatPost(Forbidden):
    """Whoever holds a post that an opinion is about, be he the head, does not put it away (R16, corrections)."""

    code = "about-that-post"
    rule = ("R16", "invariant 7", "brief, corrections")
    title_vi = "Ý kiến phản ánh chính người đang giữ chức vụ {post}"
    title_en = "The opinion is about the holder of the post {post}"
    advice_vi = "Người khác quyết định. Người đứng đầu tiếp thu hoặc giải trình sau khi ý kiến được chuyển xử lý."
    advice_en = "Have another person decide. The head takes it on board or accounts for himself once it is referred."


class NothingCorrected(Invalid):
    """A correction puts at least one thing right."""

    code = "nothing-corrected"
    rule = ()
    title_vi = "Chưa nêu điều cần đính chính"
    title_en = "The correction corrects nothing"
    advice_vi = "Nêu kênh, nguồn, địa bàn hoặc nội dung đúng."
    advice_en = "Give the right channel, source group, locality or words."


class QuarantineInstead(Invalid):
    """Words that may be a state secret are not kept beside their rejection (Luật Bảo vệ bí mật nhà nước)."""

    code = "quarantine-instead"
    rule = ("Luật Bảo vệ bí mật nhà nước",)
    title_vi = "Nội dung nghi bí mật nhà nước phải được cách ly"
    title_en = "What may be a state secret is quarantined"
    advice_vi = "Dùng cách ly ý kiến, nêu số văn bản giấy; nội dung ở đây sẽ bị xóa."
    advice_en = "Quarantine the opinion and name its paper; the words here are erased."


class NotMerged(Refused):
    """Only a merge is undone by unmerging, which voids it (year §4)."""

    code = "not-merged"
    rule = ("year §4",)
    title_vi = "Ý kiến không ở trạng thái gộp"
    title_en = "The opinion is not merged"
    advice_vi = "Chỉ bỏ gộp ý kiến đã gộp."
    advice_en = "Unmerge only what was merged."


class NotReferred(Refused):
    """What is wanted of an opinion that intake still decides about is done here (design decision 14)."""

    code = "not-referred"
    rule = ("design decision 14",)
    title_vi = "Ý kiến chưa chuyển xử lý"
    title_en = "The opinion is not referred yet"
    advice_vi = "Rút, bổ sung hoặc đính chính trực tiếp."
    advice_en = "Withdraw, complete or correct it directly."
