"""What must not happen to a dialogue, asked over HTTP: each is refused by a named rule and leaves no trace."""

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest

from shared.eventlog.records import Append
from shared.permit import Subject
from tests.assignment.house import CHAIRMAN, CHIEF, DEPUTY, DIVISION, HUB, OTHER_OFFICE, OTHER_UNIT, SPECIALIST, House
from tests.assignment.sittings import IN_FORCE, PLAN
from tests.assignment.test_misuse import FIRST, SECOND, hold_post, post, refused, register

AD_HOC: dict[str, Any] = {
    "office": "VPUB",
    "track": "A1",
    "trigger": "dot_xuat",
    "field": "dao-tao-boi-duong",
    "scheduled": "2023-01-09",
}


async def not_created(
    house: House, by: Subject, path: str, code: str, status: int, rule: tuple[str, ...] | None = None, /, **body: Any
) -> dict[str, Any]:
    """The problem that asking for something new comes to; nothing is left behind, and it says what would make it possible."""
    before = (await house.log.head()).position, await house.sealed()
    async with house.client(by) as client:
        answer = await client.post(f"/assignment/api{path}", json=body, headers={"Idempotency-Key": code})
    problem: dict[str, Any] = answer.json()
    assert (answer.status_code, problem["code"]) == (status, code), problem
    assert all(problem["advice"][language] for language in ("vi", "en"))
    assert rule is None or problem["rule"] == list(rule)
    assert ((await house.log.head()).position, await house.sealed()) == before
    return problem


async def ready(house: House) -> tuple[str, str]:
    """An ad-hoc dialogue of today with its programme, and a case put to it that waits. Returns both."""
    case = await house.refer(FIRST, flags=())
    session = (await house.ask("propose_session", HUB, **AD_HOC)).stream
    await house.ask("approve_programme", CHIEF, session=session)
    await house.ask("link_case", HUB, session=session, case=case)
    return session, case


async def held(house: House, outcome: dict[str, Any]) -> tuple[str, str]:
    """The same, held with that outcome, its minutes signed."""
    session, case = await ready(house)
    await house.ask("waive_readiness", CHIEF, session=session, reason="Việc gấp.")
    await house.ask("open_session", CHIEF, session=session)
    await house.ask("record_outcome", HUB, session=session, case=case, **outcome)
    came: dict[str, Any] = {"present": [{"group": "noi_bo", "heads": 20}], "units": [{"unit": "TH", "heads": 8}]}
    await house.ask("record_attendance", HUB, session=session, **came)
    await house.ask("hold_session", CHIEF, session=session)
    await house.ask("sign_minutes", CHIEF, session=session)
    return session, case


async def test_a_dialogue_does_not_open_with_an_answer_that_was_not_reported(house: House) -> None:
    session, case = await ready(house)
    reported = ("R36", "invariant 5")
    problem = await refused(house, CHIEF, f"/sessions/{session}/opening", "answers-missing", 409, reported)
    assert (case in problem["advice"]["en"], "1" in problem["title"]) == (True, True)
    await refused(house, HUB, f"/sessions/{session}/answers-report", "answers-missing", 409)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await refused(house, CHIEF, f"/sessions/{session}/opening", "answers-missing", 409)
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.")
    assert (await post(house, CHIEF, f"/sessions/{session}/opening")).status_code == 200


