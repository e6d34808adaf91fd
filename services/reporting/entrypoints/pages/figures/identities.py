"""What must add up in a table, with the figures of its total, and where it does not. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.readmodel.forms import BREAKDOWN, Table
from services.reporting.readmodel.headings import code
from shared.documents.numbers import number

Side = tuple[tuple[int, str], ...]  # of each term its sign and its column
Equation = tuple[Side, Side]


def _side(columns: str) -> Side:
    """`C -D -E`: the columns of a side, those taken off with a sign before them."""
    return tuple((-1, each[1:]) if each.startswith("-") else (1, each) for each in columns.split())


OPINIONS: Final[tuple[Equation, ...]] = (
    (_side("C"), _side("A A1 B1 B2")),
    (_side("H"), _side("C -D -E -F -G")),
    (_side("H"), _side("I J")),
    (_side("I"), _side("I1 I2")),
    (_side("J"), _side("J1 J2")),
)
DIALOGUES: Final[tuple[Equation, ...]] = (
    (_side("0 0' 1 2"), _side("3 4 5")),
    (_side("7"), _side("8 9 10a 10b 10c")),
)
CONCLUSIONS: Final[tuple[Equation, ...]] = ((_side("given"), _side("done_in_time done_late open_in_time open_late dropped")),)
GATHERING: Final[tuple[Equation, ...]] = ((_side("asked"), _side("handed_in silent")),)
EQUATIONS: Final[Mapping[Table, tuple[Equation, ...]]] = {
    **dict.fromkeys(BREAKDOWN, OPINIONS),
    Table.DIALOGUES: DIALOGUES,
    Table.CHAIRMAN: DIALOGUES,
    Table.CONCLUSIONS: CONCLUSIONS,
    Table.GATHERING: GATHERING,
}


@dataclass(frozen=True, slots=True)
class Identity:
    """One that must hold: what it says, with which figures in the total, and the rows in which it does not."""

    said: str
    figures: str
    failing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.failing


@dataclass(frozen=True, slots=True)
class Adding:
    """A group of rows that must add up to the total: which, and the columns in which they do not."""

    group: str
    failing: tuple[str, ...]

    @property
    def holds(self) -> bool:
        return not self.failing


def identities(found: Mapping[str, Any]) -> tuple[Identity, ...]:
    """Those of a table within each of its rows; none where nothing was counted."""
    if found["total"] is None:
        return ()
    rows = list(_rows(found))
    headings = {column["key"]: column["heading"] for column in found["columns"]}
    return tuple(
        Identity(
            said=" = ".join(_said(side, {key: code(key) or f"“{headings[key]}”" for key in headings}) for side in equation),
            figures=" = ".join(_said(side, {key: number(found["total"][key]) for _, key in side}) for side in equation),
            failing=tuple(row["label"] for row in rows if _sum(row, equation[0]) != _sum(row, equation[1])),
        )
        for equation in EQUATIONS.get(Table(found["table"]), ())
    )


def additions(found: Mapping[str, Any]) -> tuple[Adding, ...]:
    """The groups of a table that must add up to its total."""
    if found["total"] is None:
        return ()
    columns = [column["key"] for column in found["columns"] if isinstance(found["total"][column["key"]], int)]
    groups = [group for group in ("rows", "subtotals", "sources") if found.get(group)]
    return tuple(
        Adding(group, tuple(code(key) or key for key in columns if _added(found[group], key) != found["total"][key]))
        for group in groups
    )


def _rows(found: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for group in ("rows", "outside", "sources", "subtotals"):
        yield from (row for row in found.get(group, ()) if "x" not in row.values())
    yield found["total"]


def _sum(row: Mapping[str, Any], side: Side) -> int:
    return sum(sign * int(row[key]) for sign, key in side)


def _said(side: Side, names: Mapping[str, str]) -> str:
    first, *others = side
    return names[first[1]] + "".join(f" {'+' if sign > 0 else '−'} {names[key]}" for sign, key in others)


def _added(rows: Sequence[Mapping[str, Any]], key: str) -> int:
    return sum(row[key] for row in rows if isinstance(row[key], int))
