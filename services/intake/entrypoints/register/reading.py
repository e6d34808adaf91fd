"""The cells of a register: CSV here, XLSX by a process of its own; bounded, or refused with what to change."""

import csv
import io
import subprocess
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import orjson

from services.intake.entrypoints.register import workbook
from shared.sheets import defused

MAX_BYTES: Final = 16 * 1024 * 1024
MAX_ROWS: Final = 50_000
MAX_LINES: Final = 2 * MAX_ROWS  # empty ones are passed over, and not without end
MAX_LINE: Final = 512 * 1024  # characters between two line ends
READING_SECONDS: Final = 30.0
HEADER: Final = (
    "so",
    "ngay_nhan",
    "nguon",
    "nguoi_neu",
    "lien_he",
    "dia_ban",
    "noi_dung",
    "linh_vuc",
    "chu_tri",
    "han",
    "ket_qua",
    "ngay_ket_qua",
    "gop_vao",
    "ngay_mo_lai",
    "han_mo_lai",
    "ngay_giai_quyet_lai",
    "ly_do",
)
REQUIRED: Final = ("so", "ngay_nhan", "nguon", "noi_dung")
# What a file of rejected rows has beside its rows; mended and imported, it may keep them.
REJECTED: Final = ("dong", "cot", "ma_loi", "loi")
WORKBOOK_VI: Final = (
    "Không đọc được bảng tính này. Mở tệp, chép riêng giá trị của bảng (không công thức, không macro) sang tệp .xlsx mới, "
    "hoặc lưu thành CSV UTF-8"
)
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_WORKBOOK: Final = Path(workbook.__file__)


class WrongRegister(Exception):
    """The file cannot be read as a register, and nothing of it is done; the message says what to change, `vi` in Vietnamese."""

    def __init__(self, message: str, vi: str) -> None:
        super().__init__(message)
        self.vi = vi


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line as it is counted in the file, the heading being one: its cells by column, those that hold something.

    `too_many`: it has more cells than the heading.
    """

    number: int
    cells: dict[str, str]
    too_many: bool = False


def is_register(raw: bytes) -> bool:
    """Whether a file is a register: a workbook, or a table whose heading has a register's first columns."""
    if raw.startswith((_ZIP, _OLE)):
        return True
    heading = _decoded(raw[:4096], cut=True).lstrip().partition("\n")[0]
    named = {cell.strip().strip('"').lower() for cell in heading.replace(";", ",").replace("\t", ",").split(",")}
    return {"so", "ngay_nhan"} <= named


def lines_of(raw: bytes) -> list[Line]:
    """Every line of a register below its heading; empty ones are passed over.

    Raises:
        WrongRegister: too large, not a table, with columns that are missing or unknown, without rows or with too many.

    """
    if len(raw) > MAX_BYTES:
        raise WrongRegister(
            f"is larger than {MAX_BYTES // 1024**2} MiB: split it", f"Tệp lớn hơn {MAX_BYTES // 1024**2} MB. Tách thành nhiều tệp"
        )
    if raw.startswith(_OLE):
        raise WrongRegister(
            "is an old .xls, or is locked by a password: save it as .xlsx without one",
            "Tệp là .xls cũ hoặc có mật khẩu. Lưu lại thành .xlsx, không mật khẩu",
        )
    rows = iter(_of_workbook(raw)) if raw.startswith(_ZIP) else _of_csv(raw)
    found: list[Line] = []
    columns: list[str] | None = None
    for number, cells in enumerate(rows, start=1):
        if number > MAX_LINES:
            raise WrongRegister(
                f"has more than {MAX_LINES} lines, empty ones among them: save the table alone",
                f"Tệp có hơn {MAX_LINES} dòng, kể cả dòng trống. Chỉ lưu riêng bảng",
            )
        if not any(cell.strip() for cell in cells):
            continue
        if columns is None:
            columns = _columns(cells)
            continue
        if len(found) == MAX_ROWS:
            raise WrongRegister(f"holds more than {MAX_ROWS} rows: split it", f"Tệp có hơn {MAX_ROWS} dòng. Tách thành nhiều tệp")
        named = {name: _plain(cell) for name, cell in zip(columns, cells, strict=False) if name and cell.strip()}
        beyond = any(cell.strip() for cell in cells[len(columns) :])
        found.append(Line(number=number, cells=named, too_many=beyond))
    if not found:
        raise WrongRegister(
            "holds no rows: below the heading stands one opinion a row",
            "Tệp không có dòng nào. Dưới dòng tiêu đề, mỗi ý kiến một dòng",
        )
    return found