async def test_the_cases_are_guarded_while_the_gate_opens(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """An answer sent back at the same moment makes the opening be decided again."""
    session, case = await ready(house)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.")
    appended: list[Append] = []
    append = house.log.append

    async def sent_back_first(asked: Append) -> Any:
        appended.append(asked)
        if len(appended) == 1:
            await house.ask("return_answer", CHIEF, case=case, reason="Nêu rõ nguồn kinh phí.")
        return await append(asked)

    monkeypatch.setattr(house.log, "append", sent_back_first)
    answer = await post(house, CHIEF, f"/sessions/{session}/opening")
    assert (answer.status_code, answer.json()["code"]) == (409, "answers-missing")
    assert case in {guard.stream for guard in appended[0].guards}


async def test_only_the_head_waives_the_gate(house: House) -> None:
    session, _ = await ready(house)
    await refused(house, HUB, f"/sessions/{session}/waiver", "forbidden", 403, reason="Việc gấp.")
    await refused(house, DEPUTY, f"/sessions/{session}/waiver", "forbidden", 403, reason="Việc gấp.")
    assert (await post(house, CHIEF, f"/sessions/{session}/waiver", reason="Việc gấp.")).status_code == 200
    assert (await post(house, CHIEF, f"/sessions/{session}/opening")).status_code == 200


async def test_an_ad_hoc_dialogue_is_about_one_thing(house: House) -> None:
    both = {**AD_HOC, "topic": "Bồi dưỡng chuyển đổi số."}
    problem = await not_created(house, HUB, "/sessions", "one-field-or-topic", 422, ("R22", "invariant 4"), **both)
    assert problem["field"] == "field"
    await not_created(house, HUB, "/sessions", "one-field-or-topic", 422, **{**AD_HOC, "field": None})
    two = {**AD_HOC, "field": ["dao-tao-boi-duong", "che-do-chinh-sach"]}
    problem = await not_created(house, HUB, "/sessions", "invalid", 422, **two)
    assert (problem["field"], "rule" in problem) == ("field", False)


async def test_an_ad_hoc_dialogue_takes_nothing_of_a_second_field(house: House) -> None:
    session, _ = await ready(house)
    other = await house.refer(SECOND, field="dao-duc-loi-song")
    await refused(house, HUB, f"/sessions/{session}/cases", "other-field", 422, ("R22",), case=other)


async def test_opinions_are_not_merged_in_a_circle_in_the_room(house: House) -> None:
    session, case = await ready(house)
    other = await house.refer(SECOND)
    await house.ask("link_case", HUB, session=session, case=other)
    await house.ask("waive_readiness", CHIEF, session=session, reason="Việc gấp.")
    await house.ask("open_session", CHIEF, session=session)
    await house.ask("record_outcome", HUB, session=session, case=case, outcome="gop", into=other)
    outcomes, circle = f"/sessions/{session}/outcomes", ("invariant 3",)
    for into in (case, other):
        back = {"case": other, "outcome": "gop", "into": into}
        await refused(house, HUB, outcomes, "merged-in-a-circle", 422, circle, **back)


async def test_a_periodic_dialogue_without_a_meeting_and_the_chairmans_without_a_proposal_are_refused(house: House) -> None:
    periodic: dict[str, Any] = {**AD_HOC, "trigger": "dinh_ky", "field": None}
    await not_created(house, HUB, "/sessions", "meeting-missing", 422, **periodic)
    chairmans = {**AD_HOC, "track": "B", "trigger": None}
    house.people = {**house.people, DIVISION.person: DIVISION}
    await not_created(house, DIVISION, "/sessions", "proposals-for-chairman", 422, **chairmans)


async def test_the_head_gives_no_work_at_his_dialogue_to_another_body(house: House) -> None:
    await register(house, "SGTVT", "so_nganh", None)
    session, case = await ready(house)
    attend = {"unit": "SGTVT", "people": []}
    await refused(house, CHIEF, f"/sessions/{session}/attendance/assignment", "lead-outside-office", 409, **attend)
    others = {"unit": "TH", "people": ["p-other", "p-specialist"]}
    rule = ("R33", "brief, corrections")
    path = f"/sessions/{session}/attendance/assignment"
    problem = await refused(house, CHIEF, path, "attendee-outside-unit", 422, rule, **others)
    assert problem["field"] == "people.1"
    own_office = ("R35", "brief, corrections")
    await refused(house, CHIEF, f"/cases/{case}/assignment", "lead-outside-office", 409, own_office, lead="SGTVT")
    named = {"lead": "SGTVT", "authority": "CT"}
    await refused(house, CHIEF, f"/cases/{case}/assignment", "authority-not-held", 403, **named)


async def test_a_dialogue_is_not_put_away_while_what_it_directed_is_open(house: House) -> None:
    session, case = await held(house, {"outcome": "giao_giai_quyet", "direction": "Tổ chức trong quý II."})
    await refused(house, HUB, f"/sessions/{session}/closure", "session-not-held", 409)
    items = [
        {"kind": "chi_dao_giai_quyet", "text": "Tổ chức lớp.", "case": case, "unit": "TH", "days": 15},
        {"kind": "chi_dao_giai_quyet", "text": "Rà soát nhu cầu.", "unit": "TH", "days": 15},
    ]
    notice = (await house.ask("draft_notice", HUB, office="VPUB", session=session, items=items)).stream
    await house.issue(notice)
    problem = await refused(house, HUB, f"/sessions/{session}/closure", "work-open", 409, ("invariant 5",))
    assert ("3" in problem["title"], case in problem["advice"]["en"]) == (True, True)
    for task in await open_tasks(house, notice):
        await house.ask("submit_task", OTHER_UNIT, task=task)
        await house.ask("complete_task", HUB, task=task)
    await refused(house, HUB, f"/sessions/{session}/closure", "work-open", 409)
    await house.ask("submit_answer", OTHER_UNIT, case=case, answer="Đã tổ chức.")
    await house.ask("approve_answer", CHIEF, case=case)
    await house.ask("deliver_answer", HUB, case=case, means="van_ban")
    assert (await post(house, HUB, f"/sessions/{session}/closure")).status_code == 200


async def open_tasks(house: House, notice: str) -> list[str]:
    """The tasks that a notice gave."""
    records = (await house.log.read(0, 1_000)).records
    return [record.stream for record in records if record.type == "task.assigned" and notice.encode() in record.data]


async def test_nothing_raised_is_dropped(house: House) -> None:
    session, _ = await ready(house)
    await house.ask("waive_readiness", CHIEF, session=session, reason="Việc gấp.")
    await house.ask("open_session", CHIEF, session=session)
    said: dict[str, Any] = {
        "source_group": "noi_bo",
        "kind": "kien_nghi",
        "field": "dao-tao-boi-duong",
        "words": "Thêm lớp ngoại ngữ.",
    }
    raised = (await house.ask("raise_item", HUB, session=session, **said)).answer
    await house.ask("record_attendance", HUB, session=session, present=[{"group": "noi_bo", "heads": 20}])
    problem = await refused(house, CHIEF, f"/sessions/{session}/holding", "outcomes-missing", 409)
    assert raised["case"] in problem["advice"]["vi"]


async def test_the_dialogue_of_another_office_is_not_known(house: House) -> None:
    session, _ = await ready(house)
    others = await house.refer(SECOND, office="UBND-MSO", unit="UBND-MSO")
    await refused(house, OTHER_OFFICE, f"/sessions/{session}/opening", "unknown", 404)
    await refused(house, HUB, f"/sessions/{session}/cases", "unknown", 404, case=others)
    await refused(house, OTHER_OFFICE, f"/sessions/{session}/cases", "unknown", 404, case=others)


async def in_the_room(house: House, **about: Any) -> tuple[str, str]:
    """A dialogue of today that has begun, and an opinion raised there."""
    session, case = await ready(house)
    await house.ask("unlink_case", HUB, session=session, case=case)
    await house.ask("open_session", CHIEF, session=session)
    said: dict[str, Any] = {"source_group": "noi_bo", "kind": "kien_nghi", "field": AD_HOC["field"], "words": "Đề nghị xem lại."}
    raised = (await house.ask("raise_item", DEPUTY, session=session, **said, **about)).answer["case"]
    await house.ask("record_attendance", HUB, session=session, present=[{"group": "noi_bo", "heads": 20}])
    return session, raised


async def test_a_direction_is_the_head_s_whoever_writes_down_what_he_decided(house: House) -> None:
    session, case = await in_the_room(house)
    directed: dict[str, Any] = {"outcome": "giao_giai_quyet", "direction": "Tổ chức trong quý II."}
    await house.ask("record_outcome", HUB, session=session, case=case, **directed)
    for who in (HUB, DEPUTY):
        await refused(house, who, f"/sessions/{session}/holding", "forbidden", 403)
    await refused(house, CHAIRMAN, f"/sessions/{session}/holding", "not-of-this-track", 403, ("brief §1",))
    for post_key, person, role in (("CVP", "p-chief", "chief"), ("PCVP", "p-deputy", "deputy")):
        await hold_post(house, post_key, person, role)
    period: dict[str, Any] = {"valid_from": "2023-01-09", "valid_to": "2023-01-31"}
    await house.ask("grant_delegation", CHIEF, post="CVP", to="p-deputy", basis="02/GUQ-VPUB", **period)
    await house.follow()
    assert (await post(house, DEPUTY, f"/sessions/{session}/holding")).status_code == 200
    (written,) = [each for each in await house.log.read_stream(case) if each.type == "case.directed"]
    behind = orjson.loads(written.metadata)
    assert (behind["capacity"], behind["actor"], behind["post"]) == ("chief", "p-deputy", "CVP")
    assert behind["delegation"] is not None


async def test_where_nothing_is_directed_whoever_writes_it_down_ends_it(house: House) -> None:
    session, case = await in_the_room(house)
    await house.ask("record_outcome", HUB, session=session, case=case, outcome="tra_loi_tai_cho", answer="Đã trả lời.")
    assert (await post(house, HUB, f"/sessions/{session}/holding")).status_code == 200


async def test_nobody_below_the_head_answers_an_opinion_about_himself_in_the_room_or_ends_it(house: House) -> None:
    session, case = await in_the_room(house, concerns_units=["TCHCQT"])
    answered: dict[str, Any] = {"case": case, "outcome": "tra_loi_tai_cho", "answer": "Chúng tôi làm đúng."}
    about = ("R16", "R18", "invariant 7")
    await refused(house, HUB, f"/sessions/{session}/outcomes", "about-that-unit", 403, about, **answered)
    await house.ask("record_outcome", DEPUTY, session=session, **answered)
    await refused(house, HUB, f"/sessions/{session}/holding", "about-that-unit", 403, about)
    assert (await post(house, DEPUTY, f"/sessions/{session}/holding")).status_code == 200


async def test_a_meeting_is_not_taken_from_under_a_dialogue_and_none_opens_without_it(house: House) -> None:
    scheduled: dict[str, Any] = {"office": "VPUB", "kind": "hoi_nghi_ccvc", "body": "van_phong", "on": "2023-01-09"}
    meeting = (await house.ask("schedule_meeting", HUB, **scheduled)).stream
    periodic: dict[str, Any] = {**AD_HOC, "trigger": "dinh_ky", "field": None, "meeting": meeting}
    session = (await house.ask("propose_session", HUB, **periodic)).stream
    await house.follow()
    rule = ("R23", "invariant 4")
    cancelling: dict[str, Any] = {"reason": "Trùng lịch."}
    moving: dict[str, Any] = {"on": "2023-01-16", "reason": "Trùng lịch."}
    problem = await refused(house, HUB, f"/meetings/{meeting}/cancellation", "dialogue-hangs-on-it", 409, rule, **cancelling)
    assert (session in problem["title"], "Hoãn hoặc hủy" in problem["advice"]["vi"]) == (True, True)
    await refused(house, HUB, f"/meetings/{meeting}/day", "dialogue-hangs-on-it", 409, rule, **moving)
    await house.ask("postpone_session", HUB, session=session, to="2023-01-10", reason="Trùng lịch.")
    await house.follow()
    assert (await post(house, HUB, f"/meetings/{meeting}/cancellation", **cancelling)).status_code == 200
    house.clock.move_to(datetime(2023, 1, 10, 2, tzinfo=UTC))
    await refused(house, CHIEF, f"/sessions/{session}/opening", "meeting-fell-away", 409, rule)


async def test_an_opinion_is_passed_on_to_no_unit_that_is_not_there_or_is_of_the_office(house: House) -> None:
    session, case = await in_the_room(house)
    passed_on: dict[str, Any] = {"case": case, "outcome": "chuyen"}
    await refused(house, HUB, f"/sessions/{session}/outcomes", "forwarded-inside", 422, **passed_on, to="TH")
    problem = await refused(house, HUB, f"/sessions/{session}/outcomes", "unknown-unit", 422, **passed_on, to="KHONG-CO")
    assert problem["field"] == "to"


async def test_nothing_is_raised_that_the_directory_does_not_know_or_by_others_than_staff(house: House) -> None:
    session, _ = await in_the_room(house)
    said: dict[str, Any] = {
        "source_group": "noi_bo",
        "kind": "kien_nghi",
        "field": "dao-tao-boi-duong",
        "words": "Đề nghị mở lớp.",
    }
    for name, value, code in (
        ("field", "khong-co", "unknown-field"),
        ("concerns_units", ["KHONG-CO"], "unknown-unit"),
        ("concerns_posts", ["KHONG-CO"], "unknown-post"),
        ("locality", "KHONG-CO", "unknown-unit"),
        ("source_group", "nhan_dan", "other-people"),
    ):
        problem = await not_created(house, HUB, f"/sessions/{session}/items", code, 422, **{**said, name: value})
        assert problem["field"] == name


async def test_no_dialogue_counts_as_planned_that_the_plan_in_force_does_not_name(house: House) -> None:
    await house.happen("assignment", {PLAN: IN_FORCE})
    of_plan: dict[str, Any] = {**AD_HOC, "origin": "ke_hoach"}
    rule = ("R1", "R23", "brief §5.2")
    await not_created(house, HUB, "/sessions", "origin-unfounded", 422, rule, **of_plan)
    named = {"plan": PLAN, "number": 2}
    problem = await not_created(house, HUB, "/sessions", "not-in-plan", 409, ("R1", "brief §5.2"), **of_plan, planned=named)
    assert ("số 2" in problem["title"], "điều chỉnh kế hoạch" in problem["advice"]["vi"]) == (True, True)
    scheduled: dict[str, Any] = {"office": "VPUB", "kind": "hoi_nghi_ccvc", "body": "van_phong", "on": "2023-02-10"}
    meeting = (await house.ask("schedule_meeting", HUB, **scheduled)).stream
    periodic: dict[str, Any] = {**of_plan, "trigger": "dinh_ky", "field": None, "meeting": meeting, "scheduled": "2023-02-10"}
    session = (await house.ask("propose_session", HUB, **periodic, planned=named)).stream
    problem = await not_created(house, HUB, "/sessions", "planned-used", 409, ("R1", "brief §5.2"), **periodic, planned=named)
    assert session in problem["title"]


async def test_no_dialogue_is_said_to_have_arisen_that_somebody_asked_for(house: House) -> None:
    asked_for: dict[str, Any] = {**AD_HOC, "track": "A2", "trigger": "theo_yeu_cau", "field": None, "origin": "phat_sinh"}
    requests = ["request-00000000000000000001"]
    rule = ("R21", "R23", "R25", "brief §5.2")
    problem = await not_created(house, HUB, "/sessions", "not-arisen", 422, rule, **asked_for, requests=requests)
    assert (problem["field"], "yeu_cau" in problem["title"]) == ("origin", True)


async def test_no_more_people_of_units_came_than_came_at_all(house: House) -> None:
    session, _ = await in_the_room(house)
    came: dict[str, Any] = {"present": [{"group": "noi_bo", "heads": 3}], "units": [{"unit": "TH", "heads": 4}]}
    await refused(house, HUB, f"/sessions/{session}/attendance", "units-beyond-total", 422, ("R33",), **came)
