"""An opening balance by pages: a line is brought with its document, settled, and taken back."""

import re
from pathlib import Path

from tests.assignment.browsing import text_of
from tests.reporting.browsing import forms_of, office, press, went_well
from tests.reporting.house import CHIEF, HUB, LEADER, STRANGER
from tests.reporting.papers import REPORT

PAGE = "/openings/VPUB"
LINE = {
    "report": REPORT,
    "line": "1",
    "count": "5",
    "document.number": "58/BC-VPUB",
    "document.dated": "30/12/2022",
    "document.name": "Báo cáo năm 2022",
    "document.issuer": "Văn phòng UBND tỉnh",
    "field": "dat-dai",
}


async def test_a_line_is_brought_settled_and_taken_back(tmp_path: Path) -> None:
    async with office(tmp_path, locked=False) as (made, browsers):
        await made.ask("open_report", HUB, office="VPUB", year=2023, kind="six_month")
        await made.follow()
        asked = (await (await browsers.of(HUB)).open(PAGE)).text
        places = re.search(r'<select [^>]*name="locality".*?</select>', asked, re.DOTALL)
        assert places is not None
        assert "Phòng Tổ chức" not in places[0]  # nobody lives in a unit of the office
        went_well(await press(browsers, HUB, PAGE, "record-opening-line", **LINE), PAGE, "record-opening-line")
        assert "5 việc mang sang theo văn bản, còn 5" in text_of((await (await browsers.of(LEADER)).open(PAGE)).text)
        ended = {"outcome": "resolved", "count": "2", "on": "10/02/2023", "reason": "Theo báo cáo."}
        went_well(await press(browsers, HUB, PAGE, "1/settle-opening-line", **ended), PAGE, "settle-opening-line")
        shown = text_of((await (await browsers.of(CHIEF)).open(PAGE)).text)
        assert "còn 3" in shown
        assert "Đã giải quyết, 10/02/2023" in shown
        too_many = await press(browsers, HUB, PAGE, "1/settle-opening-line", **{**ended, "count": "4"})
        assert too_many.status_code in (409, 422)
        assert re.search(r"<details[^>]* open>\s*<summary>Ghi số việc đã kết thúc", too_many.text)
        assert 'value="4"' in too_many.text
        back = {"reason": "Ghi nhầm."}
        went_well(
            await press(browsers, HUB, PAGE, "1/1/withdraw-opening-settlement", **back), PAGE, "withdraw-opening-settlement"
        )
        went_well(await press(browsers, HUB, PAGE, "1/withdraw-opening-line", **back), PAGE, "withdraw-opening-line")
        assert "chưa mang sang việc nào" in text_of((await (await browsers.of(HUB)).open(PAGE)).text)


async def test_an_opening_balance_is_shown_to_the_office_and_changed_by_who_answers_for_it(tmp_path: Path) -> None:
    async with office(tmp_path, locked=False) as (made, browsers):
        await made.ask("open_report", HUB, office="VPUB", year=2023, kind="six_month")
        await made.follow()
        leader = await browsers.of(LEADER)
        shown = await leader.open(PAGE)
        assert (shown.status_code, forms_of(shown.text)) == (200, set())
        token = re.search(r'name="token" value="(\w+)"', shown.text)
        assert token is not None
        before = (await made.log.head()).position
        assert (await leader.post(f"{PAGE}/record-opening-line", token=token[1], key="k", **LINE)).status_code == 403
        assert (await leader.post(f"{PAGE}/no-such-act", token=token[1], key="k")).status_code == 404
        assert (await (await browsers.of(STRANGER)).open(PAGE)).status_code == 404
        refused = await press(browsers, HUB, PAGE, "record-opening-line", **{**LINE, "document.dated": "<script>"})
        assert refused.status_code == 422
        assert "<script>" not in refused.text
        assert (await made.log.head()).position == before
