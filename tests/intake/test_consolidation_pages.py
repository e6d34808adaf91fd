"""Units hand in what their people said before a meeting, or that there is nothing; the hub sees who has not (R30)."""

from datetime import timedelta

import pytest

from shared.contracts.roles import Role
from shared.web.acting import Acting
from tests.intake.desk_pages import Clerks, offered, text_of
from tests.intake.house import CHIEF, FEEDER, HUB, OTHER_UNIT, SECRETARY, House
from tests.support.hosting import subject

LIST = "/unit-work/consolidation"
MEETING = "meeting-giao-ban-2"
UNION = subject("p-union", "VT", Role.MASS_ORGANISATION)


async def asked(house: House, *units: str) -> list[str]:
    done = await house.ask("open_consolidation", HUB, office="VPUB", about=MEETING, units=list(units), due="2023-01-13")
    await house.follow()
    found: list[str] = done.answer["consolidations"]
    return found


async def test_a_unit_hands_in_what_it_took_in_and_what_it_writes_down_now(house: House, clerks: Clerks) -> None:
    there = (await house.receive(by=OTHER_UNIT, words="Thêm ghế phòng họp.", source_group="noi_bo")).stream
    [round_] = await asked(house, "TH")
    unit = await clerks.of(OTHER_UNIT)
    assert "đơn vị bạn còn 1 bản chưa nộp" in text_of((await unit.open(LIST)).text)
    rows = "Đổi lịch trực Tết.\n\nBổ sung tủ tài liệu."
    pressed = await unit.press(f"{LIST}/{round_}", "submit-consolidation", rows=rows, note="", **{f"opinions.{there}": "1"})
    shown = text_of((await unit.follow(pressed)).text)
    assert all(each in shown for each in ("Đã nộp.", "Thêm ghế phòng họp.", "Đổi lịch trực Tết.", "Bổ sung tủ tài liệu."))
    view = await house.service.queries.consolidations.consolidation(OTHER_UNIT, round_)
    assert len(view.opinions) == 3
    seen = [await house.service.queries.opinions.opinion(OTHER_UNIT, each) for each in view.opinions]
    assert sorted(str(each.channel) for each in seen) == ["tong_hop_don_vi", "tong_hop_don_vi", "truc_tiep"]
    assert {(each.source_group, each.unit) for each in seen} == {("noi_bo", "TH")}


async def test_nothing_to_hand_in_is_an_act_of_its_own(house: House, clerks: Clerks) -> None:
    [round_] = await asked(house, "VT")
    union = await clerks.of(UNION)
    empty = await union.press(f"{LIST}/{round_}", "submit-consolidation", rows="", note="")
    assert empty.status_code == 422
    pressed = await union.press(f"{LIST}/{round_}", "nil-return")
    shown = text_of((await union.follow(pressed)).text)
    assert "Đã báo không có ý kiến." in shown
    assert "Đơn vị báo không có ý kiến." in shown


async def test_what_was_handed_in_is_amended_with_a_reason(house: House, clerks: Clerks) -> None:
    [round_] = await asked(house, "TH")
    unit = await clerks.of(OTHER_UNIT)
    await unit.press(f"{LIST}/{round_}", "nil-return")
    page = f"{LIST}/{round_}"
    without = await unit.press(page, "amend-consolidation", rows="Thêm một ý kiến.")
    assert without.status_code == 422
    assert "Thêm một ý kiến." in without.text
    pressed = await unit.press(page, "amend-consolidation", rows="Thêm một ý kiến.", reason="Có người nêu thêm.")
    shown = text_of((await unit.follow(pressed)).text)
    assert "Thêm một ý kiến." in shown
    assert "Lý do sửa: Có người nêu thêm." in shown


async def test_the_hub_sees_who_has_not_handed_in_and_returns_a_list(house: House, clerks: Clerks) -> None:
    of_th, _ = await asked(house, "TH", "VT")
    unit, hub = await clerks.of(OTHER_UNIT), await clerks.of(HUB)
    await unit.press(f"{LIST}/{of_th}", "submit-consolidation", rows="Đổi lịch trực.", note="")
    shown = text_of((await hub.open(LIST)).text)
    assert "Yêu cầu 2 đơn vị: 1 có ý kiến, 0 không có ý kiến, 1 chưa nộp" in shown
    assert "1 đơn vị chưa nộp" in shown
    assert "Đơn vị VT" in shown
    pressed = await hub.press(f"{LIST}/{of_th}", "return-consolidation", reason="Ghi rõ hơn.")
    assert pressed.status_code == 303
    again = text_of((await unit.open(f"{LIST}/{of_th}")).text)
    assert "Bị trả lại để làm lại" in again
    assert "Ghi rõ hơn." in again
    house.clock.move_to(house.clock.now() + timedelta(days=7))
    assert "chưa nộp, quá 3 ngày" in text_of((await hub.open(LIST)).text)


