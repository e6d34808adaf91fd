"""Which rules a row of the office's register holds: each refusal is named for its rule, and `field` for the column."""

from shared.contracts.refusals import Invalid, Refused


class NumberOfAnotherYear(Invalid):
    """A register is numbered within the year of receipt."""

    code = "number-of-another-year"
    rule = ()
    title_vi = "Số {number} không thuộc năm tiếp nhận {year}"
    title_en = "Number {number} is not of the year of receipt {year}"
    advice_vi = "Sửa số hoặc ngày nhận cho cùng một năm."
    advice_en = "Let the number and the day of receipt be of one year."


class DayToCome(Invalid):
    """A register tells of what has happened."""

    code = "day-to-come"
    rule = ("invariant 12",)
    title_vi = "Ngày {day} chưa đến"
    title_en = "The day {day} has not come yet"
    advice_vi = "Kiểm tra lại ngày; chỉ hạn được ở tương lai."
    advice_en = "Check the day; only a due day may lie ahead."


class DayTooEarly(Invalid):
    """Nothing of these dialogues is as old as that: a slip of the pen."""

    code = "day-too-early"
    rule = ()
    title_vi = "Ngày {day} quá sớm"
    title_en = "The day {day} is too early"
    advice_vi = "Kiểm tra lại năm; sổ được nhận từ {first}."
    advice_en = "Check the year; registers are taken from {first} on."


class DaysOutOfOrder(Invalid):
    """What is received is ended later, and taken up again later than that."""

    code = "days-out-of-order"
    rule = ("brief §6",)
    title_vi = "Ngày {day} trước ngày {earliest} mà nó phải theo sau"
    title_en = "The day {day} lies before {earliest}, which it follows"
    advice_vi = "Sửa một trong hai ngày."
    advice_en = "Correct one of the two days."


class ResultAndDay(Invalid):
    """What has ended, ended on a day; what is open has none."""

    code = "result-and-day"
    rule = ("brief §6",)
    title_vi = "Kết quả {outcome} và ngày kết quả không khớp"
    title_en = "The result {outcome} and its day do not go together"
    advice_vi = "Ghi ngày kết quả khi đã có kết quả; để trống khi đang giải quyết."
    advice_en = "State the day of a result; leave it empty while the matter is open."


class MergeAndNumber(Invalid):
    """What was merged, was merged into another row; nothing else names one."""

    code = "merge-and-number"
    rule = ("invariant 3",)
    title_vi = "Kết quả {outcome} và cột gộp vào không khớp"
    title_en = "The result {outcome} and the row to merge into do not go together"
    advice_vi = "Ghi số của ý kiến nhận gộp khi kết quả là gop; để trống với kết quả khác."
    advice_en = "Name the surviving row where the result is gop, and none with another result."


class OnlyResolvedReopens(Invalid):
    """Only what was settled is taken up again, and only what was taken up again is settled again."""

    code = "only-resolved-reopens"
    rule = ("year §4",)
    title_vi = "Chỉ ý kiến đã giải quyết mới được mở lại"
    title_en = "Only what was resolved is taken up again"
    advice_vi = "Ghi kết quả da_giai_quyet và ngày mở lại, hoặc để trống các cột mở lại."
    advice_en = "State the result da_giai_quyet and the day of reopening, or leave the columns of reopening empty."


class NotInDirectory(Invalid):
    """Fields and units are those of the directory, whatever way they are written."""

    code = "not-in-directory"
    rule = ()
    title_vi = "“{written}” không có trong danh mục"
    title_en = "{written} is not in the directory"
    advice_vi = "Gần nhất: {near}. Ghi khóa, mã hoặc tên, có dấu hay không dấu đều được."
    advice_en = "Nearest: {near}. Write a key, code or name, with diacritics or without."


class NamesSeveral(Invalid):
    """A name that several units or fields share decides nothing."""

    code = "names-several"
    rule = ()
    title_vi = "“{written}” chỉ nhiều hơn một: {near}"
    title_en = "{written} names more than one: {near}"
    advice_vi = "Ghi khóa."
    advice_en = "Write the key."


class NoSuchRow(Invalid):
    """A row is merged into another that is there: of its year, else of the only year that has the number."""

    code = "no-such-row"
    rule = ("invariant 3",)
    title_vi = "Trong sổ không có số {number} để gộp vào"
    title_en = "The register has no number {number} to merge into"
    advice_vi = "Kiểm tra số, hoặc sửa dòng đó trước rồi nhập lại."
    advice_en = "Check the number, or put that row right first and import again."


class NumberInSeveralYears(Invalid):
    """A number without a year that several other years have decides nothing."""

    code = "number-in-several-years"
    rule = ("invariant 3",)
    title_vi = "Số {number} có ở nhiều năm: {years}"
    title_en = "Number {number} stands in several years: {years}"
    advice_vi = "Ghi kèm năm, ví dụ {number}/2023."
    advice_en = "Write it with its year, such as {number}/2023."


class MergedIntoMerged(Refused):
    """A row is merged into one that stands: never into itself, nor into one that was merged (invariant 3)."""

    code = "merged-into-merged"
    rule = ("invariant 3",)
    title_vi = "Số {number} không nhận gộp được"
    title_en = "Number {number} cannot be merged into"
    advice_vi = "Ghi số của ý kiến còn lại sau cùng."
    advice_en = "Name the row that stands in the end."


class ChangesHistory(Refused):
    """What was recorded stays: a later state of a row adds to it, and does not unsay a day or a result (invariant 12)."""

    code = "changes-history"
    rule = ("invariant 12",)
    title_vi = "Dòng này đã ghi {was}; không ghi đè được bằng {now}"
    title_en = "This row was recorded with {was}, which {now} cannot replace"
    advice_vi = "Trả lại giá trị cũ trong sổ; việc sửa số liệu đã ghi do người có thẩm quyền làm trong hệ thống."
    advice_en = "Put the former value back; what was recorded wrongly is put right by a person in the house."


class HandledHere(Refused):
    """Once the house itself deals with an opinion, the register no longer says what becomes of it."""

    code = "handled-here"
    rule = ("brief §6",)
    title_vi = "Ý kiến này đang được giải quyết trong hệ thống"
    title_en = "This opinion is dealt with in the house now"
    advice_vi = "Ghi việc tiếp theo trong hệ thống, không ghi qua sổ."
    advice_en = "Record what follows in the house, not through the register."
