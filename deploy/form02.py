"""Biểu 02 on a terminal, and the identities its figures must keep."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from rich.box import SIMPLE_HEAD
from rich.table import Table

from services.reporting.domain.figures.columns import COUNTS, RATES

LEGEND: Final = (
    "A kỳ trước chuyển sang · A′ điều chỉnh · B1 tiếp nhận mới · B2 mở lại · C tổng phải xử lý · D từ chối · E chuyển · F rút · "
    "G gộp · H phải giải quyết · I đã giải quyết (I1 đúng hạn, I2 quá hạn) · J đang giải quyết (J1 trong hạn, J2 quá hạn) · "
    "T1 = I/H, T2 = I1/I, T3 = I1/(I+J2), %"
)
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


def table(figures: Mapping[str, Any], *, empty_rows: bool = True) -> Table:
    """The figures as Biểu 02, decimal commas as in Vietnamese; what is nought is left pale."""
    shown = Table(
        title=f"Biểu 02 · {figures['office']} · {figures['from']} – {figures['to']} · {figures['by']}",
        box=SIMPLE_HEAD,
        padding=(0, 1, 0, 0),
    )
    shown.add_column("", overflow="fold", max_width=34)
    for column in (*COUNTS, *RATES):
        shown.add_column("A′" if column == "A1" else column, justify="right", no_wrap=True)
    for row in figures["rows"]:
        if empty_rows or row["C"]:
            shown.add_row(str(row["label"]), *_cells(row))
    shown.add_section()
    shown.add_row("Tổng", *_cells(figures["total"]), style="bold")
    return shown


def _cells(row: Row) -> list[str]:
    counts = [str(row[column]) if row[column] else "[dim]0[/]" for column in COUNTS]
    return counts + ["—" if row[rate] is None else str(row[rate]).replace(".", ",") for rate in RATES]
