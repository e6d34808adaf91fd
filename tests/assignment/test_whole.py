"""A meeting, session, notice, request, proposal and plan in whole, as a clerk asks over HTTP; no word of what was said."""

from typing import Any

import pytest

from shared.contracts.roles import Role
from shared.permit import Subject
from tests.assignment.house import AUDITOR, CHIEF, DEPUTY, DIVISION, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, SPECIALIST, House
from tests.assignment.test_misuse import FIRST, get, register
from tests.assignment.test_session_handlers import (
    ON_REQUEST,
    PROPOSAL,
    REGISTRY_OF_TH,
    REQUEST,
    in_charge,
    referred_proposal,
    referred_request,
)
from tests.assignment.test_session_misuse import AD_HOC, held, ready
from tests.support.hosting import subject

PROPOSER = subject("p-nn", "SNNPTNT", Role.PROPOSER, office="SNNPTNT")
APPRAISER = subject("p-bdv", "BDVTU", Role.APPRAISER, office="BDVTU")
DAY = "2023-01-09"


@pytest.fixture(autouse=True)
def _everybody(house: House) -> None:
    house.people = {**house.people, **{each.person: each for each in (DIVISION, REGISTRY_OF_TH, PROPOSER, APPRAISER)}}


async def whole(house: House, by: Subject, path: str) -> dict[str, Any]:
    answer = await get(house, by, path)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()["whole"]
    return found


async def test_a_dialogue_shows_its_programme_cases_people_and_what_keeps_it_from_opening(house: House) -> None:
    session, case = await ready(house)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("approve_programme", CHIEF, session=session)
    await house.ask("announce_session", HUB, session=session)
    await house.ask("assign_attendance", CHIEF, session=session, unit="TH", people=["p-other"])
    found = await whole(house, HUB, f"/sessions/{session}")
    assert [(each["version"], each["by"], each["on"]) for each in found["programme"]] == [
        (1, "p-chief", DAY),
        (2, "p-chief", DAY),
    ]
    assert (found["announcement"]["for"], found["announcement"]["on"]) == (DAY, DAY)
    (put,) = found["cases"]
    assert (put["case"], put["stage"], put["lead"], put["outcome"]) == (case, "da_phan_cong", "TCHCQT", None)
    (attending,) = found["attendance"]
    assert (attending["unit"], attending["people"], attending["task_stage"]) == ("TH", ["p-other"], "da_giao")
    assert [each["code"] for each in found["blocks"]] == ["answers-missing"]
    assert found["minutes"] is None
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.")
    assert (await whole(house, HUB, f"/sessions/{session}"))["blocks"] == []
    assert (await get(house, OTHER_OFFICE, f"/sessions/{session}")).status_code == 404


async def test_all_that_keeps_a_dialogue_from_opening_is_said_at_once(house: House) -> None:
    case = await house.refer(FIRST, flags=())
    session = (await house.ask("propose_session", HUB, **{**AD_HOC, "scheduled": "2023-02-10"})).stream
    await house.ask("link_case", HUB, session=session, case=case)
    blocks = (await whole(house, HUB, f"/sessions/{session}"))["blocks"]
    assert [each["code"] for each in blocks] == ["not-yet-day", "programme-missing", "answers-missing"]
    assert all(each["titles"]["vi"] and each["titles"]["en"] for each in blocks)


async def test_where_a_case_stands_is_shown_to_whoever_sees_that_case(house: House) -> None:
    session, case = await ready(house)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    for by, stage in ((AUDITOR, "da_phan_cong"), (SPECIALIST, "da_phan_cong"), (OTHER_UNIT, None)):
        (put,) = (await whole(house, by, f"/sessions/{session}"))["cases"]
        assert (put["case"], put["stage"]) == (case, stage)


async def test_a_dialogue_that_is_over_shows_outcomes_those_present_and_its_minutes_without_a_word(house: House) -> None:
    session, case = await held(house, {"outcome": "giao_giai_quyet", "direction": "Tổ chức trong quý II."})
    found = await whole(house, HUB, f"/sessions/{session}")
    assert [(each["case"], each["outcome"]) for each in found["cases"]] == [(case, "giao_giai_quyet")]
    assert found["present"] == [{"group": "noi_bo", "heads": 20}]
    assert found["present_of"] == [{"unit": "TH", "unit_label": "TH", "heads": 8}]
    assert (found["minutes"], found["waived"]) == ({"document": None, "on": DAY}, {"by": "p-chief", "on": DAY})
    assert found["blocks"] == []
    text = (await get(house, HUB, f"/sessions/{session}")).text
    assert all(said not in text for said in ("Việc gấp", "quý II"))


