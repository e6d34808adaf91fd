"""A list as a file for a spreadsheet: CSV in UTF-8 with its mark, no cell of which is a formula."""

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi.responses import Response

from shared.sheets import defused


def sheet(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """The rows below their head, to be saved as `name`.csv."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([defused("" if each is None else str(each)) for each in row] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(written.getvalue().encode("utf-8-sig"), media_type="text/csv; charset=utf-8", headers=headers)
