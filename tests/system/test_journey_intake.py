"""A day at the intake desk, by pages alone: sorted, written down, imported, asked of units, in Chromium at two widths."""

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

SEATS: Final = {
    "dau-moi": ("tchcqt-02", "TCHCQT", Role.HUB),
    "chuyen-vien": ("th-01", "TH", Role.SPECIALIST),
    "noi-dung": ("th-02", "TH", Role.CONTENT_DIVISION),
}
WAYS: Final = ((1280, False), (390, True))
SAID: Final = (
    ("2023-02-20", "Cán bộ một cửa hẹn ba lần không trả kết quả, thái độ cáu gắt với người dân.", "nhan_dan"),
    ("2023-02-27", "Đường vào bản Nà Lo bị sạt lở từ mùa mưa năm trước, đề nghị tỉnh sớm khắc phục.", "nhan_dan"),
    ("2023-02-27", "Duong vao ban Na Lo bi sat lo tu mua mua nam truoc, de nghi tinh som khac phuc", "nhan_dan"),
    ("2023-02-28", "Sửa đường bản, cấp sổ đỏ và xem lại tiền điện cho dân chúng tôi.", "nhan_dan"),
    ("2023-02-28", "Văn bản giao việc đến phòng thường sát hạn, đề nghị chuyển sớm để kịp tham mưu.", "noi_bo"),
    ("2023-02-28", "Đề nghị tổ chức thêm lớp bồi dưỡng chuyển đổi số cho chuyên viên các phòng.", "noi_bo"),
)
REGISTER: Final = (
    "so,ngay_nhan,nguon,noi_dung,linh_vuc,chu_tri\n"
    "{n}1,20/02/2023,Nhân dân,Thiếu nước sạch ở bản {n}.,giao-thong,\n"
    "{n}2,21/02/2023,Nội bộ,Thêm ghế cho phòng họp {n}.,,TCHCQT\n"
    "{n}3,31/02/2023,Nhân dân,Ngày này không có.,,\n"
    "{n}4,21/02/2023,Ai đó,Nguồn này không có.,,\n"
)


def lines() -> Iterator[story.Told]:
    for n, (day, words, source) in enumerate(SAID):
        yield story.received(f"{day}T08:{n:02}", f"I-{n}", words=words, source_group=source, local_id=f"4{n}/2023")
    units = {"office": "VPUB", "about": "meeting-giao-ban-3", "units": ["TH", "TCHCQT", "KT", "NC"], "due": "2023-03-03"}
    yield story.line("2023-02-28T10:00", "open_consolidation", units)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """A sample office that is served, and the password of its people."""
    data = shutil.copytree(made, tmp_path_factory.mktemp("journey-intake") / "data")
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


def says(window: Window, words: str) -> None:
    assert words in window.page.inner_text("main"), window.page.inner_text("main")[:600]


@pytest.mark.parametrize("way", range(len(WAYS)), ids=lambda n: "-".join(map(str, WAYS[n])))
def test_the_hubs_day(served: tuple[Serving, str], browser: Browser, tmp_path: Path, way: int) -> None:
    running, password = served
    width, dark = WAYS[way]
    name = f"{width}-{'dark' if dark else 'light'}-intake-hub"
    with window(browser, f"http://127.0.0.1:{running.port}", name, Look(width, dark)) as hub:
        sign_in(hub, "dau-moi", password)
        page = hub.page
        _sort(hub, way)
        hub.open("/intake/new")
        page.check("input[name=source_group][value=nhan_dan]")
        page.check("input[name=channel][value=van_ban]")
        page.fill("input[name=local_id]", "40")
        page.fill("input[name=received_on]", "12/03/2024")
        page.fill("textarea[name=words]", "Đường vào bản Nà Lo bị sạt lở, đề nghị sớm khắc phục.")
        page.fill("input[name=speaker_name]", "Lò Thị Mai")
        page.click("button:has-text('Tiếp nhận và nhập tiếp')")
        says(hub, "chưa đến")
        says(hub, "giống")
        hub.look("new-refused")
        page.fill("input[name=local_id]", f"7{way}")
        page.fill("input[name=received_on]", "28/02/2023")
        page.click("button:has-text('Tiếp nhận và nhập tiếp')")
        says(hub, "Đã tiếp nhận ý kiến.")
        hub.look("new-next")
        page.click("text=In giấy biên nhận")
        hub.look("receipt")
        _import(hub, tmp_path, way)
        hub.open("/intake/requests/new")
        page.check("input[name=source_group][value=nhan_dan]")
        page.check("input[name=channel][value=truc_tiep]")
        page.fill("textarea[name=words]", "Xin gặp lãnh đạo về bình xét hộ nghèo.")
        hub.look("request-new")
        page.click("main button.pri")
        says(hub, "Đã ghi nhận đơn.")
        hub.look("request")
        page.click("button:has-text('Chuyển để xem xét đối thoại')")
        says(hub, "Đã chuyển để người đứng đầu xem xét.")
        hub.open("/intake/requests")
        hub.look("requests")
        hub.open("/unit-work/consolidation")
        says(hub, "chưa nộp")
        hub.look("rounds")
        hub.open("/unit-work/consolidation/new?about=meeting-giao-ban-4")
        hub.look("rounds-new")
        hub.open("/intake?pile=da_ket_thuc")
        hub.look("empty")


