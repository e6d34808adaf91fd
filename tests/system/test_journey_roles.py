"""Days of people who have few pages: a feeder, a sở and the Chairman who gave it work, cấp ủy, a mass organisation."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser

from shared.contracts.roles import Role
from shared.text import fold
from tests.support.chromium import Look, chromium
from tests.support.commandline import Serving, serving
from tests.support.walking import Fields, Office, accounts

pytestmark = [pytest.mark.servers, pytest.mark.timeout(400)]

SEATS: Final = {
    "noi-gui": ("btcd-02", "BTCD", Role.FEEDER),
    "so": ("sgtvt-01", "SGTVT", Role.PROPOSER),
    "chu-tich": ("chu-tich", "VPUB", Role.CHAIRMAN),
    "cap-uy": ("du-01", "DU", Role.PARTY_COMMITTEE),
    "cong-doan": ("cd-01", "CD", Role.MASS_ORGANISATION),
}
LOOK: Final = Look(390, dark=True)  # those who have no desk of their own for it work on a telephone
SAID: Final = "Đề nghị niêm yết lịch tiếp công dân ở cổng trụ sở, nhiều người đến không gặp."


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def served(year: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Serving, str]]:
    """The office at the end of its year, and the password of its people."""
    data = Path(shutil.copytree(year, tmp_path_factory.mktemp("roles") / "data"))
    with serving(data) as running:
        yield running, accounts(data, SEATS)


@pytest.fixture
def office(served: tuple[Serving, str], browser: Browser, request: pytest.FixtureRequest) -> Office:
    name = request.node.name.removeprefix("test_").replace("_", "-")[:40]
    return Office(*served, browser, LOOK, name)


def test_a_feeder_hands_on_what_was_said_at_its_counter(office: Office) -> None:
    with office.at("noi-gui") as feeder:
        feeder.go("Tiếp nhận ý kiến")
        feeder.look("blank")
        typed: Fields = {"Nhân dân": True, "Đơn, văn bản": True, "Số đến": "BTCD-77", "Ngày nhận": "29/12/2023", "Nội dung": SAID}
        feeder.do("Tiếp nhận và nhập tiếp", typed, says="Đã tiếp nhận ý kiến.")
        feeder.look("handed-on")
        feeder.go("Hộp tiếp nhận")
        assert SAID[:40] in feeder.said
        feeder.look("inbox")


def test_a_so_reports_what_the_chairman_gave_it_and_he_confirms(office: Office) -> None:
    with office.at("chu-tich") as chairman:
        chairman.go("Việc đã giao")
        assert "Sở Giao thông vận tải" in chairman.said
        chairman.look("given")
        chairman.go("Đề xuất nội dung đối thoại")
        chairman.look("proposals")
    with office.at("so") as department:
        department.go("Việc của tôi")
        department.look("work")
        department.follow("Đề nghị mở rộng đường")
        department.look("task")
        department.do("Báo kết quả", {"Kết quả đã thực hiện": "Đã khảo sát, trình phương án."}, says="Đã ghi kết quả.")
        department.do("Trình kết quả", says="Đã trình kết quả.")
    with office.at("chu-tich") as chairman:
        chairman.go("Chờ tôi xử lý")
        chairman.look("to-confirm")
        chairman.do("Xác nhận hoàn thành", within="Đã khảo sát", says="Đã xác nhận hoàn thành.")


@pytest.mark.parametrize("seat", ["cap-uy", "cong-doan"])
def test_every_page_of_the_menu_is_theirs_and_says_what_to_do(office: Office, seat: str) -> None:
    with office.at(seat) as person:
        links = person.page.locator("#nav a span:first-child").all_inner_texts()
        for label in dict.fromkeys(each.strip() for each in links if each.strip()):
            person.go(label)
            assert person.page.locator("main h1").count() == 1, (label, person.said[:200])
            person.look(fold(label).replace(" ", "-"))
