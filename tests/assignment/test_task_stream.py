"""Each unit's stream of tasks: items that join up, so that whoever follows it can prove that nothing was missed."""

import asyncio
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from services.assignment.readmodel.tasks.projections import by_task_and_unit
from shared.contracts.task import TaskAccepted
from tests.assignment.house import CHIEF, DEPUTY, HUB, LEADER, OTHER_UNIT, SPECIALIST, House
from tests.assignment.test_consumers import recorded
from tests.support.hosting import START

FOUR = ("tuyen_truyen", "tong_hop", "tham_dinh", "du_doi_thoai")


async def given_to(house: House, suffix: str, lead: str) -> tuple[str, str]:
    case = await house.refer(suffix)
    return case, (await house.ask("assign_case", CHIEF, case=case, lead=lead)).answer["task"]


async def items(house: House, unit: str = "TCHCQT", **asked: Any) -> list[dict[str, Any]]:
    who = {"TCHCQT": LEADER, "TH": OTHER_UNIT}[unit]
    async with house.client(who) as client:
        answer = await client.get(f"/assignment/api/units/{unit}/tasks", params=asked)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["items"]
    return found


def joins_up(found: list[dict[str, Any]], after: int = 0) -> bool:
    return [item["previous"] for item in found] == [after, *(item["position"] for item in found)][: len(found)]


async def test_an_item_is_what_the_unit_is_asked_and_nothing_else(house: House) -> None:
    case, task = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    (item,) = await items(house)
    assert item == {
        "position": (await house.log.head()).position,
        "previous": 0,
        "type": "task.assigned",
        "unit": "TCHCQT",
        "unit_label": "TCHCQT",
        "task": task,
        "work": "tham_muu_tra_loi",
        "about": case,
        "case": case,
        "due": "2023-01-30",
        "at": "2023-01-09T02:00:00+00:00",
    }


async def test_the_items_of_a_unit_join_up_although_other_units_are_served_between_them(house: House) -> None:
    case, task = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    _, other = await given_to(house, "7Q2K9FXA3MBTW0000002", "TH")
    await house.ask("accept_task", LEADER, task=task)
    await house.ask("delegate_task", LEADER, task=task, to="p-specialist")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Dự thảo một.")
    await house.ask("return_answer", CHIEF, case=case, reason="Thiếu nguồn kinh phí.")
    await house.ask("return_task", OTHER_UNIT, task=other, reason="Không thuộc chức năng.")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Dự thảo hai.")
    await house.ask("approve_answer", DEPUTY, case=case)
    await house.ask("deliver_answer", SPECIALIST, case=case, means="van_ban")
    ours, theirs = await items(house), await items(house, "TH")
    assert [item["type"] for item in ours] == [
        "task.assigned",
        "task.delegated",
        "task.revision_requested",
        "task.completed",
    ]
    assert [item["type"] for item in theirs] == ["task.assigned", "task.returned"]
    assert joins_up(ours)
    assert joins_up(theirs)


async def test_the_stream_of_a_unit_shows_work_of_all_six_types(house: House) -> None:
    case, _ = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    item = {"kind": "chi_dao_giai_quyet", "text": "Thực hiện.", "case": case, "unit": "TCHCQT", "days": 15}
    notice = (await house.ask("draft_notice", HUB, office="VPUB", items=[item])).stream
    await house.issue(notice)
    for kind in FOUR:
        about: dict[str, Any] = {"type": kind, "unit": "TCHCQT", "office": "VPUB", "about": "plan-VPUB-2023", "due": "2023-01-18"}
        await house.ask("give_task", CHIEF, **about)
    found = await items(house)
    assert [(item["type"], item["work"]) for item in found] == [
        ("task.assigned", kind) for kind in ("tham_muu_tra_loi", "thuc_hien_ket_luan", *FOUR)
    ]
    assert [item["case"] for item in found] == [case, case, None, None, None, None]
    assert joins_up(found)


async def test_every_fact_of_a_task_but_the_unit_s_own_taking_and_submitting_is_an_item(house: House) -> None:
    case, task = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    await house.ask("accept_task", LEADER, task=task)
    await house.ask("delegate_task", LEADER, task=task, to="p-specialist")
    await house.ask("add_proof", LEADER, task=task, reached=3)
    await house.ask("remind_task", HUB, task=task)
    for ending in ("refuse_extension", "grant_extension"):
        await house.ask("request_extension", LEADER, task=task, until="2023-02-13", reason="Chờ ý kiến Sở Tài chính.")
        await house.ask(ending, CHIEF, task=task)
    await house.ask("set_case_due", CHIEF, case=case, until="2023-02-20")
    house.clock.move_to(START + timedelta(days=50))
    await house.ask("urge_task", HUB, task=task)
    await house.ask("escalate_task", HUB, task=task, to="pho_chanh_van_phong")
    await house.ask("transfer_task", CHIEF, task=task, to="TH")
    await house.ask("recall_case", CHIEF, case=case, reason="Giao nhầm.")
    ours, theirs = await items(house), await items(house, "TH")
    assert [item["type"].partition(".")[2] for item in ours] == [
        "assigned",
        "delegated",
        "proof_added",
        "reminded",
        "extension_requested",
        "extension_refused",
        "extension_requested",
        "extension_granted",
        "due_set",
        "urged",
        "escalated",
        "transferred",
    ]
    assert [item["type"].partition(".")[2] for item in theirs] == ["transferred", "recalled"]
    assert joins_up(ours)
    assert joins_up(theirs)
    assert [item["due"] for item in ours][-3:] == ["2023-02-20"] * 3
    await house.following.rebuild("unit_tasks")
    assert (await items(house), await items(house, "TH")) == (ours, theirs)


