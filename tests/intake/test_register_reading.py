"""A register as a file: CSV and XLSX read alike, what is none refused at once, rejected rows given back to be mended."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from typing import Any, Final

import pytest
import xlsxwriter

from services.intake.entrypoints.register.reading import (
    HEADER,
    MAX_BYTES,
    MAX_ROWS,
    WrongRegister,
    delimiter_of,
    is_register,
    lines_of,
)
from services.intake.entrypoints.register.rejected import rejected_file
from services.intake.entrypoints.register.rows import Rejection, day_of, rows_of
from shared.contracts.opinion_register import RegisterOutcome
from shared.sheets import defused

ROAD: Final = {"so": "1", "ngay_nhan": "09/01/2023", "nguon": "nhan_dan", "noi_dung": "Đường vào bản sạt lở."}
# What a workbook shows has no zone: it is the local day.
SHOWN: Final = datetime(2023, 1, 9, tzinfo=UTC).replace(tzinfo=None)
POOR: Final = {"so": "2", "ngay_nhan": "2023-01-10", "nguon": "noi_bo", "noi_dung": "- Đề nghị xét lại; cảm ơn."}


def table(*rows: dict[str, str], columns: Sequence[str] = HEADER, delimiter: str = ";") -> bytes:
    written = io.StringIO(newline="")
    writer = csv.DictWriter(written, columns, delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return written.getvalue().encode("utf-8-sig")


def workbook(*rows: dict[str, Any], spoil: Callable[[Any], Any] = lambda _sheet: None) -> bytes:
    made = io.BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True})
    sheet, as_day = book.add_worksheet(), book.add_format({"num_format": "dd/mm/yyyy"})
    sheet.write_row(0, 0, HEADER)
    for n, row in enumerate(rows, start=1):
        for column, value in row.items():
            if isinstance(value, datetime):
                sheet.write_datetime(n, HEADER.index(column), value, as_day)
            elif isinstance(value, str):
                sheet.write_string(n, HEADER.index(column), value)
            else:
                sheet.write(n, HEADER.index(column), value)
    spoil(sheet)
    book.close()
    return made.getvalue()


def packed(**parts: bytes) -> bytes:
    """An archive that begins like a workbook, with further parts."""
    made = io.BytesIO(workbook(ROAD))
    with zipfile.ZipFile(made, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return made.getvalue()


def test_a_table_of_spreadsheets_set_to_vietnamese_is_read_as_one_of_others() -> None:
    semicolons, commas = table(ROAD, POOR), table(ROAD, POOR, delimiter=",")
    assert [line.cells for line in lines_of(semicolons)] == [ROAD, POOR]
    assert lines_of(semicolons) == lines_of(commas)
    assert [line.number for line in lines_of(semicolons)] == [2, 3]
    assert (delimiter_of(semicolons), delimiter_of(commas)) == (";", ",")
    utf16 = semicolons.decode("utf-8-sig").encode("utf-16")
    assert lines_of(utf16) == lines_of(semicolons)


def test_a_workbook_reads_as_the_table_it_shows() -> None:
    numbers = {**ROAD, "so": 1, "ngay_nhan": SHOWN}
    assert [line.cells for line in lines_of(workbook(numbers, POOR))] == [{**ROAD, "ngay_nhan": "2023-01-09"}, POOR]


def test_texts_are_composed_and_lines_keep_their_numbers() -> None:
    apart = {**ROAD, "noi_dung": "Đường vào bản sạt lở."}
    [line] = lines_of(table({}, {}, apart))
    assert (line.number, line.cells["noi_dung"]) == (4, "Đường vào bản sạt lở.")


def test_a_register_is_known_by_its_heading_and_a_sheet_of_opinions_is_none() -> None:
    assert is_register(table(ROAD))
    assert is_register(workbook(ROAD))
    assert not is_register(b"local_id,channel,source_group,words\n1,van_ban,nhan_dan,x\n")
    assert not is_register(b'{"local_id": "1"}\n')


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (lambda: b"", "holds no rows"),
        (table, "holds no rows"),
        (lambda: b"\xff\xfa;so", "is not UTF-8 (byte 0)"),
        (lambda: table(ROAD).replace(b"noi_dung", b"noi_rung"), "has columns that are not known (1 of 17)"),
        (lambda: b"so;ngay_nhan;so;nguon;noi_dung\n1;1;1;1;1\n", "has a column twice"),
        (lambda: b"so;ngay_nhan\n1;2023-01-09\n", "lacks the columns nguon, noi_dung"),
        (lambda: b'so;ngay_nhan;nguon;noi_dung\n1;2;3;"x', "is not CSV"),
        (lambda: table(ROAD) + b"\x00", "is no text"),
        (lambda: b"x" * (MAX_BYTES + 1), "is larger than 16 MiB"),
        (lambda: b"so;ngay_nhan;nguon;noi_dung\n" + b"1;2;3;4\n" * (MAX_ROWS + 1), "holds more than 50000 rows"),
        (lambda: table(ROAD) + b"\n" * 15 * 1024 * 1024, "has more than 100000 lines"),
        (lambda: table(ROAD) + b";\n" * 7 * 1024 * 1024, "has more than 100000 lines"),
        (lambda: table(ROAD) + b";" * 15 * 1024 * 1024, "has a line of more than 524288 characters"),
        (lambda: b"\xd0\xcf\x11\xe0 old", "is an old .xls"),
        (lambda: b"PK\x03\x04 broken", "cannot be read as XLSX"),
        (lambda: packed()[:-400], "cannot be read as XLSX"),
        (lambda: workbook(ROAD, spoil=lambda sheet: sheet.write_string("XFD100000", "x")), "(XFD100000)"),
        (lambda: workbook(ROAD, spoil=lambda sheet: sheet.write_string("A1048576", "x")), "(A1048576)"),
        (lambda: workbook(ROAD, spoil=lambda sheet: sheet.write_formula("G3", "=HYPERLINK(1)")), "holds formulas"),
        (lambda: packed(xl__vbaProject_dot_bin=b"macro"), "holds a macro"),
        (lambda: packed(xl__media__bomb_dot_png=bytes(90 * 1024 * 1024)), "unpacks to far more than it holds"),
        (lambda: packed(xl__media__bomb_dot_png=bytes(101 * 1024 * 1024)), "unpacks to more than 100 MiB"),
        (lambda: packed(**{f"p{n}": b"" for n in range(500)}), "parts, more than 500"),
        (lambda: packed(___dot__dot___outside=b"x"), "leads out of it"),
        (
            lambda: packed(xl__data__x_dot_xml=b"<worksheet><sheetData><row><c><f>1+1</f></c></row></sheetData></worksheet>"),
            "holds formulas",
        ),
        (lambda: packed(xl__worksheets__sheet9_dot_xml=b"<!DOCTYPE x [<!ENTITY a 'b'>]>"), "holds a document type"),
    ],
    ids=lambda each: each if isinstance(each, str) else "",
)
def test_what_is_no_register_or_was_made_to_harm_is_refused_with_what_to_change(made: Callable[[], bytes], said: str) -> None:
    raw = made()  # some are large, and not every run asks for them
    with pytest.raises(WrongRegister) as wrong:
        lines_of(raw)
    assert said in str(wrong.value)


def test_what_kills_the_reader_kills_only_its_process(monkeypatch: pytest.MonkeyPatch) -> None:
    far = workbook(ROAD, spoil=lambda sheet: sheet.write_string("XFD100000", "x"))
    with zipfile.ZipFile(io.BytesIO(far)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
    # The address is pushed out of sight, so that only the reader itself comes upon it.
    sheet = parts["xl/worksheets/sheet1.xml"].replace(b'<c r="XFD100000"', b"<c " + b" " * 3_000_000 + b'r="XFD100000"')
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, content in {**parts, "xl/worksheets/sheet1.xml": sheet}.items():
            archive.writestr(name, content)
    with pytest.raises(WrongRegister, match=r"too much memory|far outside|cannot be read"):
        lines_of(made.getvalue())


@pytest.mark.parametrize(
    ("written", "day"),
    [
        ("09/01/2023", date(2023, 1, 9)),
        ("9-1-2023", date(2023, 1, 9)),
        ("9.1.2023", date(2023, 1, 9)),
        ("2023-01-09", date(2023, 1, 9)),
        ("30/02/2023", None),
        ("2023-02-30", None),
        ("20230109", None),
        ("09/01/23", None),
        ("44935", None),
    ],
)
def test_a_day_is_written_the_vietnamese_way_or_as_iso_has_it(written: str, day: date | None) -> None:
    assert day_of(written) == day


def rejection(**cells: str) -> tuple[str, str | None]:
    found = rows_of(lines_of(table({**ROAD, **cells})), "VPUB")
    [why] = found.rejected.values()
    assert (why.vi, why.en) != ("", "")
    return why.code, why.column


def test_a_row_says_what_is_wrong_with_which_column() -> None:
    assert rejection(so="") == ("missing", "so")
    assert rejection(noi_dung=" ") == ("missing", "noi_dung")
    assert rejection(so="mười lăm") == ("not-a-number", "so")
    assert rejection(gop_vao="15/23") == ("not-a-number", "gop_vao")
    assert rejection(ngay_nhan="hôm qua") == ("not-a-day", "ngay_nhan")
    assert rejection(nguon="doanh_nghiep") == ("not-a-code", "nguon")
    assert rejection(ket_qua="xong") == ("not-a-code", "ket_qua")
    assert rejection(noi_dung="x" * 20_001) == ("invalid", "noi_dung")
    assert rejection(nguoi_neu="x" * 201) == ("invalid", "nguoi_neu")
    assert rejection(linh_vuc="\x07") == ("invalid", "linh_vuc")


def test_codes_are_taken_as_people_write_them_and_no_result_is_none_yet() -> None:
    settled = {**ROAD, "nguon": "Nhân dân", "ket_qua": "Đã giải quyết", "ngay_ket_qua": "1/2/2023"}
    rows = rows_of(lines_of(table(settled, POOR)), "VPUB").rows
    assert [row.body.model_dump()["outcome"] for row in rows] == [RegisterOutcome.RESOLVED, RegisterOutcome.OPEN]


def test_of_two_rows_with_one_number_in_one_year_the_first_is_taken() -> None:
    other_year = {**ROAD, "ngay_nhan": "09/01/2024"}
    found = rows_of(lines_of(table(ROAD, {**POOR, "so": "001"}, other_year, {**POOR, "so": "1/2023"})), "VPUB")
    assert [(row.line, row.key) for row in found.rows] == [(2, ("1", 2023)), (4, ("1", 2024))]
    assert {line: (why.code, why.column) for line, why in found.rejected.items()} == {
        3: ("number-twice", "so"),
        5: ("number-twice", "so"),
    }


@pytest.mark.parametrize("cell", ["=1+1", "+84 212", "-5", "@sum", "＝1+1", "  =1", "\t=1", "\rx"])
def test_a_cell_that_a_spreadsheet_would_run_is_led_by_an_apostrophe(cell: str) -> None:
    assert defused(cell) == f"'{cell}"
    assert defused("Đường vào bản") == "Đường vào bản"


def test_rejected_rows_come_back_in_the_same_columns_and_are_taken_once_mended() -> None:
    wrong = {**POOR, "ngay_nhan": "hôm qua", "nguoi_neu": "=cmd|' /C calc'!A0"}
    lines = lines_of(table(ROAD, wrong))
    given_back = rejected_file(lines, rows_of(lines, "VPUB").rejected, ";")
    [row] = csv.DictReader(io.StringIO(given_back.decode("utf-8-sig")), delimiter=";")
    assert (row["dong"], row["cot"], row["ma_loi"]) == ("3", "ngay_nhan", "not-a-day")
    assert row["loi"].startswith("Không phải là ngày.")
    assert (row["noi_dung"], row["nguoi_neu"]) == ("'- Đề nghị xét lại; cảm ơn.", "'=cmd|' /C calc'!A0")
    mended = given_back.replace("hôm qua".encode(), b"10/01/2023")
    [line] = lines_of(mended)
    assert line.cells == {**wrong, "ngay_nhan": "10/01/2023"}
    assert rows_of([line], "VPUB").rejected == {}


def test_a_rejection_never_repeats_what_was_written() -> None:
    found = rows_of(lines_of(table({**ROAD, "noi_dung": "\x07 Lò Văn Bình"})), "VPUB")
    [why] = found.rejected.values()
    assert isinstance(why, Rejection)
    assert "Bình" not in f"{why}"
