"""Which files the house takes: each refusal is named for its rule."""

from shared.contracts.refusals import Invalid, Refused


class FileTooLarge(Refused):
    """A file has a bound in bytes, held while it is read."""

    code = "file-too-large"
    title_vi = "Tệp lớn hơn {limit_bytes} byte"
    title_en = "The file is larger than {limit_bytes} bytes"
    advice_vi = "Nén hoặc tách tệp rồi gửi lại."
    advice_en = "Compress or split it and send again."


class FileEmpty(Invalid):
    """A file without a byte proves nothing."""

    code = "file-empty"
    title_vi = "Tệp rỗng"
    title_en = "The file is empty"
    advice_vi = "Chọn lại tệp."
    advice_en = "Choose the file again."


class FileTypeRefused(Invalid):
    """What a file is, its content says; only what everybody can open and nothing runs is taken."""

    code = "file-type-refused"
    title_vi = "Không nhận loại tệp này"
    title_en = "A file of this type is not taken"
    advice_vi = "Gửi {allowed}."
    advice_en = "Send one of {allowed}."


class FileNameDiffers(Invalid):
    """The ending of a file's name fits its content: whoever opens it trusts the ending."""

    code = "file-name-differs"
    title_vi = "Tên tệp không khớp nội dung: nội dung là {media}"
    title_en = "The file's name does not fit its content, which is {media}"
    advice_vi = "Đặt đuôi tệp là .{media} hoặc chọn lại tệp."
    advice_en = "Let the name end in .{media}, or choose another file."


class MacrosRefused(Invalid):
    """An Office file with macros, controls or other things that run is not taken."""

    code = "macros-refused"
    title_vi = "Tệp chứa macro hoặc thành phần tự chạy"
    title_en = "The file holds macros or other parts that run"
    advice_vi = "Lưu lại thành .docx hoặc .xlsx không có macro, hoặc PDF."
    advice_en = "Save it as .docx or .xlsx without macros, or as PDF."


class NoPlaceForFiles(Refused):
    """A distributed installation says where its files are kept."""

    code = "no-place-for-files"
    title_vi = "Hệ thống chưa có nơi lưu tệp"
    title_en = "There is no place to keep files"
    advice_vi = "Quản trị đặt DOITHOAI_BLOBS, ví dụ s3://kho/thu-muc, rồi khởi động lại."
    advice_en = "Have the operator set DOITHOAI_BLOBS, such as s3://bucket/folder, and start again."


class FileHarmful(Invalid):
    """A file in which the virus scanner found something is neither taken nor given out."""

    code = "file-harmful"
    title_vi = "Tệp chứa mã độc"
    title_en = "The file holds something harmful"
    advice_vi = "Quét máy của bạn bằng phần mềm diệt vi-rút, rồi gửi bản sạch."
    advice_en = "Scan your computer for viruses, then send a clean copy."


class FileInQuarantine(Refused):
    """Where a virus scanner is configured, no file is given out before it has answered."""

    code = "file-in-quarantine"
    title_vi = "Tệp đang chờ kiểm tra mã độc"
    title_en = "The file waits to be scanned"
    advice_vi = "Thử lại sau ít phút; nếu lặp lại, báo quản trị kiểm tra dịch vụ quét."
    advice_en = "Try again in some minutes; if it stays, tell the operator to look after the scanner."
