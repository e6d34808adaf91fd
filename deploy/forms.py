"""The tables of the report on a terminal, under their Vietnamese headings, and the identities they must keep."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from deploy import form02
from services.reporting.readmodel.headings import code

Row = Mapping[str, Any]
Identity = tuple[str, tuple[str, ...], tuple[str, ...]]  # its name, and the columns whose sums are the same
LABELS_WIDTH: Final = 40
OPINIONS: Final = ("bieu-02", "bieu-03", "bieu-04")
DIALOGUES: Final[tuple[Identity, ...]] = (
    ("(0) + (0′) + (1) + (2) = (3) + (4) + (5)", ("0", "0'", "1", "2"), ("3", "4", "5")),
    ("(7) = (8) + (9) + (10a) + (10b) + (10c)", ("7",), ("8", "9", "10a", "10b", "10c")),
)
IDENTITIES: Final[Mapping[str, tuple[Identity, ...]]] = {
    "bieu-01": DIALOGUES,
    "track-b": DIALOGUES,
    "consolidation": (
        ("phải gửi = đã gửi + chưa gửi", ("asked",), ("handed_in", "silent")),
        ("đã gửi = có ý kiến + không có ý kiến", ("handed_in",), ("listed", "nil")),
    ),
    "bieu-05": (
        (
            "giao = hoàn thành + đang thực hiện + thôi giao",
            ("given",),
            ("done_in_time", "done_late", "open_in_time", "open_late", "dropped"),
        ),
    ),
}


def broken_identities(found: Mapping[str, Any]) -> list[str]:
    """Every identity of a table that does not hold, and what the house found broken by itself; empty is good."""
    told = [f"{each['key']}: {name}" for each in found.get("broken", []) for name in each["identities"]]
    if found["table"] in OPINIONS:
        groups = (found["rows"], found["subtotals"], found.get("sources", []))
        return list(dict.fromkeys(each for rows in groups for each in form02.broken_identities(rows, found["total"]))) + told
    rows = [row for row in found["rows"] if "x" not in row.values()]
    broken = []
    for name, left, right in IDENTITIES.get(found["table"], ()):
        for row in (*rows, *found.get("outside", []), found["total"]):
            sums = _sum(row, left), _sum(row, right)
            if sums[0] != sums[1]:
                broken.append(f"{row['key']}: {name} fails ({sums[0]} ≠ {sums[1]})")
    for column in found["columns"] if rows else ():
        added = _sum_of(rows, column["key"])
        if added != found["total"][column["key"]]:
            broken.append(f"total: the rows of {column['key']} add up to {added}, the total is {found['total'][column['key']]}")
    return broken + told


def table(found: Mapping[str, Any], *, width: int | None) -> Table:
    """The table with the groups that stand beside its rows; `width` too narrow for headings leaves the codes."""
    heads = {column["key"]: _heading(column) for column in found["columns"]}
    if width is not None and wide(found) > width:
        heads = {key: code(key) or head for key, head in heads.items()}
    shown = Table(title=title(found), box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    shown.add_column("", overflow="fold", max_width=LABELS_WIDTH)
    for head in heads.values():
        shown.add_column(head, justify="right", vertical="bottom", no_wrap=True)
    for group in ("rows", "outside", "sources", "subtotals"):
        for row in found.get(group, []):
            shown.add_row(str(row["label"]), *(_cell(row[key]) for key in heads))
        shown.add_section()
    total = found["total"]
    shown.add_row(str(total["label"]), *(_cell(total[key]) for key in heads), style="bold")
    return shown


_BY: Final[Mapping[str, str]] = {
    "total": "tổng",
    "field": "theo lĩnh vực",
    "unit": "theo đơn vị",
    "locality": "theo địa bàn",
    "source": "theo nguồn",
}


def title(found: Mapping[str, Any]) -> str:
    """What the table is, of whom, for which days, by what, and under whose units."""
    by = f" · {_BY[found['by']]}" if "by" in found else ""
    now = f" · đơn vị tại {found['units_on']}" if "units_on" in found else ""
    if "offices" in found:
        half = "6 tháng " if found["kind"] == "six_month" else ""
        return f"{found['title']} · toàn tỉnh · {half}{found['year']}{by} · {found['counted']}/{found['of']}"
    return f"{found['title']} · {found['office']} · {found['from']} – {found['to']}{by}{now}"


def notes(found: Mapping[str, Any]) -> list[str]:
    """What stands below it: what the codes mean, and which units stand under others."""
    lines = []
    if coded := [column for column in found["columns"] if code(column["key"])]:
        lines.append(" · ".join(f"{code(column['key'])} {column['heading']}" for column in coded))
    if "predecessor" in found:
        lines.append(carried(found))
    for each in found.get("rolled", []):
        field = f" ({each['field']})" if each["field"] else ""
        lines.append(f"{each['unit']}{field}: {each['label']}")
    return lines


def carried(found: Mapping[str, Any]) -> str:
    """Which report the opening stock is taken from, and what A′ is made of."""
    total, told = found["total"], f"Số tồn đầu kỳ lấy từ {found['predecessor']} đã chốt"
    if "A1_late" not in total:
        return told
    return f"{told}; A′ = {total['A1_late']:+d} ghi nhận sau khi chốt, {total['A1_moved']:+d} chuyển dòng"


def wide(found: Mapping[str, Any]) -> int:
    """How wide a page must be for the headings."""
    return LABELS_WIDTH + sum(_width(_heading(column)) + 2 for column in found["columns"])


def _heading(column: Mapping[str, Any]) -> str:
    """One word a line, so that twenty columns fit on a page."""
    return "\n".join([*str(column["heading"]).split(), code(column["key"])]).rstrip()


def _width(heading: str) -> int:
    return max(map(len, heading.split("\n")))


def _cell(value: Any) -> str:
    if value is None:
        return "—"
    return "[dim]0[/]" if value == 0 else str(value).replace(".", ",")


def _sum(row: Row, columns: Sequence[str]) -> int:
    return sum(row[column] for column in columns)


def _sum_of(rows: Sequence[Row], column: str) -> int:
    return sum(row[column] for row in rows)