async def test_a_task_is_shown_as_it_stands_with_whoever_holds_it(house: House) -> None:
    _, task = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    await house.ask("add_proof", LEADER, task=task, reached=3)
    await house.ask("transfer_task", CHIEF, task=task, to="TH")
    await house.follow()
    async with house.client(OTHER_UNIT) as client:
        found = (await client.get(f"/assignment/api/tasks/{task}")).json()
    assert (found["unit"], found["stage"], found["proofs"], found["rung"]) == ("TH", "da_giao", 1, None)
    async with house.client(LEADER) as client:
        assert (await client.get(f"/assignment/api/tasks/{task}")).status_code == 404


async def test_a_missing_item_shows(house: House) -> None:
    for n in (1, 2, 3):
        await given_to(house, f"7Q2K9FXA3MBTW000000{n}", "TCHCQT")
    found = await items(house)
    assert joins_up(found)
    del found[1]
    assert not joins_up(found)


async def test_pages_join_up_by_the_cursor(house: House) -> None:
    for n in (1, 2, 3, 4, 5):
        await given_to(house, f"7Q2K9FXA3MBTW000000{n}", "TCHCQT")
    everything, after = await items(house), 0
    seen: list[dict[str, Any]] = []
    while page := await items(house, after=after, limit=2):
        assert joins_up(page, after)
        seen += page
        after = page[-1]["position"]
    assert seen == everything


async def test_a_rebuild_gives_the_items_that_were_followed_one_by_one(house: House) -> None:
    _, task = await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    await items(house)
    await house.ask("return_task", LEADER, task=task, reason="Không thuộc chức năng.")
    followed = await items(house)
    await house.following.rebuild("unit_tasks")
    assert await items(house) == followed


async def test_without_a_credential_nothing_is_told(house: House) -> None:
    await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    async with house.client() as client:
        answer = await client.get("/assignment/api/units/TCHCQT/tasks")
    assert answer.status_code == 401
    assert "task-" not in answer.text


@pytest.mark.parametrize("unit", ["TCHCQT", "NOWHERE", "x" * 90])
async def test_another_unit_s_stream_looks_like_one_that_is_not_there(house: House, unit: str) -> None:
    await given_to(house, "7Q2K9FXA3MBTW0000001", "TCHCQT")
    async with house.client(OTHER_UNIT) as client:
        answer = await client.get(f"/assignment/api/units/{unit}/tasks", params={"wait": 25})
    assert (answer.status_code, answer.json()["code"]) == (404, "unknown")
    assert "task-" not in answer.text


@pytest.mark.parametrize("asked", [{"after": -1}, {"after": "x"}, {"limit": 0}, {"limit": 201}, {"wait": 26}, {"after": 2**63}])
async def test_a_wrong_cursor_limit_or_wait_is_named(house: House, asked: dict[str, Any]) -> None:
    async with house.client(LEADER) as client:
        answer = await client.get("/assignment/api/units/TCHCQT/tasks", params=asked)
    assert answer.status_code == 422
    assert next(iter(asked)) in answer.json()["errors"][0]["field"]


async def test_a_cursor_beyond_the_end_says_that_the_log_was_restored(house: House) -> None:
    async with house.client(LEADER) as client:
        answer = await client.get("/assignment/api/units/TCHCQT/tasks", params={"after": 9_999, "wait": 25})
    assert (answer.status_code, answer.json()["code"]) == (409, "cursor-beyond-end")


async def test_a_waiting_unit_hears_of_its_task_when_it_is_given_and_others_wait_on(house: House) -> None:
    ours, theirs = [await house.refer(f"7Q2K9FXA3MBTW000000{n}") for n in (1, 2)]
    await house.start()
    async with house.client(LEADER) as client, house.client(OTHER_UNIT) as other:
        # The other unit asks first and as long: had ours only waited to the end, the other's wait would be over too.
        waiting_on = asyncio.create_task(other.get("/assignment/api/units/TH/tasks", params={"wait": 20}))
        await house.log.wait_beyond((await house.log.head()).position, 0.1)
        waiting = asyncio.create_task(client.get("/assignment/api/units/TCHCQT/tasks", params={"wait": 20}))
        await house.log.wait_beyond((await house.log.head()).position, 0.1)
        assert not waiting.done()
        await house.ask("assign_case", CHIEF, case=ours, lead="TCHCQT")
        answer: httpx2.Response = await waiting
        assert not waiting_on.done()
        await house.ask("assign_case", CHIEF, case=theirs, lead="TH")
        later: httpx2.Response = await waiting_on
    for unit, given in ((answer, ours), (later, theirs)):
        assert [(item["type"], item["case"]) for item in unit.json()["items"]] == [("task.assigned", given)]
        assert unit.json()["after"] == unit.json()["items"][0]["position"]


async def test_a_unit_that_waits_in_vain_is_answered_with_the_cursor_it_had(house: House) -> None:
    async with house.client(LEADER) as client:
        answer = await client.get("/assignment/api/units/TCHCQT/tasks", params={"wait": 1, "after": 3})
    assert answer.json() == {"unit": "TCHCQT", "items": [], "after": 3}


def test_a_parked_task_parks_its_unit() -> None:
    assert set(by_task_and_unit(recorded(TaskAccepted(unit="TH")))) == {recorded(TaskAccepted(unit="TH")).stream, "unit/TH"}
