"""Tables by pages: every figure opens what it counts, what must add up is told, days are read as people type them."""

import asyncio
import html
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from services.reporting.entrypoints.pages import figures, province, reports
from services.reporting.entrypoints.pages.figures.grid import grid, signed, written
from services.reporting.entrypoints.pages.figures.identities import additions, identities
from services.reporting.entrypoints.pages.figures.looked import Looked, Ways, cell_name, moment_of
from services.reporting.entrypoints.pages.figures.opened import case_of, episode_of
from services.reporting.entrypoints.pages.figures.sheets import csv_of
from services.reporting.entrypoints.pages.underway import MOST, Underway
from services.reporting.readmodel import headings
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table, Units
from shared.asof import UnreadableAsOf
from shared.clock import VIETNAM
from shared.identity.sessions import Session
from shared.permit import Subject
from tests.assignment.browsing import text_of
from tests.reporting.browsing import AT, forms_of, office
from tests.reporting.house import AUDITOR, BDV, CHIEF, HUB, LEADER, STRANGER

DAYS = "office=VPUB&from=2023-01-04&to=2023-10-31"
USUAL = Ways(by=None, units=Units.WAS, as_of="")


def opinions(**more: Any) -> dict[str, Any]:
    row = dict.fromkeys(headings.OPINIONS, 0) | {"T1": None, "T2": "100.0", "T3": "83.3"} | more
    rows = [{"key": "dat-dai", "label": "Đất đai", **row}]
    return {
        "table": "bieu-02",
        "title": "Biểu 02",
        "by": "field",
        "columns": headings.columns(headings.OPINIONS),
        "rows": rows,
        "subtotals": [{"key": "nhan_dan", "label": "Nhân dân, tổ chức", **row}],
        "total": {"key": "total", "label": "Tổng", **row},
    }


def test_figures_are_written_as_people_here_write_them() -> None:
    assert [written("C", each) for each in (0, 1234)] == ["0", "1.234"]
    assert [written("A1", each) for each in (2, -1, 0)] == ["+2", "−1", "0"]
    assert [written("T1", each) for each in (None, "77.8")] == ["—", "77,8"]
    assert [signed(each) for each in (3, -1, 0, "+15.3", "-2.0", None)] == ["+3", "−1", "0", "+15,3", "−2,0", "—"]


def test_nought_is_grey_and_every_other_count_leads_to_what_it_counts() -> None:
    made = grid(opinions(B1=2, C=2), lambda cell: f"/{cell}")
    figures = {head.key: figure for head, figure in zip(made.heads, made.groups["rows"][0].figures, strict=True)}
    assert (figures["B1"].href, figures["B1"].quiet) == ("/bieu-02/dat-dai/B1", False)
    assert (figures["D"].href, figures["D"].quiet, figures["D"].text) == (None, True, "0")
    assert (figures["T1"].href, figures["T1"].text) == (None, "—")
    assert made.groups["subtotals"][0].figures[2].href == "/bieu-02/subtotal.nhan_dan/B1"
    assert made.groups["total"][0].figures[2].href == "/bieu-02/total/B1"
    assert all(figure.href is None for line in grid(opinions(B1=2), None).groups["rows"] for figure in line.figures)


def test_an_adjustment_of_nought_that_is_made_of_one_more_and_one_less_opens_too() -> None:
    made = grid(opinions(A1=0, A1_late=1, A1_moved=-1), lambda cell: f"/{cell}")
    assert made.groups["rows"][0].figures[1].href == "/bieu-02/dat-dai/A1"


@pytest.mark.parametrize(
    ("by", "group", "cell"),
    [
        (By.FIELD, "rows", "bieu-02/x/J"),
        (By.UNIT, "rows", "bieu-03/x/J"),
        (By.LOCALITY, "rows", "bieu-04/x/J"),
        (By.SOURCE, "rows", "bieu-04/source.x/J"),
        (By.FIELD, "subtotals", "bieu-02/subtotal.x/J"),
    ],
)
def test_a_table_that_is_broken_down_otherwise_opens_the_cells_of_the_form_that_is_so(by: By, group: str, cell: str) -> None:
    assert cell_name(Table.OPINIONS, by, group, "x", "J") == cell


