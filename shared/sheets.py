"""Cells of sheets that go out to spreadsheets."""

import csv
import io
import unicodedata
from collections.abc import Iterable


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that could be is led by an apostrophe."""
    first = unicodedata.normalize("NFKC", cell.lstrip())[:1]
    return f"'{cell}" if cell[:1] in ("\t", "\r") or first in tuple("=+-@") else cell


def csv_of(head: Iterable[str], rows: Iterable[Iterable[object]]) -> bytes:
    """Rows below their head as CSV in UTF-8 with its mark, no cell of a row a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([defused("" if each is None else str(each)) for each in row] for row in rows)
    return written.getvalue().encode("utf-8-sig")
