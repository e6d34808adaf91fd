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


class WindowsWrong(Invalid):
    """A window ends no earlier than it begins, and before its report is sent (R43, R44)."""

    code = "windows-wrong"
    rule = ("R43", "R44", "brief §5.4")
    title_vi = "Kỳ số liệu {report} không hợp lệ"
    title_en = "The window of {report} is not valid"
    advice_vi = "Ngày đầu không sau ngày cuối; ngày cuối trước ngày phải gửi."
    advice_en = "The first day comes no later than the last, the last before the day of sending."


class PlanAmendedByItself(Invalid):
    """What was signed stands; it is amended by another document (invariant 10)."""

    code = "plan-amended-by-itself"
    rule = ("R1", "invariant 10")
    title_vi = "Kế hoạch không tự điều chỉnh bằng chính văn bản của mình"
    title_en = "A plan is not amended by its own paper"
    advice_vi = "Soạn và ký văn bản điều chỉnh, trường about ghi mã kế hoạch."
    advice_en = "Have another document about the plan drafted and signed, and name that."