def test_what_must_add_up_is_told_with_its_figures_and_where_it_does_not() -> None:
    right = opinions(B1=9, C=9, D=1, H=8, I=5, I1=4, I2=1, J=3, J1=3)
    assert [(each.said, each.figures, each.holds) for each in identities(right)][:2] == [
        ("C = A + A′ + B1 + B2", "9 = 0 + 0 + 9 + 0", True),
        ("H = C − D − E − F − G", "8 = 9 − 1 − 0 − 0 − 0", True),
    ]
    assert all(each.holds for each in identities(right))
    assert all(each.holds for each in additions(right))
    wrong = opinions(B1=9, C=9, H=9, I=5, I1=5)
    assert {each.said: each.failing for each in identities(wrong) if not each.holds} == {
        "H = I + J": ("Đất đai", "Nhân dân, tổ chức", "Tổng")
    }
    wrong["total"]["C"] = 10
    assert [(each.group, each.failing) for each in additions(wrong)] == [("rows", ("C",)), ("subtotals", ("C",))]


def test_days_and_instants_are_read_as_people_type_them_and_as_over_the_api() -> None:
    assert moment_of("") is None
    assert moment_of("02/06/2023") == datetime(2023, 6, 3, tzinfo=VIETNAM)  # a day alone is the end of it
    assert moment_of("2/6/2023 17:00") == datetime(2023, 6, 2, 17, tzinfo=VIETNAM)
    assert moment_of("intake=1,assignment=2") == {"intake": 1, "assignment": 2}
    for strange in ("31/02/2023", "32/13/2023", "hôm qua", "31/12/9999"):
        with pytest.raises(UnreadableAsOf):
            moment_of(strange)


def test_links_keep_how_a_table_is_looked_at() -> None:
    looked = Looked(
        where="/figures",
        office="VPUB",
        first=date(2023, 1, 4),
        last=date(2023, 5, 31),
        ways=Ways(by=By.UNIT, units=Units.NOW, as_of="02/06/2023"),
    )
    link = looked.link("bieu-03")
    assert link == "/figures/bieu-03?office=VPUB&from=2023-01-04&to=2023-05-31&by=unit&units=now&as_of=02%2F06%2F2023"
    assert "as_of" not in looked.link("bieu-03", as_of="")
    assert looked.cell("bieu-01/A1/dinh_ky/0'").startswith("/figures/bieu-01/A1/dinh_ky/0%27?")


def test_a_sheet_holds_what_is_shown_and_nothing_that_a_program_would_work_out() -> None:
    found = opinions(B1=2)
    found["rows"][0]["label"] = " ＝1+1"  # spreadsheets pass over the space, and read the wide sign as the narrow one
    lines = csv_of(found).decode("utf-8-sig").splitlines()
    assert lines[0].startswith(",A Kỳ trước chuyển sang")
    assert lines[1].startswith("' ＝1+1,0,0,2,0,")
    assert lines[-1].startswith("Tổng,")


def test_whoever_names_a_case_or_an_opinion_means_its_first_episode() -> None:
    assert [episode_of(each) for each in ("case-X", " opinion-X ", "X/2", "session-Y", "")] == [
        "X/1",
        "X/1",
        "X/2",
        "session-Y",
        "",
    ]
    fact = {"source": "assignment"}
    assert case_of({"episode": "X/2", "facts": [fact], "values": []}) == "/cases/case-X"
    assert case_of({"episode": "X/1", "facts": [{"source": "intake"}], "values": []}) is None
    assert case_of({"name": "notice-Y/1", "facts": [fact]}) is None


class Slow:
    """Counts as long as nobody lets it end."""

    def __init__(self) -> None:
        self.begun, self.free = 0, asyncio.Event()

    async def __call__(self) -> str:
        self.begun += 1
        await self.free.wait()
        return f"counted {self.begun}"


def session_of(by: Subject, id: str = "s1") -> Session:
    return Session(id=id, name=by.person, subject=by, must_change=False, begun_at=0, seen_at=0)


