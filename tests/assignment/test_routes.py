"""Routes of the assignment service that no other test asks over HTTP: each does its work once, and refuses once by name."""

from datetime import UTC, datetime
from typing import Any

import httpx2
import pytest

from services.assignment.domain.directory.rules import CODES
from shared.contracts.roles import Role
from shared.permit import Subject
from tests.assignment.house import ADMIN, CHAIRMAN, CHIEF, DEPUTY, DIVISION, HUB, OTHER_UNIT, REGISTRY, SPECIALIST, House
from tests.assignment.test_misuse import FIRST, get, hold_post, post, refused, register
from tests.assignment.test_session_handlers import PROPOSAL, in_charge, referred_proposal
from tests.assignment.test_session_misuse import AD_HOC, held, not_created, ready
from tests.support.hosting import subject

REGISTRY_OF_TH = subject("p-vt", "TH", Role.REGISTRY)
LATER: dict[str, Any] = {"valid_from": "2023-02-01"}


@pytest.fixture(autouse=True)
def _everybody(house: House) -> None:
    house.people = {**house.people, **{each.person: each for each in (DIVISION, REGISTRY_OF_TH)}}


async def on(house: House, stream: str, by: Subject, path: str, **body: Any) -> httpx2.Response:
    """Ask about a stream that the path does not name, on its version in force."""
    version = len(await house.log.read_stream(stream))
    async with house.client(by) as client:
        return await client.post(f"/assignment/api{path}", json=body, headers={"If-Match": f'"{version}"'})


async def stage(house: House, kind: str, thing: str) -> str:
    return str((await get(house, CHIEF, f"/{kind}/{thing}")).json()["line"]["stage"])


async def problem(house: House, answer: httpx2.Response, code: str, status: int, before: int) -> None:
    """It was refused so, and nothing was written."""
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.json()
    assert (await house.log.head()).position == before


# --- dialogues


async def test_a_dialogue_is_announced_once_it_has_its_programme(house: House) -> None:
    session = (await house.ask("propose_session", HUB, **{**AD_HOC, "scheduled": "2023-02-10"})).stream
    path = f"/sessions/{session}/announcement"
    await refused(house, HUB, path, "programme-missing", 409)
    await house.ask("approve_programme", CHIEF, session=session)
    assert (await post(house, HUB, path)).status_code == 200
    assert await stage(house, "sessions", session) == "da_thong_bao"


async def test_the_minutes_are_signed_after_it_was_held_and_by_who_holds_it(house: House) -> None:
    session, case = await ready(house)
    path = f"/sessions/{session}/minutes"
    await refused(house, CHIEF, path, "session-not-held", 409)
    await house.ask("waive_readiness", CHIEF, session=session, reason="Việc gấp.")
    await house.ask("open_session", CHIEF, session=session)
    await house.ask("record_outcome", HUB, session=session, case=case, outcome="tra_loi_tai_cho", answer="Đã trả lời.")
    attendance = f"/sessions/{session}/attendance"
    assert (await post(house, HUB, attendance, present=[{"group": "noi_bo", "heads": 20}])).status_code == 200
    await house.ask("hold_session", CHIEF, session=session)
    await refused(house, HUB, path, "forbidden", 403)
    assert (await post(house, CHIEF, path)).status_code == 200
    await refused(house, HUB, attendance, "session-not-in-progress", 409, present=[{"group": "noi_bo", "heads": 21}])


async def test_a_dialogue_is_postponed_and_cancelled_until_it_begins(house: House) -> None:
    session = (await house.ask("propose_session", HUB, **{**AD_HOC, "scheduled": "2023-02-10"})).stream
    postponing, cancelling = f"/sessions/{session}/postponement", f"/sessions/{session}/cancellation"
    later: dict[str, Any] = {"to": "2023-03-10", "reason": "Trùng lịch."}
    await refused(house, HUB, postponing, "day-passed", 422, to="2023-01-06", reason="Trùng lịch.")
    assert (await post(house, HUB, postponing, **later)).status_code == 200
    assert await stage(house, "sessions", session) == "hoan"
    await refused(house, HUB, cancelling, "forbidden", 403, reason="Không cần nữa.")
    assert (await post(house, CHIEF, cancelling, reason="Không cần nữa.")).status_code == 200
    assert await stage(house, "sessions", session) == "huy"
    await refused(house, HUB, postponing, "session-begun", 409, **later)
    over, _ = await held(house, {"outcome": "tra_loi_tai_cho", "answer": "Đã trả lời."})
    await refused(house, CHIEF, f"/sessions/{over}/cancellation", "session-begun", 409, reason="Không cần nữa.")


