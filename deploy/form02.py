"""Biểu 02 on a terminal, and the identities its figures must keep."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.table import Table

COUNTS: Final = ("A", "A1", "B1", "B2", "C", "D", "E", "F", "G", "H", "I", "I1", "I2", "J", "J1", "J2")
RATES: Final = ("T1", "T2", "T3")
HEADINGS: Final = {
    "A": "A\nKỳ trước",
    "A1": "A′\nĐiều chỉnh",
    "B1": "B1\nMới",
    "B2": "B2\nMở lại",
    "C": "C\nTổng",
    "D": "D\nTừ chối",
    "E": "E\nChuyển",
    "F": "F\nRút",
    "G": "G\nGộp",
    "H": "H\nPhải giải quyết",
    "I": "I\nĐã giải quyết",
    "I1": "I1\nđúng hạn",
    "I2": "I2\nquá hạn",
    "J": "J\nĐang giải quyết",
    "J1": "J1\ntrong hạn",
    "J2": "J2\nquá hạn",
    "T1": "T1 %",
    "T2": "T2 %",
    "T3": "T3 %",
}
Row = Mapping[str, Any]


def broken_identities(rows: Sequence[Row], total: Row) -> list[str]:
    """Every identity of Biểu 02 that does not hold, row by row and for the sums (domain brief §5.3); empty is good."""
    broken = []
    for row in (*rows, total):
        for name, left, right in (
            ("C = A + A′ + B1 + B2", row["C"], row["A"] + row["A1"] + row["B1"] + row["B2"]),
            ("H = C − D − E − F − G", row["H"], row["C"] - row["D"] - row["E"] - row["F"] - row["G"]),
            ("I = I1 + I2", row["I"], row["I1"] + row["I2"]),
            ("J = J1 + J2", row["J"], row["J1"] + row["J2"]),
            ("H = I + J", row["H"], row["I"] + row["J"]),
        ):
            if left != right:
                broken.append(f"{row['key']}: {name} fails ({left} ≠ {right})")
    for column in COUNTS:
        added = sum(row[column] for row in rows)
        if rows and added != total[column]:
            broken.append(f"total: the rows of {column} add up to {added}, the total is {total[column]}")
    return broken


def table(figures: Mapping[str, Any]) -> Table:
    """The figures as Biểu 02, decimal commas as in Vietnamese; what is nought is left pale."""
    shown = Table(title=f"Biểu 02 · {figures['office']} · {figures['from']} – {figures['to']}", header_style="bold")
    shown.add_column("")
    for column in (*COUNTS, *RATES):
        shown.add_column(HEADINGS[column], justify="right")
    for row in figures["rows"]:
        shown.add_row(str(row["label"]), *_cells(row))
    shown.add_section()
    shown.add_row("Tổng", *_cells(figures["total"]), style="bold")
    return shown


def _cells(row: Row) -> list[str]:
    counts = [str(row[column]) if row[column] else "[dim]0[/]" for column in COUNTS]
    return counts + ["—" if row[rate] is None else str(row[rate]).replace(".", ",") for rate in RATES]
