"""The tables of a locked report as a workbook: a sheet each, typed cells, nothing that is worked out when it is opened.

Written by xlsxwriter, which keeps nothing of the day it ran: the same tables give the same bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from io import BytesIO
from typing import Any, Final

import xlsxwriter

from services.reporting.domain.text.told import BroughtLine
from services.reporting.readmodel.forms import TITLES, Table
from services.reporting.readmodel.headings import code
from shared.calendar import ZONE

MEDIA_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHEETS: Final[Mapping[Table, str]] = {
    Table.DIALOGUES: "Biểu 01",
    Table.OPINIONS: "Biểu 02",
    Table.BY_UNIT: "Biểu 03",
    Table.BY_PLACE: "Biểu 04",
    Table.CONCLUSIONS: "Biểu 05",
    Table.CHAIRMAN: "Chủ tịch UBND tỉnh",
    Table.REQUESTS: "Yêu cầu đối thoại",
    Table.DISSEMINATION: "Tuyên truyền",
    Table.URGING: "Đôn đốc",
    Table.GATHERING: "Tổng hợp ý kiến",
}
# In the order in which they stand on the form; a group that a table does not have is left out.
GROUPS: Final[Mapping[str, str]] = {"rows": "", "outside": "Ngoài tổng: ", "sources": "Nguồn: ", "subtotals": "Trong đó: "}
BROUGHT: Final = "Số dư theo văn bản"
BROUGHT_HEADS: Final = (
    *("Dòng", "Lĩnh vực", "Đơn vị chủ trì", "Địa bàn", "Nguồn", "Thời hạn"),
    *("Số ghi theo văn bản", "Chuyển sang kỳ này", "Kết thúc trong kỳ", "Còn lại cuối kỳ"),
    *("Số, ký hiệu văn bản", "Ngày văn bản", "Cơ quan ban hành", "Tên văn bản"),
)
BESIDE: Final = "Cùng kỳ, lũy kế"
BESIDE_HEADS: Final[Mapping[str, str]] = {
    "now": "Kỳ này",
    "before": "Cùng kỳ năm trước",
    "change": "Tăng, giảm",
    "per_cent": "Tăng, giảm (%)",
    "cumulative": "Lũy kế",
}
FONT: Final = {"font_name": "Times New Roman", "font_size": 12, "valign": "vcenter"}
LABEL_WIDTH: Final = 44
COLUMN_WIDTH: Final = 11
A4: Final = 9  # as the format numbers paper
MARGINS: Final = {"left": 1.18, "right": 0.59, "top": 0.79, "bottom": 0.79}  # inches: 30, 15, 20 and 20 mm (Nghị định 30/2020)


@dataclass(frozen=True, slots=True)
class _Styles:
    title: Any
    line: Any
    head: Any
    label: Any
    count: Any
    rate: Any
    mark: Any
    total_label: Any
    total_count: Any
    total_rate: Any


def workbook(
    one: Mapping[str, Any],
    tables: Mapping[str, Mapping[str, Any]],
    compared: Mapping[str, Any],
    brought: Sequence[BroughtLine] = (),
) -> bytes:
    """The workbook of a locked report: what it is and rests on, then every table, then Biểu 02 beside other days.

    Where figures rest on documents instead of opinions, a last sheet names them line by line (`brought`).

    `one` is the report as `Reports.report` tells it, `tables` are those that `Locking.recounted` counted, `compared` is
    `Comparison.compared` of Biểu 02 on the same basis.
    """
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    locked_at = datetime.fromisoformat(one["locked_at"]).astimezone(ZONE)
    book.set_properties({"title": _title(one), "company": one["office_label"], "created": locked_at.replace(tzinfo=None)})
    styles = _styles(book)
    _cover(book.add_worksheet("Báo cáo"), one, locked_at, styles)
    days = f"{one['office_label']}, {_days(one)}"
    for table in (each for each in Table if each.value in tables):
        _sheet(book.add_worksheet(SHEETS[table]), TITLES[table], days, tables[table.value], styles)
    _beside(book.add_worksheet(BESIDE), one, compared, styles)
    if brought:
        _brought(book.add_worksheet(BROUGHT), one, brought, styles)
    book.close()
    return made.getvalue()


def sheet_of(found: Mapping[str, Any], office_label: str) -> bytes:
    """A workbook of one table, as `Figures.table` or `Province.table` answers it, under the name of whose it is."""
    made = BytesIO()
    book = xlsxwriter.Workbook(made, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    table = Table(found["table"])
    days = f"{office_label}, {_days(found)}" if "from" in found else f"{office_label}, {_period(found)}"
    _sheet(book.add_worksheet(SHEETS[table]), TITLES[table], days, found, _styles(book))
    book.close()
    return made.getvalue()


def _title(one: Mapping[str, Any]) -> str:
    return f"Số liệu Báo cáo kết quả công tác đối thoại {_period(one)}"


def _period(one: Mapping[str, Any]) -> str:
    return f"6 tháng đầu năm {one['year']}" if one["kind"] == "six_month" else f"năm {one['year']}"


def _cover(sheet: Any, one: Mapping[str, Any], locked_at: datetime, styles: _Styles) -> None:
    """What the figures are and rest on, for whoever counts them again."""
    lock = one["lock"]
    carried = lock["predecessor"]
    told = {
        "Đơn vị": one["office_label"],
        "Kỳ số liệu": _days(one),
        "Gửi trước ngày": _day(one["before"]),
        "Chốt số liệu lúc": f"{locked_at:%H:%M %d/%m/%Y}",
        "Số tồn lấy từ": carried["report"] if carried else "số hiện biết tại ngày đầu kỳ",
        "Mã báo cáo": one["report"],
        "Vị trí nhật ký": ", ".join(f"{each['source']} {each['position']}" for each in lock["positions"]),
        "Mã băm số liệu (SHA-256)": lock["figures"],
        "Phiên bản quy tắc, lịch": f"{lock['definitions']}, {lock['calendar']}",
    }
    sheet.set_column(0, 0, 30)
    sheet.set_column(1, 1, 76)
    sheet.write_string(0, 0, _title(one), styles.title)
    for n, (name, value) in enumerate(told.items(), start=2):
        sheet.write_string(n, 0, name, styles.line)
        sheet.write_string(n, 1, value, styles.line)


def _sheet(sheet: Any, title: str, days: str, found: Mapping[str, Any], styles: _Styles) -> None:
    columns = found["columns"]
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.set_margins(**MARGINS)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P/&N")
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, max(len(columns), 1), COLUMN_WIDTH)
    sheet.write_string(0, 0, title, styles.title)
    sheet.write_string(1, 0, days, styles.line)
    for n, head in enumerate(["Nội dung", *(column["heading"] for column in columns)]):
        sheet.write_string(3, n, head, styles.head)
    for n, short in enumerate(["", *(code(column["key"]) for column in columns)]):
        sheet.write_string(4, n, short, styles.head)
    sheet.repeat_rows(3, 4)
    sheet.freeze_panes(5, 1)
    at = 5
    for label, row in _rows(found):
        _row(sheet, at, label, row, columns, (styles.label, styles.count, styles.rate, styles.mark))
        at += 1
    if found["total"] is None:  # of the province, where no office has locked its figures
        return
    total = (styles.total_label, styles.total_count, styles.total_rate, styles.mark)
    _row(sheet, at, found["total"]["label"], found["total"], columns, total)


def _beside(sheet: Any, one: Mapping[str, Any], found: Mapping[str, Any], styles: _Styles) -> None:
    """Each figure of Biểu 02's total beside that of a year before and what has added up."""
    same = found["same_days"]
    before = f"Cùng kỳ: {_days(same)}" if same else "Cùng kỳ: chưa có số liệu, vì trước kỳ báo cáo đầu tiên của đơn vị"
    sheet.set_column(0, 0, LABEL_WIDTH)
    sheet.set_column(1, len(BESIDE_HEADS), 2 * COLUMN_WIDTH)
    lines = (f"{one['office_label']}, {_days(one)}", before, f"Lũy kế: {_days(found['cumulative'])}")
    sheet.write_string(0, 0, "Tổng ý kiến so với cùng kỳ và lũy kế", styles.title)
    for n, line in enumerate(lines, start=1):
        sheet.write_string(n, 0, line, styles.line)
    for n, head in enumerate(["Chỉ tiêu", *BESIDE_HEADS.values()]):
        sheet.write_string(5, n, head, styles.head)
    sheet.freeze_panes(6, 1)
    columns = [{"key": key} for key in BESIDE_HEADS]
    for at, column in enumerate(found["columns"], start=6):
        label = f"{code(column['key'])} {column['heading']}".strip()
        figures = found["total"]["figures"][column["key"]]
        _row(sheet, at, label, figures, columns, (styles.label, styles.count, styles.rate, styles.mark))


