"""A citizen hands in, keeps the receipt, looks up and withdraws; another asks for a dialogue: in Chromium, by pages alone."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from tests.intake.browsing import CODE
from tests.support.chromium import Look, Window, chromium, window
from tests.support.commandline import Serving, serving

pytestmark = pytest.mark.servers

WAYS: Final = ((390, True, True), (1280, False, True), (390, False, False))
SAID: Final = "Bộ phận một cửa hẹn trả kết quả ba lần chưa được, mỗi lần đi 40 km.\nĐề nghị trả lời dứt điểm."
NAME: Final = "Lò Văn Thử"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Serving]:
    data = shutil.copytree(made, tmp_path_factory.mktemp("public") / "data")
    with serving(data) as running:
        yield running


def fill_in(window: Window, said: str) -> None:
    page = window.page
    page.fill("#words", said)
    if page.locator("select#office").count():
        page.select_option("#office", "VPUB")
    page.check("#consent")


def code_on(window: Window) -> str:
    assert window.page.url.endswith("/receipt"), window.page.inner_text("main")
    found = CODE.search(window.page.inner_text(".code"))
    assert found is not None
    return found[0]


def look_up(window: Window, code: str) -> None:
    window.open("/lookup")
    window.page.fill("#code", code.lower().replace("-", " "))
    window.page.click("main button.pri")


@pytest.mark.parametrize("way", range(len(WAYS)), ids=lambda n: "-".join(map(str, WAYS[n])))
def test_a_citizen_hands_in_looks_up_and_withdraws(served: Serving, browser: Browser, way: int) -> None:
    width, dark, scripted = WAYS[way]
    base = f"http://127.0.0.1:{served.port}"
    name = f"{width}-{'dark' if dark else 'light'}{'' if scripted else '-no-script'}-public"
    look = Look(width, dark, scripted)
    with window(browser, base, f"{name}-1", look) as citizen:
        citizen.open("/")
        assert citizen.page.url.endswith("/welcome")
        citizen.look("welcome")
        citizen.page.click("text='Gửi ý kiến' >> nth=-1")
        citizen.look("submit")
        fill_in(citizen, SAID)
        citizen.page.check("input[value=both]")
        citizen.page.click("main button.pri")
        assert citizen.page.input_value("#words").strip() == SAID  # a dialogue needs a name: what was typed is kept
        citizen.look("name-needed")
        citizen.page.check("input[value=opinion]")
        citizen.page.set_input_files("#files", {"name": "ảnh.png", "mimeType": "image/png", "buffer": PNG})
        citizen.page.click("main button.pri")
        code = code_on(citizen)
        citizen.look("receipt")
        assert code not in citizen.page.url
        picture = citizen.page.locator(".receipt svg")
        assert picture.evaluate("image => image.getBoundingClientRect().width") > 100 if scripted else picture.count() == 1
        citizen.page.emulate_media(media="print")
        citizen.look("receipt-printed")
        citizen.page.emulate_media(media="screen")
        citizen.page.click("text='Xong, xóa khỏi máy này'")
        citizen.open("/receipt")
        assert citizen.page.url.endswith("/lookup")  # the browser holds it no longer

        citizen.open(f"/lookup#{code}")  # as the QR does
        if scripted:
            assert (citizen.page.input_value("#code"), citizen.page.url) == (code, f"{base}/lookup")
        look_up(citizen, "0000-0000-00000")
        citizen.look("unknown-code")
        look_up(citizen, code)
        assert citizen.page.url == f"{base}/lookup/result"
        assert "Đã tiếp nhận, chờ phân loại" in citizen.page.inner_text("main")
        assert "một cửa" not in citizen.page.inner_text("main")
        citizen.look("result")
        citizen.page.click("summary:has-text('Rút ý kiến này')")
        citizen.page.fill("textarea[name=note] >> visible=true", "Đã giải quyết xong ở xã.")
        citizen.look("about-to-withdraw")
        citizen.page.click("button:has-text('Rút ý kiến này')")
        assert "Đã rút ý kiến." in citizen.page.inner_text("main")
        citizen.look("withdrawn")
        for path in ("/published", "/privacy", "/other-procedures"):
            citizen.open(path)
            citizen.look(path.strip("/"))


@pytest.mark.parametrize("way", [0, 1], ids=["390", "1280"])
def test_a_citizen_asks_for_a_dialogue(served: Serving, browser: Browser, way: int) -> None:
    width, dark, scripted = WAYS[way]
    base = f"http://127.0.0.1:{served.port}"
    with window(browser, base, f"{width}-{'dark' if dark else 'light'}-public-2", Look(width, dark, scripted)) as citizen:
        citizen.open("/welcome")
        citizen.page.click("text='Yêu cầu đối thoại'")
        assert citizen.page.is_checked("input[value=dialogue]")
        fill_in(citizen, "Đề nghị được gặp trực tiếp về việc đất ở bản kéo dài từ năm 2020.")
        citizen.page.check("input[value=both]")
        citizen.page.fill("#name", NAME)
        citizen.page.fill("#contact", "0912 345 678")
        citizen.page.click("main button.pri")
        code = code_on(citizen)
        citizen.look("receipt")
        look_up(citizen, code)
        shown = citizen.page.inner_text("main")
        assert "Yêu cầu đối thoại" in shown
        assert NAME not in shown
        citizen.look("result")
        citizen.page.click("summary:has-text('Rút yêu cầu đối thoại')")
        citizen.page.click("button:has-text('Rút yêu cầu đối thoại')")
        assert "Đã rút yêu cầu đối thoại." in citizen.page.inner_text("main")
        citizen.look("request-withdrawn")


PNG: Final = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)
