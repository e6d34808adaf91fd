"""A locked report's workbook: a sheet for each table, typed cells, no formula, and the same bytes for the same lock."""

import re
import zipfile
from collections.abc import Mapping
from io import BytesIO
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from services.reporting.entrypoints.workbook import BESIDE, SHEETS, workbook
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.forms import Table
from tests.reporting.story import Story
from tests.reporting.world import HUB, World
from tests.reporting.year_2023 import FIRST_LOCK, SIX_MONTHS

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


Tables = dict[str, Any]


async def locked(world: World, year: Story) -> tuple[dict[str, Any], Tables, Tables]:
    """The six months of 2023 as locked, their tables, and Biểu 02 beside other days."""
    await world.play(year)
    positions = await world.lock(year, SIX_MONTHS, FIRST_LOCK)
    basis = Basis(positions, None)
    tables = await world.locking.figures("VPUB", *SIX_MONTHS, basis)
    first, last = SIX_MONTHS
    beside = await world.comparison.compared(HUB, table=Table.OPINIONS, office="VPUB", first=first, last=last, as_of=basis)
    lock = {
        "positions": [{"source": source, "position": at} for source, at in positions.items()],
        "predecessor": None,
        "figures": "5e" * 32,
        "definitions": "bieu.3",
        "calendar": "VN-2023",
    }
    days = {"from": "2023-01-04", "to": "2023-05-31", "before": "2023-06-10", "locked_at": "2023-06-02T10:00:00+00:00"}
    named = {"report": "report-VPUB-2023-H1", "office": "VPUB", "office_label": 'Văn phòng <UBND> tỉnh & "Sơn La"'}
    return {**named, **days, "kind": "six_month", "year": 2023, "lock": lock}, tables, beside


def sheets(content: bytes) -> dict[str, dict[str, Any]]:
    """By sheet, the value of each cell: numbers as numbers, texts as texts."""
    book = zipfile.ZipFile(BytesIO(content))
    shared = [
        "".join(text.text or "" for text in item.iter(f"{S}t")) for item in ET.fromstring(book.read("xl/sharedStrings.xml"))
    ]
    names = [each.attrib["name"] for each in ET.fromstring(book.read("xl/workbook.xml")).iter(f"{S}sheet")]
    found: dict[str, dict[str, Any]] = {}
    for n, name in enumerate(names, start=1):
        cells: Mapping[str, Any] = {
            cell.attrib["r"]: shared[int(cell.findtext(f"{S}v", ""))]
            if cell.attrib.get("t") == "s"
            else float(cell.findtext(f"{S}v", ""))
            for cell in ET.fromstring(book.read(f"xl/worksheets/sheet{n}.xml")).iter(f"{S}c")
            if cell.find(f"{S}v") is not None
        }
        found[name] = dict(cells)
    return found


async def test_every_table_has_a_sheet_that_says_what_it_says(world: World, year: Story) -> None:
    one, tables, beside = await locked(world, year)
    found = sheets(workbook(one, tables, beside))
    assert list(found) == ["Báo cáo", *SHEETS.values(), BESIDE]
    for table in Table:
        cells, counted = found[SHEETS[table]], tables[table.value]
        assert cells["A1"] == counted["title"]
        assert cells["A2"] == 'Văn phòng <UBND> tỉnh & "Sơn La", từ ngày 04/01/2023 đến hết ngày 31/05/2023'
        groups = (row for group in ("rows", "outside", "sources", "subtotals") for row in counted.get(group, ()))
        rows = [*groups, counted["total"]]
        for n, row in enumerate(rows, start=6):
            shown = [cells[f"{column_name(k)}{n}"] for k in range(1, len(counted["columns"]) + 1)]
            assert shown == [expected(row[column["key"]]) for column in counted["columns"]]
            assert cells[f"A{n}"].endswith(row["label"])


async def test_the_figures_stand_beside_those_of_other_days(world: World, year: Story) -> None:
    one, tables, beside = await locked(world, year)
    for figure in beside["total"]["figures"].values():
        figure["before"], figure["change"] = figure["now"], "-2.5" if isinstance(figure["now"], str) else -1
    cells = sheets(workbook(one, tables, {**beside, "same_days": {"from": "2022-01-04", "to": "2022-05-31"}}))[BESIDE]
    assert cells["A3"] == "Cùng kỳ: từ ngày 04/01/2022 đến hết ngày 31/05/2022"
    assert cells["A4"] == "Lũy kế: từ ngày 04/01/2023 đến hết ngày 31/05/2023"
    total = tables["bieu-02"]["total"]
    assert [cells[f"{column}9"] for column in "ABCD"] == ["B1 Tiếp nhận mới", total["B1"], total["B1"], -1]
    assert cells["D25"] == -2.5
    without = sheets(workbook(one, tables, beside))[BESIDE]
    assert without["A3"] == "Cùng kỳ: chưa có số liệu, vì trước kỳ báo cáo đầu tiên của đơn vị"


async def test_it_opens_with_what_the_figures_rest_on(world: World, year: Story) -> None:
    one, tables, beside = await locked(world, year)
    cover = sheets(workbook(one, tables, beside))["Báo cáo"]
    told = {cover[f"A{n}"]: cover[f"B{n}"] for n in range(3, 12)}
    assert told["Chốt số liệu lúc"] == "17:00 02/06/2023"
    assert told["Mã băm số liệu (SHA-256)"] == "5e" * 32
    assert re.fullmatch(r"intake \d+, assignment \d+", told["Vị trí nhật ký"])


async def test_the_same_lock_gives_the_same_bytes(world: World, year: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    one, tables, beside = await locked(world, year)
    first = workbook(one, tables, beside)
    monkeypatch.setattr("time.time", lambda: 4_102_444_800.0)  # another day
    assert workbook(one, tables, beside) == first


async def test_nothing_in_it_is_worked_out_when_it_is_opened(world: World, year: Story) -> None:
    one, tables, beside = await locked(world, year)
    for text in ('=HYPERLINK("http://x")', "+1", "@SUM(A1)", "http://x.example"):
        tables["bieu-02"]["rows"][0]["label"] = text
        content = workbook({**one, "office_label": text}, tables, beside)
        book = zipfile.ZipFile(BytesIO(content))
        written = b"".join(book.read(name) for name in book.namelist() if name.startswith("xl/worksheets/"))
        assert b"<f>" not in written
        assert b"hyperlink" not in written
        assert sheets(content)["Biểu 02"]["A6"] == text


def column_name(n: int) -> str:
    return chr(ord("A") + n)


def expected(value: Any) -> Any:
    if value is None:
        return "—"
    return float(value) if isinstance(value, int) or value.replace(".", "", 1).isdecimal() else value