async def test_rows_sent_twice_are_taken_in_once(house: House, clerks: Clerks) -> None:
    [round_] = await asked(house, "TH")
    unit = await clerks.of(OTHER_UNIT)
    page = (await unit.open(f"{LIST}/{round_}")).text
    for _ in range(2):
        await unit.press_on(page, "submit-consolidation", rows="Đổi lịch trực.\nĐổi lịch trực.", note="")
    records = (await house.log.read(0, 100)).records
    assert [each.type for each in records].count("opinion.received") == 1


async def taken_in(house: House) -> int:
    """How many opinions were taken in."""
    return [each.type for each in (await house.log.read(0, 200)).records].count("opinion.received")


async def test_rows_of_a_list_that_was_refused_are_taken_in_once_and_with_it(house: House, clerks: Clerks) -> None:
    [round_] = await asked(house, "TH")
    unit = await clerks.of(OTHER_UNIT)
    page = f"{LIST}/{round_}"
    await unit.press(page, "nil-return")
    for wrong in ({"reason": ""}, {"reason": "Có người nêu thêm.", "nil": "1"}):
        refused = await unit.press(page, "amend-consolidation", rows="Thêm một ý kiến.", **wrong)
        assert refused.status_code == 422
        assert await taken_in(house) == 0
    done = await unit.press_on(refused.text, "amend-consolidation", rows="Thêm một ý kiến.", reason="Có người nêu thêm.")
    assert done.status_code == 303
    assert await taken_in(house) == 1
    assert len((await house.service.queries.consolidations.consolidation(OTHER_UNIT, round_)).opinions) == 1


async def test_rows_are_not_taken_in_for_a_list_that_somebody_else_handed_in_meanwhile(house: House, clerks: Clerks) -> None:
    [round_] = await asked(house, "TH")
    unit = await clerks.of(OTHER_UNIT)
    before = (await unit.open(f"{LIST}/{round_}")).text
    await unit.press(f"{LIST}/{round_}", "submit-consolidation", rows="Đổi lịch trực.", note="")
    late = await unit.press_on(before, "submit-consolidation", rows="Bổ sung tủ.", note="")
    assert late.status_code in (409, 412)
    assert "Bổ sung tủ." in late.text or "đã nộp" in text_of(late.text)
    assert await taken_in(house) == 1


async def test_rows_that_were_taken_in_before_a_refusal_are_those_when_sent_again(
    house: House, clerks: Clerks, monkeypatch: pytest.MonkeyPatch
) -> None:
    [round_] = await asked(house, "TH")
    unit = await clerks.of(OTHER_UNIT)

    async def no_rehearsal(*_: object, **__: object) -> None:
        """Somebody was quicker after it was rehearsed."""

    monkeypatch.setattr(Acting, "rehearse", no_rehearsal)
    page = f"{LIST}/{round_}"
    await unit.press(page, "nil-return")
    refused = await unit.press(page, "amend-consolidation", rows="Thêm một ý kiến.", reason="")
    for _ in range(2):
        refused = await unit.press_on(refused.text, "amend-consolidation", rows="Thêm một ý kiến.", reason="")
        assert refused.status_code == 422
    assert await taken_in(house) <= 1
    done = await unit.press_on(refused.text, "amend-consolidation", rows="Thêm một ý kiến.", reason="Thêm.")
    assert done.status_code == 303
    assert await taken_in(house) == 1


async def test_units_are_asked_by_the_hub_and_by_nobody_else(house: House, clerks: Clerks) -> None:
    hub = await clerks.of(HUB)
    bare = (await hub.open(f"{LIST}/new")).text  # nobody types the code of a meeting: it has a page, which leads here
    assert "Gửi yêu cầu" not in text_of(bare)
    assert 'href="/meetings"' in bare
    page = f"{LIST}/new?about={MEETING}"
    assert f'href="/meetings/{MEETING}"' in (await hub.open(page)).text
    wrong = await hub.press(page, f"{LIST}/new", due="mai", **{"units.TH": "1"})
    assert wrong.status_code == 422
    pressed = await hub.press(page, f"{LIST}/new", due="13/01/2023", **{"units.TH": "1", "units.VT": "1"})
    assert "Đã gửi yêu cầu tới các đơn vị." in text_of((await hub.follow(pressed)).text)
    found = await house.service.queries.consolidations.rounds(HUB, office="VPUB", cursor=None, limit=10)
    assert [each.about for each in found.items] == [MEETING]
    for by in (FEEDER, CHIEF, SECRETARY):
        assert (await (await clerks.of(by)).open(f"{LIST}/new")).status_code == 404


async def test_a_round_is_its_units_and_its_offices(house: House, clerks: Clerks) -> None:
    [round_] = await asked(house, "TH")
    chief = (await (await clerks.of(CHIEF)).open(f"{LIST}/{round_}")).text
    assert not offered(chief) & {"submit-consolidation", "nil-return", "return-consolidation"}
    assert (await (await clerks.of(FEEDER)).open(f"{LIST}/{round_}")).status_code == 404
    sent = await (await clerks.of(FEEDER)).send(LIST, f"{LIST}/{round_}/nil-return", key="k", version="1")
    assert sent.status_code == 404