async def test_what_takes_long_is_counted_on_and_given_to_whoever_asks_again() -> None:
    slow, underway, hub = Slow(), Underway(patience=0.01), session_of(HUB)
    assert await underway.of(hub, "a", slow) is None
    assert await underway.of(hub, "a", slow) is None
    slow.free.set()
    assert await underway.of(hub, "a", slow) == "counted 1"
    assert await underway.of(hub, "a", slow) == "counted 2"  # asked once more, it is counted anew


async def test_what_was_counted_is_given_neither_to_another_post_of_a_session_nor_after_a_while() -> None:
    slow, underway = Slow(), Underway(patience=0.01, kept=0.02)
    assert await underway.of(session_of(HUB), "a", slow) is None
    assert await underway.of(session_of(LEADER), "a", slow) is None  # the same session, acting from another post
    assert slow.begun == 2
    slow.free.set()
    await asyncio.sleep(0.1)
    assert await underway.of(session_of(HUB), "a", slow) == "counted 3"


async def test_whoever_has_much_counted_takes_the_place_of_nobody_else() -> None:
    slow, underway = Slow(), Underway(patience=0.001)
    assert await underway.of(session_of(HUB), "a", slow) is None
    greedy = session_of(LEADER, "s2")
    for n in range(3 * MOST):
        assert await underway.of(greedy, n, slow) is None
    slow.free.set()
    begun = slow.begun
    assert await underway.of(session_of(HUB), "a", slow) is not None
    assert await underway.of(greedy, 3 * MOST - 1, slow) is not None
    assert slow.begun == begun
    assert await underway.of(greedy, 0, slow) is not None  # what it asked for first had given way
    assert slow.begun == begun + 1


