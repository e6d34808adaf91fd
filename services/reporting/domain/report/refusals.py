"""Which rules a report holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class NoWindow(Invalid):
    """A report counts the days of a window; the annual ones tile (brief §5.4)."""

    code = "no-window"
    rule = ("R43", "R44", "brief §5.4")
    title_vi = "Kỳ báo cáo không hợp lệ"
    title_en = "The days of the report are not valid"
    advice_vi = "Ngày đầu không sau ngày cuối, ngày cuối trước ngày phải gửi; kỳ nối tiếp báo cáo năm trước ({previous})."
    advice_en = "First day, last day, day of sending, in this order; a window begins where the last annual one ends ({previous})."


class ReportOpenedAlready(Refused):
    """A period is opened once, under one window."""

    code = "report-opened-already"
    rule = ("R43", "R44")
    title_vi = "Kỳ báo cáo {report} đã mở với khoảng ngày khác"
    title_en = "The period {report} is open under other days"
    advice_vi = "Xem kỳ đang mở: {first} đến {last}."
    advice_en = "It counts {first} to {last}."


class ReportNotOpen(Refused):
    """Units confirm, and figures are locked, while the period is open."""

    code = "report-not-open"
    rule = ("invariant 10",)
    title_vi = "Kỳ báo cáo không còn mở"
    title_en = "The period is not open"
    advice_vi = "Số liệu đang được chốt hoặc đã chốt; phần ghi nhận sau này thành số điều chỉnh của kỳ sau."
    advice_en = "Its figures are being locked or are locked; what is recorded later adjusts the next report."


class WindowNotOver(Refused):
    """A lock never precedes the end of its window (year §4)."""

    code = "window-not-over"
    rule = ("R43", "R44", "year §4")
    title_vi = "Kỳ số liệu chưa kết thúc"
    title_en = "The window is not over"
    advice_vi = "Chốt số liệu từ ngày sau {last}."
    advice_en = "Lock it from the day after {last} on."


class UnitsSilent(Refused):
    """Every unit of the office says that it has nothing more to enter, or is waived with a reason (decision 16)."""

    code = "units-silent"
    rule = ("R30", "design decision 16")
    title_vi = "Còn {count} đơn vị chưa xác nhận số liệu: {units}"
    title_en = "{count} units have not confirmed: {units}"
    advice_vi = "Đề nghị các đơn vị xác nhận, hoặc bỏ qua từng đơn vị có lý do."
    advice_en = "Ask them to confirm, or waive each with a reason."


class PredecessorOpen(Refused):
    """What a report carries over is what the one before left open: that one is locked first (decision 15)."""

    code = "predecessor-open"
    rule = ("brief §5.3", "design decision 15")
    title_vi = "Báo cáo của kỳ liền trước (đến {last}) chưa chốt số liệu"
    title_en = "The report of the window before, until {last}, is not locked"
    advice_vi = "Chốt số liệu kỳ liền trước, rồi chốt kỳ này: số tồn chuyển sang lấy từ đó."
    advice_en = "Lock that one first: what it left open is the opening stock of this one."


class LaterLocked(Refused):
    """What was locked carried on what was known then: nothing is reported before it any more (decision 15)."""

    code = "later-locked"
    rule = ("invariant 10", "design decision 15")
    title_vi = "Báo cáo {report} của kỳ sau đã chốt số liệu"
    title_en = "The report {report} of a later window is locked already"
    advice_vi = "Kỳ bắt đầu từ {first} đã chốt; việc ghi nhận muộn của kỳ trước nằm ở số điều chỉnh của kỳ chưa chốt."
    advice_en = "Figures from {first} on are locked; what is recorded late stands in the adjustment of the next report."


class WindowsOverlap(Invalid):
    """No day is counted by two reports of a chain; only the six months lie within their own year (brief §5.4)."""

    code = "windows-overlap"
    rule = ("R43", "R44", "brief §5.4")
    title_vi = "Kỳ số liệu trùng ngày với {report}"
    title_en = "The window shares days with {report}"
    advice_vi = "{report} tính từ {first} đến {last}; chọn kỳ không trùng ngày."
    advice_en = "{report} counts {first} to {last}: name days outside of it."


class NotOfTheOffice(Invalid):
    """Only units of the office confirm its figures."""

    code = "not-of-the-office"
    rule = ("design decision 16",)
    title_vi = "Đơn vị {unit} không thuộc văn phòng của báo cáo"
    title_en = "{unit} is no unit of the report's office"
    advice_vi = "Chọn đơn vị của văn phòng vào ngày cuối kỳ."
    advice_en = "Name a unit that the office had on the last day of the window."


class NotLocked(Refused):
    """Only figures that were locked are counted again and compared (invariant 10)."""

    code = "not-locked"
    rule = ("invariant 10",)
    title_vi = "Số liệu của báo cáo chưa chốt"
    title_en = "The figures of the report are not locked"
    advice_vi = "Chốt số liệu trước, rồi kiểm lại."
    advice_en = "Have them locked first."


class FiguresDiffer(Refused):
    """What is handed out as a locked report's figures is what was locked, or nothing (invariant 10)."""

    code = "figures-differ"
    rule = ("invariant 10",)
    title_vi = "Số liệu tính lại của {report} khác số đã chốt"
    title_en = "Counted again, the figures of {report} are not those that were locked"
    advice_vi = "Dựng lại bảng đọc `milestone` (doithoai rebuild) và kiểm nhật ký (doithoai verify), rồi thử lại."
    advice_en = "Rebuild the read model `milestone` and verify the logs, then ask again."


class NoCorrection(Refused):
    """Differences are those of a corrected report from the one whose place it takes (invariant 10)."""

    code = "no-correction"
    rule = ("invariant 10", "brief §6")
    title_vi = "{report} không phải báo cáo đính chính"
    title_en = "{report} corrects no other report"
    advice_vi = "Nêu báo cáo đính chính, kỳ có đuôi -DC1; mở bằng doithoai report supersede."
    advice_en = "Name a correction, whose period ends in -DC1; doithoai report supersede opens one."
