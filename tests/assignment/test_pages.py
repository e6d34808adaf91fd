"""My work and the page of a case, as people use them in browsers without script; nobody sees or does what is not his."""

import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from services.assignment.entrypoints.pages.acts import ACTS, Asks
from shared.permit import Subject
from shared.web.pages import Pages
from tests.assignment.browsing import Person, application, form_of, offered, person, text_of
from tests.assignment.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    DEPUTY,
    FEEDER,
    HUB,
    LEADER,
    OTHER_OFFICE,
    OTHER_UNIT,
    PEOPLE,
    REGISTRY,
    SPECIALIST,
    House,
)
from tests.shared.identity.browser import HOUSE
from tests.support.strange import urls_of

SUFFIX = "7Q2K9FXA3MBTW0000001"
OTHER = "7Q2K9FXA3MBTW0000002"
SAID = "Đề nghị tổ chức thêm lớp bồi dưỡng."
XSS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "javascript:alert(1)", "' onfocus='alert(1)")


class Browsers:
    """Browsers of several people at once."""

    def __init__(self, app: FastAPI, stack: AsyncExitStack) -> None:
        self.app, self._stack = app, stack

    async def of(self, subject: Subject) -> Person:
        self.app.state.door.people[subject.person] = subject
        return await self._stack.enter_async_context(person(self.app, subject))


@pytest.fixture
async def browsers(house: House) -> AsyncIterator[Browsers]:
    async with AsyncExitStack() as stack:
        yield Browsers(application(house), stack)


async def with_a_unit(house: House, suffix: str = SUFFIX) -> str:
    case = await house.refer(suffix, flags=())
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.follow()
    return case


async def put_forward(house: House) -> str:
    case = await with_a_unit(house)
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.")
    await house.follow()
    return case


def ended_well(answer: httpx2.Response, where: str, done: str) -> None:
    assert (answer.status_code, answer.headers.get("Location")) == (303, f"{where}?done={done}"), text_of(answer.text)[:400]


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
    assert offered((await hub.open(page)).text) == {"reopen-case"}


