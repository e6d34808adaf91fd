"""An opinion is written down as it comes in: once, with its number and day, its speaker sealed, nothing typed lost."""

import pytest

from shared.permit import Subject
from tests.intake.desk_pages import Clerks, text_of
from tests.intake.house import ADMIN, CHIEF, FEEDER, HUB, OTHER_UNIT, REGISTRY, SECRETARY, WORDS, House

TYPED = {"source_group": "nhan_dan", "channel": "van_ban", "words": WORDS, "then": "view"}
NEW = "/intake/new"


async def opinions(house: House) -> list[str]:
    records = (await house.log.read(0, 500)).records
    return [each.stream for each in records if each.type == "opinion.received"]


@pytest.mark.parametrize("by", [HUB, REGISTRY, FEEDER, OTHER_UNIT], ids=lambda each: each.person)
async def test_whoever_meets_speakers_takes_opinions_in(house: House, clerks: Clerks, by: Subject) -> None:
    clerk = await clerks.of(by)
    answer = await clerk.press(NEW, NEW, **TYPED)
    [opinion] = await opinions(house)
    assert answer.headers["Location"] == f"/opinions/{opinion}?done=receive-opinion"
    assert "Đã tiếp nhận ý kiến." in text_of((await clerk.follow(answer)).text)


@pytest.mark.parametrize("by", [CHIEF, SECRETARY, ADMIN], ids=lambda each: each.person)
async def test_nobody_else_has_the_form(house: House, clerks: Clerks, by: Subject) -> None:
    clerk = await clerks.of(by)
    assert (await clerk.open(NEW)).status_code == 404
    assert await opinions(house) == []


async def test_it_came_in_on_its_day_under_its_number_of_that_year(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(FEEDER)
    answer = await clerk.press(NEW, NEW, **TYPED, local_id="412", received_on="30/12/2022")
    shown = text_of((await clerk.follow(answer)).text)
    assert "số 412/2022, ngày 30/12/2022" in shown
    assert "nhận 30/12/2022 qua Đơn, văn bản" in shown


async def test_the_same_number_shows_the_first_copy(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(FEEDER)
    await clerk.press(NEW, NEW, **TYPED, local_id="412")
    [first] = await opinions(house)
    again = await clerk.press(NEW, NEW, **TYPED, local_id="412/2023")
    assert again.headers["Location"] == f"/opinions/{first}?known=1&done=receive-opinion"
    assert "đã được tiếp nhận trước đó" in text_of((await clerk.follow(again)).text)
    other = await clerk.press(NEW, NEW, **{**TYPED, "words": "Việc khác hẳn."}, local_id="412")
    assert other.status_code == 409
    assert f'href="/opinions/{first}">Mở bản đầu tiên' in other.text
    assert "Việc khác hẳn." in other.text
    assert await opinions(house) == [first]


async def test_who_spoke_and_for_whom_is_sealed(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(HUB)
    sealed = {"speaker_name": "Lò Thị Mai", "on_behalf": "12 hộ bản Nà Lo", "speaker_contact": "0212 000 000", "hidden": "1"}
    shown = (await clerk.follow(await clerk.press(NEW, NEW, **TYPED, **sealed))).text
    assert "Lò Thị Mai" not in shown
    assert "Người nêu ý kiến đề nghị giấu tên" in shown
    [opinion] = await opinions(house)
    told = await clerk.press(f"/opinions/{opinion}", "speaker")
    assert "Lò Thị Mai (thay mặt 12 hộ bản Nà Lo)" in told.text


async def test_receive_and_next_keeps_what_the_next_usually_shares(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(FEEDER)
    answer = await clerk.press(NEW, NEW, **{**TYPED, "then": "next"})
    [opinion] = await opinions(house)
    blank = (await clerk.follow(answer)).text
    assert f"/opinions/{opinion}/receipt" in blank
    assert 'value="van_ban" checked' in blank
    assert 'value="nhan_dan" checked' in blank
    assert WORDS not in blank


async def test_the_receipt_is_printed_by_whoever_took_it_in(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(FEEDER)
    answer = await clerk.press(NEW, NEW, **{**TYPED, "then": "receipt"})
    [opinion] = await opinions(house)
    assert answer.headers["Location"] == f"/opinions/{opinion}/receipt?done=receive-opinion"
    code = await house.service.queries.inbox.receipt(FEEDER, opinion)
    assert code is not None
    assert code in (await clerk.follow(answer)).text
    assert (await (await clerks.of(HUB)).open(f"/opinions/{opinion}/receipt")).status_code == 404


async def test_the_hub_may_classify_at_once(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(HUB)
    await clerk.press(NEW, NEW, **TYPED, kind="kien_nghi", field="giao-thong", **{"flags.buc_xuc": "1"})
    [opinion] = await opinions(house)
    assert await house.types(opinion) == ["opinion.received", "opinion.classified"]
    half = await clerk.press(NEW, NEW, **{**TYPED, "words": "Khác."}, kind="kien_nghi")
    assert half.status_code == 422
    assert "Lĩnh vực" in text_of(half.text)
    assert await opinions(house) == [opinion]


async def test_what_is_alike_is_shown_before_it_is_taken_in(house: House, clerks: Clerks) -> None:
    there = (await house.receive()).stream
    await house.follow()
    clerk = await clerks.of(HUB)
    looked = await clerk.press(NEW, NEW, **{**TYPED, "words": f"{WORDS} Bản Nà Lo.", "then": "look"})
    assert looked.status_code == 200
    assert f"/opinions/{there}" in looked.text
    assert "giống" in looked.text
    assert "Bản Nà Lo." in looked.text
    assert await opinions(house) == [there]


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"words": "  "}, "Nội dung: cần có nội dung"),
        ({"source_group": ""}, "Nguồn"),
        ({"received_on": "20/01/2023"}, "Ngày 20/01/2023 chưa đến"),
        ({"received_on": "hôm kia"}, "Chưa đọc được ngày vừa nhập"),
        ({"local_id": "4%12"}, "Số đến"),
        ({"speaker_name": "x" * 201}, "Người nêu ý kiến"),
    ],
)
async def test_what_is_wrong_is_named_and_nothing_typed_is_lost(
    house: House, clerks: Clerks, wrong: dict[str, str], said: str
) -> None:
    clerk = await clerks.of(FEEDER)
    typed = {**TYPED, "speaker_contact": "0212 000 000", "on_behalf": "12 hộ", **wrong}
    answer = await clerk.press(NEW, NEW, **typed)
    assert answer.status_code == 422
    assert said in text_of(answer.text)
    assert "<title>Lỗi: " in answer.text
    assert 'value="0212 000 000"' in answer.text
    assert 'value="12 hộ"' in answer.text
    assert 'data-draft="intake-new"' in answer.text
    assert await opinions(house) == []


async def test_pressed_twice_it_is_taken_in_once(house: House, clerks: Clerks) -> None:
    clerk = await clerks.of(FEEDER)
    page = (await clerk.open(NEW)).text
    first = await clerk.press_on(page, NEW, **TYPED)
    second = await clerk.press_on(page, NEW, **TYPED)
    assert len(await opinions(house)) == 1
    assert second.headers["Location"].partition("?")[0] == first.headers["Location"].partition("?")[0]
