"""An opening balance over HTTP and through locks, on both databases: who may say it, what it blocks, what stands on paper."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import httpx2
import pdfplumber
import pytest

from services.reporting.app import build
from services.reporting.entrypoints.workbook import BROUGHT
from shared.contracts.opinion import Channel, OpinionReceived, SourceGroup
from tests.reporting.house import CHIEF, DEPUTY, FEEDER, HUB, PEOPLE, SOURCES, STRANGER, House, furnish
from tests.reporting.papers import CORRECTION, REPORT
from tests.reporting.test_locking import fenced, told, waived
from tests.reporting.test_workbook import sheets
from tests.support.hosting import on_postgres, on_sqlite
from tests.support.scenario import sealed

ROOT: Final = "/openings/VPUB/lines"
LATER: Final = "report-VPUB-2023"
PAPER: Final[dict[str, Any]] = {
    "number": "120/BC-VPUB",
    "dated": "2022-12-30",
    "name": "Báo cáo kết quả đối thoại năm 2022",
    "issuer": "Văn phòng UBND tỉnh Sơn La",
}
LINE: Final[dict[str, Any]] = {"report": REPORT, "line": 1, "count": 5, "field": "dat-dai", "unit": "TH", "document": PAPER}
SETTLEMENT: Final[dict[str, Any]] = {
    "count": 2,
    "outcome": "resolved",
    "on": "2023-02-10",
    "reason": "Theo báo cáo của Phòng Tổng hợp.",
}
WHY: Final[dict[str, Any]] = {"reason": "Ghi nhầm."}
HALF: Final[dict[str, Any]] = {"office": "VPUB", "kind": "six_month", "year": 2023}
DAYS: Final = {"first": "2023-01-04", "last": "2023-05-31", "before": "2023-06-10"}


@asynccontextmanager
async def _served(where: Any, path: Path) -> AsyncIterator[House]:
    if where is None:
        async with on_sqlite(House, path, "reporting", build, beside=SOURCES, people=PEOPLE) as made:
            yield made
    else:
        address, database = where
        async with on_postgres(House, address, database, "reporting", build, beside=SOURCES, people=PEOPLE) as made:
            yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[House]:
    """The directory is known and the office's first report is open."""
    places = ("postgres", "database_name")
    where = tuple(request.getfixturevalue(name) for name in places) if request.param == "postgres" else None
    async with _served(where, tmp_path) as made:
        await furnish(made)
        await made.ask("open_report", HUB, **HALF, **DAYS)
        yield made


async def posted(house: House, path: str = "", /, **body: Any) -> httpx2.Response:
    answer = await house.post(HUB, f"{ROOT}{path}", **body)
    assert answer.status_code in (200, 201), answer.text
    return answer


async def shown(house: House) -> Any:
    return (await house.get(HUB, "/openings/VPUB")).json()


async def locked(house: House, report: str = REPORT) -> Any:
    await waived(house, report)
    await house.ask("request_lock", HUB, report=report)
    await fenced(house, report)
    return await told(house, report)


async def carried_on(house: House) -> Any:
    """The rest of the year is locked behind the six months; its Biểu 02."""
    house.clock.move_to(datetime(2023, 11, 2, 2, tzinfo=UTC))
    days = {"first": "2023-06-01", "last": "2023-10-31", "before": "2023-11-20"}
    await house.ask("open_report", HUB, office="VPUB", kind="annual", year=2023, **days)
    assert (await locked(house, LATER))["blocks"] == []
    return (await house.get(HUB, f"/reports/{LATER}/figures")).json()["tables"]["bieu-02"]


async def test_each_route_does_what_it_says_and_the_balance_tells_it(office: House) -> None:
    assert (await posted(office, **LINE)).status_code == 201
    await posted(office, **{**LINE, "line": 2, "count": 3})
    await posted(office, "/2/withdrawal", **WHY)
    await posted(office, "/1/settlements", **SETTLEMENT)
    await posted(office, "/1/settlements", **{**SETTLEMENT, "count": 1, "outcome": "forwarded"})
    await posted(office, "/1/settlements/1/withdrawal", **WHY)
    found = await shown(office)
    [line] = found["lines"]
    assert (found["total"], found["remain"], line["document"]) == (5, 4, PAPER)
    assert [(each["settlement"], each["count"], each["withdrawn"] is None) for each in line["settled"]] == [
        (1, 2, False),
        (2, 1, True),
    ]