async def test_an_opinion_is_taken_off_and_policy_presented_in_the_room_only(house: House) -> None:
    session, case = await ready(house)
    agenda, told = f"/sessions/{session}/agenda", {"kind": "thong_tin_chu_truong", "content": "Nghị định mới."}
    await refused(house, HUB, agenda, "session-not-in-progress", 409, **told)
    await refused(house, SPECIALIST, f"/sessions/{session}/cases/removal", "forbidden", 403, case=case)
    assert (await post(house, HUB, f"/sessions/{session}/cases/removal", case=case)).status_code == 200
    assert (await post(house, CHIEF, f"/sessions/{session}/opening")).status_code == 200
    assert (await post(house, HUB, agenda, **told)).status_code == 200


async def test_only_the_short_form_is_concluded_in_the_notice_of_its_briefing(house: House) -> None:
    session, _ = await held(house, {"outcome": "tra_loi_tai_cho", "answer": "Đã trả lời."})
    await refused(house, HUB, f"/sessions/{session}/conclusion-in-meeting", "not-short-form", 409)


# --- meetings


async def test_a_series_of_meetings_is_put_in_and_one_of_them_moved_and_held(house: House) -> None:
    series: dict[str, Any] = {
        "office": "VPUB",
        "kind": "giao_ban_tuan",
        "body": "van_phong",
        "every": "tuan",
        "first": "2023-01-09",
        "last": "2023-01-31",
    }
    await not_created(house, HUB, "/meetings/series", "series-backwards", 422, **{**series, "last": "2023-01-02"})
    made = await post(house, HUB, "/meetings/series", **series)
    assert made.status_code == 201, made.json()
    listed = (await get(house, HUB, "/offices/VPUB/dialogue/meetings")).json()["items"]
    first, second = listed[0]["id"], listed[1]["id"]
    assert (await post(house, HUB, f"/meetings/{first}/holding")).status_code == 200
    await refused(house, HUB, f"/meetings/{second}/holding", "meeting-not-yet", 422)
    await refused(house, HUB, f"/meetings/{first}/day", "meeting-over", 409, on="2023-01-20")
    assert (await post(house, HUB, f"/meetings/{second}/day", on="2023-01-19")).status_code == 200


# --- proposals


async def appraised(house: House) -> None:
    """A proposal that Dân vận and Mặt trận were asked about."""
    for unit in ("BDVTU", "MTTQ", "SNNPTNT"):
        await register(house, unit, "so_nganh", None)
    await referred_proposal(house)
    await in_charge(house)
    await house.ask("request_appraisal", DIVISION, proposal=PROPOSAL, leader="p-deputy")


async def test_a_verdict_that_came_by_letter_names_it_and_one_that_is_late_is_gone_without(house: House) -> None:
    await appraised(house)
    verdicts, overrides = (f"/proposals/{PROPOSAL}/appraisal/{which}" for which in ("verdicts", "overrides"))
    given = {"appraiser": "BDVTU", "verdict": "dong_y"}
    await refused(house, REGISTRY_OF_TH, verdicts, "letter-missing", 422, **given)
    assert (await post(house, REGISTRY_OF_TH, verdicts, **given, letter="12-CV/BDVTU")).status_code == 200
    without = {"appraiser": "MTTQ", "reason": "Quá hạn chưa có ý kiến."}
    await refused(house, DEPUTY, overrides, "appraisal-not-late", 409, **without)
    house.clock.move_to(datetime(2023, 1, 20, 2, tzinfo=UTC))
    await refused(house, DIVISION, overrides, "forbidden", 403, **without)
    assert (await post(house, DEPUTY, overrides, **without)).status_code == 200
    conclusion = f"/proposals/{PROPOSAL}/appraisal/conclusion"
    assert (await post(house, DEPUTY, conclusion, verdict="dong_y")).status_code == 200
    submission = f"/proposals/{PROPOSAL}/submission"
    await refused(house, DIVISION, submission, "leaders-first", 403)
    assert (await post(house, DEPUTY, submission)).status_code == 200
    await refused(house, DEPUTY, f"/proposals/{PROPOSAL}/deferral", "forbidden", 403)
    deferred = await post(house, CHAIRMAN, f"/proposals/{PROPOSAL}/deferral", reason="Để kỳ sau.")
    assert deferred.status_code == 200, deferred.json()