def _sort(hub: Window, way: int) -> None:
    """The inbox: an opinion about a unit, the next, one page with its history and further acts."""
    page = hub.page
    hub.open("/intake")
    hub.look("inbox")
    page.check("input[name=kind][value=phan_anh]")
    page.select_option("select[name=field]", index=1)
    page.click("summary:has-text('Nói về đơn vị')")
    page.check("input[name='concerns_units.TH']")
    hub.look("inbox-about")
    page.click("button:has-text('Lưu và mở ý kiến sau')")
    says(hub, "Đã phân loại.")
    page.click("text=Mở cả trang")
    page.click("summary:has-text('Vì sao')")
    hub.look("opinion")
    page.click("summary:has-text('Tách nội dung')")
    page.fill("textarea[name='parts.0']", f"Sửa đường bản, lần {way}.")
    page.fill("textarea[name='parts.1']", f"Xem lại tiền điện, lần {way}.")
    hub.look("opinion-split")
    page.click("button:text-is('Tách')")
    says(hub, "Đã tách")
    hub.open("/intake?pile=cho_chuyen")
    says(hub, "Ý kiến nói về")
    hub.look("to-refer")
    page.click("button:text-is('Chuyển xử lý')")
    says(hub, "Đã chuyển xử lý.")


def _import(hub: Window, folder: Path, way: int) -> None:
    """A register with rows that are wrong: looked at, taken in, sent again."""
    file = folder / "so-theo-doi.csv"
    file.write_text(REGISTER.format(n=way + 5), encoding="utf-8")
    hub.open("/intake/batch")
    hub.look("batch")
    for _ in range(2):
        hub.open("/intake/batch")
        hub.page.set_input_files("#file", file)
        hub.page.click("button:has-text('Gửi tệp và xem thử')")
        hub.page.wait_for_selector("text=dòng lỗi, không nhập")
        hub.look("batch-looked")
        if hub.page.locator("button:has-text('Ghi 2 dòng')").count():
            hub.page.click("button:has-text('Ghi 2 dòng')")
            hub.page.wait_for_selector("text=Đã nhập: 2 dòng mới")
            hub.look("batch-taken")
    says(hub, "0 dòng mới.")


@pytest.mark.parametrize("way", range(len(WAYS)), ids=lambda n: "-".join(map(str, WAYS[n])))
def test_a_units_list_and_a_divisions_proposal(served: tuple[Serving, str], browser: Browser, way: int) -> None:
    running, password = served
    width, dark = WAYS[way]
    base, name = f"http://127.0.0.1:{running.port}", f"{width}-{'dark' if dark else 'light'}-intake-unit"
    with window(browser, base, name, Look(width, dark)) as unit:
        sign_in(unit, "chuyen-vien", password)
        unit.open("/unit-work/consolidation")
        unit.look("consolidations")
        unit.page.click("table.t td.m > a >> nth=0")
        unit.look("round")
        if way == 0:
            unit.page.fill("textarea[name=rows]", "Đổi lịch trực Tết.\nBổ sung tủ tài liệu cho phòng lưu trữ.")
            unit.page.click("button:text-is('Nộp bản tổng hợp')")
            says(unit, "Đã nộp.")
        else:
            unit.page.click("summary:has-text('Sửa bản đã nộp')")
            unit.page.fill("textarea[name=rows]", "Thêm ghế cho phòng họp.")
            unit.page.fill("textarea[name=reason]", "Có người nêu thêm.")
            unit.page.click("button:text-is('Ghi bản sửa')")
            says(unit, "Đã sửa bản tổng hợp.")
        unit.look("handed-in")
        unit.open("/intake")
        unit.look("own-inbox")
    with window(browser, base, f"{name}-content", Look(width, dark)) as content:
        sign_in(content, "noi-dung", password)
        content.open("/intake/proposals/new")
        content.page.select_option("select[name=proposer]", index=1)
        content.page.select_option("select[name=field]", index=1)
        content.page.fill("textarea[name=content]", "Đối thoại về đường vào các bản vùng cao.")
        content.page.fill("textarea[name=reason]", "Nhiều ý kiến từ các xã.")
        content.look("proposal-new")
        content.page.click("main button.pri")
        says(content, "Đã ghi nhận văn bản.")
        content.look("proposal")
        content.open("/intake/proposals")
        content.look("proposals")
