"""A notice from its draft to its receipt, and a proposal to the Chairman's decision: in Chromium, by pages alone."""

import asyncio
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, FilePayload

from deploy import directory
from deploy.ground import on_directory
from deploy.house import access_on
from shared.contracts.roles import Role
from shared.identity.accounts import OF_SAMPLES, Post
from tests.support import story
from tests.support.chromium import Look, Window, chromium, window
from tests.support.commandline import Serving, done, serving

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]  # seven people, some twenty pages looked at

ADMIN: Final = "quan-tri VPUB administrator"
DIVISION: Final = "kt-01 KT content_division"
NAMES: Final = {
    "cvp-01": ("CVP", "Tòng Minh Đăng"),
    "cvp-02": ("CVP", "Nguyễn Thị Hồng Gấm"),
    "tchcqt-02": ("TCHCQT", "Vũ Thu Hà"),
    "vt-01": ("VT", "Lường Thị Hoa"),
    "kt-01": ("KT", "Hà Văn Quyết"),
    "chu-tich": ("VPUB", "Lò Minh Hùng"),
}
SEATS: Final = {
    "chanh": ("cvp-01", "VPUB", "CVP", Role.CHIEF),
    "pho": ("cvp-02", "VPUB", "CVP", Role.DEPUTY),
    "dau-moi": ("tchcqt-02", "VPUB", "TCHCQT", Role.HUB),
    "van-thu": ("vt-01", "VPUB", "VT", Role.REGISTRY),
    "noi-dung": ("kt-01", "VPUB", "KT", Role.CONTENT_DIVISION),
    "chu-tich": ("chu-tich", "VPUB", "VPUB", Role.CHAIRMAN),
    "noi-nhan": ("bdvtu-02", "BDVTU", "BDVTU", Role.RECIPIENT),
    "dan-van": ("bdvtu-01", "BDVTU", "BDVTU", Role.APPRAISER),
    "de-xuat": ("snnptnt-01", "SNNPTNT", "SNNPTNT", Role.PROPOSER),
}
POSTS: Final = (
    ("CVP", "CVP", "Chánh Văn phòng", "chief", "cvp-01"),
    ("PCVP-1", "CVP", "Phó Chánh Văn phòng", "deputy", "cvp-02"),
    ("CT", "VPUB", "Chủ tịch UBND tỉnh", "chairman", "chu-tich"),
)
LOOKS: Final = (Look(1280), Look(390, dark=True))
PROPOSED: Final = (
    "Đối thoại với nông dân các xã vùng quy hoạch cây ăn quả về tiêu thụ nông sản vụ hè thu.",
    "Đối thoại với nông dân về nước tưới, đường nội đồng và liên kết tiêu thụ sản phẩm.",
)
SUMMARIES: Final = (
    "Ý kiến kết luận của Chánh Văn phòng về điều kiện làm việc của các phòng",
    "Ý kiến kết luận của Chánh Văn phòng về lịch trực, chế độ làm thêm giờ",
)


def lines() -> Iterator[story.Told]:
    for person, (unit, name) in NAMES.items():
        registered = {"person": person, "name": name, "unit": unit, "valid_from": "2023-01-01"}
        yield story.line("2023-01-04T08:00", "register_person", registered, by=ADMIN)
    for post, unit, called, role, person in POSTS:
        created = {"post": post, "unit": unit, "name": called, "role": role, "valid_from": "2023-01-01"}
        yield story.line("2023-01-04T08:10", "create_post", created, by=ADMIN)
        yield story.line("2023-01-04T08:20", "hold_post", {"post": post, "person": person, "valid_from": "2023-01-01"}, by=ADMIN)
    charge = {"office": "VPUB", "post": "PCVP-1", "units": ["KT"], "valid_from": "2023-01-01"}
    yield story.line("2023-01-04T08:30", "set_charge", charge, by=ADMIN)
    book = {"office": "VPUB", "year": 2023, "external": True, "book": "TB-VPUB", "pattern": "{number}/TB-VPUB"}
    yield story.line("2023-01-04T09:00", "open_register", book, by="vt-01 VT registry")
    for n, content in enumerate(PROPOSED):
        about = {"office": "VPUB", "proposer": "SNNPTNT", "division": "KT", "field": "nong-nghiep", "local_id": f"KT-{n}"}
        given = {**about, "content": content, "reason": "Nhân dân quan tâm, cử tri đã kiến nghị nhiều lần."}
        yield story.line(f"2023-02-0{n + 1}T09:00", "receive_proposal", given, by=DIVISION, id=f"P-{n}")
        yield story.line(f"2023-02-0{n + 1}T10:00", "refer_proposal", story.about(f"P-{n}", "proposal_receipt"), by=DIVISION)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str]]:
    """A sample office that is served: its address, and the password of its people."""
    data = shutil.copytree(made, tmp_path_factory.mktemp("papers") / "data")
    done("do", "-", data=data, stdin=story.jsonl(*sorted(lines(), key=lambda each: str(each["at"]))))
    with serving(data) as running:
        yield _address(running), asyncio.run(_accounts(data))