async def test_a_notice_shows_its_items_with_their_tasks_and_who_commented(house: House) -> None:
    item = {"kind": "chi_dao_giai_quyet", "text": "Thực hiện.", "unit": "TH", "days": 15, "coordinating": [{"unit": "TCHCQT"}]}
    notice = (await house.ask("draft_notice", HUB, office="VPUB", items=[item])).stream
    await house.ask("comment_notice", OTHER_UNIT, notice=notice, comment="Đề nghị thêm thời gian.")
    drafted = await whole(house, HUB, f"/notices/{notice}")
    assert [(each["unit"], each["days"], each["task"]) for each in drafted["items"]] == [("TH", 15, None)]
    assert [(each["unit"], each["unit_label"], each["on"]) for each in drafted["comments"]] == [("TH", "TH", DAY)]
    await house.issue(notice)
    found = await whole(house, HUB, f"/notices/{notice}")
    (line,) = found["items"]
    assert (line["unit"], line["due"], line["task_due"], line["task_stage"]) == ("TH", "2023-01-27", "2023-01-27", "da_giao")
    assert [(each["unit"], each["task_stage"]) for each in line["coordinating"]] == [("TCHCQT", "da_giao")]
    await house.ask("submit_task", OTHER_UNIT, task=line["task"])
    await house.ask("complete_task", HUB, task=line["task"])
    assert (await whole(house, HUB, f"/notices/{notice}"))["items"][0]["task_stage"] == "hoan_thanh"
    assert "Thực hiện." not in (await get(house, HUB, f"/notices/{notice}")).text


async def test_a_plan_shows_its_dialogues_and_what_became_of_each(house: House) -> None:
    session = (await house.ask("propose_session", HUB, **AD_HOC)).stream
    planned = [
        {"number": 1, "track": "A1", "trigger": "dot_xuat", "meeting": None, "planned": "2023-01-31"},
        {"number": 2, "track": "A2", "trigger": "theo_yeu_cau", "meeting": None, "planned": "2023-06-30"},
    ]
    window = {"report": "six_month", "first": "2023-01-01", "last": "2023-05-31", "before": "2023-06-10"}
    to = {"role": "thuong_truc", "unit": "TH", "purpose": "Báo cáo", "mandatory": True}
    about: dict[str, Any] = {"office": "VPUB", "year": 2023, "bases": [{"number": "12-QĐi/TU"}], "dialogues": planned}
    plan = (await house.ask("draft_plan", HUB, **about, windows=[window], recipients=[to])).stream
    found = await whole(house, HUB, f"/plans/{plan}")
    assert [(each["trigger"], each["session"]) for each in found["dialogues"]] == [("dot_xuat", session), ("theo_yeu_cau", None)]
    assert (found["bases"], found["windows"], found["amendments"]) == (
        [{"number": "12-QĐi/TU", "kind": None, "on": None, "issuer": None}],
        [window],
        [],
    )
    assert found["recipients"] == [{**to, "unit_label": "TH"}]


async def test_a_proposal_shows_appraisals_checklist_and_conclusion_and_to_an_outsider_its_own_only(house: House) -> None:
    for unit in ("BDVTU", "MTTQ", "SNNPTNT"):
        await register(house, unit, "so_nganh", None)
    await referred_proposal(house)
    await in_charge(house)
    await house.ask("check_line", DIVISION, proposal=PROPOSAL, line=2)
    await house.ask("request_appraisal", DIVISION, proposal=PROPOSAL, leader="p-deputy")
    for appraiser in ("BDVTU", "MTTQ"):
        given: dict[str, Any] = {"appraiser": appraiser, "verdict": "dong_y", "letter": f"12/{appraiser}"}
        await house.ask("give_appraisal", REGISTRY_OF_TH, proposal=PROPOSAL, **given)
    await house.ask("conclude_appraisal", DEPUTY, proposal=PROPOSAL, verdict="dong_y")
    await house.ask("submit_proposal", DEPUTY, proposal=PROPOSAL)
    found = await whole(house, REGISTRY, f"/proposals/{PROPOSAL}")
    assert (found["proposer"], found["leader"], found["decision"]) == ("SNNPTNT", "p-deputy", None)
    assert [(each["unit"], each["verdict"], each["letter"]) for each in found["appraisals"]] == [
        ("BDVTU", "dong_y", "12/BDVTU"),
        ("MTTQ", "dong_y", "12/MTTQ"),
    ]
    assert found["conclusion"] == {"by": "p-deputy", "verdict": "dong_y", "on": DAY}
    assert found["submissions"] == [{"to_chairman": True, "document": None, "on": DAY}]
    assert [each["line"] for each in found["checklist"]["lines"] if each["ticked_on"]] == [2]
    assert found["checklist"]["lines"][1]["text"] == "Thời gian, địa điểm, hình thức"
    assert (await whole(house, PROPOSER, f"/proposals/{PROPOSAL}"))["appraisals"] == []
    own = (await whole(house, APPRAISER, f"/proposals/{PROPOSAL}"))["appraisals"]
    assert [each["unit"] for each in own] == ["BDVTU"]


