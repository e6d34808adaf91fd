"""The file of rejected rows: in the columns of the register, each with its line, column and reason, to be mended and imported."""

import csv
import io
from collections.abc import Mapping, Sequence

from services.intake.entrypoints.register.reading import HEADER, REJECTED, Line
from services.intake.entrypoints.register.rows import Rejection
from shared.sheets import defused


def rejected_file(lines: Sequence[Line], rejected: Mapping[int, Rejection], delimiter: str = ",") -> bytes:
    """A CSV in UTF-8 with its mark, which spreadsheets open as it is; no cell of it is a formula."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow([*HEADER, *REJECTED])
    for line in lines:
        why = rejected.get(line.number)
        if why is not None:
            told = [str(line.number), why.column or "", why.code, why.vi]
            writer.writerow([*(defused(line.cells.get(column, "")) for column in HEADER), *map(defused, told)])
    return written.getvalue().encode("utf-8-sig")