def delimiter_of(raw: bytes) -> str:
    """What parts the cells of a CSV: spreadsheets set to Vietnamese use semicolons, because the comma is theirs for decimals."""
    if raw.startswith(_ZIP):
        return ","
    heading = _decoded(raw[:4096], cut=True).lstrip().partition("\n")[0]
    return max(",;\t", key=heading.count)


def _plain(cell: str) -> str:
    """Composed, and without the apostrophe that `defused` put before it."""
    composed = unicodedata.normalize("NFC", cell.strip())
    return composed[1:] if composed[:1] == "'" and defused(composed[1:]) == composed else composed


def _columns(cells: Sequence[str]) -> list[str]:
    columns = [cell.strip().lower() for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    unknown = [name for name in columns if name not in HEADER and name not in REJECTED]
    if unknown:
        raise WrongRegister(
            f"has columns that are not known ({len(unknown)} of {len(columns)}): they are {', '.join(HEADER)}",
            f"Có {len(unknown)} cột không rõ. Đặt tên cột trong các tên: {', '.join(HEADER)}",
        )
    if len(set(columns)) < len(columns):
        raise WrongRegister("has a column twice: leave one of them out", "Có cột lặp lại. Bỏ bớt một cột")
    missing = [name for name in REQUIRED if name not in columns]
    if missing:
        raise WrongRegister(f"lacks the columns {', '.join(missing)}", f"Thiếu cột {', '.join(missing)}. Thêm cột rồi gửi lại")
    return ["" if name in REJECTED else name for name in columns]


def _of_csv(raw: bytes) -> Iterator[list[str]]:
    """Line by line: what is made of nothing but line ends must not be held as that many empty lines."""
    text = _decoded(raw)
    if "\x00" in text:
        raise WrongRegister(
            "is no text: save it as CSV UTF-8 or as .xlsx", "Tệp không phải là bảng. Lưu thành CSV UTF-8 hoặc .xlsx"
        )
    try:
        yield from csv.reader(_short(io.StringIO(text, newline="")), delimiter=delimiter_of(raw), strict=True)
    except csv.Error as error:
        raise WrongRegister(
            f"is not CSV: {error}", "Tệp không đúng dạng CSV. Lưu lại từ bảng tính thành CSV UTF-8 hoặc .xlsx"
        ) from None


def _short(lines: Iterable[str]) -> Iterator[str]:
    """Lines that no register has longer: one of sixteen million separators is as many cells."""
    for line in lines:
        if len(line) > MAX_LINE:
            raise WrongRegister(
                f"has a line of more than {MAX_LINE} characters: save the table alone",
                f"Có dòng dài hơn {MAX_LINE} ký tự. Chỉ lưu riêng bảng",
            )
        yield line


def _decoded(raw: bytes, *, cut: bool = False) -> str:
    errors = "ignore" if cut else "strict"
    utf16 = raw.startswith((b"\xff\xfe", b"\xfe\xff"))
    try:
        return raw.decode("utf-16" if utf16 else "utf-8-sig", errors)
    except UnicodeDecodeError as error:
        raise WrongRegister(
            f"is not UTF-8 (byte {error.start}): save it as CSV UTF-8 or as .xlsx",
            "Chữ trong tệp không phải UTF-8. Lưu thành CSV UTF-8 hoặc .xlsx",
        ) from None


def _of_workbook(raw: bytes) -> list[list[str]]:
    """Read by another process: a workbook made to kill its reader kills that one."""
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter on our own file; the workbook is its standard input
            [sys.executable, "-I", str(_WORKBOOK)],
            input=raw,
            capture_output=True,
            timeout=READING_SECONDS,
            check=False,
            env={},
        )
    except subprocess.TimeoutExpired:
        raise WrongRegister(
            f"takes longer than {READING_SECONDS:.0f} s to read: save it as CSV UTF-8",
            "Đọc bảng tính quá lâu. Lưu thành CSV UTF-8",
        ) from None
    try:
        answer = orjson.loads(done.stdout)
    except orjson.JSONDecodeError:
        raise WrongRegister(
            "needs too much memory or time to read: save the table alone, or as CSV UTF-8",
            "Bảng tính quá lớn để đọc. Chỉ lưu riêng bảng, hoặc lưu thành CSV UTF-8",
        ) from None
    if "wrong" in answer:
        raise WrongRegister(answer["wrong"], WORKBOOK_VI)
    rows: list[list[str]] = answer["rows"]
    return rows