async def test_every_figure_of_every_table_opens_and_counts_what_it_says(tmp_path: Path) -> None:
    async with office(tmp_path, locked=False, lived=True) as (_, browsers):
        hub = await browsers.of(HUB)
        opened = 0
        for table in Table:
            shown = (await hub.open(f"/figures/{table.value}?{DAYS}")).text
            cells = re.findall(r'<td[^>]*><a href="(/figures/[^"]+)">([^<]+)</a></td>', shown)
            assert cells or table is Table.GATHERING, table  # that year nobody was asked by a round
            for href, figure in cells[:: max(1, len(cells) // 6)]:
                page = await hub.open(html.unescape(href))
                assert page.status_code == 200, href
                words = text_of(page.text)
                assert f"Số {figure.lstrip('+')} ở cột" in words, (href, figure)
                assert "phân công" in words or "tiếp nhận" in words
                opened += 1
        assert opened > 30


async def test_a_table_says_what_adds_up_and_stands_beside_other_days(tmp_path: Path) -> None:
    async with office(tmp_path, locked=False, lived=True) as (_, browsers):
        hub = await browsers.of(HUB)
        words = text_of((await hub.open(f"/figures/bieu-02?{DAYS}")).text)
        assert "7 trên 7 đúng" in words
        assert "Tổng 0 0 17 1 18 1 2 1 1 13 12 10 2 1 1 0 92,3 83,3 83,3" in words
        beside = text_of((await hub.open(f"/figures/bieu-02?{DAYS}&beside=total")).text)
        assert "Cùng kỳ năm trước" in beside
        for form, begin in (("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")):
            answer = await hub.open(f"/figures/bieu-02/file?{DAYS}&form={form}")
            assert answer.content.startswith(begin)
            assert "attachment" in answer.headers["Content-Disposition"]


async def test_looked_at_as_known_earlier_a_table_says_so_and_asks_nothing_else(tmp_path: Path) -> None:
    async with office(tmp_path, locked=False, lived=True) as (_, browsers):
        hub = await browsers.of(HUB)
        shown = (await hub.open(f"/figures/bieu-02?{DAYS}&as_of=02/06/2023")).text
        assert "Đang xem số liệu như đã biết lúc 02/06/2023." in text_of(shown)
        assert forms_of(shown) == set()
        now = re.search(r'<a href="([^"]+)">Về hiện tại</a>', shown)
        assert now is not None
        assert "as_of" not in now[1]
        assert (await hub.open(f"/figures/bieu-02?{DAYS}&as_of=x")).status_code == 422


async def test_figures_are_of_days_and_both_are_named(tmp_path: Path) -> None:
    async with office(tmp_path, locked=False) as (_, browsers):
        hub = await browsers.of(HUB)
        assert "Từ ngày" in text_of((await hub.open("/figures")).text)
        for typed, words in (("from=04/01/2023", "Chưa nêu đủ ngày"), ("from=x&to=31/05/2023", "Chưa đọc được ngày")):
            refused = await hub.open(f"/figures/bieu-02?{typed}")
            assert refused.status_code == 422
            assert words in text_of(refused.text)
        begun = await hub.open("/figures?from=4/1/2023&to=31/05/2023")
        assert begun.headers["Location"] == "/figures/bieu-02?office=VPUB&from=2023-01-04&to=2023-05-31"


async def test_only_whoever_answers_for_a_report_opens_its_figures(tmp_path: Path) -> None:
    async with office(tmp_path, lived=True) as (_, browsers):
        for by, links in ((HUB, True), (CHIEF, True), (AUDITOR, True), (LEADER, False)):
            browser = await browsers.of(by)
            shown = await browser.open(f"{AT}/bieu-02")
            assert shown.status_code == 200
            assert bool(re.search(rf'<td[^>]*><a href="{AT}/bieu-02/', shown.text)) is links, by.person
            assert (await browser.open(f"{AT}/bieu-02/total/C")).status_code == (200 if links else 403)
            assert (await browser.open(f"{AT}/why?of=X/1")).status_code == (404 if links else 403)
        for by in (BDV, STRANGER):
            browser = await browsers.of(by)
            for page in (f"{AT}/bieu-02", f"{AT}/bieu-02/total/C", f"/figures/bieu-02?{DAYS}", f"{AT}/why?of=X/1"):
                assert (await browser.open(page)).status_code == 404, (by.person, page)


async def test_an_episode_asked_for_by_its_code_says_why_it_is_counted(tmp_path: Path) -> None:
    async with office(tmp_path, locked=False, lived=True) as (_, browsers):
        hub = await browsers.of(HUB)
        cell = text_of((await hub.open(f"/figures/bieu-02/total/J?{DAYS}")).text)
        code = re.search(r"(\S+)/1", cell.partition("Căn cứ trong nhật ký")[2])
        assert code is not None
        words = text_of((await hub.open(f"/figures/why?{DAYS}&of=case-{code[1]}")).text)
        assert "Được tính trong kỳ" in words
        assert "Căn cứ của từng cột" in words


async def test_the_province_names_who_has_not_locked_and_counts_it_nowhere(tmp_path: Path) -> None:
    async with office(tmp_path, lived=True) as (_, browsers):
        reader = await browsers.of(BDV)
        words = text_of((await reader.open("/province/bieu-02?year=2023&kind=six_month")).text)
        assert re.search(r"1 trên \d+ cơ quan đã chốt", words)
        assert "chưa chốt, không cộng" in words
        assert (await reader.open("/province/bieu-02/file?year=2023&kind=six_month&form=xlsx")).content[:2] == b"PK"
        none = text_of((await reader.open("/province/bieu-02?year=2022&kind=annual")).text)
        assert "chưa có số để cộng" in none
        usual = text_of((await reader.open("/province/bieu-02")).text)
        assert re.search(r"1 trên \d+ cơ quan đã chốt", usual)  # what was locked last, the year before it was not
        for by in (HUB, LEADER, STRANGER):
            assert (await (await browsers.of(by)).open("/province/bieu-02?year=2023")).status_code == 403


def test_links_of_the_menu_are_those_that_somebody_s_capacities_reach() -> None:
    reach = {by.person: figures.reached(by) | province.reached(by) | reports.reached(by) for by in (HUB, LEADER, BDV)}
    assert reach[HUB.person] == {"/figures", "/reports", "/report-registers"}
    assert reach[LEADER.person] == {"/figures", "/reports"}
    assert reach[BDV.person] == {"/province", "/reports"}
