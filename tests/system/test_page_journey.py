"""A unit leader takes work and passes it on, a specialist drafts the answer, a deputy clears it: in Chromium, by pages alone."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect

from deploy import directory
from deploy.ground import on_directory
from deploy.house import access_on
from shared.contracts.roles import Role
from shared.identity.accounts import OF_SAMPLES, Post
from tests.support import story
from tests.support.chromium import Look, Window, chromium, rows, window
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
}
SEATS: Final = {
    "chanh": ("cvp-01", "CVP", Role.CHIEF),
    "pho": ("cvp-02", "CVP", Role.DEPUTY),
    "truong-phong": ("tchcqt-01", "TCHCQT", Role.UNIT_LEADER),
    "chuyen-vien": ("tchcqt-09", "TCHCQT", Role.SPECIALIST),
}
# One opinion for each way of looking at its journey; then some more, so that lists have something in them.
WAYS: Final = ((1280, False, True), (1280, True, True), (390, False, True), (390, True, True), (390, False, False))
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


def lines() -> Iterator[story.Told]:
    for person, (unit, name) in NAMES.items():
        registered = {"person": person, "name": name, "unit": unit, "valid_from": "2023-01-01"}
        yield story.line("2023-01-04T08:00", "register_person", registered, by=ADMIN)
    for n, words in enumerate(SAID):
        day = "2023-02-06" if n == len(SAID) - 1 else f"2023-02-{20 + n // 4}"
        name = f"J-{n}"
        yield story.received(f"{day}T08:{n:02}", name, words=words)
        yield story.classified(f"{day}T09:{n:02}", name, "che-do-chinh-sach")
        yield story.line(f"{day}T10:{n:02}", "refer_opinion", story.about(name))
    yield from (
        story.line(f"2023-02-22T08:{n:02}", "assign_case", {**story.about(f"J-{n}", "case"), "lead": "TCHCQT"}, by=CHIEF)
        for n in (*range(len(WAYS)), len(SAID) - 2, len(SAID) - 1)
    )


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """A sample office that is served, and the password of its four people."""
    data = shutil.copytree(made, tmp_path_factory.mktemp("journey") / "data")
    done("do", "-", data=data, stdin=story.jsonl(*sorted(lines(), key=lambda each: str(each["at"]))))
    with serving(data) as running:
        yield running, asyncio.run(accounts_of(data))


async def accounts_of(data: Path) -> str:
    seats = {
        f"{OF_SAMPLES}{name}": (person, Post(office="VPUB", unit=unit, capacities=frozenset({role})))
        for name, (person, unit, role) in SEATS.items()
    }
    async with access_on(on_directory(directory.read(data))) as access:
        return await access.accounts.set_up(seats)


def sign_in(window: Window, name: str, password: str, first: str = "/my-work") -> None:
    window.open("/sign-in")
    window.page.fill("#name", f"{OF_SAMPLES}{name}")
    window.page.fill("#password", password)
    window.page.click("button.pri")
    assert window.page.url.endswith(first), window.page.url
    window.page.wait_for_load_state()


@pytest.mark.parametrize("way", range(len(WAYS)), ids=lambda n: "-".join(map(str, WAYS[n])))
def test_an_answer_from_the_unit_leader_to_the_deputy(served: tuple[Serving, str], browser: Browser, way: int) -> None:
    running, password = served
    width, dark, scripted = WAYS[way]
    base, said = f"http://127.0.0.1:{running.port}", SAID[way]
    name = f"{width}-{'dark' if dark else 'light'}{'' if scripted else '-no-script'}"
    title = said if len(said) <= 120 else said[:100]
    look = Look(width, dark, scripted)

    with window(browser, base, f"{name}-1-leader", look) as leader:
        leader.open("/sign-in")
        leader.look("sign-in")
        sign_in(leader, "truong-phong", password)
        assert rows(leader.page)[0].startswith("Đề nghị công khai định mức")  # it is overdue
        leader.look("my-work")
        leader.page.click(f"td.m >> text={title}")
        leader.look("case")
        leader.page.click("text='Nhận việc' >> nth=-1")
        assert "Đã nhận việc." in leader.page.inner_text("main")
        leader.page.click("summary:has-text('Phân công trong đơn vị')") if leader.page.locator(
            "summary:has-text('Phân công trong đơn vị')"
        ).count() else None
        people = leader.page.locator("select[name=to] option").all_inner_texts()
        assert people == ["Chọn", "Cà Thị Minh Ân", "Lò Thanh Bình", "Vũ Thu Hà"]
        leader.page.select_option("select[name=to]", label="Vũ Thu Hà")
        leader.look("accepted")
        leader.page.click("button:has-text('Phân công')")
        assert "Đã phân công trong đơn vị." in leader.page.inner_text("main")
        leader.look("delegated")

    with window(browser, base, f"{name}-2-specialist", look) as specialist:
        sign_in(specialist, "chuyen-vien", password)
        specialist.look("my-work")
        specialist.page.click(f"td.m >> text={title}")
        specialist.page.fill("textarea[name=answer]", "  ")
        specialist.page.fill("textarea[name=solution]", "Mua thêm thiết bị trong quý II.")
        specialist.page.click("button:has-text('Trình duyệt')")
        specialist.look("missing")
        expect(specialist.page.locator(".errs")).to_be_focused()
        specialist.page.click("text=Nội dung trả lời: cần có nội dung")
        assert specialist.page.input_value("textarea[name=solution]") == "Mua thêm thiết bị trong quý II."
        specialist.page.fill("textarea[name=answer]", "Văn phòng tiếp thu.\nThiết bị được bổ sung trong quý II/2023.")
        specialist.page.click("button:has-text('Trình duyệt')")
        assert "Đã trình duyệt." in specialist.page.inner_text("main")
        specialist.look("put-forward")

    with window(browser, base, f"{name}-3-deputy", look) as deputy:
        sign_in(deputy, "pho", password, "/awaiting-me")
        deputy.open("/my-work")
        deputy.look("my-work")
        deputy.page.click(f"td.m >> text={title}")
        deputy.page.click("summary:has-text('Vì sao hạn là')")
        deputy.look("case")
        deputy.page.click("button:text-is('Duyệt')")
        assert "Đã duyệt nội dung trả lời." in deputy.page.inner_text("main")
        deputy.look("cleared")


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (390, True)])
def test_the_heads_queue_an_empty_list_and_a_page_that_is_not_his(
    served: tuple[Serving, str], browser: Browser, width: int, dark: bool
) -> None:
    running, password = served
    base = f"http://127.0.0.1:{running.port}"
    with window(browser, base, f"{width}-{'dark' if dark else 'light'}-4-chief", Look(width, dark)) as chief:
        sign_in(chief, "chanh", password, "/awaiting-me")
        chief.open("/my-work")
        chief.look("my-work")
        chief.page.click("table.t td.m > a >> nth=0")
        chief.look("to-assign")
        chief.open("/my-work?pile=extend")
        chief.look("empty")
        chief.open("/cases/case-7Q2K9FXA3MBTW0000099")
        assert chief.page.locator("#nav a[href='/my-work']").count() == 1
        chief.look("not-his")
        chief.open("/account")
        chief.look("account")
        if width == 390:
            chief.page.click("button.menu")
            chief.look("menu")


@pytest.mark.parametrize("look", [Look(1280), Look(390, dark=True)], ids=["1280", "390"])
def test_two_people_on_one_case(served: tuple[Serving, str], browser: Browser, look: Look) -> None:
    running, password = served
    base, said = f"http://127.0.0.1:{running.port}", SAID[-1 if look.width == 1280 else -2]
    with window(browser, base, f"{look.width}-5-slower", look) as slower, window(browser, base, "faster", look) as faster:
        for each in (slower, faster):
            sign_in(each, "truong-phong", password)
            each.page.click(f"td.m >> text={said[:40]}")
        for each, words in ((faster, "Công khai từ quý II năm nay."), (slower, "Công khai từ đầu quý III năm nay.")):
            each.page.click("summary:has-text('Soạn trả lời và trình duyệt')")
            each.page.fill("textarea[name=answer]", words)
            each.page.click("button:has-text('Trình duyệt')")
        assert "Chưa ghi: hồ sơ đã đổi trong lúc bạn làm" in slower.page.inner_text("main")
        slower.look("conflict")
