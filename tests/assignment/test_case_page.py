"""A case in browsers without script: from the head to the speaker, and where somebody else was faster."""

import re
from typing import Any

import pytest

from shared.permit import Subject
from tests.assignment.browsing import (
    SAID,
    SUFFIX,
    Browsers,
    ended_well,
    offered,
    put_forward,
    text_of,
    with_a_unit,
)
from tests.assignment.house import (
    AUDITOR,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    OTHER_OFFICE,
    OTHER_UNIT,
    REGISTRY,
    SPECIALIST,
    House,
)

# No other case is there that it could be merged into.
JUDGED = {f"{act}-case" for act in ("reclassify", "reject", "split", "withdraw", "forward", "divert", "quarantine")}


async def test_a_case_goes_from_the_head_to_the_speaker_through_the_pages_alone(house: House, browsers: Browsers) -> None:
    case = await house.refer(SUFFIX, flags=())
    page = f"/cases/{case}"
    chief, leader, specialist = [await browsers.of(each) for each in (CHIEF, LEADER, SPECIALIST)]
    deputy, hub = await browsers.of(DEPUTY), await browsers.of(HUB)
    assert "Chờ giao việc 1" in text_of((await chief.open("/my-work")).text)
    ended_well(await chief.press(page, "assign-case", lead="TCHCQT", **{"coordinating.TH": "1"}), page, "assign-case")
    assert "Đã giao việc." in text_of((await chief.open(f"{page}?done=assign-case")).text)
    assert "Nhận hoặc trả lại" in text_of((await leader.open("/my-work")).text)
    assert SAID not in text_of((await specialist.open("/my-work")).text)
    ended_well(await leader.press(page, "accept-task"), page, "accept-task")
    ended_well(await leader.press(page, "delegate-task", to="p-specialist"), page, "delegate-task")
    assert "Đã phân công trong đơn vị 1" in text_of((await leader.open("/my-work")).text)
    assert SAID in text_of((await specialist.open("/my-work")).text)
    ended_well(await specialist.press(page, "submit-answer", answer="Sẽ mở lớp.", legal_basis="Luật"), page, "submit-answer")
    ended_well(await deputy.press(page, "return-answer", reason="Nêu kinh phí."), page, "return-answer")
    assert "Yêu cầu sửa “Nêu kinh phí.”" in text_of((await specialist.open("/my-work")).text)
    again = text_of((await specialist.open(page)).text)
    assert "“Nêu kinh phí.”" in again
    ended_well(await specialist.press(page, "submit-answer", answer="Sẽ mở hai lớp."), page, "submit-answer")
    shown = (await deputy.open(page)).text
    assert "<ins>hai </ins>" in shown
    ended_well(await deputy.press(page, "approve-answer"), page, "approve-answer")
    assert "Chờ gửi trả lời 1" in text_of((await specialist.open("/my-work")).text)
    ended_well(await specialist.press(page, "deliver-answer", means="van_ban"), page, "deliver-answer")
    ended_well(await hub.press(page, "close-case"), page, "close-case")
    assert "Đã đóng" in text_of((await hub.open(page)).text)
    assert offered((await hub.open(page)).text) == {"reopen-case", "quarantine-case"}