@pytest.mark.parametrize(("path", "body"), [("approval", {}), ("refusal", {"reason": "Không cần đối thoại."})])
async def test_the_chairman_decides_on_what_was_put_before_him(house: House, path: str, body: dict[str, Any]) -> None:
    await appraised(house)
    await refused(house, CHAIRMAN, f"/proposals/{PROPOSAL}/{path}", "proposal-elsewhere", 409, **body)
    for appraiser in ("BDVTU", "MTTQ"):
        given: dict[str, Any] = {"appraiser": appraiser, "verdict": "dong_y", "letter": f"12/{appraiser}"}
        await house.ask("give_appraisal", REGISTRY_OF_TH, proposal=PROPOSAL, **given)
    await house.ask("conclude_appraisal", DEPUTY, proposal=PROPOSAL, verdict="dong_y")
    await house.ask("submit_proposal", DEPUTY, proposal=PROPOSAL)
    assert (await post(house, CHAIRMAN, f"/proposals/{PROPOSAL}/{path}", **body)).status_code == 200


async def test_a_proposal_is_returned_with_a_reason_and_its_lines_are_ticked(house: House) -> None:
    checklist: dict[str, Any] = {"version": "2023.1", "lines": ["Mục đích", "Nội dung"], "valid_from": "2023-01-01"}
    made = await post(house, ADMIN, "/checklists", **checklist)
    assert made.status_code == 201, made.json()
    await not_created(house, ADMIN, "/checklists", "checklist-empty", 422, **{**checklist, "version": "2", "lines": []})
    await register(house, "SNNPTNT", "so_nganh", None)
    await referred_proposal(house)
    ticking = f"/proposals/{PROPOSAL}/checklist"
    assert (await post(house, DIVISION, ticking, line=1)).status_code == 200
    await refused(house, DIVISION, ticking, "no-such-line", 422, line=3)
    returning = f"/proposals/{PROPOSAL}/return"
    assert (await post(house, DIVISION, returning, reason="Nêu rõ thành phần.")).status_code == 200
    await refused(house, CHAIRMAN, returning, "forbidden", 403, reason="Nêu rõ thành phần.")


# --- units that were asked


async def test_a_unit_that_was_asked_says_what_it_thinks_and_another_does_not(house: House) -> None:
    case = await house.refer(FIRST)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    asking, giving = f"/cases/{case}/consultations", f"/cases/{case}/consultations/given"
    assert (await post(house, SPECIALIST, asking, unit="TH", question="Có kinh phí không?")).status_code == 200
    await refused(house, SPECIALIST, asking, "unknown-unit", 422, unit="SGTVT", question="Có kinh phí không?")
    await refused(house, HUB, giving, "not-consulted", 422, given="Có.")
    given = await post(house, OTHER_UNIT, giving, given="Có.")
    assert given.status_code == 200, given.json()


# --- the directory


async def test_a_unit_is_succeeded_but_not_by_itself(house: House) -> None:
    succeeded: dict[str, Any] = {"successions": [{"field": None, "to": "TCHCQT"}], "basis": "03/NQ", **LATER}
    before = (await house.log.head()).position
    itself = await on(
        house, "unit-TH", ADMIN, "/units/TH/succession", **{**succeeded, "successions": [{"field": None, "to": "TH"}]}
    )
    await problem(house, itself, "succeeds-itself", 422, before)
    await problem(house, await on(house, "unit-TH", HUB, "/units/TH/succession", **succeeded), "forbidden", 403, before)
    assert (await on(house, "unit-TH", ADMIN, "/units/TH/succession", **succeeded)).status_code == 200
    before = (await house.log.head()).position
    again = await on(house, "unit-TH", ADMIN, "/units/TH/dissolution", valid_from="2023-03-01")
    await problem(house, again, "already-dissolved", 409, before)
    renamed = {"code": "BTCD", "name": "Ban Tiếp công dân tỉnh", **LATER}
    assert (await on(house, "unit-BTCD", ADMIN, "/units/BTCD/name", **renamed)).status_code == 200
    assert (await on(house, "unit-BTCD", ADMIN, "/units/BTCD/aliases", alias="Tiếp dân")).status_code == 200


