"""A table as a file of what is shown: CSV with the words of the page, or a workbook of one sheet."""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

from services.reporting.entrypoints.pages.figures.grid import GROUPS, rows_of
from services.reporting.readmodel.headings import code
from shared.sheets import defused

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
BEFORE: Final[Mapping[str, str]] = {"outside": "Ngoài tổng: ", "sources": "Nguồn: ", "subtotals": "Trong đó: "}


def csv_of(found: Mapping[str, Any]) -> bytes:
    """The table of an answer: a line for each row, figures as numbers, rates with a point; what has no sense is left out."""
    made = StringIO()
    writer = csv.writer(made, lineterminator="\r\n")
    columns = found["columns"]
    writer.writerow(["", *(f"{code(column['key'])} {column['heading']}".strip() for column in columns)])
    writer.writerows([defused(label), *(_value(row[column["key"]]) for column in columns)] for label, row in _rows(found))
    return b"\xef\xbb\xbf" + made.getvalue().encode()


def _rows(found: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for group in GROUPS:
        for row in rows_of(found, group):
            yield f"{BEFORE.get(group, '')}{row['label']}", row


def _value(value: Any) -> Any:
    return "" if value is None else value
