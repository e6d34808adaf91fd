"""The tables of a report as its appendices: the forms with their heads, notes and rows as an official paper shows them."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from textwrap import shorten
from typing import Any, Final

from services.reporting.domain.text.told import Told, Work
from services.reporting.readmodel.forms import Table as Form
from shared.contracts.session import AUDIENCES, Track
from shared.documents.days import short_day
from shared.documents.layout.composition import Align, Appendix, Cell, Column, Paragraph, Row, Style, Table
from shared.documents.numbers import number

Figures = Mapping[str, Any]
OPINIONS: Final = (
    *("A", "A1", "B1", "B2", "C", "D", "E", "F", "G", "H"),
    *("I", "I1", "I2", "J", "J1", "J2", "T1", "T2", "T3"),
)
RATES: Final = frozenset({"T1", "T2", "T3"})
ADJUSTED: Final = frozenset({"A1", "0'"})  # shown with their sign
DIALOGUES: Final = ("0", "0'", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10a", "10b", "10c", "11")
CONCLUSIONS: Final = ("given", "done_in_time", "done_late", "open_in_time", "open_late", "dropped", "urged", "extended")
NAMED: Final = (
    "TT",
    "Thông báo kết luận",
    "Nội dung nhiệm vụ",
    "Đơn vị chủ trì",
    "Thời hạn",
    "Ngày hoàn thành",
)  # of Biểu 05, before its columns
MOST_WORDS: Final = 300  # characters of a task's words: a row never splits
NOT_NAMED: Final = "Theo Thông báo"
# Where the rows of a breakdown that hold nothing but zeros are left out, these stay: they close it.
CLOSING: Final = "-"
GROUPS: Final[Mapping[Track, tuple[str, str]]] = {
    Track.STAFF: ("I", f"Đối thoại với {AUDIENCES[Track.STAFF]}"),
    Track.PEOPLE: ("II", f"Đối thoại với {AUDIENCES[Track.PEOPLE]}"),
}
NUMBERS: Final = ("I", "II", "III", "IV", "V", "VI")
NOTE: Final = (
    "Đơn vị tính: lượt xử lý. Cột (5) = (1) + (2) + (3) + (4); cột (10) = (5) − (6) − (7) − (8) − (9) = (11) + (14); "
    "cột (11) = (12) + (13); cột (14) = (15) + (16); cột (17) = (11) : (10); cột (18) = (12) : (11); "
    "cột (19) = (12) : [(11) + (16)]. Dấu “—”: không tính được vì mẫu số bằng 0. Cột (7) gồm cả khiếu nại, tố cáo chuyển "
    "quy trình riêng. Dòng chỉ gồm số 0 không in."
)


def appendices(told: Told, belongs: str) -> tuple[Appendix, ...]:
    """Biểu 01 to 05, and what figures rest on documents for, if any do; `belongs` says of which report they are."""
    tables, period = told.tables, told.period.upper()
    field, unit, place = (tables[form.value] for form in (Form.OPINIONS, Form.BY_UNIT, Form.BY_PLACE))
    shown = {
        "BIỂU 01. KẾT QUẢ TỔ CHỨC CÁC CUỘC ĐỐI THOẠI": _dialogues(told),
        "BIỂU 02. KẾT QUẢ TIẾP NHẬN, GIẢI QUYẾT Ý KIẾN THEO LĨNH VỰC": _opinions("Lĩnh vực", field, field["subtotals"]),
        "BIỂU 03. KẾT QUẢ GIẢI QUYẾT Ý KIẾN THEO ĐƠN VỊ CHỦ TRÌ": _opinions("Đơn vị chủ trì", unit, ()),
        "BIỂU 04. KẾT QUẢ GIẢI QUYẾT Ý KIẾN THEO ĐỊA BÀN, NGUỒN Ý KIẾN": _opinions(
            "Địa bàn, nguồn", place, place.get("sources", ())
        ),
        "BIỂU 05. KẾT QUẢ THỰC HIỆN CÁC THÔNG BÁO KẾT LUẬN": conclusions(told),
    }
    if told.brought:
        shown["SỐ LIỆU CHUYỂN KỲ LẤY THEO VĂN BẢN"] = _brought(told)
    return tuple(
        Appendix(numeral, f"{title} {period}", belongs, body)
        for numeral, (title, body) in zip(NUMBERS, shown.items(), strict=False)
    )


def _dialogues(told: Told) -> tuple[Table | Paragraph, ...]:
    form = told.tables[Form.DIALOGUES.value]
    rows: list[Row] = []
    for track, (numeral, title) in GROUPS.items():
        rows.append(_row(numeral, title, told.dialogues(track), DIALOGUES, strong=True))
        of_track = [row for row in form["rows"] if row["key"].partition("/")[0] == track]
        rows += [_row(str(n), _after_comma(row["label"]), row, DIALOGUES) for n, row in enumerate(of_track, start=1)]
    rows.append(_row("", "TỔNG (I + II)", form["total"], DIALOGUES, strong=True))
    rows += [_row("III", f"{row['label']} (không cộng vào Tổng)", row, DIALOGUES) for row in form["outside"]]
    head = (
        (
            Cell("TT", rows=2),
            Cell("Đối tượng, hình thức đối thoại", rows=2),
            Cell("Phải tổ chức", columns=4),
            Cell("Kết quả tổ chức", columns=3),
            *(Cell(text, rows=2) for text in ("Lượt người dự", "Ý kiến nêu")),
            Cell("Kết quả xử lý ý kiến tại cuộc đối thoại", columns=5),
            Cell("Số Thông báo kết luận", rows=2),
        ),
        tuple(
            Cell(text)
            for text in (
                *("Hoãn từ kỳ trước", "Điều chỉnh (±)", "Theo kế hoạch", "Phát sinh", "Đã tổ chức", "Hoãn sang kỳ sau", "Hủy"),
                *("Trả lời, tiếp thu tại chỗ", "Giao giải quyết", "Không tiếp nhận", "Chuyển", "Gộp, rút"),
            )
        ),
    )
    table = Table(
        columns=(Column(9), Column(None, Align.LEFT), *(Column(12.4) for _ in DIALOGUES)),
        head=head,
        numbered=("", "", *(f"({column.replace(chr(39), '′')})" for column in DIALOGUES)),
        rows=tuple(rows),
        closing=1 + len(form["outside"]),
        size=11,
        head_size=9.5,
    )
    note = (
        "Đơn vị tính: cuộc, lượt người, ý kiến, văn bản. (0) + (0′) + (1) + (2) = (3) + (4) + (5); "
        "(7) = (8) + (9) + (10a) + (10b) + (10c). Dấu “x”: không có hình thức này. "
        "Kết luận ghi tại thông báo giao ban không tính vào cột (11)."
    )
    return table, Paragraph(note, Style.NOTE)


def _opinions(heading: str, found: Figures, further: Sequence[Figures]) -> tuple[Table | Paragraph, ...]:
    counted = [row for row in found["rows"] if row["key"] == CLOSING or any(_counts(row))]
    rows = [_row(str(n), row["label"], row, OPINIONS) for n, row in enumerate(counted, start=1)]
    rows.append(_row("", "TỔNG", found["total"], OPINIONS, strong=True))
    rows += [_row("", f"Trong đó: {row['label']}", row, OPINIONS) for row in further]
    head = (
        (
            Cell("TT", rows=2),
            Cell(heading, rows=2),
            Cell("Kỳ trước chuyển sang", columns=2),
            Cell("Trong kỳ", columns=2),
            Cell("Tổng phải xử lý", rows=2),
            Cell("Không thuộc diện phải giải quyết", columns=4),
            Cell("Phải giải quyết", rows=2),
            *(Cell(text, columns=3) for text in ("Đã giải quyết", "Đang giải quyết", "Tỷ lệ (%)")),
        ),
        tuple(
            Cell(text)
            for text in (
                *("Số báo cáo kỳ trước", "Điều chỉnh (±)", "Tiếp nhận mới", "Mở lại"),
                *("Không đủ điều kiện", "Chuyển, hướng dẫn", "Rút", "Gộp trùng"),
                *("Tổng", "Đúng hạn", "Quá hạn", "Tổng", "Trong hạn", "Quá hạn", "Giải quyết", "Đúng hạn", "Đúng hạn chặt"),
            )
        ),
    )
    widths = (10.6, 10.6, 10.4, 9.6, 10.4, 12.0, 12.4, 8.6, 9.6, 11.0, *(9.4, 9.4, 9.0) * 2, *(11.6,) * 3)
    table = Table(
        columns=(Column(8), Column(None, Align.LEFT), *(Column(width) for width in widths)),
        head=head,
        numbered=("", "", *(f"({n})" for n in range(1, len(OPINIONS) + 1))),
        rows=tuple(rows),
        closing=1 + len(further),
        size=10.5,
        head_size=9.5,
    )
    return table, Paragraph(NOTE, Style.NOTE)


def conclusions(told: Told) -> tuple[Table, Paragraph]:
    """Biểu 05: every line with its notice, its unit, and the day on which its work ended."""
    found = told.tables[Form.CONCLUSIONS.value]
    rows = [_work(n, row, told.work[row["key"]]) for n, row in enumerate(found["rows"], start=1)]
    total = found["total"]
    named = len(NAMED) - 1
    rows.append(
        Row((Cell(""), Cell("TỔNG", columns=named), *(Cell(number(total[column])) for column in CONCLUSIONS)), strong=True)
    )
    head = (
        (
            *(Cell(text, rows=2) for text in (*NAMED, "Giao")),
            Cell("Đã hoàn thành", columns=2),
            Cell("Đang thực hiện", columns=2),
            *(Cell(text, rows=2) for text in ("Thôi giao", "Số lần đôn đốc", "Số lần gia hạn")),
        ),
        tuple(Cell(text) for text in ("Đúng hạn", "Quá hạn", "Trong hạn", "Quá hạn")),
    )
    table = Table(
        columns=(
            Column(9),
            Column(29),
            Column(None, Align.LEFT),
            Column(34, Align.LEFT),
            Column(22),
            Column(22),
            *(Column(11.6) for _ in CONCLUSIONS),
        ),
        head=head,
        numbered=(*("" for _ in NAMED), *(f"({n})" for n in range(1, len(CONCLUSIONS) + 1))),
        rows=tuple(rows),
        closing=1,
        size=11,
        head_size=9.5,
    )
    note = (
        "Cột (1) = (2) + (3) + (4) + (5) + (6). "
        f"Tình trạng tính đến hết ngày {short_day(told.last)}. Không gồm việc đôn đốc tham mưu trả lời ý kiến. "
        f"Nội dung nhiệm vụ ghi theo Thông báo kết luận; nhiệm vụ thuộc diện không nêu nội dung ghi “{NOT_NAMED}”."
    )
    return table, Paragraph(note, Style.NOTE)


def _brought(told: Told) -> tuple[Table | Paragraph, ...]:
    """Each line of the opening balance that figures rest on, with its rows and its document."""
    rows = [
        Row(
            (
                Cell(str(each.line)),
                *(Cell(text) for text in (each.field, each.unit, each.locality, each.source)),
                Cell(short_day(each.due) if each.due else "—"),
                *(Cell(number(n)) for n in (each.carried, each.carried - each.left, each.left)),
                Cell(each.paper.said),
            )
        )
        for each in told.brought
    ]
    carried, left = (sum(getattr(each, name) for each in told.brought) for name in ("carried", "left"))
    sums = (Cell(number(n)) for n in (carried, carried - left, left))
    rows.append(Row((Cell(""), Cell("TỔNG"), *(Cell("") for _ in range(4)), *sums, Cell("")), strong=True))
    heads = ("Dòng", "Lĩnh vực", "Đơn vị chủ trì", "Địa bàn", "Nguồn", "Thời hạn")
    counts = ("Chuyển sang kỳ này", "Kết thúc trong kỳ", "Còn lại cuối kỳ")
    left_aligned = (Column(None, Align.LEFT), Column(None, Align.LEFT), Column(26, Align.LEFT), Column(24, Align.LEFT))
    table = Table(
        columns=(Column(12), *left_aligned, Column(22), *(Column(16) for _ in counts), Column(66, Align.LEFT)),
        head=(tuple(Cell(text) for text in (*heads, *counts, "Theo văn bản")),),
        numbered=("", *("" for _ in heads[1:]), "(1)", "(2)", "(3)", ""),
        rows=tuple(rows),
        closing=1,
        size=11,
        head_size=10,
    )
    note = (
        "Đơn vị tính: lượt xử lý; đã tính trong các Biểu 02, 03, 04. Cột (3) = (1) − (2). Dòng có số chuyển sang bằng 0 là số "
        "báo cáo kỳ trước đã tính, nay điều chỉnh."
    )
    return table, Paragraph(note, Style.NOTE)


def _work(n: int, row: Figures, work: Work) -> Row:
    """A line: by which notice and item, whose work, by when and when done, and its columns."""
    given = f"Số {work.notice.number} ngày {short_day(work.notice.on)}, mục {work.item}"
    done = "Thôi giao" if work.dropped else short_day(work.done) if work.done else "Đang thực hiện"
    named = (str(n), given, _task(work), work.unit or "—", _due(row, work), done)
    return Row((*(Cell(each) for each in named), *(Cell(number(row[column])) for column in CONCLUSIONS)))


def _task(work: Work) -> str:
    """What is to be done, in one paragraph and no longer than a row has room for: the notice says all of it."""
    return shorten(work.words, MOST_WORDS, placeholder=" …") if work.words is not None else NOT_NAMED


def _due(row: Figures, work: Work) -> str:
    """The day in force, and the one that it was extended from."""
    if not row["due"]:
        return "—"
    former = f" (gia hạn từ {short_day(work.extended_from)})" if work.extended_from else ""
    return f"{short_day(date.fromisoformat(row['due']))}{former}"


def _after_comma(label: str) -> str:
    """A row of a group is named by its trigger alone, which stands last."""
    trigger = label.rpartition(", ")[2]
    return f"{trigger[:1].upper()}{trigger[1:]}"


def _counts(row: Figures) -> Iterable[int]:
    return (row[column] for column in OPINIONS if column not in RATES)


def _row(numeral: str, label: str, row: Figures, columns: Sequence[str], *, strong: bool = False) -> Row:
    return Row((Cell(numeral), Cell(label), *(Cell(_value(column, row[column])) for column in columns)), strong)


def _value(column: str, value: Any) -> str:
    if isinstance(value, int):
        return f"+{number(value)}" if column in ADJUSTED and value > 0 else number(value)
    return str(value).replace(".", ",") if value is not None else "—"