async def test_each_route_refuses_by_the_rule_that_is_broken_and_leaves_no_trace(office: House) -> None:
    await posted(office, **LINE)
    await posted(office, "/1/settlements", **SETTLEMENT)
    refused: list[tuple[str, dict[str, Any], str, int]] = [
        ("", {**LINE, "count": 6}, "line-stands", 409),
        ("", {**LINE, "line": 501}, "opening-too-large", 422),
        ("", {**LINE, "line": 2, "field": "khong-co"}, "unknown", 404),
        ("", {**LINE, "line": 2, "report": "report-VPUB-2022"}, "unknown", 404),
        ("", {**LINE, "line": 2, "document": {**PAPER, "issuer": ""}}, "invalid", 422),
        ("/9/withdrawal", WHY, "unknown", 404),
        ("/9/settlements", SETTLEMENT, "unknown", 404),
        ("/1/settlements", {**SETTLEMENT, "count": 4}, "more-than-remain", 409),
        ("/1/settlements", {**SETTLEMENT, "on": "2023-01-03"}, "settled-outside", 422),
        ("/1/settlements/2/withdrawal", WHY, "unknown", 404),
    ]
    for path, body, code, status in refused:
        await office.refused(HUB, f"{ROOT}{path}", code, status, **body)
    await locked(office)
    for path, body in (("", {**LINE, "line": 2}), ("/1/withdrawal", WHY)):
        await office.refused(HUB, f"{ROOT}{path}", "report-not-open", 409, **body)


async def test_only_the_office_s_hub_and_head_say_what_it_brought_along(office: House) -> None:
    await posted(office, **LINE)
    await posted(office, "/1/settlements", **SETTLEMENT)
    asked: list[tuple[str, dict[str, Any]]] = [
        ("", {**LINE, "line": 2}),
        ("/1/withdrawal", WHY),
        ("/1/settlements", SETTLEMENT),
        ("/1/settlements/1/withdrawal", WHY),
    ]
    for path, body in asked:
        await office.refused(STRANGER, f"{ROOT}{path}", "unknown", 404, **body)
        await office.refused(FEEDER, f"{ROOT}{path}", "forbidden", 403, **body)
    assert (await office.get(STRANGER, "/openings/VPUB")).status_code == 404
    assert (await office.post(CHIEF, f"{ROOT}/1/settlements/1/withdrawal", **WHY)).status_code == 200


async def test_a_lock_is_blocked_while_lines_and_opinions_tell_of_the_same_stock(office: House) -> None:
    await posted(office, **LINE)
    opinion = OpinionReceived(
        episode="7Q2K/1",
        office="VPUB",
        unit="VT",
        local_id="7Q2K",
        content_key="0" * 64,
        channel=Channel.LETTER,
        source_group=SourceGroup.PEOPLE,
        locality=None,
        received_at=datetime(2022, 12, 20, 2, tzinfo=UTC),
        words=sealed(),
        speaker=None,
        speaker_name=None,
        speaker_contact=None,
        hidden=False,
        receipt=sealed(),
        receipt_key="0" * 64,
    )
    await office.happen("intake", {"opinion-7Q2K": [opinion]}, at=datetime(2022, 12, 20, 2, tzinfo=UTC))
    found = await locked(office)
    assert (found["state"], [each["code"] for each in found["blocks"]]) == ("open", ["stock-recorded-both-ways"])
    assert found["blocks"][0]["count"] == 1
    await office.refused(HUB, ROOT, "stock-recorded-both-ways", 409, **{**LINE, "line": 2})
    await posted(office, "/1/settlements", **{**SETTLEMENT, "count": 1, "outcome": "recorded"})
    assert (await locked(office))["state"] == "locked"
    table = (await office.get(HUB, f"/reports/{REPORT}/figures")).json()["tables"]["bieu-02"]
    assert table["total"]["A"] == 5  # four of the line, and the opinion


async def test_what_is_withdrawn_after_a_lock_counted_it_leaves_that_lock_and_adjusts_the_next(office: House) -> None:
    await posted(office, **LINE)
    await posted(office, "/1/settlements", **SETTLEMENT)
    await locked(office)
    await posted(office, "/1/settlements/1/withdrawal", **WHY)
    six_months = (await office.get(HUB, f"/reports/{REPORT}/figures")).json()
    assert (six_months["agrees"], six_months["tables"]["bieu-02"]["total"]["I"]) == (True, 2)
    total = (await carried_on(office))["total"]
    assert [total[column] for column in ("A", "A1", "A1_late", "C", "J")] == [3, 2, 2, 5, 5]
    cell = (await office.get(HUB, "/cells?cell=bieu-02/total/A1&office=VPUB&from=2023-06-01&to=2023-10-31")).json()
    [line] = cell["lines"]
    assert (line["line"], line["count"], line["change"], line["document"]) == (1, 2, 1, PAPER)


async def signed(house: House) -> None:
    await house.submitted()
    await house.ask("sign_report", DEPUTY, report=REPORT, capacity="KT")


