"""A report of six months in Chromium, by pages alone: figures opened, units' last words, lock, text, signature."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from deploy import directory
from deploy.ground import on_directory
from deploy.house import access_on
from deploy.sample import YEAR
from shared.contracts.roles import Role
from shared.identity.accounts import OF_SAMPLES, Post
from tests.support.chromium import Look, Window, chromium, window
from tests.support.commandline import Serving, done, serving

pytestmark = [pytest.mark.servers, pytest.mark.timeout(900)]

REPORT: Final = "/reports/report-VPUB-2023-H1"
UNTIL: Final = '"command": "confirm_figures", "data": {"report": {"ref": "BC-6T"}, "unit": "DTN-VP"}'  # the last unit's word
SEATS: Final = {
    "dau-moi": ("tchcqt-02", "TCHCQT", Role.HUB),
    "chi-doan": ("dtn-vp-01", "DTN-VP", Role.MASS_ORGANISATION),
    "phong-kt": ("kt-01", "KT", Role.UNIT_LEADER),
    "pho": ("cvp-02", "CVP", Role.DEPUTY),
    "van-thu": ("vt-01", "VT", Role.REGISTRY),
    "dan-van": ("bdvtu-01", "BDVTU", Role.RECIPIENT),
}
LOOKS: Final = (Look(1280), Look(390, dark=True))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """The sample's office on the morning on which its six months are to be locked, and the password of its people."""
    data = shutil.copytree(made, tmp_path_factory.mktemp("reports") / "data")
    lines = YEAR.path.read_text(encoding="utf-8").splitlines()
    end = next(n for n, line in enumerate(lines) if UNTIL in line)
    done("do", "-", data=data, stdin="\n".join(lines[:end]))
    with serving(data) as running:
        yield running, asyncio.run(_accounts(data))


async def _accounts(data: Path) -> str:
    seats = {
        f"{OF_SAMPLES}{name}": (person, Post(office="VPUB", unit=unit, capacities=frozenset({role})))
        for name, (person, unit, role) in SEATS.items()
    }
    async with access_on(on_directory(directory.read(data))) as access:
        return await access.accounts.set_up(seats)


class Person:
    """Somebody at a desk and with a telephone: he acts at the desk, every page is looked at on both."""

    def __init__(self, desk: Window, phone: Window) -> None:
        self.desk, self.phone = desk, phone

    def see(self, path: str, name: str) -> str:
        """Open a page on both; what it says."""
        for each in (self.phone, self.desk):
            each.open(path)
            each.look(name)
        return self.desk.page.inner_text("main")

    def press(self, action: str, **fields: str) -> str:
        """Fill in the form of the open page whose address ends so, and press its button; what the next page says."""
        form = self.desk.page.locator(f'form[action*="/{action}"]').first
        for name, value in fields.items():
            field = form.locator(f'[name="{name}"]').first
            if not field.is_visible():
                form.locator("xpath=ancestor::details").first.locator("summary").first.click()
            kind = field.evaluate("e => e.type")
            if kind == "radio":
                form.locator(f'[name="{name}"][value="{value}"]').check()
            elif kind == "select-one":
                field.select_option(value)
            else:
                field.fill(value)
        form.locator("button").first.click()
        return self.desk.page.inner_text("main")