def _address(running: Serving) -> str:
    return f"http://127.0.0.1:{running.port}"


async def _accounts(data: Path) -> str:
    seats = {
        f"{OF_SAMPLES}{name}": (person, Post(office=office, unit=unit, capacities=frozenset({role})))
        for name, (person, office, unit, role) in SEATS.items()
    }
    async with access_on(on_directory(directory.read(data))) as access:
        return await access.accounts.set_up(seats)


@dataclass(frozen=True, slots=True)
class Seats:
    """Windows of several people, one after the other, each looked at in the same way."""

    base: str
    password: str
    browser: Browser
    look: Look
    name: str
    taken: Iterator[int] = field(default_factory=lambda: count(1))

    @contextmanager
    def at(self, path: str, seat: str) -> Iterator[Window]:
        """Somebody who signed in, at a page."""
        way = f"{self.look.width}-{'dark' if self.look.dark else 'light'}-{self.name}-{next(self.taken)}-{seat}"
        with window(self.browser, self.base, way, self.look) as opened:
            opened.open("/sign-in")
            opened.page.fill("#name", f"{OF_SAMPLES}{seat}")
            opened.page.fill("#password", self.password)
            opened.page.click("button.pri")
            opened.open(path)
            yield opened


def press(opened: Window, slug: str, *, says: str, **chosen: str) -> None:
    """Open the form of an act if it is folded, fill it in, press its button; the page then says what was done."""
    form = opened.page.locator(f"form[action*='/{slug}']").first
    if not form.is_visible():
        opened.page.locator(f"details:has(form[action*='/{slug}']) > summary").first.click()
    for name, value in chosen.items():
        field = form.locator(f"[name='{name.replace('__', '.')}']")
        kind = field.first.evaluate("each => each.type")
        if kind == "radio":
            form.locator(f"[name='{name}'][value='{value}']").check()
        elif kind == "checkbox":
            field.check()
        elif kind == "select-one":
            field.select_option(value)
        else:
            field.fill(value)
    form.locator("button").last.click()
    assert says in opened.page.inner_text("main"), opened.page.inner_text("main")[:600]


