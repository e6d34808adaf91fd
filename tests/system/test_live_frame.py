"""Keys, drafts and news of an open page, in Chromium: a day without a mouse, and what others do shown without moving a row."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Route, expect

from tests.support import story
from tests.support.chromium import PICTURES, Look, Window, chromium, window
from tests.support.commandline import Serving, done, serving
from tests.system.test_page_journey import ADMIN, CHIEF, NAMES, accounts_of, sign_in

pytestmark = pytest.mark.servers

SAID: Final = (
    "Thay máy tính đã dùng 8 năm của các phòng chuyên môn.",
    "Nhà để xe của cơ quan thiếu mái che.",
    "Bổ sung tủ tài liệu cho phòng lưu trữ.",
)
ANSWER: Final = "Văn phòng tiếp thu, bổ sung trong quý II/2023."
TYPED: Final = "Đang chờ báo giá của nhà cung cấp"


def lines() -> Iterator[story.Told]:
    for person, (unit, name) in NAMES.items():
        registered = {"person": person, "name": name, "unit": unit, "valid_from": "2023-01-01"}
        yield story.line("2023-01-04T08:00", "register_person", registered, by=ADMIN)
    for n, words in enumerate(SAID):
        name = f"L-{n}"
        yield story.received(f"2023-02-20T08:0{n}", name, words=words)
        yield story.classified(f"2023-02-20T09:0{n}", name, "che-do-chinh-sach")
        yield story.line(f"2023-02-20T10:0{n}", "refer_opinion", story.about(name))
        if n < 2:
            given = {**story.about(name, "case"), "lead": "TCHCQT"}
            yield story.line(f"2023-02-22T08:0{n}", "assign_case", given, by=CHIEF)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    data = shutil.copytree(made, tmp_path_factory.mktemp("live") / "data")
    done("do", "-", data=data, stdin=story.jsonl(*sorted(lines(), key=lambda each: str(each["at"]))))
    with serving(data) as running:
        yield running, asyncio.run(accounts_of(data))


def base_of(running: Serving) -> str:
    return f"http://127.0.0.1:{running.port}"


def focused(window: Window) -> str:
    found: str = window.page.evaluate("document.activeElement.name || document.activeElement.innerText")
    return found


def test_news_of_a_list_is_told_and_moves_no_row(served: tuple[Serving, str], browser: Browser) -> None:
    running, password = served
    base = base_of(running)
    with window(browser, base, "live-leader", Look(1280)) as leader, window(browser, base, "live-chief", Look(1280)) as chief:
        sign_in(leader, "truong-phong", password)
        told = leader.page.locator("[data-live] [role=status]")
        assert leader.page.locator("#work tr[data-id]").count() == 2
        leader.page.keyboard.press("j")
        before = focused(leader)
        sign_in(chief, "chanh", password, "/awaiting-me")
        chief.open("/my-work")
        _assign(chief, SAID[2])
        expect(told).to_contain_text("Có 1 việc mới.")
        assert leader.page.locator("#work tr[data-id]").count() == 2
        assert focused(leader) == before
        leader.look("news")
        leader.page.click("text=Hiện 1 việc mới")
        expect(leader.page.locator("#work tr[data-id]")).to_have_count(3)
        expect(told).to_be_hidden()
        leader.look("shown")


def _assign(chief: Window, said: str) -> None:
    chief.page.click(f"td.m >> text={said}")
    chief.page.locator("select[name=lead]").first.select_option("TCHCQT")
    chief.page.locator("form[action$='/assign-case'] button.btn").click()
    assert "Đã giao" in chief.page.inner_text("main")


def test_what_was_missed_while_the_line_was_lost_is_made_up_for(served: tuple[Serving, str], browser: Browser) -> None:
    running, password = served
    with window(browser, base_of(running), "live-again", Look(1280)) as leader:
        carried: list[str] = []
        line = {"lost": True}

        def answer(route: Route) -> None:
            """The first stream breaks off after an id; while the line is lost none begins."""
            last = route.request.headers.get("last-event-id")
            if not carried:
                carried.append(parse_qs(urlsplit(route.request.url).query)["after"][0])
                body = f"retry: 500\nid: {carried[0]}\n: here\n\n"
                route.fulfill(status=200, content_type="text/event-stream", body=body)
            elif line["lost"]:
                route.abort()
            else:
                carried.append(last or parse_qs(urlsplit(route.request.url).query)["after"][0])
                route.continue_()

        leader.page.route("**/live?*", answer)
        sign_in(leader, "truong-phong", password)
        told = leader.page.locator("[data-live] [role=status]")
        before = leader.page.inner_text(".stands")
        expect(told).to_contain_text("Mất kết nối từ", timeout=15_000)
        leader.page.screenshot(path=PICTURES / "live-again-lost.png", full_page=True)  # each try that fails is complained of
        leader._judge()
        _first_task(running, password, browser)
        leader.complaints.clear()
        line["lost"] = False
        expect(told).to_contain_text("Danh sách đã có thay đổi.", timeout=20_000)
        assert carried[1] == carried[0]
        assert leader.page.inner_text(".stands") != before
        leader.complaints.clear()
        leader.page.click("text=Hiện danh sách mới")
        expect(told).to_be_hidden()


def test_a_line_lost_after_the_page_was_left_and_come_back_to_is_told_all_the_same(
    served: tuple[Serving, str], browser: Browser
) -> None:
    running, password = served
    with window(browser, base_of(running), "live-back", Look(1280)) as leader:
        leader.page.route("**/live?*", lambda route: route.abort())
        with leader.page.expect_event("requestfailed"):
            sign_in(leader, "truong-phong", password)
        told = leader.page.locator("[data-live] [role=status]")
        leader.page.evaluate("dispatchEvent(new Event('pagehide'))")
        expect(told).to_be_hidden()
        leader.page.wait_for_timeout(11_000)
        expect(told).to_be_hidden()
        leader.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(told).to_contain_text("Mất kết nối từ", timeout=15_000)
        leader.complaints.clear()


def _first_task(running: Serving, password: str, browser: Browser) -> str:
    """Somebody of the same unit takes the first piece of work."""
    with window(browser, base_of(running), "live-other", Look(1280)) as other:
        sign_in(other, "truong-phong", password)
        title: str = other.page.locator("td.m > a").first.inner_text()
        other.page.locator("td.m > a").first.click()
        other.page.click("text='Nhận việc' >> nth=-1")
        assert "Đã nhận việc." in other.page.inner_text("main")
        return title


def test_a_days_work_without_a_mouse(served: tuple[Serving, str], browser: Browser) -> None:
    running, password = served
    with window(browser, base_of(running), "keys", Look(1280)) as leader:
        sign_in(leader, "truong-phong", password)
        keyboard = leader.page.keyboard
        head = " ".join(leader.page.inner_text("header").split())
        assert head.startswith("UBND TỈNH SƠN LA VĂN PHÒNG")
        assert "Lò Thanh Bình Phòng Tổ chức - Hành chính - Quản trị · Lãnh đạo đơn vị" in head
        keyboard.press("?")
        leader.page.wait_for_url("**/keys")
        leader.look("keys")
        keyboard.press("g")
        keyboard.press("i")
        leader.page.wait_for_url("**/my-work")
        keyboard.press("j")
        keyboard.press("j")
        keyboard.press("k")
        assert leader.page.locator("tr[data-cur]").count() == 1
        leader.look("row")
        keyboard.press("Enter")
        leader.page.wait_for_url("**/cases/*")
        keyboard.press("r")
        assert focused(leader) == "answer"
        keyboard.type(ANSWER + " jkx?")
        assert leader.page.url.endswith(leader.page.url.rpartition("/")[2])
        leader.look("writing")
        keyboard.press("Control+Enter")
        expect(leader.page.locator("main")).to_contain_text("Đã trình duyệt.")
        leader.look("sent")


def test_a_draft_outlives_its_tab_but_not_its_sending_nor_the_account(served: tuple[Serving, str], browser: Browser) -> None:
    running, password = served
    with window(browser, base_of(running), "draft", Look(1280)) as leader:
        sign_in(leader, "truong-phong", password)
        leader.page.locator("td.m > a").last.click()
        leader.page.wait_for_url("**/cases/*")
        case = leader.page.url
        leader.page.keyboard.press("r")
        assert focused(leader) == "answer"
        leader.page.keyboard.type(TYPED)
        leader.page.close()
        leader.page = leader.page.context.new_page()
        leader.page.goto(case)
        assert leader.page.locator("textarea[name=answer]").first.input_value() == TYPED
        expect(leader.page.locator("form:has(textarea[name=answer])").first).to_contain_text("còn nguyên.")
        leader.look("recalled")
        kept = "Object.keys(localStorage).filter(key => key.startsWith('draft ')).length"
        assert leader.page.evaluate(kept) == 1
        leader.page.locator("textarea[name=answer]").first.focus()
        leader.page.keyboard.press("Control+Enter")
        expect(leader.page.locator("main")).to_contain_text("Đã trình duyệt.")
        assert leader.page.evaluate(kept) == 0


def test_what_was_typed_goes_with_signing_out_and_with_another_account(served: tuple[Serving, str], browser: Browser) -> None:
    running, password = served
    with window(browser, base_of(running), "forgotten", Look(1280)) as anybody:
        sign_in(anybody, "pho", password, "/awaiting-me")
        anybody.page.evaluate("localStorage.setItem('draft somebody-else /x', '{}')")
        anybody.page.evaluate("localStorage.setItem('draft sample-pho /x', '{\"at\": 1, \"typed\": {}}')")
        kept = "Object.keys(localStorage)"
        anybody.open("/account")
        assert anybody.page.evaluate(kept) == ["draft sample-pho /x"]
        anybody.page.click("text=Đăng xuất >> nth=0")
        assert anybody.page.evaluate(kept) == []


def test_letters_are_letters_where_the_account_has_its_keys_off(served: tuple[Serving, str], browser: Browser) -> None:
    running, password = served
    with window(browser, base_of(running), "keys-off", Look(390, dark=True)) as anybody:
        sign_in(anybody, "chuyen-vien", password)
        anybody.open("/account")
        anybody.page.uncheck("[name=single_keys]")
        anybody.page.click("text=Ghi lựa chọn")
        anybody.look("off")
        anybody.page.keyboard.press("?")
        anybody.page.keyboard.press("g")
        anybody.page.keyboard.press("i")
        anybody.page.wait_for_timeout(200)
        assert "/account" in anybody.page.url
