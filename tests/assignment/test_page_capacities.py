"""Each capacity finds its own work by its own menu: the Chairman, whoever he gives work, cấp ủy, a deputy, a content division."""

import re
from dataclasses import replace
from typing import Any

import pytest

from shared.contracts.case import Authority
from shared.contracts.roles import Role
from shared.permit import Subject
from tests.assignment.browsing import SAID, SUFFIX, Browsers, ended_well, form_of, text_of
from tests.assignment.house import ADMIN, CHAIRMAN, CHIEF, DEPUTY, DIVISION, HUB, LEADER, PARTY, SPECIALIST, House
from tests.assignment.sittings import CHAIRMANS, PERIODIC, PROGRAMME
from tests.assignment.stage import ASSIGNED, SESSION, WORK
from tests.support.hosting import subject

DEPARTMENT = subject("p-snn", "SNN", Role.PROPOSER, office="SNN")
MENUS = {
    CHAIRMAN: {"/my-work", "/awaiting-me", "/given-work", "/follow-up"},
    CHIEF: {"/my-work", "/awaiting-me", "/unit-work", "/follow-up", "/cases"},
    DEPUTY: {"/my-work", "/awaiting-me", "/unit-work", "/follow-up", "/cases"},
    HUB: {"/my-work", "/assignments", "/follow-up", "/cases"},
    LEADER: {"/my-work", "/unit-work"},
    DIVISION: {"/my-work"},
    PARTY: {"/my-work"},
    DEPARTMENT: {"/my-work", "/unit-work"},
    ADMIN: set[str](),
}


@pytest.mark.parametrize("by", MENUS, ids=lambda each: each.person)
async def test_whoever_signs_in_has_the_pages_of_his_capacity_in_his_menu_and_each_opens(
    house: House, browsers: Browsers, by: Subject
) -> None:
    browser = await browsers.of(by)
    shown = (await browser.open("/my-work")).text
    menu = set(re.findall(r'<li><a href="(/[a-z-]+)"', shown)) & {path for paths in MENUS.values() for path in paths}
    assert menu == MENUS[by]
    for path in menu:
        assert (await browser.open(path)).status_code == 200, path


async def test_a_department_does_what_the_chairman_gave_it_and_he_confirms(house: House, browsers: Browsers) -> None:
    await house.ask(
        "register_unit", ADMIN, unit="SNN", code="SNN", name="Sở Nông nghiệp", kind="so_nganh", valid_from="2021-01-01"
    )
    about = "session-7Q2K9FXA3MBTW0000001"
    given: dict[str, Any] = {
        "type": "tuyen_truyen",
        "unit": "SNN",
        "office": "VPUB",
        "about": about,
        "due": "2023-02-20",
        "authority": "CT",
    }
    await house.ask("give_task", CHAIRMAN, **given)
    [task] = [each.stream for each in (await house.log.read(0, 900)).records if each.type == "task.assigned"]
    await house.follow()
    department, chairman = await browsers.of(DEPARTMENT), await browsers.of(CHAIRMAN)
    page = f"/tasks/{task}"
    assert f'href="{page}"' in (await department.open("/my-work")).text
    ended_well(await department.press(page, "accept-task"), page, "accept-task")
    ended_well(
        await department.press(page, "request-extension", until="28/02/2023", reason="Chờ kinh phí."), page, "request-extension"
    )
    assert "Sở Nông nghiệp" in text_of((await chairman.open("/given-work")).text)
    assert "“Chờ kinh phí.”" in text_of((await chairman.open("/awaiting-me")).text)
    ended_well(await chairman.press(page, "grant-extension"), page, "grant-extension")
    ended_well(await department.press(page, "add-proof", result="Đã tuyên truyền ở 12 xã."), page, "add-proof")
    ended_well(await department.press(page, "submit-task"), page, "submit-task")
    for other in (await browsers.of(CHIEF), await browsers.of(DEPUTY)):
        assert page not in (await other.open("/awaiting-me")).text  # what the one gave, the other does not confirm
    shown = text_of((await chairman.open("/awaiting-me")).text)
    assert "“Đã tuyên truyền ở 12 xã.”" in shown
    ended_well(await chairman.press(page, "complete-task"), page, "complete-task")
    over = await chairman.open(page)
    assert (over.status_code, "complete-task" in over.text) == (200, False)  # nothing is left to do with it
    assert "Chưa giao việc nào, hoặc mọi việc đã xong." in text_of((await chairman.open("/given-work")).text)


