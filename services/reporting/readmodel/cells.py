"""What a figure is called: `bieu-03/KT/I2`, alone or with its period or days, `bieu-03/KT/I2@2023-H1`."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from services.reporting.domain.figures import beside, conclusions, dialogues, gathering
from services.reporting.domain.figures.columns import COUNTS
from services.reporting.domain.report.states import report_stream
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import BREAKDOWN, Table
from shared.contracts.refusals import Invalid
from shared.contracts.report import ReportKind

TOTAL: Final = "total"
SUBTOTAL: Final = "subtotal."  # staff or people, beside the rows of a breakdown
SOURCE: Final = "source."  # a source group, beside the rows of Biểu 04
PERIOD: Final = re.compile(r"([1-9][0-9]{3})(-H1)?(-DC[1-9][0-9]{0,2})?")
DAYS: Final = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})\.\.([0-9]{4}-[0-9]{2}-[0-9]{2})")
OUTSIDE: Final = "outside."  # the Chairman's line, beside the rows of Biểu 01
COLUMNS: Final[Mapping[Table, Sequence[str]]] = {
    **dict.fromkeys(BREAKDOWN, COUNTS),
    Table.DIALOGUES: dialogues.COLUMNS,
    Table.CONCLUSIONS: conclusions.COLUMNS,
    Table.CHAIRMAN: (*beside.PROPOSALS, *dialogues.COLUMNS),
    Table.REQUESTS: beside.REQUESTS,
    Table.DISSEMINATION: beside.DISSEMINATION,
    Table.URGING: beside.URGING,
    Table.GATHERING: gathering.COLUMNS,
}


class NoSuchCell(Invalid):
    """A cell is one count of one row of a table; a rate is opened by the counts it is made of."""

    code = "no-such-cell"
    title_vi = "Không mở được ô “{cell}”"
    title_en = "There is no cell {cell} to open"
    advice_vi = "Ghi <biểu>/<dòng>/<cột>, ví dụ bieu-02/total/I1; cột là một trong {columns}; tỷ lệ mở bằng các cột số lượng."
    advice_en = "Write <table>/<row>/<column> such as bieu-02/total/I1, the column one of {columns}; a rate opens by its counts."

    def __init__(self, cell: str) -> None:
        table = cell.partition("/")[0]
        columns = next((found for each, found in COLUMNS.items() if each == table), COUNTS)
        super().__init__("cell", cell=cell[:80], columns=" ".join(columns))


class DaysUnclear(Invalid):
    """A cell is opened for the period or days that its name ends with, or for those given beside it: for one of both."""

    code = "days-unclear"
    title_vi = "Không rõ mở ô “{cell}” của kỳ nào"
    title_en = "It is not clear for which days {cell} is to be opened"
    advice_vi = "Ghi kỳ hoặc ngày một lần: bieu-02/total/I1@2023-H1, …@2023-01-04..2023-05-31, hoặc ngày đầu và ngày cuối riêng."
    advice_en = "Name them once: bieu-02/total/I1@2023-H1, …@2023-01-04..2023-05-31, or the first and last day beside it."

    def __init__(self, cell: str) -> None:
        super().__init__("cell", cell=cell[:80])


@dataclass(frozen=True, slots=True)
class Cell:
    """Where a figure stands: `<table>/<row>/<column>`.

    A row is `total`, `subtotal.noi_bo`, `source.to_chuc`, `outside.B` or a key of its table.
    """

    table: Table
    row: str
    column: str

    @property
    def by(self) -> By:
        """What its table is broken down by."""
        return BREAKDOWN[self.table]

    def __str__(self) -> str:
        return f"{self.table.value}/{self.row}/{self.column}"


def cell_of(text: str) -> Cell:
    """The cell that `text` names, without its days.

    Raises:
        NoSuchCell

    """
    name, _, rest = text.partition("/")
    row, _, column = rest.rpartition("/")
    table = next((each for each in COLUMNS if each == name), None)
    if table is None or not row or column not in COLUMNS[table]:
        raise NoSuchCell(text)
    return Cell(table, row, column)


def parted(text: str) -> tuple[str, str]:
    """The cell that `text` names, and of when: what follows its last `@`, empty where nothing does."""
    cell, found, when = text.rpartition("@")
    return (cell, when) if found else (text, "")


def days_of(when: str) -> tuple[date, date] | None:
    """The days of `2023-01-04..2023-05-31`; None where `when` names none."""
    found = DAYS.fullmatch(when)
    try:
        return (date.fromisoformat(found[1]), date.fromisoformat(found[2])) if found else None
    except ValueError:
        return None


@dataclass(frozen=True, slots=True)
class Named:
    """A period as people name it: `2023-H1` the six months, `2023` the year; `-DC1` for its first correction."""

    kind: ReportKind
    year: int
    correction: str

    def report(self, office: str) -> str:
        """The report of that period."""
        return report_stream(office, self.kind, self.year) + self.correction


def period_of(text: str) -> Named | None:
    """The period that `text` names; None where it names none."""
    found = PERIOD.fullmatch(text)
    if found is None:
        return None
    return Named(ReportKind.SIX_MONTH if found[2] else ReportKind.ANNUAL, int(found[1]), found[3] or "")
