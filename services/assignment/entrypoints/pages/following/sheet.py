"""A list as a file for a spreadsheet: CSV in UTF-8 with its mark, no cell of which is a formula."""

from collections.abc import Iterable, Sequence

from fastapi.responses import Response

from shared.sheets import csv_of


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The rows below their head, to be saved as `name`.csv."""
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(csv_of(head, rows), media_type="text/csv; charset=utf-8", headers=headers)