async def test_a_leader_returns_what_is_not_his_and_goes_back_to_his_work(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    leader = await browsers.of(LEADER)
    ended_well(await leader.press(f"/cases/{case}", "return-task", reason="Không thuộc phòng."), "/my-work", "return-task")
    assert "Đã trả lại việc." in text_of((await leader.open("/my-work?done=return-task")).text)
    assert (await leader.open(f"/cases/{case}")).status_code == 404
    chief = text_of((await (await browsers.of(CHIEF)).open(f"/cases/{case}")).text)
    assert "“Không thuộc phòng.”" in chief


@pytest.mark.parametrize(
    ("by", "acts"),
    [
        (CHIEF, {"direct-case", "set-case-due", "recall-case", "set-coordination", *JUDGED}),
        (DEPUTY, JUDGED),
        (HUB, {"consult-unit", "accept-task", "submit-answer", "request-extension", *JUDGED}),
        (LEADER, {"accept-task", "delegate-task", "submit-answer", "return-task", "request-extension", "consult-unit"}),
        (SPECIALIST, {"accept-task", "submit-answer", "request-extension", "consult-unit"}),
        (FEEDER, set[str]()),
        (AUDITOR, set[str]()),
        (REGISTRY, set[str]()),
    ],
    ids=lambda each: each.person if isinstance(each, Subject) else "",
)
async def test_a_page_offers_what_this_person_can_do_now(house: House, browsers: Browsers, by: Subject, acts: set[str]) -> None:
    case = await with_a_unit(house)
    assert offered((await (await browsers.of(by)).open(f"/cases/{case}")).text) == acts


async def test_nobody_clears_his_own_draft_and_the_page_says_so(house: House, browsers: Browsers) -> None:
    case = await house.refer(SUFFIX, flags=())
    await house.ask("assign_case", CHIEF, case=case, lead="CVP")
    await house.ask("submit_answer", DEPUTY, case=case, answer="Của tôi.")
    await house.follow()
    deputy = await browsers.of(DEPUTY)
    shown = (await deputy.open(f"/cases/{case}")).text
    assert "approve-answer" not in offered(shown)
    assert 'aria-disabled="true"' in shown
    assert "Người duyệt không được là người soạn" in text_of(shown)
    assert "Chờ duyệt 1" not in text_of((await deputy.open("/my-work")).text)
    assert "Chờ duyệt 1" in text_of((await (await browsers.of(CHIEF)).open("/my-work")).text)


async def test_an_empty_form_names_what_is_missing_and_leads_there(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    specialist = await browsers.of(SPECIALIST)
    answer = await specialist.press(f"/cases/{case}", "submit-answer", answer=" ", solution="Thuê giảng viên.")
    assert answer.status_code == 422
    assert "<title>Lỗi: " in answer.text
    [link] = re.findall(r'<a href="#(submit-answer-[^"]+)">Nội dung trả lời: cần có nội dung</a>', answer.text)
    assert f'id="{link}"' in answer.text
    assert "Thuê giảng viên.</textarea>" in answer.text
    unclear = await specialist.press(f"/cases/{case}", "request-extension", until="31/02/2023", reason="Chờ.")
    assert unclear.status_code == 422
    assert "Nhập ngày/tháng/năm" in text_of(unclear.text)
    assert 'value="31/02/2023"' in unclear.text
    earlier = await specialist.press(f"/cases/{case}", "request-extension", until="10/01/2023", reason="Chờ.")
    assert "không sau hạn hiện tại" in text_of(earlier.text)


async def test_what_can_no_longer_be_done_keeps_what_was_typed(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    specialist = await browsers.of(SPECIALIST)
    shown = (await specialist.open(f"/cases/{case}")).text
    await house.ask("submit_answer", LEADER, case=case, answer="Trước.")
    version = str(len(await house.log.read_stream(case)))
    refused = await specialist.press_on(shown, "submit-answer", answer="Công của tôi.", version=version)
    assert refused.status_code == 409
    assert "Chữ bạn đã gõ, chưa ghi Nội dung trả lời Công của tôi." in text_of(refused.text)


async def test_whoever_was_slower_sees_what_changed_and_keeps_what_he_wrote(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    specialist, chief = await browsers.of(SPECIALIST), await browsers.of(CHIEF)
    shown = (await specialist.open(f"/cases/{case}")).text
    ended_well(await chief.press(f"/cases/{case}", "direct-case", direction="Nêu kinh phí."), f"/cases/{case}", "direct-case")
    slower = await specialist.press_on(shown, "submit-answer", answer="Sẽ mở lớp.\nNăm lớp.")
    assert slower.status_code == 412
    told = text_of(slower.text)
    assert "Bạn đọc bản 2, nay đã có bản" in told
    assert "Ý kiến chỉ đạo" in told
    assert "Sẽ mở lớp.\nNăm lớp.</textarea>" in slower.text
    ended_well(await specialist.press_on(slower.text, "submit-answer", answer="Sẽ mở lớp."), f"/cases/{case}", "submit-answer")


async def test_a_reviewer_is_not_let_approve_a_draft_that_he_has_not_read(house: House, browsers: Browsers) -> None:
    case = await put_forward(house)
    deputy = await browsers.of(DEPUTY)
    shown = (await deputy.open(f"/cases/{case}")).text
    await house.ask("return_answer", CHIEF, case=case, reason="Sửa.")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Bản khác.")
    slower = await deputy.press_on(shown, "approve-answer")
    assert slower.status_code == 412
    assert "Bản khác." in text_of(slower.text)
    assert "Duyệt trên bản 5" in text_of(slower.text)
    ended_well(await deputy.press_on(slower.text, "approve-answer"), f"/cases/{case}", "approve-answer")


async def test_two_drafts_at_once_stand_side_by_side(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    specialist = await browsers.of(SPECIALIST)
    shown = (await specialist.open(f"/cases/{case}")).text
    await house.ask("submit_answer", LEADER, case=case, answer="Sẽ mở một lớp.")
    slower = await specialist.press_on(shown, "submit-answer", answer="Sẽ mở ba lớp.")
    assert slower.status_code == 412
    assert "<del>một </del><ins>ba </ins>" in slower.text
    assert "Nay không còn làm được việc này" in text_of(slower.text)


async def test_pressing_twice_does_it_once(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    leader = await browsers.of(LEADER)
    shown = (await leader.open(f"/cases/{case}")).text
    first, again = [await leader.press_on(shown, "submit-answer", answer="Sẽ mở lớp.") for _ in range(2)]
    assert (first.status_code, again.status_code) == (303, 303)
    assert first.headers["Location"] == again.headers["Location"]
    drafts = [each for each in await house.log.read_stream(case) if each.type == "case.answer_submitted"]
    assert len(drafts) == 1


async def test_the_english_of_a_page_is_whole(house: House, browsers: Browsers) -> None:
    case = await put_forward(house)
    deputy = await browsers.of(DEPUTY)
    shown = text_of((await deputy.open(f"/cases/{case}?lang=en")).text)
    assert "Clear the answer" in shown
    assert "working days left" in shown
    assert "My work" in (await deputy.open("/my-work")).text


async def test_work_without_a_case_has_a_page_of_its_own(house: House, browsers: Browsers) -> None:
    given = await house.ask(
        "give_task", CHIEF, type="tuyen_truyen", unit="TCHCQT", office="VPUB", about="plan-VPUB-2023", due="2023-01-20"
    )
    await house.follow()
    page = f"/tasks/{given.stream}"
    leader, hub = await browsers.of(LEADER), await browsers.of(HUB)
    assert f'href="{page}"' in (await leader.open("/my-work")).text
    ended_well(await leader.press(page, "accept-task"), page, "accept-task")
    assert "Phổ biến kế hoạch đối thoại năm 2023 trong đơn vị" in text_of((await leader.open(page)).text)
    ended_well(await leader.press(page, "add-proof", result="Đã phổ biến.", reached="21", on="hôm nay"), page, "add-proof")
    assert "Đã phổ biến." in text_of((await leader.open(page)).text)
    [proof] = [each for each in (await house.log.read(0, 500)).records if each.type == "task.proof_added"]
    assert b'"reached":21' in proof.data.replace(b" ", b"")
    assert "submit-answer" not in offered((await leader.open(page)).text)
    ended_well(await leader.press(page, "submit-task"), page, "submit-task")
    assert "Chờ xác nhận kết quả 1" in text_of((await hub.open("/my-work")).text)
    ended_well(await hub.press(page, "complete-task"), page, "complete-task")
    assert "Đã phổ biến." in text_of((await hub.open(page)).text)  # over, it can still be read
    for by in (OTHER_UNIT, OTHER_OFFICE, FEEDER):
        assert (await (await browsers.of(by)).open(page)).status_code == 404
    case = await with_a_unit(house)
    [assigned] = [each for each in (await house.log.read(0, 500)).records if each.type == "task.assigned"][1:]
    onward = await leader.open(f"/tasks/{assigned.stream}")
    assert (onward.status_code, onward.headers["Location"]) == (303, f"/cases/{case}")


async def test_of_what_was_erased_the_page_says_so_and_keeps_the_history(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    refs = [each["ref"] for each in await house.sealed() if each["purpose"] == "receive_opinion.words"]
    for ref in refs:
        await house.vault.erase_record(ref)
    leader = await browsers.of(LEADER)
    shown = text_of((await leader.open(f"/cases/{case}")).text)
    assert "Nội dung đã xóa; lịch sử và số liệu giữ nguyên." in shown
    assert "Giao việc: TCHCQT" in shown
    assert (await leader.open("/my-work")).status_code == 200


@pytest.mark.parametrize("by", [HUB, DEPUTY, REGISTRY, AUDITOR, FEEDER], ids=lambda each: str(each.person))
async def test_of_a_diverted_case_all_but_the_head_are_shown_a_pointer(house: House, browsers: Browsers, by: Subject) -> None:
    case = await with_a_unit(house)
    before = (await house.log.head()).position
    await house.ask("divert_case", CHIEF, case=case, kind="to_cao", to="BTCD")
    await house.follow()
    told = ("Đào tạo", "Hạn", "Tổ chức", "Phòng", "kiến nghị", "Kiến nghị")
    for who, address in ((by, f"/cases/{case}"), (by, f"/cases/{case}?as_of={before}"), (CHIEF, f"/cases/{case}")):
        shown = await (await browsers.of(who)).open(address)
        assert shown.status_code == 200
        said = text_of(shown.text.partition("<aside")[0]) + text_of(
            "<main" + shown.text.partition("<aside")[2].partition("<form")[0]
        )
        assert ("Hồ sơ chuyển quy trình khiếu nại, tố cáo" in said) == (who is not CHIEF)
        assert any(word in said for word in told) == (who is CHIEF), said


@pytest.mark.parametrize("by", [HUB, AUDITOR, FEEDER], ids=lambda each: str(each.person))
async def test_the_api_answers_a_pointer_too(house: House, by: Subject) -> None:
    case = await with_a_unit(house)
    await house.ask("divert_case", CHIEF, case=case, kind="to_cao", to="BTCD")
    await house.follow()
    async with house.client(by) as client:
        found = (await client.get(f"/assignment/api/cases/{case}")).json()
    said = {name for name, value in found.items() if value not in ("", None, [], {}, False)}
    assert said == {"id", "version", "opinion", "episode", "office", "stage", "hidden", "speaker", "received_at"}
    async with house.client(CHIEF) as client:
        assert (await client.get(f"/assignment/api/cases/{case}")).json()["field"] == "dao-tao-boi-duong"


async def test_a_page_of_a_case_opens_all_its_texts_in_one_access_and_reads_each_stream_once_to_offer_what_can_be_done(
    house: House, browsers: Browsers, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = await put_forward(house)
    await house.refer("7Q2K9FXA3MBTW0000071", flags=())  # it may be merged into this one
    chief = await browsers.of(CHIEF)
    before = [each["id"] for each in await house.vault.accesses()]
    read: list[str] = []
    streams = type(house.log).read_streams

    async def counted(log: Any, wanted: Any, *args: Any, **more: Any) -> Any:
        read.extend(wanted)
        return await streams(log, wanted, *args, **more)

    monkeypatch.setattr(type(house.log), "read_streams", counted)
    page = text_of((await chief.open(f"/cases/{case}")).text)
    assert SAID in page
    assert "Sẽ tổ chức trong quý II." in page
    opened = [each for each in await house.vault.accesses() if each["id"] not in before]
    assert [(each["reader"], each["purpose"]) for each in opened] == [(CHIEF.person, f"show {case}")]
    assert len(opened[0]["refs"]) > 3
    assert read.count(case) <= 4  # what can be done reads it once, whoever asks for files or words by himself; it was twenty
