"""Requests for dialogue and proposals are written down as they come in, handed on, or not (R21, R25)."""

from tests.intake.desk_pages import Clerks, offered, text_of
from tests.intake.house import CONTENT, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, PROPOSER, REGISTRY, House
from tests.intake.test_files_page import PDF

REQUESTS, PROPOSALS = "/intake/requests", "/intake/proposals"
ASKS = {
    "source_group": "nhan_dan",
    "channel": "van_ban",
    "words": "Xin gặp lãnh đạo về bình xét hộ nghèo.",
    "speaker_name": "Lò Thị Mai",
}
PROPOSES = {
    "proposer": "SGTVT",
    "field": "giao-thong",
    "division": "TH",
    "content": "Đường vào các bản vùng cao.",
    "reason": "Nhiều ý kiến.",
}


async def test_a_request_is_received_read_and_referred(house: House, clerks: Clerks) -> None:
    hub = await clerks.of(HUB)
    there = (await house.receive(by=HUB)).stream
    await house.follow()
    pressed = await hub.press(
        f"{REQUESTS}/new", f"{REQUESTS}/new", **ASKS, incoming_number="15", incoming_on="06/01/2023", **{f"opinions.{there}": "1"}
    )
    page = await hub.follow(pressed)
    said = text_of(page.text)
    assert "Đã ghi nhận đơn." in said
    assert "số đến 15, ngày 06/01/2023" in said
    assert "Xin gặp lãnh đạo" in said
    assert f"/opinions/{there}" in page.text
    assert "Lò Thị Mai" not in page.text
    where = pressed.headers["Location"].partition("?")[0]
    assert "Lò Thị Mai" in (await hub.press(where, "speaker")).text
    assert "1 đơn, văn bản chờ xem xét" in text_of((await hub.open(REQUESTS)).text)
    done = await hub.follow(await hub.press(where, "refer-request"))
    assert "Đã chuyển để người đứng đầu xem xét." in text_of(done.text)
    assert offered(done.text).isdisjoint({"refer-request", "reject-request"})


async def test_the_letter_of_a_request_is_added_and_saved_until_it_is_handed_on(house: House, clerks: Clerks) -> None:
    hub = await clerks.of(HUB)
    where = (await hub.press(f"{REQUESTS}/new", f"{REQUESTS}/new", **ASKS)).headers["Location"].partition("?")[0]
    shown = await hub.follow(await hub.attach(where, "đơn.pdf", PDF))
    assert "Đã thêm tệp." in text_of(shown.text)
    assert (await hub.open(f"{where}/files/1")).content == PDF
    await hub.press(where, "refer-request")
    after = (await hub.open(where)).text
    assert "đơn.pdf" in after
    assert "attach-to-submission" not in offered(after)


async def test_a_request_is_rejected_with_a_reason_or_taken_back(house: House, clerks: Clerks) -> None:
    hub = await clerks.of(HUB)
    first = (await hub.press(f"{REQUESTS}/new", f"{REQUESTS}/new", **ASKS)).headers["Location"].partition("?")[0]
    without = await hub.press(first, "reject-request", note="Đã trả lời tuần trước.")
    assert without.status_code == 422
    assert "Đã trả lời tuần trước." in without.text
    rejected = await hub.follow(await hub.press(first, "reject-request", reason="TRUNG", note="Đã trả lời."))
    assert "Trùng nội dung đã trả lời : Đã trả lời." in text_of(rejected.text).replace("lời:", "lời :")
    second = (await hub.press(f"{REQUESTS}/new", f"{REQUESTS}/new", **ASKS)).headers["Location"].partition("?")[0]
    assert (await hub.press(second, "withdraw-request-receipt")).status_code == 303


async def test_a_request_is_seen_by_its_office_and_the_unit_that_took_it_in(house: House, clerks: Clerks) -> None:
    feeder = await clerks.of(FEEDER)
    where = (await feeder.press(f"{REQUESTS}/new", f"{REQUESTS}/new", **ASKS)).headers["Location"].partition("?")[0]
    assert offered((await feeder.open(where)).text) & {"refer-request", "withdraw-request-receipt"} == {
        "withdraw-request-receipt"
    }
    for by in (OTHER_UNIT, OTHER_OFFICE):
        other = await clerks.of(by)
        assert (await other.open(where)).status_code == 404
        sent = await other.send(REQUESTS, f"{where}/withdraw-request-receipt", key="k", version="1")
        assert sent.status_code == 404


async def test_a_proposal_is_received_by_its_division_and_referred(house: House, clerks: Clerks) -> None:
    content = await clerks.of(CONTENT)
    pressed = await content.press(f"{PROPOSALS}/new", f"{PROPOSALS}/new", **PROPOSES, incoming_number="210/SGTVT")
    shown = text_of((await content.follow(pressed)).text)
    assert "Đường vào các bản vùng cao." in shown
    assert "Đơn vị SGTVT" in shown
    where = pressed.headers["Location"].partition("?")[0]
    done = await content.follow(await content.press(where, "refer-proposal"))
    assert "Đã chuyển để thẩm định." in text_of(done.text)
    hub = text_of((await (await clerks.of(HUB)).open(where)).text)
    assert "Nội dung này chỉ mở cho người có quyền." in hub  # it has no part in the Chairman's dialogue


async def test_a_citizen_proposes_nothing(house: House, clerks: Clerks) -> None:
    content = await clerks.of(CONTENT)
    wrong = await content.press(f"{PROPOSALS}/new", f"{PROPOSALS}/new", **{**PROPOSES, "proposer": "BTCD"})
    assert wrong.status_code == 422
    assert "không thuộc diện đề xuất" in text_of(wrong.text)
    assert "Đường vào các bản vùng cao." in wrong.text
    where = (await content.press(f"{PROPOSALS}/new", f"{PROPOSALS}/new", **PROPOSES)).headers["Location"].partition("?")[0]
    rejected = await content.press(where, "reject-proposal", reason="KHONG_PHAI_CO_QUAN_DE_XUAT")
    assert rejected.status_code == 303


async def test_who_lists_what(house: House, clerks: Clerks) -> None:
    for by, path, status in (
        (REGISTRY, REQUESTS, 200),
        (FEEDER, REQUESTS, 200),
        (CONTENT, PROPOSALS, 200),
        (CONTENT, REQUESTS, 404),
        (FEEDER, PROPOSALS, 404),
        (PROPOSER, PROPOSALS, 200),
    ):
        assert (await (await clerks.of(by)).open(path)).status_code == status, (by.person, path)
    assert (await (await clerks.of(FEEDER)).open(f"{PROPOSALS}/new")).status_code == 404
