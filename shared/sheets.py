"""Cells of sheets that go out to spreadsheets."""

import unicodedata


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that could be is led by an apostrophe."""
    first = unicodedata.normalize("NFKC", cell.lstrip())[:1]
    return f"'{cell}" if cell[:1] in ("\t", "\r") or first in tuple("=+-@") else cell