def _brought(sheet: Any, one: Mapping[str, Any], lines: Sequence[BroughtLine], styles: _Styles) -> None:
    """The lines of the opening balance that figures rest on: their rows, how many, and the document of each."""
    sheet.set_column(0, len(BROUGHT_HEADS), 2 * COLUMN_WIDTH)
    sheet.write_string(0, 0, "Số liệu chuyển kỳ lấy theo văn bản", styles.title)
    sheet.write_string(1, 0, f"{one['office_label']}, {_days(one)}", styles.line)
    for n, head in enumerate(BROUGHT_HEADS):
        sheet.write_string(3, n, head, styles.head)
    sheet.freeze_panes(4, 1)
    for at, line in enumerate(lines, start=4):
        paper, due = line.paper, _day(line.due.isoformat()) if line.due else "—"
        rows = (line.field, line.unit, line.locality, line.source, due)
        document = (paper.number, _day(paper.dated.isoformat()), paper.issuer or "—", paper.name)
        sheet.write_number(at, 0, line.line, styles.count)
        for n, text in enumerate(rows, start=1):
            sheet.write_string(at, n, text, styles.label)
        for n, value in enumerate((line.count, line.carried, line.carried - line.left, line.left), start=1 + len(rows)):
            sheet.write_number(at, n, value, styles.count)
        for n, text in enumerate(document, start=len(BROUGHT_HEADS) - len(document)):
            sheet.write_string(at, n, text, styles.label)