async def test_a_correction_says_by_which_matters_of_which_lines_it_differs(office: House) -> None:
    await posted(office, **LINE)
    await posted(office, **{**LINE, "line": 2, "count": 3, "field": None, "unit": None})
    await posted(office, "/1/settlements", **SETTLEMENT)
    await locked(office)
    await signed(office)
    await office.ask("supersede_report", HUB, report=REPORT, reason="Số chuyển kỳ ghi sai.")
    await posted(office, "/2/withdrawal", **WHY)
    await posted(office, **{**LINE, "report": CORRECTION, "line": 2, "count": 2, "field": None, "unit": None})
    await posted(office, **{**LINE, "report": CORRECTION, "line": 3, "count": 1})
    await posted(office, "/1/settlements/1/withdrawal", **WHY)
    assert (await locked(office, CORRECTION))["blocks"] == []
    found = (await office.get(HUB, f"/reports/{CORRECTION}/differences")).json()
    cells = {each["cell"]: each for each in found["cells"]}
    assert [(cells[name]["was"], cells[name]["now"]) for name in ("bieu-02/total/I", "bieu-02/total/J")] == [(2, 0), (6, 8)]
    assert "bieu-02/total/A" not in cells  # one less of the one line, one more by the other
    assert cells["bieu-02/-/A"]["episodes"] == ["opening-VPUB-2/3"]
    assert cells["bieu-02/dat-dai/A"]["episodes"] == ["opening-VPUB-3/1"]
    because = {each["episode"]: {fact["kind"] for fact in each["because"]} for each in found["episodes"]}
    assert because == {
        "opening-VPUB-1/1": {"taken_back"},
        "opening-VPUB-1/2": {"taken_back"},
        "opening-VPUB-2/3": {"struck"},
        "opening-VPUB-3/1": {"received", "field", "lead"},
    }
    assert (await office.get(HUB, f"/reports/{REPORT}/figures")).json()["agrees"]
    total = (await carried_on(office))["total"]
    assert (total["A"], total["A1"]) == (8, 0)  # what the correction left open


async def test_the_report_names_the_documents_that_its_figures_rest_on(office: House) -> None:
    other = {"number": "07/TB-UBND", "dated": "2022-11-15", "name": "Thông báo kết luận", "issuer": "UBND tỉnh Sơn La"}
    await posted(office, **{**LINE, "due": "2023-02-10"})
    await posted(office, **{**LINE, "line": 2, "count": 3, "field": None, "unit": None, "document": other})
    await posted(office, "/1/settlements", **SETTLEMENT)
    await locked(office)
    first = "05 lượt theo Báo cáo kết quả đối thoại năm 2022 số 120/BC-VPUB ngày 30/12/2022 của Văn phòng UBND tỉnh Sơn La"
    second = "03 lượt theo Thông báo kết luận số 07/TB-UBND ngày 15/11/2022 của UBND tỉnh Sơn La"
    answer = await office.get(HUB, f"/reports/{REPORT}/paper/file")
    with pdfplumber.open(io.BytesIO(answer.content)) as pages:
        text = " ".join(" ".join(page.extract_text().split()) for page in pages.pages)
        tables = [table for page in pages.pages for table in page.extract_tables() if table[0][-1] == "Theo văn bản"]
    assert f"Trong số phải xử lý có 08 lượt chuyển kỳ lấy theo số liệu của văn bản: {first}; {second}." in text
    assert "Chi tiết tại các Phụ lục II, III, IV, VI" in text
    [table] = tables
    rows = {row[0]: [cell.replace("\n", " ") for cell in row if cell is not None] for row in table}
    assert rows["1"][5:9] == ["10/02/2023", "5", "2", "3"]
    assert "120/BC-VPUB" in rows["1"][-1]
    assert rows["2"][1] == "Chưa phân loại"
    assert "07/TB-UBND" in rows["2"][-1]
    sheet = sheets((await office.get(HUB, f"/reports/{REPORT}/workbook")).content)[BROUGHT]
    assert [sheet[f"{column}5"] for column in "AGHIJKLMN"] == [
        *(1, 5, 5, 2, 3),
        *("120/BC-VPUB", "30/12/2022", "Văn phòng UBND tỉnh Sơn La", "Báo cáo kết quả đối thoại năm 2022"),
    ]
    assert [sheet[f"{column}6"] for column in "ABFGK"] == [2, "Chưa phân loại", "—", 3, "07/TB-UBND"]


async def test_a_report_that_rests_on_opinions_alone_names_no_such_document(office: House) -> None:
    await locked(office)
    assert BROUGHT not in sheets((await office.get(HUB, f"/reports/{REPORT}/workbook")).content)
    answer = await office.get(HUB, f"/reports/{REPORT}/paper/file?form=docx")
    assert answer.status_code == 200
