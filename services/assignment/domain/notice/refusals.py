"""Which rules a notice holds: each refusal is named for its rule."""

from shared.contracts.refusals import Forbidden, Invalid, Refused


class NothingConcluded(Invalid):
    """A notice has at least one conclusion (R37)."""

    code = "nothing-concluded"
    rule = ("R37",)
    title_vi = "Thông báo chưa có kết luận nào"
    title_en = "The notice concludes nothing"
    advice_vi = "Thêm ít nhất một kết luận."
    advice_en = "Add at least one conclusion."


class UnitOrDayMissing(Invalid):
    """Work is directed to one unit until one day (R37)."""

    code = "unit-or-day-missing"
    rule = ("R37",)
    title_vi = "Mục {item} giao việc phải có đúng một đơn vị và một thời hạn"
    title_en = "Item {item} directs work: it needs one unit and one day or number of days"
    advice_vi = "Nêu đơn vị chủ trì và thời hạn: số ngày, ngày cụ thể, hoặc tính theo quy định."
    advice_en = "Name the unit, and either a day, a number of days, or by_rule for what the rules give."


class WorkWithoutDirecting(Invalid):
    """What only concludes gives no work (R38)."""

    code = "work-without-directing"
    rule = ("R38",)
    title_vi = "Mục {item} chỉ kết luận, không giao việc"
    title_en = "Item {item} only concludes and gives no work"
    advice_vi = "Đổi loại thành chỉ đạo giải quyết, hoặc bỏ đơn vị và thời hạn."
    advice_en = "Make it directing, or leave the unit and the day out."


class DayNotAhead(Invalid):
    """Work is due after it is given."""

    code = "day-not-ahead"
    rule = ("R37",)
    title_vi = "Thời hạn {until} không sau ngày ban hành"
    title_en = "The day {until} does not lie after the issue"
    advice_vi = "Chọn ngày sau ngày ban hành."
    advice_en = "Choose a later day."


class ConcludedTwice(Invalid):
    """One conclusion for each opinion (R37)."""

    code = "concluded-twice"
    rule = ("R37",)
    title_vi = "Hồ sơ {case} có hai kết luận trong một thông báo"
    title_en = "The case {case} is concluded twice in one notice"
    advice_vi = "Gộp thành một mục."
    advice_en = "Make it one item."


class CaseHasEnded(Refused):
    """A notice directs no work on a matter that is over; it may still say how it was settled (R38)."""

    code = "case-has-ended"
    rule = ("R38",)
    title_vi = "Hồ sơ {case} đã kết thúc, không giao việc được"
    title_en = "The case {case} has ended: no work is directed on it"
    advice_vi = "Đổi mục thành kết luận, hoặc mở lại hồ sơ trước."
    advice_en = "Make the item conclude only, or reopen the case first."


class SessionNotToConclude(Refused):
    """One notice for each dialogue, after it was held (invariant 6)."""

    code = "session-not-to-conclude"
    rule = ("invariant 6",)
    title_vi = "Cuộc đối thoại chưa tổ chức, hoặc đã có thông báo kết luận"
    title_en = "The dialogue was not held, or has its notice already"
    advice_vi = "Ban hành sau khi đối thoại kết thúc; thay đổi bằng đính chính hoặc thông báo mới không gắn cuộc đối thoại."
    advice_en = "Issue it after the dialogue; change it by an amendment or by a notice without a dialogue."


class OutcomeWithoutConclusion(Refused):
    """The notice of a dialogue says of each directed opinion who does what until when (R37)."""

    code = "outcome-without-conclusion"
    rule = ("R37",)
    title_vi = "Còn ý kiến đã giao giải quyết chưa có mục kết luận: {cases}"
    title_en = "Directed opinions without a conclusion: {cases}"
    advice_vi = "Thêm mục cho từng ý kiến đã giao giải quyết."
    advice_en = "Add an item for each directed opinion."


class NoticeInForce(Refused):
    """An issued notice is changed only by an amendment (invariant 6)."""

    code = "notice-in-force"
    rule = ("invariant 6",)
    title_vi = "Thông báo đã ban hành"
    title_en = "The notice is issued"
    advice_vi = "Dùng đính chính."
    advice_en = "Amend it."


class NoticeNotInForce(Refused):
    """Only what is issued is amended."""

    code = "notice-not-in-force"
    rule = ("invariant 6",)
    title_vi = "Thông báo chưa ban hành"
    title_en = "The notice is not issued yet"
    advice_vi = "Sửa dự thảo."
    advice_en = "Change the draft."


class NoSuchItem(Invalid):
    """An amendment names an item that directs work still open (invariant 6)."""

    code = "no-such-item"
    rule = ("invariant 6",)
    title_vi = "Không có mục {item} đang giao việc"
    title_en = "There is no item {item} with open work"
    advice_vi = "Chọn mục chỉ đạo giải quyết chưa hoàn thành."
    advice_en = "Choose an item that directs work not yet done."


class AmendedByItself(Invalid):
    """What was signed stands; it is amended by another document (invariant 6)."""

    code = "amended-by-itself"
    rule = ("invariant 6",)
    title_vi = "Thông báo không tự đính chính bằng chính văn bản của mình"
    title_en = "A notice is not amended by its own paper"
    advice_vi = "Soạn và ký văn bản đính chính, trường about ghi mã thông báo."
    advice_en = "Have another document about the notice drafted and signed, and name that."


class NotInThatName(Forbidden):
    """The head issues in his name, the Chairman in his (corrections of the brief)."""

    code = "not-in-that-name"
    rule = ("brief, corrections",)
    title_vi = "Không ban hành với danh nghĩa {authority}"
    title_en = "It is not issued in the name of {authority}"
    advice_vi = "Kết luận của Chủ tịch gắn với cuộc đối thoại của Chủ tịch, và chỉ cuộc đó; sửa danh nghĩa hoặc cuộc đối thoại."
    advice_en = "The Chairman concludes his own dialogues, and no other: change the name or the dialogue."