async def test_a_post_is_made_held_and_vacated(house: House) -> None:
    made: dict[str, Any] = {"post": "TP-TH", "unit": "TH", "name": "Trưởng phòng", "role": "unit_leader", **LATER}
    assert (await post(house, ADMIN, "/posts", **made)).status_code == 201
    await not_created(house, ADMIN, "/posts", "key-taken", 409, **{**made, "name": "Phó phòng"})
    before = (await house.log.head()).position
    nobody = await on(house, "post-TP-TH", ADMIN, "/posts/TP-TH/holder", person="p-nobody", **LATER)
    await problem(house, nobody, "unknown-person", 422, before)
    assert (await on(house, "post-TP-TH", ADMIN, "/posts/TP-TH/holder", person="p-other", **LATER)).status_code == 200
    before = (await house.log.head()).position
    early = await on(house, "post-TP-TH", ADMIN, "/posts/TP-TH/vacancy", valid_from="2023-01-15")
    await problem(house, early, "out-of-date-order", 422, before)
    assert (await on(house, "post-TP-TH", ADMIN, "/posts/TP-TH/vacancy", valid_from="2023-03-01")).status_code == 200


async def test_a_delegation_is_granted_by_who_holds_the_post_and_revoked(house: House) -> None:
    for key, person, role in (("CVP", "p-chief", "chief"), ("PCVP", "p-deputy", "deputy")):
        await hold_post(house, key, person, role)
    granted: dict[str, Any] = {"post": "CVP", "to": "p-deputy", "valid_from": "2023-01-09", "valid_to": "2023-01-31"}
    await not_created(house, CHIEF, "/delegations", "delegation-backwards", 422, **{**granted, "valid_to": "2023-01-08"})
    await not_created(house, HUB, "/delegations", "forbidden", 403, **granted)
    made = await post(house, CHIEF, "/delegations", **granted)
    assert made.status_code == 201, made.json()
    delegation = made.json()["id"]
    path = f"/delegations/{delegation}/revocation"
    await refused(house, HUB, path, "forbidden", 403, valid_from="2023-01-20")
    assert (await post(house, CHIEF, path, valid_from="2023-01-20")).status_code == 200


async def test_rules_are_published_whole_under_a_new_name(house: House) -> None:
    whole = [{"rule": each, "days": 8, "counting": "ngay_lam_viec"} for each in sorted(CODES)]
    one: dict[str, Any] = {"rules": whole[:1], "version": "VPUB.2", "office": "VPUB", **LATER}
    await not_created(house, ADMIN, "/rules", "rules-incomplete", 422, **one)
    made = await post(house, ADMIN, "/rules", **{**one, "rules": whole})
    assert made.status_code == 201, made.json()
    await not_created(house, HUB, "/rules", "forbidden", 403, **one)


async def test_fields_people_recipients_and_party_fields_are_set_by_who_keeps_them(house: House) -> None:
    lead: dict[str, Any] = {"office": "VPUB", "lead": "TH", **LATER}
    field = "field-dao-tao-boi-duong"
    assert (await on(house, field, ADMIN, "/fields/dao-tao-boi-duong/leads", **lead)).status_code == 200
    before = (await house.log.head()).position
    outside = await on(house, field, ADMIN, "/fields/dao-tao-boi-duong/leads", **{**lead, "lead": "UBND-MSO"})
    await problem(house, outside, "lead-outside-office", 409, before)
    further = {"office": "VPUB", "leads": ["TCHCQT"], **LATER}
    assert (await on(house, field, ADMIN, "/fields/dao-tao-boi-duong/further-leads", **further)).status_code == 200
    person, further_units = "person-p-other", "/persons/p-other/further-units"
    assert (await on(house, person, ADMIN, further_units, unit="TCHCQT", **LATER)).status_code == 200
    assert (await on(house, person, ADMIN, f"{further_units}/TCHCQT/end", valid_from="2023-03-01")).status_code == 200
    before = (await house.log.head()).position
    never = await on(house, person, ADMIN, f"{further_units}/BTCD/end", valid_from="2023-03-01")
    await problem(house, never, "not-joined", 409, before)
    assert (await on(house, person, ADMIN, "/persons/p-other/unit", unit="BTCD", valid_from="2023-04-01")).status_code == 200
    party = await on(house, "party_fields-every", ADMIN, "/party-fields", fields=["dao-duc-loi-song"], **LATER)
    assert party.status_code == 200
    before = (await house.log.head()).position
    unknown = await on(house, "party_fields-every", ADMIN, "/party-fields", fields=["khong-co"], valid_from="2023-03-01")
    await problem(house, unknown, "unknown-field", 422, before)
    line = {"role": "thuong_truc", "unit": "TH", "purpose": "Báo cáo", "mandatory": True}
    to = await on(house, "recipients-VPUB", REGISTRY, "/offices/VPUB/recipients", kind="bao_cao", recipients=[line], **LATER)
    assert to.status_code == 200, to.json()
