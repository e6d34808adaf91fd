"""A table as a page shows it: every figure as it is written here, with the address of what stands behind it. Pure."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.domain.figures.columns import RATES
from services.reporting.entrypoints.pages.figures.looked import cell_name
from services.reporting.readmodel.breakdown import AUDIENCES, By
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.headings import code
from shared.documents.numbers import number

ADJUSTED: Final = frozenset({"A1", "0'"})  # written with their sign
RULED: Final = frozenset({"C", "D", "H", "I", "J", "T1", "3", "6", "7", "8", "11"})  # a line stands before these
GROUPS: Final = ("rows", "sources", "subtotals", "total", "outside")
NOTHING: Final = "—"
Answer = Mapping[str, Any]
Leads = Callable[[str], str]  # the address of a cell, by its name


@dataclass(frozen=True, slots=True)
class Head:
    """A column: what it is called for short, and in full."""

    key: str
    short: str
    full: str
    ruled: bool


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `quiet` where it is nought or has no sense."""

    text: str
    href: str | None
    quiet: bool
    ruled: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A row."""

    key: str
    label: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """A table: its heads and, by group, its rows."""

    heads: tuple[Head, ...]
    groups: Mapping[str, tuple[Line, ...]]
    by: str | None

    @property
    def rows(self) -> int:
        return sum(map(len, self.groups.values()))


def grid(found: Answer, leads: Leads | None) -> Grid:
    """The grid of a table's answer; `leads` is None for whoever may not open figures."""
    heads = tuple(_head(column) for column in found["columns"])
    groups = {name: rows_of(found, name) for name in GROUPS}
    lines = {name: tuple(_line(found, name, row, heads, leads) for row in rows) for name, rows in groups.items() if rows}
    return Grid(heads, lines, found.get("by"))


def written(column: str, value: Any) -> str:
    """A figure as it is written here: `1.234`, `77,8`, `+1`; without a base a dash."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return f"+{number(value)}" if column in ADJUSTED and value > 0 else number(value)
    return str(value).replace(".", ",")


def signed(value: Any) -> str:
    """A difference: `+3`, `−1`, `+15,3`; without a base a dash."""
    if value is None:
        return NOTHING
    if isinstance(value, int):
        return f"+{number(value)}" if value > 0 else number(value)
    text = str(value).replace(".", ",").replace("-", "−")
    return text if text[:1] in "+−" else f"+{text}"


def rows_of(found: Answer, group: str) -> list[Mapping[str, Any]]:
    """The rows of a group of a table's answer; its total is a group of one, or of none where nothing was counted."""
    if group == "total":
        return [found["total"]] if found["total"] is not None else []
    return list(found.get(group, ()))


def _head(column: Mapping[str, str]) -> Head:
    return Head(column["key"], code(column["key"]), column["heading"], column["key"] in RULED)


def _line(found: Answer, group: str, row: Mapping[str, Any], heads: tuple[Head, ...], leads: Leads | None) -> Line:
    return Line(row["key"], row["label"], tuple(_figure(found, group, row, head, leads) for head in heads))


def _figure(found: Answer, group: str, row: Mapping[str, Any], head: Head, leads: Leads | None) -> Figure:
    value = row[head.key]
    href = None
    if leads is not None and opens(head.key, row) and not (group == "subtotals" and row["key"] not in AUDIENCES):
        key = "total" if group == "total" else row["key"]
        by = By(found["by"]) if "by" in found else None
        cell = cell_name(Table(found["table"]), by, group, key, head.key)
        href = leads(cell) if cell is not None else None
    return Figure(written(head.key, value), href, not value or value == "x", head.ruled)


def opens(column: str, row: Mapping[str, Any]) -> bool:
    """Whether something stands behind a figure; an adjustment of nought may be made of one more and one less."""
    value = row[column]
    if column in RATES or not isinstance(value, int):
        return False
    return value != 0 or (column == "A1" and any(row.get(part) for part in ("A1_late", "A1_moved")))