async def test_the_chairman_gives_work_by_his_page_and_nobody_else_does(house: House, browsers: Browsers) -> None:
    await house.ask(
        "register_unit", ADMIN, unit="SNN", code="SNN", name="Sở Nông nghiệp", kind="so_nganh", valid_from="2021-01-01"
    )
    await house.follow()
    chairman, chief = await browsers.of(CHAIRMAN), await browsers.of(CHIEF)
    token = re.search(r'name="token" value="(\w+)"', (await chairman.open("/given-work")).text)
    assert token is not None
    typed = {"unit": "SNN", "type": "tuyen_truyen", "about": "session-7Q2K9FXA3MBTW0000001", "due": "20/02/2023"}
    answer = await chairman.post("/given-work/give-task", token=token[1], key="k", **typed)
    assert (answer.status_code, answer.headers["Location"]) == (303, "/given-work?done=give-task")
    assert "Sở Nông nghiệp" in text_of((await chairman.open("/given-work")).text)
    unclear = await chairman.post("/given-work/give-task", token=token[1], key="j", **{**typed, "due": "31/02/2023"})
    assert unclear.status_code == 422
    assert (await chief.open("/given-work")).status_code == 404
    before = (await house.log.head()).position
    his = re.search(r'name="token" value="(\w+)"', (await chief.open("/my-work")).text)
    assert his is not None
    assert (await chief.post("/given-work/give-task", token=his[1], key="k", **typed)).status_code >= 403
    assert (await house.log.head()).position == before


async def test_the_chairman_reads_on_the_page_of_a_case_what_he_is_to_approve(house: House, browsers: Browsers) -> None:
    case = await house.refer(SUFFIX)
    chairman = await browsers.of(CHAIRMAN)
    assert SAID not in (await chairman.open(f"/cases/{case}")).text
    his: dict[str, Any] = {"episode": f"{SUFFIX}/1", "authority": Authority.CHAIRMAN}
    work = replace(WORK, **his, about=case, case=case)
    await house.happen("assignment", {case: [replace(ASSIGNED, **his)], ASSIGNED.task: [work]})
    await house.follow()
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.")
    await house.follow()
    shown = text_of((await chairman.open(f"/cases/{case}")).text)
    assert SAID in shown
    assert "Sẽ tổ chức trong quý II." in shown
    assert "Duyệt" in shown


async def test_a_programme_waits_with_whoever_is_to_approve_it_until_it_is(house: House, browsers: Browsers) -> None:
    of_chairman = f"{SESSION[:-1]}2"
    await house.happen("assignment", {SESSION: [PERIODIC], of_chairman: [CHAIRMANS]})
    await house.follow()
    chief, chairman = await browsers.of(CHIEF), await browsers.of(CHAIRMAN)
    for browser, his, other in ((chief, SESSION, of_chairman), (chairman, of_chairman, SESSION)):
        shown = (await browser.open("/awaiting-me")).text
        assert "Chương trình chờ duyệt 1" in text_of(shown)
        assert "1 việc chờ quyết định" in text_of(shown)
        assert f'href="/sessions/{his}"' in shown
        assert other not in shown
    [waiting] = [room.waiting for room in house.service.rooms() if room.first.get(Role.CHAIRMAN) == "/awaiting-me"]
    assert waiting is not None
    assert (await waiting(CHIEF))["/awaiting-me"].all == 1
    await house.happen("assignment", {SESSION: [PROGRAMME]})
    await house.follow()
    assert "Không có việc chờ quyết định." in text_of((await chief.open("/awaiting-me")).text)


async def test_cap_uy_is_shown_what_waits_for_its_opinion_until_it_spoke(house: House, browsers: Browsers) -> None:
    await house.ask("set_party_fields", ADMIN, fields=["dao-tao-boi-duong"], valid_from="2023-01-01")
    case = await house.refer(SUFFIX, flags=())
    party = await browsers.of(PARTY)
    shown = (await party.open("/my-work")).text
    assert "Chờ ý kiến cấp ủy 1" in text_of(shown)
    assert SAID in text_of(shown)
    form_of((await party.open(f"/cases/{case}")).text, "record-party-opinion")
    page = f"/cases/{case}"
    ended_well(await party.press(page, "record-party-opinion", opinion="Nhất trí."), page, "record-party-opinion")
    assert "Chờ ý kiến cấp ủy 1" not in text_of((await party.open("/my-work")).text)