async def test_a_leader_returns_what_is_not_his_and_goes_back_to_his_work(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    leader = await browsers.of(LEADER)
    ended_well(await leader.press(f"/cases/{case}", "return-task", reason="Không thuộc phòng."), "/my-work", "return-task")
    assert "Đã trả lại việc." in text_of((await leader.open("/my-work?done=return-task")).text)
    assert (await leader.open(f"/cases/{case}")).status_code == 404
    chief = text_of((await (await browsers.of(CHIEF)).open(f"/cases/{case}")).text)
    assert "“Không thuộc phòng.”" in chief


@pytest.mark.parametrize(
    ("by", "status", "words"),
    [
        (CHIEF, 200, True),
        (DEPUTY, 200, True),
        (HUB, 200, True),
        (LEADER, 200, True),
        (SPECIALIST, 200, True),
        (REGISTRY, 200, True),
        (FEEDER, 200, False),  # its unit took it in
        (AUDITOR, 200, False),
        (OTHER_UNIT, 404, False),
        (OTHER_OFFICE, 404, False),
        (ADMIN, 404, False),
    ],
    ids=lambda each: each.person if isinstance(each, Subject) else str(each),
)
async def test_who_sees_a_case_and_who_its_words(house: House, browsers: Browsers, by: Subject, status: int, words: bool) -> None:
    case = await with_a_unit(house)
    browser = await browsers.of(by)
    answer = await browser.open(f"/cases/{case}")
    assert answer.status_code == status
    assert (SAID in answer.text) is words
    if status == 404:
        nowhere = await browser.open("/cases/case-7Q2K9FXA3MBTW0000099")
        assert without_trace(nowhere.text) == without_trace(answer.text)
    async with house.client(by) as client:
        over_http = await client.get(f"/assignment/api/cases/{case}")
    assert over_http.status_code == status


def without_trace(text: str) -> str:
    return re.sub(r"<code>\w+</code>|\?lang=\w+", "", text)


@pytest.mark.parametrize(
    ("by", "acts"),
    [
        (CHIEF, {"direct-case", "set-case-due", "recall-case"}),
        (DEPUTY, set[str]()),
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


async def test_what_a_page_does_not_offer_is_refused_when_it_is_sent_all_the_same(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    leader = await browsers.of(LEADER)
    action, _ = form_of((await leader.open(f"/cases/{case}")).text, "accept-task")
    before = (await house.log.head()).position
    for by in (OTHER_UNIT, OTHER_OFFICE, ADMIN, FEEDER, AUDITOR, REGISTRY, SPECIALIST):
        browser = await browsers.of(by)
        token = re.search(r'name="token" value="(\w+)"', (await browser.open("/my-work")).text)
        assert token is not None
        sent = {"token": token[1], "key": "k", "version": "1"}
        returned = await browser.post(action.replace("accept-task", "return-task"), **sent, reason="x")
        approved = await browser.post(f"/cases/{case}/approve-answer", **{**sent, "version": "2"})
        assert returned.status_code in (403, 404), by.person
        assert approved.status_code in (403, 404), by.person
        assert (await browser.post(f"/cases/{case}/no-such-act", **sent)).status_code == 404
        assert (await browser.post(f"/cases/{case}/accept-task", **sent)).status_code == 404  # it is an act of the task
    assert (await house.log.head()).position == before


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


async def test_a_form_of_another_site_without_its_token_or_version_does_nothing(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    leader = await browsers.of(LEADER)
    action, hidden = form_of((await leader.open(f"/cases/{case}")).text, "accept-task")
    before = (await house.log.head()).position
    foreign = await leader.send_from("https://evil.example", action, **hidden)
    cross = await leader.send_from(HOUSE, action, site="cross-site", **hidden)
    assert (foreign.status_code, cross.status_code) == (403, 403)
    assert (await leader.post(action, **{**hidden, "token": "0" * 64})).status_code == 403
    assert (await leader.client.get(action)).status_code == 405
    unstated = {name: value for name, value in hidden.items() if name != "version"}
    assert (await leader.post(action, **unstated)).status_code == 428
    for version in ("x", "-1", "99999999999", "١"):
        assert (await leader.post(action, **{**hidden, "version": version})).status_code == 422, version
    assert (await house.log.head()).position == before


async def test_nobody_works_without_signing_in_or_with_a_first_password(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    stranger = await browsers.of(LEADER)
    stranger.client.cookies.clear()
    for page in ("/my-work", f"/cases/{case}", "/tasks/task-1"):
        asked = await stranger.open(page)
        assert (asked.status_code, asked.headers["Location"].partition("?")[0]) == (303, "/sign-in")
    assert (await stranger.post(f"/cases/{case}/approve-answer")).headers["Location"] == "/sign-in"
    browsers.app.state.door.must_change.add(SPECIALIST.person)
    fresh = await browsers.of(SPECIALIST)
    for page in ("/my-work", f"/cases/{case}"):
        assert (await fresh.open(page)).headers["Location"] == "/account"


async def test_what_people_write_is_shown_as_text_wherever_it_stands(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    page = f"/cases/{case}"
    leader, specialist, deputy = [await browsers.of(each) for each in (LEADER, SPECIALIST, DEPUTY)]
    payload = " ".join(XSS)
    parts = dict.fromkeys(("answer", "solution", "direction", "legal_basis"), payload)
    pages = [await leader.press(page, "request-extension", until=payload[:20], reason=payload)]
    assert (await leader.press(page, "request-extension", until="28/02/2023", reason=payload)).status_code == 303
    assert (await leader.press(page, "consult-unit", unit="TH", question=payload)).status_code == 303
    stale = (await specialist.open(page)).text
    assert (await specialist.press(page, "submit-answer", **parts)).status_code == 303
    pages.append(await specialist.press_on(stale, "submit-answer", **parts))
    assert (await deputy.press(page, "return-answer", reason=payload)).status_code == 303
    pages += [await leader.open(page), await leader.open(f"{page}?done={XSS[1]}"), await leader.open(f"/my-work?done={XSS[1]}")]
    pages += [await leader.open(f"/my-work?cursor={XSS[0]}"), await leader.open(f"/my-work?pile={XSS[0]}")]
    seen = [each.status_code for each in pages]
    assert seen == [422, 412, 200, 200, 200, 422, 422]
    for each in pages:
        assert "<script" not in each.text
        assert "<img" not in each.text
        assert not re.search(r"<[^>]*\son\w+=", each.text)
        assert " style=" not in each.text
        assert "{{ 7*7 }}" in each.text or payload not in each.text
        assert "'unsafe" not in each.headers["Content-Security-Policy"]
        assert each.headers["Cache-Control"] == "no-store"
    assert "&lt;script&gt;" in pages[2].text


async def test_nothing_of_a_case_about_himself_is_listed_for_who_would_clear_it(house: House, browsers: Browsers) -> None:
    await house.ask("create_post", ADMIN, post="PCVP", unit="CVP", name="Phó", role="deputy", valid_from="2021-01-01")
    await house.ask("register_person", ADMIN, person="p-deputy", name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post="PCVP", person="p-deputy", valid_from="2021-01-01")
    case = await house.refer(SUFFIX, flags=(), concerns_posts=("PCVP",))
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Trả lời.")
    await house.follow()
    deputy, chief = await browsers.of(DEPUTY), await browsers.of(CHIEF)
    assert SAID not in text_of((await deputy.open("/my-work")).text)
    assert "Chờ duyệt 1" not in text_of((await deputy.open("/my-work")).text)
    assert "Chờ duyệt 1" in text_of((await chief.open("/my-work")).text)
    shown = (await deputy.open(f"/cases/{case}")).text
    assert SAID not in shown
    assert offered(shown) == set()
    assert "Phó" not in text_of(shown)


async def test_the_overdue_stand_first_and_pages_lead_on(house: House, browsers: Browsers) -> None:
    cases = [await with_a_unit(house, f"7Q2K9FXA3MBTW00000{n:02}") for n in range(10, 70)]
    late = cases[41]
    await house.ask("set_case_due", CHIEF, case=late, until="2023-01-10")
    house.clock.move_to(datetime(2023, 1, 12, 2, tzinfo=UTC))
    await house.follow()
    leader = await browsers.of(LEADER)
    first = (await leader.open("/my-work")).text
    assert "Quá hạn 2 ngày làm việc" in text_of(first)
    assert "Cần làm 60 trong đó 1 quá hạn" in text_of(first)
    seen = re.findall(r'<td class="m"><a href="/cases/(case-\w+)">', first)
    assert (seen[0], len(seen)) == (late, 50)
    onward = re.search(r'<a class="btn" href="([^"]+)">Trang sau</a>', first)
    assert onward is not None
    second = (await leader.open(onward[1].replace("&amp;", "&"))).text
    rest = re.findall(r'<td class="m"><a href="/cases/(case-\w+)">', second)
    assert sorted(seen + rest) == sorted(cases)
    assert "Trang sau" not in second
    newest = (await leader.open("/my-work?sort=newest")).text
    assert "Quá hạn 1" not in text_of(newest).partition("Trạng thái")[0].partition("Cần làm")[0]
    assert len(re.findall(r'<td class="m">', newest)) == 50


async def test_an_empty_list_says_where_to_look(house: House, browsers: Browsers) -> None:
    await with_a_unit(house)
    deputy = await browsers.of(DEPUTY)
    assert "Việc mới giao cho bạn sẽ hiện ở đây." in text_of((await deputy.open("/my-work")).text)
    leader = await browsers.of(LEADER)
    assert "Xem nhóm khác: Cần làm (1)" in text_of((await leader.open("/my-work?pile=put_forward")).text)
    assert (await leader.open("/my-work?pile=assign")).status_code == 404
    admin = await browsers.of(ADMIN)
    shown = (await admin.open("/my-work")).text
    assert "Tư cách bạn đang dùng không có việc ở đây." in text_of(shown)
    assert 'href="/my-work" aria-current' not in shown  # nor is it in his menu


async def test_whoever_acts_for_the_head_has_his_work_too(house: House, browsers: Browsers) -> None:
    await house.ask("create_post", ADMIN, post="CVP", unit="CVP", name="Chánh", role="chief", valid_from="2021-01-01")
    await house.ask("register_person", ADMIN, person="p-chief", name="Tòng Văn C", unit="CVP", valid_from="2021-01-01")
    await house.ask("hold_post", ADMIN, post="CVP", person="p-chief", valid_from="2021-01-01")
    await house.ask("register_person", ADMIN, person="p-deputy", name="Lò Văn B", unit="CVP", valid_from="2021-01-01")
    await house.ask(
        "grant_delegation",
        CHIEF,
        post="CVP",
        to="p-deputy",
        valid_from="2023-01-09",
        valid_to="2023-02-28",
        basis="02/GUQ-VPUB",
    )
    case = await house.refer(SUFFIX, flags=())
    deputy = await browsers.of(DEPUTY)
    assert "Chờ giao việc 1" in text_of((await deputy.open("/my-work")).text)
    assert "assign-case" in offered((await deputy.open(f"/cases/{case}")).text)
    ended_well(await deputy.press(f"/cases/{case}", "assign-case", lead="TH"), f"/cases/{case}", "assign-case")


async def test_what_is_opened_for_a_page_is_logged_with_reader_and_purpose(house: House, browsers: Browsers) -> None:
    case = await with_a_unit(house)
    await (await browsers.of(LEADER)).open("/my-work")
    await (await browsers.of(LEADER)).open(f"/cases/{case}")
    logged = {(each["reader"], each["purpose"]) for each in await house.vault.accesses()}
    assert {(LEADER.person, "my_work"), (LEADER.person, f"read_words {case}")} <= logged


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
    ended_well(await leader.press(page, "add-proof", result="Đã phổ biến.", on="hôm nay"), page, "add-proof")
    assert "Đã phổ biến." in text_of((await leader.open(page)).text)
    assert "submit-answer" not in offered((await leader.open(page)).text)
    ended_well(await leader.press(page, "submit-task"), page, "submit-task")
    assert "Chờ xác nhận kết quả 1" in text_of((await hub.open("/my-work")).text)
    ended_well(await hub.press(page, "complete-task"), page, "complete-task")
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


async def test_whatever_is_asked_of_a_page_is_answered_and_never_fails(house: House, browsers: Browsers) -> None:
    await with_a_unit(house)
    room = house.service.room() if house.service.room is not None else None
    assert room is not None
    assert room.routes is not None
    leader = await browsers.of(LEADER)
    failed = {}
    for url in dict.fromkeys(urls_of(room.routes(Pages([room])), {})):
        answer = await leader.open(url)
        if answer.status_code >= 500:
            failed[url[:120]] = answer.status_code
    assert failed == {}


@pytest.mark.parametrize(
    "strange", ["", " ", "\x07", "x" * 20_000, "🚑", "ＶＰＵＢ", "+9999", "31/12/9999", "-1", "../..", "\u202eabc"]
)
async def test_whatever_is_typed_into_a_form_is_taken_or_refused_and_never_fails(
    house: House, browsers: Browsers, strange: str
) -> None:
    case = await with_a_unit(house)
    [task] = [each.stream for each in (await house.log.read(0, 500)).records if each.type == "task.assigned"]
    for by in (LEADER, CHIEF, HUB):
        browser = await browsers.of(by)
        token = re.search(r'name="token" value="(\w+)"', (await browser.open(f"/cases/{case}")).text)
        assert token is not None
        for n, act in enumerate(ACTS):
            thing = task if act.on_task else case
            version = str(len(await house.log.read_stream(thing)))
            typed = {f"{field.name}.{strange}" if field.asks is Asks.UNITS else field.name: strange for field in act.fields}
            sent = {"token": token[1], "key": f"{by.person}-{n}", "version": version, **typed}
            answer = await browser.post(f"/{'tasks' if act.on_task else 'cases'}/{thing}/{act.slug}", **sent)
            assert answer.status_code < 500, (by.person, act.name, answer.status_code)


VALUES = {
    Asks.TEXT: "Nội dung.",
    Asks.LINE: "Luật.",
    Asks.DAY: "28/02/2023",
    Asks.PERSON: "p-other",
    Asks.UNIT: "TH",
    Asks.CHOICE: "van_ban",
}


async def waiting(house: House) -> str:
    return await house.refer(SUFFIX, flags=())


async def cleared(house: House) -> str:
    case = await put_forward(house)
    await house.ask("approve_answer", DEPUTY, case=case)
    return case


async def delivered(house: House) -> str:
    case = await cleared(house)
    await house.ask("deliver_answer", SPECIALIST, case=case, means="van_ban")
    return case


@pytest.mark.parametrize("stage", [waiting, with_a_unit, put_forward, cleared, delivered], ids=lambda stage: stage.__name__)
async def test_nothing_is_done_by_a_form_that_the_page_does_not_offer_to_this_person(
    house: House, browsers: Browsers, stage: Any
) -> None:
    case = await stage(house)
    await house.follow()
    tasks = [each.stream for each in (await house.log.read(0, 500)).records if each.type == "task.assigned"]
    for by in PEOPLE.values():
        browser = await browsers.of(by)
        shown = (await browser.open(f"/cases/{case}")).text
        token = re.search(r'name="token" value="(\w+)"', (await browser.open("/my-work")).text)
        assert token is not None
        may = {(thing, slug) for _, thing, slug in re.findall(r'action="/(cases|tasks)/([^"/]+)/([a-z-]+)">', shown)}
        before = (await house.log.head()).position, await house.sealed()
        for act in (
            each for each in ACTS if not each.of_work
        ):  # these are offered for other work than answers: no right is asked
            for thing in tasks if act.on_task else [case]:
                if (thing, act.slug) in may:
                    continue
                typed = {field.name: VALUES.get(field.asks, "") for field in act.fields}
                sent = {"token": token[1], "key": f"{act.slug}-{thing}", "version": str(len(await house.log.read_stream(thing)))}
                answer = await browser.post(f"/{'tasks' if act.on_task else 'cases'}/{thing}/{act.slug}", **sent, **typed)
                now = (await house.log.head()).position, await house.sealed()
                assert now == before, (by.person, act.slug, answer.status_code)
