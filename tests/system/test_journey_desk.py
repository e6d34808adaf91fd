"""A day at the assignment desk, by pages alone in Chromium: the hub proposes and urges, the head decides, a leader passes on."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from deploy import directory
from deploy.ground import on_directory
from deploy.house import access_on
from shared.contracts.roles import Role
from shared.identity.accounts import OF_SAMPLES, Post
from tests.support import story
from tests.support.chromium import Look, Window, chromium, window
from tests.support.commandline import Serving, done, serving

pytestmark = pytest.mark.servers

ADMIN: Final = "quan-tri VPUB administrator"
CHIEF: Final = "cvp-01 CVP chief"
NAMES: Final = {
    "cvp-01": ("CVP", "Tòng Minh Đăng"),
    "cvp-02": ("CVP", "Nguyễn Thị Hồng Gấm"),
    "tchcqt-01": ("TCHCQT", "Lò Thanh Bình"),
    "tchcqt-09": ("TCHCQT", "Vũ Thu Hà"),
    "tchcqt-08": ("TCHCQT", "Cà Thị Minh Ân"),
    "th-01": ("TH", "Quàng Văn Sơn"),
}
SEATS: Final = {
    "chanh": ("cvp-01", "CVP", Role.CHIEF),
    "dau-moi": ("tchcqt-08", "TCHCQT", Role.HUB),
    "truong-phong": ("tchcqt-01", "TCHCQT", Role.UNIT_LEADER),
}
WAYS: Final = ((1280, False), (390, True))
SAID: Final = (
    "Sóng Wi-Fi phòng họp tầng 3 hay mất khi họp trực tuyến, đề nghị bổ sung thiết bị phát sóng.",
    "Thay máy tính đã dùng 8 năm của các phòng chuyên môn, xử lý văn bản rất chậm.",
    "Xem xét chế độ làm thêm giờ cho bộ phận phục vụ họp ngoài giờ hành chính.",
    "Tổ chức thêm lớp bồi dưỡng chuyển đổi số cho chuyên viên các phòng.",
    "Nhà để xe của cơ quan thiếu mái che, mùa mưa xe ướt.",
    "Sắp xếp lại lịch trực Tết cho hợp lý giữa các phòng.",
    "Bổ sung tủ tài liệu cho phòng lưu trữ, hồ sơ đang để ngoài hành lang.",
    "Đề nghị công khai định mức văn phòng phẩm của từng phòng từ đầu năm để các phòng chủ động.",
)
# Of each way of looking: those that the hub proposes, one whose draft waits, and what is late.
PROPOSED: Final = {0: (0, 1), 1: (2, 3)}


def lines() -> Iterator[story.Told]:
    for person, (unit, name) in NAMES.items():
        registered = {"person": person, "name": name, "unit": unit, "valid_from": "2023-01-01"}
        yield story.line("2023-01-04T08:00", "register_person", registered, by=ADMIN)
    for n, words in enumerate(SAID):
        day = "2023-02-06" if n >= 6 else "2023-02-20"
        name = f"D-{n}"
        yield story.received(f"{day}T08:{n:02}", name, words=words)
        yield story.classified(f"{day}T09:{n:02}", name, "che-do-chinh-sach")
        yield story.line(f"{day}T10:{n:02}", "refer_opinion", story.about(name))
    for n in (4, 5, 6, 7):
        given = {**story.about(f"D-{n}", "case"), "lead": "TCHCQT" if n != 7 else "TH"}
        yield story.line("2023-02-21T08:00" if n < 6 else "2023-02-07T08:00", "assign_case", given, by=CHIEF)
    for n in (4, 5):
        answer = {**story.about(f"D-{n}", "case"), "answer": "Phòng đã làm việc với nhà cung cấp, sẽ xong trong tháng 3."}
        yield story.line("2023-02-22T08:00", "submit_answer", answer, by="tchcqt-09 TCHCQT specialist")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """A sample office that is served, and the password of its people."""
    data = shutil.copytree(made, tmp_path_factory.mktemp("desk") / "data")
    done("do", "-", data=data, stdin=story.jsonl(*sorted(lines(), key=lambda each: str(each["at"]))))
    with serving(data) as running:
        yield running, asyncio.run(_accounts(data))


async def _accounts(data: Path) -> str:
    seats = {
        f"{OF_SAMPLES}{name}": (person, Post(office="VPUB", unit=unit, capacities=frozenset({role})))
        for name, (person, unit, role) in SEATS.items()
    }
    async with access_on(on_directory(directory.read(data))) as access:
        return await access.accounts.set_up(seats)


def sign_in(window: Window, name: str, password: str) -> None:
    window.open("/sign-in")
    window.page.fill("#name", f"{OF_SAMPLES}{name}")
    window.page.fill("#password", password)
    window.page.click("button.pri")
    assert "/sign-in" not in window.page.url, window.page.url


def tick(window: Window, title: str) -> None:
    window.page.check(f"tr:has-text('{title}') input[type=checkbox]")


@pytest.mark.timeout(300)
@pytest.mark.parametrize("way", range(len(WAYS)), ids=lambda n: "-".join(map(str, WAYS[n])))
def test_a_day_at_the_desk(served: tuple[Serving, str], browser: Browser, way: int) -> None:
    running, password = served
    width, dark = WAYS[way]
    base, look = f"http://127.0.0.1:{running.port}", Look(width, dark)
    name = f"desk-{width}-{'dark' if dark else 'light'}"
    titles = [SAID[n][:60] for n in PROPOSED[way]]

    with window(browser, base, f"{name}-1-hub", look) as hub:
        sign_in(hub, "dau-moi", password)
        hub.open("/assignments")
        hub.look("assignments")
        for title in titles:
            tick(hub, title)
            hub.page.select_option(f"tr:has-text('{title}') select", "TH")
        hub.page.click("text='Đề xuất các việc đã chọn'")
        assert "Đã ghi 2 việc." in hub.page.inner_text("main")
        hub.page.click("nav.tabs >> text='Đã đề xuất, chờ giao'")
        hub.look("proposed")
        hub.open("/follow-up")
        hub.look("follow-up")
        hub.page.click("summary:has-text('Lọc')")
        hub.page.select_option("#unit", "TH" if way else "TCHCQT")
        hub.page.click("text='Xem'")
        hub.page.check("table.t.stack input[type=checkbox] >> nth=0")
        hub.page.click("text='Ghi đã đôn đốc'")
        assert "Đã ghi đôn đốc." in hub.page.inner_text("main")
        hub.look("urged")
        hub.open("/follow-up?as_of=20/02/2023")
        assert "Về hiện tại" in hub.page.inner_text("main")
        assert hub.page.locator("main form[method=post]").count() == 0
        hub.look("follow-up-then")
        hub.open("/cases")
        hub.look("cases")
        hub.page.fill("#q", "may tinh")
        hub.page.click("text='Tìm'")
        assert hub.page.locator("td.m > a").all_inner_texts() == [SAID[1]]
        hub.open("/cases?q=khong+co+gi")
        hub.look("cases-none")

    with window(browser, base, f"{name}-2-head", look) as head:
        sign_in(head, "chanh", password)
        head.open("/awaiting-me")
        head.look("awaiting-me")
        head.page.click("text=việc theo đề xuất…")
        head.look("all-assign")
        head.page.click("text='Giao các việc đã chọn'")
        assert "Đã giao việc." in head.page.inner_text("main")
        draft = head.page.locator(f"article:has-text('{SAID[4 + way][:40]}')")
        draft.locator("summary:has-text('Yêu cầu sửa')").click()
        draft.locator("textarea").fill("Nêu rõ kinh phí.")
        draft.locator("button:has-text('Yêu cầu sửa')").click()
        assert "Đã gửi yêu cầu sửa cho đơn vị." in head.page.inner_text("main")
        head.look("sent-back")
        head.open("/cases")
        head.page.click(f"text={SAID[6][:40]}")
        head.look("case")
        here = head.page.url.partition("?")[0].removeprefix(base)
        head.open(f"{here}?as_of=06/02/2023")
        assert "Chờ phân công" in head.page.inner_text("main")
        assert head.page.locator("main form[method=post]").count() == 0
        head.look("case-then")

    with window(browser, base, f"{name}-3-leader", look) as leader:
        sign_in(leader, "truong-phong", password)
        leader.open("/unit-work")
        leader.look("unit-work")
        tick(leader, SAID[6][:40])
        leader.page.select_option("#to", "tchcqt-09" if way else "tchcqt-08")
        leader.page.click("form button.pri")
        assert "Đã phân công trong đơn vị." in leader.page.inner_text("main")
        leader.look("passed-on")
        leader.open("/unit-work?of=nobody")
        leader.look("nobody")
