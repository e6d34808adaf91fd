"""Which rules the files of a submission hold: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class FileNotKept(Invalid):
    """A file is kept before something refers to it."""

    code = "file-not-kept"
    rule = ()
    title_vi = "Chưa lưu tệp này"
    title_en = "This file is not kept"
    advice_vi = "Gửi lại tệp."
    advice_en = "Send the file again."


class TooManyFiles(Invalid):
    """A submission has so many files and no more."""

    code = "too-many-files"
    rule = ()
    title_vi = "Quá {most} tệp"
    title_en = "There are more than {most} files"
    advice_vi = "Gửi nhiều nhất {most} tệp; gộp các trang vào một tệp PDF nếu cần."
    advice_en = "Send at most {most}; put pages together into one PDF if need be."


class NumberHasFile(Refused):
    """A file that came with a submission is not replaced by another."""

    code = "number-has-file"
    rule = ()
    title_vi = "Tệp thứ {number} đã được nhận"
    title_en = "File number {number} was taken already"
    advice_vi = "Gửi tệp khác thành tệp tiếp theo."
    advice_en = "Send another file as the next one."


class SubmissionDecided(Refused):
    """Files come with a submission, not after it was decided about: then they belong to what it became."""

    code = "submission-decided"
    rule = ()
    title_vi = "Đã chuyển hoặc đã kết thúc, không nhận thêm tệp ở đây"
    title_en = "It was handed on or has ended: no file is added here"
    advice_vi = "Gửi tệp cho đơn vị đang giải quyết."
    advice_en = "Send the file to the unit that deals with it."