def _rows(found: Mapping[str, Any]) -> Iterable[tuple[str, Mapping[str, Any]]]:
    for group, before in GROUPS.items():
        for row in found.get(group, ()):
            yield f"{before}{row['label']}", row


def _row(
    sheet: Any,
    at: int,
    label: str,
    row: Mapping[str, Any],
    columns: Sequence[Mapping[str, Any]],
    styles: tuple[Any, Any, Any, Any],
) -> None:
    in_words, count, rate, mark = styles
    sheet.write_string(at, 0, label, in_words)
    for n, column in enumerate(columns, start=1):
        value = row[column["key"]]
        if isinstance(value, int):
            sheet.write_number(at, n, value, count)
        elif isinstance(value, str) and value.lstrip("+-").replace(".", "", 1).isdecimal():
            sheet.write_number(at, n, float(value), rate)
        else:  # a rate of nothing, or a cell that has no sense
            sheet.write_string(at, n, value or "—", mark)


def _styles(book: Any) -> _Styles:
    def style(**more: Any) -> Any:
        return book.add_format({**FONT, **more})

    cell, bold = {"border": 1}, {"border": 1, "bold": True}
    return _Styles(
        title=style(bold=True, font_size=14),
        line=style(),
        head=style(**bold, align="center", text_wrap=True),
        label=style(**cell, text_wrap=True),
        count=style(**cell, num_format="#,##0"),
        rate=style(**cell, num_format="0.0"),
        mark=style(**cell, align="right"),
        total_label=style(**bold),
        total_count=style(**bold, num_format="#,##0"),
        total_rate=style(**bold, num_format="0.0"),
    )


def _days(one: Mapping[str, Any]) -> str:
    return f"từ ngày {_day(one['from'])} đến hết ngày {_day(one['to'])}"


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"
