"""Which rules an opening balance holds: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class NotTheFirstReport(Refused):
    """Only what begins without a report before it is given an opening balance; later the one before says it (brief §5.3)."""

    code = "not-the-first-report"
    rule = ("brief §5.3", "brief §6")
    title_vi = "{report} không phải báo cáo đầu tiên của văn phòng"
    title_en = "{report} is not the office's first report"
    advice_vi = "Số chuyển kỳ của báo cáo sau lấy từ báo cáo liền trước; ghi nhận muộn nằm ở số điều chỉnh A′."
    advice_en = "Later reports carry on what the one before left open; what is known since stands in A′."


class OpeningOfAnother(Refused):
    """An office brings its stock along once, into one report."""

    code = "opening-of-another"
    rule = ("brief §6",)
    title_vi = "Số dư đầu kỳ đã ghi cho {report}"
    title_en = "The opening balance was recorded for {report}"
    advice_vi = "Ghi tiếp cho kỳ ấy, hoặc rút hết các dòng của kỳ ấy trước."
    advice_en = "Add to that one, or withdraw all its lines first."


class LineStands(Refused):
    """A line that was recorded is withdrawn with a reason before another takes its number."""

    code = "line-stands"
    rule = ("brief §6",)
    title_vi = "Dòng {line} đã ghi với nội dung khác"
    title_en = "Line {line} is recorded with other content"
    advice_vi = "Rút dòng ấy có lý do rồi ghi lại, hoặc dùng số dòng khác."
    advice_en = "Withdraw it with a reason and record it again, or use another number."


class OpeningTooLarge(Invalid):
    """Lines are counted one by one: their number and sum are bounded."""

    code = "opening-too-large"
    rule = ()
    title_vi = "Số dòng hoặc số lượng không hợp lệ"
    title_en = "The line's number or count is out of range"
    advice_vi = "Số dòng từ 1 đến {lines}, số lượng từ 1, tổng các dòng không quá {most}."
    advice_en = "Lines are numbered 1 to {lines}, a count is at least 1, all lines together hold at most {most}."


class StockRecordedBothWays(Refused):
    """What stands in the log opinion by opinion is not brought along as a number too (brief §6)."""

    code = "stock-recorded-both-ways"
    rule = ("brief §5.3", "brief §6")
    title_vi = "Đã ghi nhận {count} ý kiến tồn đầu kỳ theo từng việc"
    title_en = "{count} opinions open at the start are recorded one by one"
    advice_vi = "Nhập sổ theo từng việc hoặc ghi số liệu theo dòng, không dùng cả hai cho cùng số tồn."
    advice_en = "Import the register, or record numbers by line: never both for the same stock."


class MoreThanRemain(Refused):
    """No more matters of a line end than are left of it."""

    code = "more-than-remain"
    rule = ("brief §5.3",)
    title_vi = "Dòng {line} chỉ còn {remain}"
    title_en = "Only {remain} are left of line {line}"
    advice_vi = "Xem số còn lại: doithoai report opening"
    advice_en = "See what is left: doithoai report opening"


class SettledOutside(Invalid):
    """What an office brings along ends after its first report began, and not in the future."""

    code = "settled-outside"
    rule = ("brief §5.3", "invariant 12")
    title_vi = "Ngày kết thúc không hợp lệ"
    title_en = "The day on which they ended is not valid"
    advice_vi = "Chọn ngày từ {first} đến hôm nay."
    advice_en = "Name a day from {first} until today."