def test_six_months_from_the_last_words_of_units_to_the_receipt(served: tuple[Serving, str], browser: Browser) -> None:
    running, password = served
    with ExitStack() as stack:
        people = {name: seated(stack, browser, running, name, password) for name in SEATS}
        hub, organisation, leader = people["dau-moi"], people["chi-doan"], people["phong-kt"]
        deputy, registry, reader = people["pho"], people["van-thu"], people["dan-van"]

        assert "Chốt số liệu, nhắc đơn vị" in hub.see("/reports", "list")
        assert "Chi đoàn Thanh niên" in hub.see(REPORT, "blocked")
        figures_by_figures(hub)
        assert "Bấm một số" not in leader.see(f"{REPORT}/bieu-03", "leader-table")

        assert "Đã xác nhận: đơn vị không còn gì" in say(organisation, REPORT, "confirm-figures")
        organisation.see(REPORT, "confirmed")
        waived = say(hub, REPORT, "waive-confirmation", unit="CVP", reason="Không trực tiếp nhập ý kiến.")
        assert "Không còn gì chặn" in waived
        say(hub, REPORT, "request-lock")
        hub.desk.page.wait_for_selector("text=Số liệu đã chốt", timeout=30_000)
        hub.see(REPORT, "locked")
        assert "mọi số đúng như đã chốt" in hub.see(f"{REPORT}/verify", "verified")

        hub.see(f"{REPORT}/text", "text")
        assert "Đã ghi lời văn." in hub.press("write-section/III.2", words="Một số đơn vị trả lời còn chậm.")
        assert "Đã dự thảo báo cáo." in hub.press("draft-report")
        assert "Đã gửi góp ý." in say(leader, f"{REPORT}/text", "comment-on-report", comment="Nhất trí với dự thảo.")
        assert "Đã trình ký." in say(hub, f"{REPORT}/text", "submit-report")
        hub.see(f"{REPORT}/text", "submitted")

        deputy.see(f"{REPORT}/sign", "to-sign")
        assert "Đã ký báo cáo." in deputy.press("sign-report", capacity="KT")
        registry.see(f"{REPORT}/sign", "to-number")
        assert "Đã cấp số." in registry.press("number-report", book="BC-VPUB", number="45")
        assert "Đã phát hành." in registry.press("issue-report")
        for recipient in ("UBND-T", "BDVTU"):
            sent = {"recipient": recipient, "purpose": "Kính gửi", "means": "truc_lien_thong"}
            assert "Đã ghi gửi cho nơi nhận." in registry.press("dispatch-report", **sent)
        assert "Gửi đúng hạn" in registry.see(f"{REPORT}/sign", "sent")
        registry.see("/report-registers/VPUB/BC-VPUB/2023", "register")

        assert "Báo cáo gửi đến đơn vị bạn" in reader.see("/reports", "received")
        reader.see(REPORT, "to-acknowledge")
        assert "Đã xác nhận nhận báo cáo." in reader.press("acknowledge-report")
        assert "chưa chốt, không cộng" in reader.see("/province/bieu-02?year=2023&kind=six_month", "province")


def figures_by_figures(hub: Person) -> None:
    """Every kind of page of figures."""
    assert "đúng" in hub.see(f"{REPORT}/bieu-02", "bieu-02")
    hub.desk.page.click("table.num tbody tr:last-child td a >> nth=0")
    assert "Căn cứ trong nhật ký" in hub.desk.page.inner_text("main")
    hub.desk.look("opened")
    hub.desk.page.click("text=Vì sao tính ở đây >> nth=0")
    assert "Được tính trong kỳ" in hub.desk.page.inner_text("main")
    hub.desk.look("why")
    for table in ("bieu-01", "bieu-03", "bieu-04", "bieu-05", "track-b", "requests", "dissemination", "urging"):
        hub.see(f"{REPORT}/{table}", table)
    hub.see(f"{REPORT}/bieu-01/total/7", "dialogues-opened")
    hub.see(f"{REPORT}/bieu-02?beside=total", "beside")
    assert "như đã biết lúc 01/04/2023" in hub.see(f"{REPORT}/bieu-02?as_of=01/04/2023&by=unit", "earlier")
    hub.see("/figures", "choose")
    hub.see("/figures/bieu-02?from=01/02/2023&to=31/03/2023", "days")
    assert "Chưa đọc được ngày" in hub.see("/figures/bieu-02?from=x&to=31/03/2023", "day-unclear")
    hub.see("/openings/VPUB", "opening")


def seated(stack: ExitStack, browser: Browser, running: Serving, name: str, password: str) -> Person:
    """Somebody signed in on both."""
    base, windows = f"http://127.0.0.1:{running.port}", []
    for look in LOOKS:
        called = f"{look.width}-{'dark' if look.dark else 'light'}-reports-{name}"
        each = stack.enter_context(window(browser, base, called, look))
        each.open("/sign-in")
        each.page.fill("#name", f"{OF_SAMPLES}{name}")
        each.page.fill("#password", password)
        each.page.click("button.pri")
        windows.append(each)
    return Person(*windows)


def say(person: Person, page: str, action: str, **fields: str) -> str:
    """Open a page and press a form of it."""
    person.desk.open(page)
    return person.press(action, **fields)