async def test_a_meeting_shows_where_it_was_moved_and_the_dialogues_tied_to_it(house: House) -> None:
    asked: dict[str, Any] = {"office": "VPUB", "kind": "hoi_nghi_ccvc", "body": "van_phong"}
    meeting = (await house.ask("schedule_meeting", HUB, **asked, on="2023-02-08")).stream
    await house.ask("move_meeting", HUB, meeting=meeting, on="2023-02-10", reason="Trùng lịch.")
    periodic: dict[str, Any] = {
        "office": "VPUB",
        "track": "A1",
        "trigger": "dinh_ky",
        "scheduled": "2023-02-10",
        "meeting": meeting,
    }
    session = (await house.ask("propose_session", HUB, **periodic)).stream
    found = await whole(house, OTHER_UNIT, f"/meetings/{meeting}")
    assert (found["kind"], found["body"], found["series"]) == ("hoi_nghi_ccvc", "van_phong", None)
    assert (found["scheduled"], found["moved"]) == ("2023-02-08", [{"to": "2023-02-10", "on": DAY}])
    assert found["dialogues"] == [{"session": session, "stage": "de_xuat", "day": "2023-02-10"}]
    await house.ask("cancel_session", CHIEF, session=session, reason="Không cần nữa.")
    await house.follow()
    await house.ask("cancel_meeting", HUB, meeting=meeting, reason="Không họp.")
    over = await whole(house, HUB, f"/meetings/{meeting}")
    assert (over["held_on"], over["cancelled_on"]) == (None, DAY)
    assert [each["stage"] for each in over["dialogues"]] == ["huy"]
    text = (await get(house, HUB, f"/meetings/{meeting}")).text
    assert all(said not in text for said in ("Trùng lịch", "Không họp"))
    assert (await get(house, OTHER_OFFICE, f"/meetings/{meeting}")).status_code == 404


async def test_a_request_shows_every_answer_it_was_given_and_no_word_of_it(house: House) -> None:
    await referred_request(house)
    first = (await house.ask("propose_session", CHIEF, **ON_REQUEST, requests=[REQUEST])).stream
    await house.ask("cancel_session", CHIEF, session=first, reason="Hoãn vô thời hạn.")
    second = (await house.ask("propose_session", CHIEF, **ON_REQUEST, requests=[REQUEST])).stream
    found = await whole(house, HUB, f"/requests/{REQUEST}")
    assert found["accepted"] == [{"session": first, "on": DAY}, {"session": second, "on": DAY}]
    assert (found["refused"], found["withdrawn_on"], found["met"]) == (None, None, None)
    assert (found["source_group"], found["due"] > found["received_on"]) == ("nhan_dan", True)
    await house.ask("cancel_session", CHIEF, session=second, reason="Không tổ chức.")
    await house.ask("refuse_request", CHIEF, request=REQUEST, reason="KHONG_THUOC_THAM_QUYEN", note="Không thuộc chức năng.")
    over = await whole(house, HUB, f"/requests/{REQUEST}")
    assert over["refused"] == {"reason": "KHONG_THUOC_THAM_QUYEN", "on": DAY}
    assert "chức năng" not in (await get(house, HUB, f"/requests/{REQUEST}")).text
    assert (await get(house, OTHER_OFFICE, f"/requests/{REQUEST}")).status_code == 404
