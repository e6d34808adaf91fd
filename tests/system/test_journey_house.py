"""An auditor replays and verifies, an administrator lets people in and keeps the directory: in Chromium, by pages alone."""

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
from tests.support.chromium import Look, Window, chromium, window
from tests.support.commandline import Serving, serving

pytestmark = pytest.mark.servers

SEATS: Final = {
    "kiem-toan": ("kt-01", "VPUB", Role.AUDITOR),
    "quan-tri": ("qt-01", "VPUB", Role.ADMINISTRATOR),
    "chanh": ("cvp-01", "CVP", Role.CHIEF),
}
LOOKS: Final = (Look(1280), Look(390, dark=True))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(played: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """A sample office that is served, and the password of its people."""
    data = shutil.copytree(played, tmp_path_factory.mktemp("journey") / "data")
    with serving(data) as running:
        yield running, asyncio.run(accounts_of(data))


async def accounts_of(data: Path) -> str:
    seats = {
        f"{OF_SAMPLES}{name}": (person, Post(office="VPUB", unit=unit, capacities=frozenset({role})))
        for name, (person, unit, role) in SEATS.items()
    }
    async with access_on(on_directory(directory.read(data))) as access:
        return await access.accounts.set_up(seats)


def sign_in(window: Window, name: str, password: str, first: str) -> None:
    window.open("/sign-in")
    window.page.fill("#name", f"{OF_SAMPLES}{name}")
    window.page.fill("#password", password)
    window.page.click("button.pri")
    assert window.page.url.endswith(first), window.page.url
    window.page.wait_for_load_state()


@pytest.mark.parametrize("look", LOOKS, ids=["1280", "390"])
def test_an_auditor_replays_verifies_and_reads_who_opened_what(served: tuple[Serving, str], browser: Browser, look: Look) -> None:
    running, password = served
    with window(browser, f"http://127.0.0.1:{running.port}", f"audit-{look.width}", look) as auditor:
        page = auditor.page
        sign_in(auditor, "kiem-toan", password, "/audit")
        auditor.look("now")
        page.fill("#f-as_of", "31/01/2023")
        page.click("button:text-is('Xem')")
        assert "Đang xem tại 31/01/2023 24:00" in page.inner_text("main")
        auditor.look("then")
        page.fill("#f-as_of", "ba mươi mốt")
        page.click("button:text-is('Xem')")
        auditor.look("unclear")
        auditor.open("/audit/verify")
        auditor.look("before")
        # What was found stands until the server ends, for whoever asks: the other width may have asked first.
        page.click("button:has-text('Kiểm mọi nhật ký'), button:has-text('Kiểm lại')")
        page.wait_for_function("() => document.querySelector('main').innerText.includes('Không thấy sai lệch')")
        auditor.look("verified")
        auditor.open("/audit/events?log=intake")
        page.fill("#f-type", "opinion.received")
        page.click("button:has-text('Lọc')")
        auditor.look("events")
        page.click("table.t tbody a >> nth=0")
        assert "Nội dung đã ghi" in page.inner_text("main")
        auditor.look("event")
        auditor.open("/audit/late?log=intake")
        auditor.look("late")
        auditor.open("/audit/compare")
        page.fill("#f-earlier", "31/01/2023")
        page.fill("#f-office", "VPUB")
        page.fill("#f-first", "04/01/2023")
        page.fill("#f-last", "31/12/2023")
        page.click("button:has-text('So sánh')")
        assert "Số liệu khác đi" in page.inner_text("main")
        auditor.look("compared")
        auditor.open("/audit/access")
        auditor.look("access")


@pytest.mark.parametrize("look", LOOKS, ids=["1280", "390"])
def test_an_administrator_lets_somebody_in_and_keeps_the_directory(
    served: tuple[Serving, str], browser: Browser, look: Look
) -> None:
    running, password = served
    with window(browser, f"http://127.0.0.1:{running.port}", f"admin-{look.width}", look) as admin:
        page = admin.page
        sign_in(admin, "quan-tri", password, "/admin/accounts")
        admin.look("accounts")
        page.click("a:has-text('Lập tài khoản')")
        page.fill("#f-name", f"lan-{look.width}")
        page.fill("#f-person", "Lan")
        page.select_option("#f-unit", "TH")
        page.check("input[name='capacity.specialist']")
        page.click("button:has-text('Lập tài khoản')")
        admin.look("refused")
        page.fill("#f-person", f"th-{look.width}")
        page.click("button:has-text('Lập tài khoản')")
        assert page.locator("#secret").inner_text().count("-") == 3
        admin.look("first-password")
        page.click("button:has-text('Khóa tài khoản')")
        assert "Đã khóa tài khoản" in page.inner_text("main")
        admin.look("locked")
        admin.open("/admin/tokens")
        admin.look("tokens")
        admin.open("/admin/health")
        admin.look("health")
        for part in ("units", "people", "posts", "fields", "calendar", "rules", "recipients", "charges", "letterhead", "keys"):
            admin.open(f"/admin/directory/{part}")
            admin.look(part)
        admin.open("/admin/directory/units")
        page.click("summary:has-text('Ghi đơn vị mới')")
        page.fill("#register-unit--unit", f"PDT-{look.width}")
        page.fill("#register-unit--code", "PDT")
        page.fill("#register-unit--name", f"Phòng Đối thoại {look.width}")
        page.select_option("#register-unit--kind", "phong")
        admin.look("register-unit")
        page.click("button:has-text('Ghi đơn vị mới')")
        assert "Đã ghi vào Danh bạ." in page.inner_text("main")
        admin.open("/admin/directory/calendar")
        page.click("summary:has-text('Công bố lịch làm việc')")
        page.fill("#publish-calendar--version", f"thu-{look.width}")
        admin.look("calendar-form")
        page.click("button:has-text('Xem trước lịch mới')")
        assert "Hạn đang mở sẽ dời" in page.inner_text("main")
        admin.look("calendar-preview")


@pytest.mark.parametrize("look", LOOKS, ids=["1280", "390"])
def test_a_head_looks_at_what_he_delegates(served: tuple[Serving, str], browser: Browser, look: Look) -> None:
    running, password = served
    with window(browser, f"http://127.0.0.1:{running.port}", f"delegations-{look.width}", look) as chief:
        sign_in(chief, "chanh", password, "")
        chief.open("/delegations")
        chief.look("delegations")
