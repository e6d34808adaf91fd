"""Which rules a plan holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class PlanInForce(Refused):
    """One plan a year (R1); an issued one is changed by an amendment."""

    code = "plan-in-force"
    rule = ("R1",)
    title_vi = "Kế hoạch năm {year} đã ban hành"
    title_en = "The plan of {year} is issued"
    advice_vi = "Dùng điều chỉnh kế hoạch."
    advice_en = "Amend it."


class PlanNotInForce(Refused):
    """Only an issued plan is amended or closed."""

    code = "plan-not-in-force"
    rule = ("R1", "year §1")
    title_vi = "Kế hoạch chưa ban hành hoặc đã kết thúc"
    title_en = "The plan is not issued, or is closed"
    advice_vi = "Ban hành kế hoạch trước."
    advice_en = "Issue it first."


class PlanEmpty(Invalid):
    """A plan names its bases and the windows of its reports (R2)."""

    code = "plan-empty"
    rule = ("R2", "brief §5.4")
    title_vi = "Kế hoạch còn thiếu: {missing}"
    title_en = "The plan lacks: {missing}"
    advice_vi = "Bổ sung căn cứ và kỳ báo cáo."
    advice_en = "Add its bases and its report windows."


class PlanCountedTwice(Invalid):
    """Each dialogue of a plan has a number of its own: a session is proposed as the one under its number (R1)."""

    code = "plan-counted-twice"
    rule = ("R1",)
    title_vi = "Số thứ tự {number} dùng cho nhiều cuộc đối thoại của kế hoạch"
    title_en = "The number {number} stands for several dialogues of the plan"
    advice_vi = "Đánh số mỗi cuộc một số riêng."
    advice_en = "Give each a number of its own."


class WindowsWrong(Invalid):
    """A window ends no earlier than it begins, and before its report is sent (R43, R44)."""

    code = "windows-wrong"
    rule = ("R43", "R44", "brief §5.4")
    title_vi = "Kỳ số liệu {report} không hợp lệ"
    title_en = "The window of {report} is not valid"
    advice_vi = "Ngày đầu không sau ngày cuối; ngày cuối trước ngày phải gửi."
    advice_en = "The first day comes no later than the last, the last before the day of sending."


class AnnualWindowMissing(Invalid):
    """A plan in force says which days the annual report counts: each year goes on from the one before (R44)."""

    code = "annual-window-missing"
    rule = ("R44", "brief, corrections", "brief §5.4")
    title_vi = "Kế hoạch năm {year} chưa có kỳ số liệu của báo cáo năm"
    title_en = "The plan of {year} has no window of the annual report"
    advice_vi = "Thêm kỳ `annual`, nối tiếp kỳ năm trước."
    advice_en = "Add an `annual` window that goes on from the year before."


class WindowsDoNotTile(Invalid):
    """The annual windows adjoin, over the years too: no day is counted twice or left out; others lie within theirs (R44)."""

    code = "windows-do-not-tile"
    rule = ("R43", "R44", "brief, corrections", "brief §5.4")
    title_vi = "Kỳ số liệu {one} và kỳ {other} không nối tiếp nhau"
    title_en = "The windows {one} and {other} do not adjoin"
    advice_vi = "Kỳ năm bắt đầu ngay sau ngày cuối của kỳ năm trước; kỳ 6 tháng bắt đầu cùng ngày với kỳ năm và nằm trong kỳ năm."
    advice_en = "An annual one begins the day after the last annual one ends; a shorter one begins with it and ends in it."


class DisseminationMissing(Invalid):
    """A plan is made known to staff and members by a task for each unit (R29)."""

    code = "dissemination-missing"
    rule = ("R29",)
    title_vi = "Chưa nêu đơn vị nào phổ biến kế hoạch"
    title_en = "No unit is named that makes the plan known"
    advice_vi = "Ghi các đơn vị phổ biến (disseminate)."
    advice_en = "Name the units that do (disseminate)."


class PlanNotOver(Refused):
    """A plan is put away once the last of its reports was due (year walkthrough §2.8)."""

    code = "plan-not-over"
    rule = ("R1", "R44", "year §2.8")
    title_vi = "Kế hoạch còn báo cáo phải gửi trước ngày {day}"
    title_en = "The plan has a report that is to be sent before {day}"
    advice_vi = "Kết thúc kế hoạch từ ngày đó trở đi."
    advice_en = "Close it on that day or later."


class PlanAmendedByItself(Invalid):
    """What was signed stands; it is amended by another document (invariant 10)."""

    code = "plan-amended-by-itself"
    rule = ("R1", "invariant 10")
    title_vi = "Kế hoạch không tự điều chỉnh bằng chính văn bản của mình"
    title_en = "A plan is not amended by its own paper"
    advice_vi = "Soạn và ký văn bản điều chỉnh, trường about ghi mã kế hoạch."
    advice_en = "Have another document about the plan drafted and signed, and name that."