@pytest.mark.parametrize("way", range(len(LOOKS)), ids=["1280", "390"])
def test_a_notice_from_its_draft_to_its_receipt(served: tuple[str, str], browser: Browser, way: int) -> None:
    seats, summary, number = Seats(*served, browser, LOOKS[way], "paper"), SUMMARIES[way], str(3 + 2 * way)
    with seats.at("/papers", "dau-moi") as hub:
        hub.look("list")
        hub.page.click("a.btn.pri")
        hub.look("blank")
        hub.page.check("input[name=kind][value=thong_bao]")
        hub.page.fill("textarea[name=summary]", summary)
        hub.page.select_option("select[name='recipients.0.recipient']", "BDVTU")
        hub.page.fill("input[name='recipients.0.purpose']", "Báo cáo")
        hub.page.check("input[name='recipients.0.mandatory']")
        hub.page.click("button:has-text('Lưu bản thảo')")
        assert "Đã lưu bản thảo." in hub.page.inner_text("main")
        hub.look("drafted")
        page = hub.page.url.partition("?")[0].removeprefix(served[0])
        press(hub, "submit-document", says="Đã trình ký.")
    with seats.at("/papers", "chanh") as chief:
        assert summary in chief.page.inner_text("table.t")
        chief.look("to-sign-list")
        chief.open(page)
        chief.look("to-sign")
        press(chief, "sign-document", capacity="truc_tiep", says="Đã ký.")
        chief.look("signed")
    with seats.at("/registers", "van-thu") as registry:
        registry.look("books")
        registry.open(page)
        registry.look("to-number")
        press(registry, "number-document", book="TB-VPUB", number=number, says="Đã cấp số.")
        press(registry, "issue-document", says="Đã phát hành.")
        registry.look("issued")
        press(registry, "dispatch-document", means="truc_lien_thong", says="Đã ghi việc gửi.")
        registry.look("sent")
        registry.open("/registers/register-VPUB-TB-VPUB-2023")
        press(registry, "void-number", number=str(int(number) + 1), reason="Viết hỏng.", says="Đã hủy số.")
        registry.look("book")
        with registry.page.expect_download() as saved:
            registry.page.click("text=Tải CSV")
        assert saved.value.suggested_filename == "register-VPUB-TB-VPUB-2023.csv"
    with seats.at("/papers", "noi-nhan") as recipient:
        recipient.look("received")
        recipient.open(page)
        recipient.look("to-confirm")
        press(recipient, "deliver-document", says="Đã ghi xác nhận đã nhận.")
    with seats.at(page, "van-thu") as registry:
        press(registry, "recall-document", reason="Sai nơi nhận.", says="Đã thu hồi văn bản.")
        registry.look("recalled")


@pytest.mark.parametrize("way", range(len(LOOKS)), ids=["1280", "390"])
def test_a_proposal_from_its_proposer_to_the_chairman(served: tuple[str, str], browser: Browser, way: int) -> None:
    seats, proposed = Seats(*served, browser, LOOKS[way], "proposal"), PROPOSED[way]
    with seats.at("/proposals", "noi-dung") as division:
        division.look("list")
        division.page.click(f"td.m >> text={proposed[:40]}")
        page = division.page.url.removeprefix(served[0])
        division.look("received")
        press(division, "return-proposal", reason="Nêu rõ số hộ, số xã.", says="Đã yêu cầu nơi đề xuất bổ sung.")
    with seats.at(page, "de-xuat") as proposer:
        proposer.look("to-complete")
        press(proposer, "complete-proposal", content=f"{proposed} Khoảng 120 hộ.", says="Đã ghi nội dung bổ sung.")
    with seats.at(page, "noi-dung") as division:
        press(division, "check-line", says="Đã đánh dấu.")
        press(division, "request-appraisal", leader="cvp-02", says="Đã đề nghị thẩm định.")
        division.look("under-appraisal")
        press(
            division, "give-appraisal", appraiser="MTTQ", verdict="dong_y_co_sua_doi", letter="111/MTTQ-BTT", says="Đã ghi ý kiến"
        )
        division.page.click("summary:has-text('Gắn tệp')")
        file: FilePayload = {"name": "Công văn đề nghị.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4\n%%EOF\n"}
        division.page.set_input_files("input[type=file]", files=file)
        division.page.click("button:has-text('Gắn tệp')")
        assert "Công văn đề nghị.pdf" in division.page.inner_text("aside")
    with seats.at("/proposals", "dan-van") as appraiser:
        appraiser.look("own-list")
        appraiser.open(page)
        appraiser.look("own")
        press(appraiser, "give-appraisal", verdict="dong_y", comment="Nhất trí.", says="Đã ghi ý kiến thẩm định.")
    with seats.at(page, "pho") as deputy:
        deputy.look("to-conclude")
        press(deputy, "conclude-appraisal", verdict="dong_y", note="Tổ chức trong quý II.", says="Đã kết luận thẩm định.")
        press(deputy, "submit-proposal", to_chairman="true", says="Đã trình.")
    with seats.at("/proposals", "chu-tich") as chairman:
        chairman.look("list")
        chairman.open(page)
        chairman.look("to-decide")
        press(chairman, "approve-proposal", says="Đã đồng ý tổ chức đối thoại.")
        chairman.look("approved")
