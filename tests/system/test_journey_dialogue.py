"""The staff conference of 10/02/2023 by pages alone: prepared, opened, written down in the room, concluded; in Chromium."""

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

pytestmark = [pytest.mark.servers, pytest.mark.timeout(600)]

SAMPLE: Final = Path(__file__).parents[2] / "deploy" / "sample" / "nam-2023.jsonl"
EVE: Final = '"at": "2023-02-10'
SEATS: Final = {
    "chanh": ("cvp-01", "CVP", Role.CHIEF),
    "thu-ky": ("cvp-03", "CVP", Role.SECRETARY),
    "dau-moi": ("tchcqt-02", "TCHCQT", Role.HUB),
    "truong-phong": ("th-01", "TH", Role.UNIT_LEADER),
}
LOOKS: Final = (Look(1280), Look(390, dark=True))
RAISED: Final = "Nhà để xe dột, cán bộ trực đêm không có chỗ để xe khi mưa, đề nghị sửa sớm."


@pytest.fixture(scope="module")
def browser(eve: tuple[Path, str]) -> Iterator[Browser]:
    """The browser, once the accounts are there: beside it no loop can be run."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def eve(made: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The sample year up to the morning of the staff conference, and the password of its people."""
    data = shutil.copytree(made, tmp_path_factory.mktemp("eve") / "data")
    told = SAMPLE.read_text(encoding="utf-8")
    lines = told[: told.index(EVE)].rpartition("\n")[0] + "\n"
    morning = story.received("2023-02-10T07:30", "SANG", words="Đề nghị mở cửa hội trường sớm hơn.")
    done("do", "-", data=data, stdin=lines + story.jsonl(morning))
    return data, asyncio.run(_accounts(data))


@pytest.fixture(params=LOOKS, ids=["1280", "390"])
def served(eve: tuple[Path, str], tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Serving, str, Look]]:
    """That office, served."""
    data = shutil.copytree(eve[0], tmp_path / "data")
    with serving(data) as running:
        yield running, eve[1], request.param


async def _accounts(data: Path) -> str:
    seats = {
        f"{OF_SAMPLES}{name}": (person, Post(office="VPUB", unit=unit, capacities=frozenset({role})))
        for name, (person, unit, role) in SEATS.items()
    }
    async with access_on(on_directory(directory.read(data))) as access:
        return await access.accounts.set_up(seats)


def sign_in(window: Window, name: str, password: str, path: str) -> None:
    window.open("/sign-in")
    window.page.fill("#name", f"{OF_SAMPLES}{name}")
    window.page.fill("#password", password)
    window.page.click("button.pri")
    window.open(path)


def says(window: Window, words: str) -> None:
    assert words in window.page.inner_text("main"), window.page.inner_text("main")


