"""Dialogues, requests and proposals through the desk: what each command reads, and that all it touches moves in one append."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from services.assignment.domain.session.states import Stage
from shared.contracts.opinion import SourceGroup
from shared.contracts.roles import Role
from shared.contracts.submission import ProposalReferred, RequestReceiptWithdrawn, RequestReferred
from tests.assignment.house import ADMIN, CHAIRMAN, CHIEF, DEPUTY, DIVISION, HUB, PEOPLE, House
from tests.assignment.reading import APPRAISER_NOW, BESIDE, PROPOSER_NOW, words
from tests.assignment.test_misuse import FIRST, get, post, refused, register
from tests.support.hosting import subject

REGISTRY_OF_TH = subject("p-vt", "TH", Role.REGISTRY)
SUFFIX = "7Q2K9FXA3MBTW0000009"
REQUEST, PROPOSAL = f"request-{SUFFIX}", f"proposal-{SUFFIX}"
SGTVT_AND_MTTQ: dict[str, Any] = {"leader": "p-deputy", "appraisers": ["SGTVT", "MTTQ"]}
ANOTHER = "proposal-7Q2K9FXA3MBTW0000008"
AD_HOC: dict[str, Any] = {
    "office": "VPUB",
    "track": "A1",
    "trigger": "dot_xuat",
    "field": "dao-tao-boi-duong",
    "scheduled": "2023-02-10",
}
ON_REQUEST: dict[str, Any] = {
    "office": "VPUB",
    "track": "A2",
    "trigger": "theo_yeu_cau",
    "origin": "yeu_cau",
    "scheduled": "2023-02-10",
}


@pytest.fixture(autouse=True)
def _everybody(monkeypatch: pytest.MonkeyPatch) -> None:
    for each in (*BESIDE, DIVISION):
        monkeypatch.setitem(PEOPLE, each.person, each)


async def dues(house: House, task: str) -> tuple[str, str]:
    """Stage and day of a task."""
    await house.follow()
    found = (await get(house, HUB, f"/tasks/{task}")).json()
    return found["stage"], found["due"]


async def referred_request(house: House) -> None:
    words = await house._words()
    asked = RequestReferred(
        office="VPUB",
        unit="TH",
        source_group=SourceGroup.PEOPLE,
        locality=None,
        received_at=datetime(2023, 1, 6, 2, tzinfo=UTC),
        words=words,
        opinions=(),
    )
    await house.happen("intake", {f"request_receipt-{SUFFIX}": [asked]})
    await house.follow()


async def referred_proposal(house: House, proposal: str = PROPOSAL) -> None:
    words = await house._words()
    brought = ProposalReferred(
        office="VPUB",
        unit="TH",
        proposer="SNNPTNT",
        received_at=datetime(2023, 1, 6, 2, tzinfo=UTC),
        field="nong-nghiep",
        content=words,
        reason=words,
        attachments=(),
    )
    await house.happen("intake", {f"proposal_receipt-{proposal.removeprefix('proposal-')}": [brought]})
    await house.follow()


async def test_the_work_for_a_dialogue_follows_its_day_and_ends_with_it(house: House) -> None:
    case = await house.refer(FIRST, flags=())
    answering = (await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")).answer["task"]
    session = (await house.ask("propose_session", HUB, **AD_HOC)).stream
    await house.ask("link_case", HUB, session=session, case=case)
    await house.ask("assign_attendance", CHIEF, session=session, unit="TH", people=["p-other"])
    (attending,) = [each for each in await tasks(house, session) if each != answering]
    assert await dues(house, answering) == ("da_giao", "2023-02-10")
    assert await dues(house, attending) == ("da_giao", "2023-02-10")
    await house.ask("postpone_session", HUB, session=session, to="2023-03-10", reason="Trùng lịch.")
    assert [(await dues(house, task))[1] for task in (answering, attending)] == ["2023-03-10", "2023-03-10"]
    await house.ask("unlink_case", HUB, session=session, case=case)
    assert await dues(house, answering) == ("da_giao", "2023-01-30")
    await house.ask("link_case", HUB, session=session, case=case)
    await house.ask("cancel_session", CHIEF, session=session, reason="Đã giải quyết xong.")
    assert await dues(house, answering) == ("da_giao", "2023-01-30")
    assert (await dues(house, attending))[0] == "huy"
    assert (await get(house, HUB, f"/cases/{case}")).json()["due"] == "2023-01-30"


async def tasks(house: House, session: str) -> list[str]:
    """The tasks given about a dialogue or a thing of it."""
    records = (await house.log.read(0, 1_000)).records
    return [record.stream for record in records if record.type == "task.assigned" and session.encode() in record.data]


async def test_a_request_taken_back_where_it_came_in_is_withdrawn_here(house: House) -> None:
    await referred_request(house)
    taken_back = RequestReceiptWithdrawn(office="VPUB", request=REQUEST, note=None)
    await house.happen("intake", {f"request_receipt-{SUFFIX}": [taken_back]})
    await house.follow()
    await house.follow()
    assert (await get(house, HUB, f"/requests/{REQUEST}")).json()["line"]["stage"] == "rut"


async def test_a_request_is_given_a_dialogue_and_another_when_that_is_cancelled(house: House) -> None:
    await referred_request(house)
    first = (await house.ask("propose_session", CHIEF, **ON_REQUEST, requests=[REQUEST])).stream
    assert (await get(house, HUB, f"/requests/{REQUEST}")).json()["line"]["about"] == first
    refusal = {"reason": "DA_CO_QD_CUOI_CUNG", "note": "Đã xử xong."}
    await refused(house, CHIEF, f"/requests/{REQUEST}/refusal", "request-answered", 409, **refusal)
    await refused(house, CHIEF, f"/requests/{REQUEST}/meeting", "dialogue-not-held", 409)
    await house.ask("cancel_session", CHIEF, session=first, reason="Vắng chủ trì.")
    second = (await house.ask("propose_session", CHIEF, **ON_REQUEST, requests=[REQUEST])).stream
    found = (await get(house, HUB, f"/requests/{REQUEST}")).json()["line"]
    assert (found["about"], found["stage"]) == (second, "chap_nhan")


async def in_charge(house: House) -> None:
    """The deputy leads in the field of the proposals."""
    await house.ask("register_person", ADMIN, person="p-deputy", name="Trần Thị B", unit="CVP", valid_from="2021-01-01")
    post: dict[str, Any] = {"unit": "CVP", "name": "Phó Chánh Văn phòng", "role": "deputy", "valid_from": "2021-01-01"}
    await house.ask("create_post", ADMIN, post="PCVP", **post)
    await house.ask("hold_post", ADMIN, post="PCVP", person="p-deputy", valid_from="2021-01-01")
    await house.ask("set_charge", CHIEF, office="VPUB", post="PCVP", units=["TH"], valid_from="2021-01-01")
    await house.follow()


async def test_only_the_leader_in_charge_leads_the_appraisal_and_before_anybody_is_the_head(house: House) -> None:
    for unit in ("BDVTU", "MTTQ", "SNNPTNT"):
        await register(house, unit, "so_nganh", None)
    await referred_proposal(house)
    path, body = f"/proposals/{PROPOSAL}/appraisal", {"leader": "p-deputy"}
    problem = await refused(house, CHIEF, path, "not-in-charge", 409, **body)
    assert (problem["rule"], "p-chief" in problem["title"]) == (["R27"], True)
    assert (await post(house, DEPUTY, "/offices/VPUB/charges", post="PCVP", valid_from="2021-01-01")).status_code == 403
    await in_charge(house)
    await refused(house, CHIEF, path, "not-in-charge", 409, leader="p-chief")
    assert (await post(house, CHIEF, path, **body)).status_code == 200


async def test_a_proposal_is_appraised_decided_and_taken_up_by_one_dialogue(house: House) -> None:
    for unit in ("BDVTU", "MTTQ", "SNNPTNT"):
        await register(house, unit, "so_nganh", None)
    await referred_proposal(house)
    await in_charge(house)
    await house.ask("request_appraisal", DIVISION, proposal=PROPOSAL, leader="p-deputy")
    appraiser = subject("p-bdv", "BDVTU", Role.APPRAISER, office="BDVTU")
    await house.ask("give_appraisal", appraiser, proposal=PROPOSAL, appraiser="BDVTU", verdict="dong_y")
    conclude: dict[str, Any] = {"proposal": PROPOSAL, "verdict": "dong_y"}
    await refused(house, DEPUTY, f"/proposals/{PROPOSAL}/appraisal/conclusion", "appraisal-open", 409, verdict="dong_y")
    given: dict[str, Any] = {"proposal": PROPOSAL, "appraiser": "MTTQ", "verdict": "dong_y", "letter": "111/MTTQ-BTT"}
    await house.ask("give_appraisal", REGISTRY_OF_TH, **given)
    assert [await dues(house, task) for task in await tasks(house, PROPOSAL)] == [("hoan_thanh", "2023-01-16")] * 2
    await refused(house, CHIEF, f"/proposals/{PROPOSAL}/appraisal/conclusion", "not-the-leader", 403, verdict="dong_y")
    await house.ask("conclude_appraisal", DEPUTY, **conclude)
    await refused(house, DIVISION, f"/proposals/{PROPOSAL}/submission", "leaders-first", 403)
    await house.ask("submit_proposal", DIVISION, proposal=PROPOSAL, to_chairman=False)
    await house.ask("submit_proposal", DEPUTY, proposal=PROPOSAL)
    await house.ask("approve_proposal", CHAIRMAN, proposal=PROPOSAL)
    held: dict[str, Any] = {
        "office": "VPUB",
        "track": "B",
        "origin": "de_xuat",
        "scheduled": "2023-08-15",
        "proposals": [PROPOSAL],
    }
    session = (await house.ask("propose_session", DIVISION, **held)).stream
    async with house.client(HUB) as client:
        hubs = await client.post("/assignment/api/sessions", json=held, headers={"Idempotency-Key": "hubs"})
    assert (hubs.status_code, hubs.json()["code"]) == (403, "not-of-this-track")
    async with house.client(DIVISION) as client:
        again = await client.post("/assignment/api/sessions", json=held, headers={"Idempotency-Key": "again"})
    assert (again.status_code, again.json()["code"]) == (409, "proposal-dealt-with")
    assert (await get(house, HUB, f"/proposals/{PROPOSAL}")).json()["line"]["about"] == session
    assert (await post(house, CHIEF, f"/sessions/{session}/programme")).status_code == 403
    assert (await post(house, CHAIRMAN, f"/sessions/{session}/programme")).status_code == 200
    await refused(house, HUB, f"/sessions/{session}/announcement", "not-of-this-track", 403)
    assert (await get(house, HUB, f"/sessions/{session}")).json()["line"]["stage"] == Stage.PROGRAMMED.value


async def test_the_successor_of_an_appraiser_is_asked_and_answers_for_what_was_asked_before(house: House) -> None:
    for unit in ("BDVTU", "BTGDVTU", "MTTQ", "SNNPTNT"):
        await register(house, unit, "so_nganh", None)
    await referred_proposal(house)
    await in_charge(house)
    await house.ask("request_appraisal", DIVISION, proposal=PROPOSAL, leader="p-deputy")
    merged: dict[str, Any] = {"successions": [{"field": None, "to": "BTGDVTU"}], "basis": "02/QĐ-TU", "valid_from": "2023-01-09"}
    await house.ask("succeed_unit", ADMIN, unit="BDVTU", **merged)
    await house.follow()
    assert await words(house, APPRAISER_NOW.person, PROPOSAL) == ["Đề nghị tổ chức thêm lớp bồi dưỡng."] * 2
    await house.ask("give_appraisal", APPRAISER_NOW, proposal=PROPOSAL, appraiser="BTGDVTU", verdict="dong_y")
    assert [await dues(house, task) for task in await tasks(house, PROPOSAL)] == [
        ("hoan_thanh", "2023-01-16"),
        ("da_giao", "2023-01-16"),
    ]
    await referred_proposal(house, ANOTHER)
    await house.ask("request_appraisal", DIVISION, proposal=ANOTHER, leader="p-deputy")
    given = [json.loads(each.data) for each in (await house.log.read(0, 1_000)).records if each.type == "task.assigned"]
    assert [each["unit"] for each in given] == ["BDVTU", "MTTQ", "BTGDVTU", "MTTQ"]


async def test_the_successor_of_a_proposer_completes_what_was_returned(house: House) -> None:
    for unit in ("SNNPTNT", "SNNMT"):
        await register(house, unit, "so_nganh", None)
    await referred_proposal(house)
    await house.ask("return_proposal", DIVISION, proposal=PROPOSAL, reason="Nêu rõ thành phần.")
    path, body = f"/proposals/{PROPOSAL}/completion", {"content": "Đã nêu rõ."}
    assert (await post(house, PROPOSER_NOW, path, **body)).status_code == 404
    merged: dict[str, Any] = {"successions": [{"field": None, "to": "SNNMT"}], "basis": "03/NQ", "valid_from": "2023-01-09"}
    await house.ask("succeed_unit", ADMIN, unit="SNNPTNT", **merged)
    await house.follow()
    assert "Nêu rõ thành phần." in (await words(house, PROPOSER_NOW.person, PROPOSAL) or [])
    assert (await post(house, PROPOSER_NOW, path, **body)).status_code == 200


async def test_an_appraiser_finds_its_task_takes_it_and_gives_its_verdict_over_http(house: House) -> None:
    appraiser = subject("p-bdv", "BDVTU", Role.APPRAISER, office="BDVTU")
    stranger = subject("p-gt", "SGTVT", Role.APPRAISER, office="SGTVT")
    proposer = subject("p-nn", "SNNPTNT", Role.PROPOSER, office="SNNPTNT")
    house.people = {**house.people, **{each.person: each for each in (appraiser, stranger, proposer, DIVISION)}}
    for unit in ("BDVTU", "MTTQ", "SNNPTNT", "SGTVT"):
        await register(house, unit, "so_nganh", None)
    await referred_proposal(house)
    await in_charge(house)
    await refused(house, DIVISION, f"/proposals/{PROPOSAL}/appraisal", "not-dan-van-or-mat-tran", 422, **SGTVT_AND_MTTQ)
    await house.ask("request_appraisal", DIVISION, proposal=PROPOSAL, leader="p-deputy")
    await house.follow()
    (item,) = (await get(house, appraiser, "/units/BDVTU/tasks")).json()["items"]
    assert (await get(house, appraiser, f"/tasks/{item['task']}")).json()["type"] == "tham_dinh"
    assert (await get(house, stranger, f"/tasks/{item['task']}")).status_code == 404
    assert (await get(house, stranger, f"/proposals/{PROPOSAL}")).status_code == 404
    assert (await get(house, proposer, f"/proposals/{PROPOSAL}")).status_code == 200
    assert (await post(house, appraiser, f"/tasks/{item['task']}/acceptance")).status_code == 200
    version = (await get(house, appraiser, f"/proposals/{PROPOSAL}")).headers["ETag"]
    async with house.client(appraiser) as client:
        path, verdict = f"/assignment/api/proposals/{PROPOSAL}/appraisal/verdicts", {"appraiser": "BDVTU", "verdict": "dong_y"}
        answer = await client.post(path, json=verdict, headers={"Idempotency-Key": "verdict", "If-Match": version})
    assert answer.status_code == 200, answer.json()
    await house.follow()
    assert (await get(house, appraiser, f"/tasks/{item['task']}")).json()["stage"] == "hoan_thanh"
    by_letter = {"appraiser": "BDVTU", "verdict": "khong_dong_y", "letter": "12-CV/BDVTU"}
    await refused(house, DIVISION, f"/proposals/{PROPOSAL}/appraisal/verdicts", "verdict-stands", 409, **by_letter)
