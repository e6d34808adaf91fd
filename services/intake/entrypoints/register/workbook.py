"""Reads an XLSX workbook, by itself in a process of its own: what kills this one harms nobody.

Run as a script: the file on standard input; on standard output one JSON object, `{"rows": [[cell, ...], ...]}` or
`{"wrong": why}`.
It imports nothing of the house, so that it starts in a few hundredths of a second.

A workbook is looked at before it is read, because a single cell far out makes the reader ask for more memory than there is
and abort: `reference/ecosystem.md`, measured on python-calamine 0.9.1.
"""

import io
import json
import re
import resource
import sys
import zipfile
from datetime import date, datetime

MEMORY_BYTES = 1024 * 1024 * 1024
CPU_SECONDS = 20
MAX_ENTRIES = 500
MAX_UNPACKED = 100 * 1024 * 1024
MAX_RATIO = 200  # of what a part unpacks to, once it is larger than a small one may be
SMALL = 4 * 1024 * 1024
CHUNK = 1024 * 1024
OVERLAP = 256
MAX_ROWS, MAX_COLUMNS, MAX_CELL = 50_100, 64, 32_767
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?r=[\"']([A-Z]+)([0-9]+)[\"']")
_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?r=[\"']([0-9]+)[\"']")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s/>]")
_DECLARATION = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_SHEET = re.compile(rb"<(?:\w+:)?sheetData[\s/>]")  # a sheet is what holds cells, whatever its part is called


class Wrong(Exception):
    """Why the workbook is not read."""


def bound() -> None:
    """Take from this process what it must not have: memory, time, files."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (CPU_SECONDS, CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def look(raw: bytes) -> None:
    """Refuse what no register is, before it is read.

    Raises:
        Wrong

    """
    with zipfile.ZipFile(io.BytesIO(raw)) as packed:
        entries = packed.infolist()
        if len(entries) > MAX_ENTRIES:
            raise Wrong(f"holds {len(entries)} parts, more than {MAX_ENTRIES}")
        if sum(entry.file_size for entry in entries) > MAX_UNPACKED:
            raise Wrong(f"unpacks to more than {MAX_UNPACKED // 1024**2} MiB")
        names = [entry.filename for entry in entries]
        if "xl/workbook.xml" not in names or len(set(names)) < len(names):
            raise Wrong("is no XLSX workbook: save the register as .xlsx")
        left = MAX_UNPACKED
        for entry in entries:
            _refuse_part(entry)
            left -= _scan(packed, entry, left)


def _refuse_part(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name.startswith("/") or ".." in name.split("/") or "\\" in name or entry.external_attr >> 28 == 0xA:
        raise Wrong("holds a part with a path that leads out of it")
    if name.lower().endswith(".bin") and "printersettings" not in name.lower():
        raise Wrong("holds a macro or another program: save the register as .xlsx without it")
    if entry.file_size > SMALL and entry.file_size > MAX_RATIO * max(entry.compress_size, 1):
        raise Wrong("unpacks to far more than it holds")


def _scan(packed: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """Read a part in pieces, and refuse what it must not hold; how many bytes there were, whatever its entry says."""
    sheet, text = False, entry.filename.lower().endswith((".xml", ".rels"))
    size, tail = 0, b""
    with packed.open(entry) as part:
        while piece := part.read(CHUNK):
            size += len(piece)
            if size > left:
                raise Wrong(f"unpacks to more than {MAX_UNPACKED // 1024**2} MiB")
            seen = tail + piece
            if text and _DECLARATION.search(seen):
                raise Wrong("holds a document type, which no workbook has")
            if b"macroEnabled" in seen and entry.filename == "[Content_Types].xml":
                raise Wrong("is made for macros: save the register as .xlsx without them")
            sheet = sheet or _SHEET.search(seen) is not None
            if sheet:
                _refuse_cells(seen)
            tail = seen[-OVERLAP:]
    return size


def _refuse_cells(seen: bytes) -> None:
    if _FORMULA.search(seen):
        raise Wrong("holds formulas: paste the values and save it again")
    for column, row in _CELL.findall(seen):
        if len(column) > 2 or _column(column) > MAX_COLUMNS or len(row) > 6 or int(row) > MAX_ROWS:
            raise Wrong(f"holds a cell far outside the table ({column.decode()[:8]}{row.decode()[:12]}): delete it")
    for row in _ROW.findall(seen):
        if len(row) > 7:
            raise Wrong("holds a row far outside the table: delete it")


def _column(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number


def read(raw: bytes) -> list[list[str]]:
    """The cells of the first sheet, as text; empty rows above the table included, so that rows keep their numbers.

    Raises:
        Wrong

    """
    from python_calamine import CalamineWorkbook

    sheet = CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0)
    if sheet.total_height > MAX_ROWS or sheet.total_width > MAX_COLUMNS:
        raise Wrong(f"has more than {MAX_ROWS} rows or {MAX_COLUMNS} columns")
    return [[_text(cell) for cell in row] for row in sheet.to_python(skip_empty_area=False)]


def _text(cell: object) -> str:
    """A cell as a person would type it: whole numbers without a point, days as ISO dates."""
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:
        return str(int(cell))
    if isinstance(cell, datetime):
        return cell.date().isoformat() if not (cell.hour or cell.minute or cell.second) else cell.isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = str(cell)
    if len(text) > MAX_CELL:
        raise Wrong(f"has a cell of more than {MAX_CELL} characters")
    return text


def main() -> None:
    """Read the workbook on standard input."""
    bound()
    try:
        raw = sys.stdin.buffer.read()
        look(raw)
        answer: dict[str, object] = {"rows": read(raw)}
    except Wrong as wrong:
        answer = {"wrong": str(wrong)}
    except MemoryError:
        answer = {"wrong": "needs too much memory"}
    except Exception as error:  # noqa: BLE001  whatever it is, this file cannot be read
        answer = {"wrong": f"cannot be read as XLSX ({type(error).__name__}): open it and save it again"}
    sys.stdout.write(json.dumps(answer))


if __name__ == "__main__":
    main()