def test_the_staff_conference_from_its_table_to_its_notice(served: tuple[Serving, str, Look], browser: Browser) -> None:
    running, password, look = served
    base, name = f"http://127.0.0.1:{running.port}", f"dialogue-{look.width}"

    with window(browser, base, f"{name}-1-hub", look) as hub:
        sign_in(hub, "dau-moi", password, "/sessions")
        hub.look("sessions")
        hub.page.click("td.m >> text=Đối thoại định kỳ với công chức >> nth=1")
        says(hub, "Điều kiện mở cuộc đối thoại")
        hub.look("table")
        for tab, of in (
            ("Chương trình", "programme"),
            ("Thành phần dự", "people"),
            ("Giấy tờ", "papers"),
            ("Lịch sử", "history"),
        ):
            hub.page.click(f"nav.tabs >> text={tab}")
            hub.look(of)
        hub.page.click("ol.log a.pos >> nth=-3")
        says(hub, "Bạn đang xem như đã biết ở vị trí phân công")
        hub.look("as-of")
        session = hub.page.url.partition("?")[0].removeprefix(base)
        hub.open("/sessions/propose-session")
        hub.look("propose")
        hub.page.check("input[value=A1]")
        hub.page.fill("input[name=scheduled]", "hôm qua")
        hub.page.click("main form button.pri")
        hub.look("propose-refused")
        assert hub.page.is_checked("input[value=A1]")
        for path, of in (
            ("/meetings", "meetings"),
            ("/meetings/schedule-meetings", "series"),
            ("/requests?tab=", "requests"),
            ("/calendar", "week"),
            ("/plan/2023", "plan"),
            ("/plan/2024", "no-plan"),
            ("/plan/2024/draft-plan", "draft-plan"),
            ("/notices", "notices"),
        ):
            hub.open(path)
            hub.look(of)
        hub.open("/meetings")
        hub.page.click("td.m >> text=Hội nghị công chức, viên chức")
        hub.look("meeting")

    with window(browser, base, f"{name}-2-chief", look) as chief:
        sign_in(chief, "chanh", password, session)
        chief.page.click("text='Mở cuộc đối thoại' >> nth=-1")
        says(chief, "Cuộc đối thoại đã mở.")
        chief.look("opened")

    with window(browser, base, f"{name}-3-secretary", look) as secretary:
        sign_in(secretary, "thu-ky", password, f"{session}/room")
        secretary.look("room")
        secretary.page.fill("textarea[name=words]", RAISED)
        secretary.page.select_option("select[name=field]", "hanh-chinh-van-phong")
        secretary.page.click("button:has-text('Ghi và nhập tiếp')")
        says(secretary, RAISED)
        for n, outcome in ((1, "tiep_thu"), (2, "tra_loi_tai_cho"), (3, "giao_giai_quyet")):
            secretary.open(f"{session}/room?opinion={n}")
            if n == 3:
                secretary.look("outcome")
                secretary.page.check(f"input[value={outcome}]")
                secretary.page.click("section[aria-labelledby=h-outcome] button.pri")
                secretary.look("outcome-refused")
                secretary.page.fill("textarea[name=direction]", "Sửa mái nhà để xe trước mùa mưa.")
            secretary.page.check(f"input[value={outcome}]")
            secretary.page.click("section[aria-labelledby=h-outcome] button.pri")
            says(secretary, "Đã ghi kết quả.")
        secretary.page.click("summary:has-text('Điểm danh')")
        secretary.page.fill("input[name='present.0.heads']", "118")
        secretary.look("attendance")
        secretary.page.click("button:has-text('Ghi điểm danh')")
        says(secretary, "có mặt 118")
        secretary.look("to-end")

    with window(browser, base, f"{name}-4-chief", look) as chief:
        sign_in(chief, "chanh", password, f"{session}/room")
        chief.page.click("summary:has-text('Kết thúc cuộc đối thoại')")
        chief.page.click("button:text-is('Kết thúc')")
        says(chief, "Cuộc đối thoại đã kết thúc")
        chief.look("held")

    with window(browser, base, f"{name}-5-hub", look) as hub:
        sign_in(hub, "dau-moi", password, f"{session}?tab=papers")
        hub.look("after")
        hub.page.click("main >> text=Dự thảo thông báo ý kiến kết luận")
        hub.page.fill("textarea[name='items.0.text']", "Ông Lò Văn Ân: công khai tiêu chí đánh giá.")
        hub.page.select_option("select[name='items.2.unit']", "TH")
        hub.look("draft-notice")
        hub.page.click("button:has-text('Ghi dự thảo')")
        says(hub, "giống tên người")
        hub.look("notice")
        notice = hub.page.url.partition("?")[0].removeprefix(base)

    with window(browser, base, f"{name}-6-unit", look) as unit:
        sign_in(unit, "truong-phong", password, notice)
        unit.page.fill("textarea[name=comment]", "Thống nhất dự thảo.")
        unit.page.click("button:has-text('Gửi góp ý')")
        unit.look("commented")
        unit.open(session)
        unit.look("session-of-a-unit")
