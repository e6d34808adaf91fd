"""A table of the report beside other days on a terminal: one row of it, a line for each of its figures."""

from collections.abc import Mapping
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from services.reporting.readmodel.headings import code

HEADS: Final[Mapping[str, str]] = {
    "now": "Kỳ này",
    "before": "Cùng kỳ",
    "change": "Tăng, giảm",
    "per_cent": "%",
    "cumulative": "Lũy kế",
}


def row_of(found: Mapping[str, Any], key: str) -> Mapping[str, Any] | None:
    """The row of that key, in whichever group it stands; None where there is none."""
    groups = (found.get(group, ()) for group in ("rows", "outside", "sources", "subtotals"))
    rows = [found["total"], *(row for rows in groups for row in rows)]
    return next((row for row in rows if row["key"] == key), None)


def table(found: Mapping[str, Any], row: Mapping[str, Any]) -> Table:
    """The figures of one row, each beside its own of the year before and what has added up."""
    title = f"{found['title']} · {found['office']} · {found['from']} – {found['to']} · {row['label']}"
    shown = Table(title=title, box=SIMPLE_HEAD, padding=(0, 1, 0, 0))
    shown.add_column("")
    for head in HEADS.values():
        shown.add_column(head, justify="right", no_wrap=True)
    for column in found["columns"]:
        figures = row["figures"][column["key"]]
        shown.add_row(f"{code(column['key'])} {column['heading']}".strip(), *(_cell(name, figures[name]) for name in HEADS))
    return shown


def notes(found: Mapping[str, Any]) -> list[str]:
    """Which days stand beside the window's."""
    same = found["same_days"]
    before = f"{same['from']} – {same['to']}" if same else "chưa có số liệu, vì trước kỳ báo cáo đầu tiên của đơn vị"
    return [f"Cùng kỳ: {before}", f"Lũy kế: {found['cumulative']['from']} – {found['cumulative']['to']}"]


def _cell(name: str, value: Any) -> str:
    if value is None:
        return "—"
    if name == "change" and isinstance(value, int):
        return f"{value:+d}" if value else "0"
    return str(value).replace(".", ",")
