"""The assignment service over HTTP: cases as they are seen, words for those who may, and bad input of every kind."""

import unicodedata
from datetime import timedelta
from typing import Any

import httpx2
import pytest

from shared.contracts.opinion import Flag
from shared.permit import Subject
from tests.assignment.house import (
    ADMIN,
    AUDITOR,
    CHIEF,
    FEEDER,
    HUB,
    LEADER,
    OTHER_OFFICE,
    OTHER_UNIT,
    SPECIALIST,
    House,
)
from tests.support.hosting import START

SUFFIX = "7Q2K9FXA3MBTW0000001"


async def post(house: House, by: Subject | None, path: str, version: int | None = None, **body: Any) -> httpx2.Response:
    headers = {} if version is None else {"If-Match": f'"{version}"'}
    async with house.client(by) as client:
        return await client.post(f"/assignment/api{path}", json=body, headers=headers)


async def get(house: House, by: Subject | None, path: str, **asked: Any) -> httpx2.Response:
    async with house.client(by) as client:
        return await client.get(f"/assignment/api{path}", params=asked or None, headers={"After-Position": "assignment=1"})


async def submitted(house: House) -> str:
    case = await house.refer(SUFFIX)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Sẽ tổ chức trong quý II.", solution="Thuê giảng viên.")
    return case


async def test_a_case_travels_over_http_from_assignment_to_its_end(house: House) -> None:
    case = await house.refer(SUFFIX, flags=())
    assigned = await post(house, CHIEF, f"/cases/{case}/assignment", 1, lead="TCHCQT")
    assert (assigned.status_code, assigned.headers["ETag"]) == (200, '"2"')
    task = assigned.json()["task"]
    assert (await post(house, LEADER, f"/tasks/{task}/acceptance", 1)).status_code == 200
    assert (await post(house, LEADER, f"/tasks/{task}/delegation", 2, to="p-specialist")).status_code == 200
    assert (await post(house, SPECIALIST, f"/cases/{case}/answers", 2, answer="Dự thảo.")).status_code == 200
    assert (await post(house, CHIEF, f"/cases/{case}/return", 3, reason="Bổ sung căn cứ.")).status_code == 200
    again = await post(house, SPECIALIST, f"/cases/{case}/answers", 4, answer="Dự thảo hai.", legal_basis="Luật 10/2022.")
    assert again.status_code == 200
    assert (await post(house, CHIEF, f"/cases/{case}/approval", 5)).status_code == 200
    assert (await post(house, SPECIALIST, f"/cases/{case}/delivery", 6, means="van_ban")).status_code == 200
    assert (await post(house, HUB, f"/cases/{case}/closure", 8)).status_code == 200
    found = (await get(house, HUB, f"/cases/{case}")).json()
    assert (found["stage"], found["lead"], found["version"], found["due"]) == ("dong", "TCHCQT", 9, "2023-01-30")
    assert [(draft["draft"], draft["outcome"]) for draft in found["drafts"]] == [(1, "yeu_cau_sua"), (2, "da_duyet")]
    assert found["drafts"][1]["means"] == "van_ban"
    seen = await get(house, LEADER, f"/tasks/{task}")
    assert (seen.json()["stage"], seen.json()["person"], seen.headers["ETag"]) == ("hoan_thanh", "p-specialist", '"7"')


async def test_a_case_shows_references_and_no_word(house: House) -> None:
    case = await submitted(house)
    answer = await get(house, LEADER, f"/cases/{case}")
    assert answer.headers["ETag"] == '"3"'
    assert answer.json()["derivation"]["calendar"] == "2023.1"
    assert set(answer.json()["drafts"][0]["refs"]) == {"answer", "solution"}
    for words in ("Đề nghị", "quý II", "giảng viên"):
        assert words not in answer.text


@pytest.mark.parametrize(
    ("by", "status"),
    [
        (CHIEF, 200),
        (HUB, 200),
        (LEADER, 200),
        (FEEDER, 200),
        (AUDITOR, 200),
        (OTHER_UNIT, 404),
        (OTHER_OFFICE, 404),
        (ADMIN, 404),
    ],
)
async def test_a_case_is_seen_by_its_office_s_heads_its_lead_and_the_unit_that_took_it_in(
    house: House, by: Subject, status: int
) -> None:
    case = await submitted(house)
    assert (await get(house, by, f"/cases/{case}")).status_code == status


async def test_what_another_office_has_looks_like_what_is_not_there(house: House) -> None:
    case = await submitted(house)
    theirs = await get(house, OTHER_OFFICE, f"/cases/{case}")
    nothing = await get(house, OTHER_OFFICE, "/cases/case-NEVER0000000000000")
    assert (theirs.status_code, nothing.status_code) == (404, 404)
    ignored = {"trace_id"}
    assert {k: v for k, v in theirs.json().items() if k not in ignored} == {
        k: v for k, v in nothing.json().items() if k not in ignored
    }


async def test_words_are_opened_in_the_reader_s_name_with_the_purpose(house: House) -> None:
    case = await submitted(house)
    words = await get(house, SPECIALIST, f"/cases/{case}/words")
    assert [word["text"] for word in words.json()["items"]] == ["Đề nghị tổ chức thêm lớp bồi dưỡng."]
    answer = await get(house, CHIEF, f"/cases/{case}/answers/1")
    assert answer.json() == {"answer": "Sẽ tổ chức trong quý II.", "solution": "Thuê giảng viên.", "erased": []}
    assert {(each["reader"], each["purpose"]) for each in await house.vault.accesses()} == {
        ("p-specialist", f"read_words {case}"),
        ("p-chief", f"read_answer {case}"),
    }


@pytest.mark.parametrize("by", [FEEDER, AUDITOR, OTHER_UNIT, OTHER_OFFICE, ADMIN])
async def test_words_stay_closed_to_others_and_nothing_is_opened(house: House, by: Subject) -> None:
    case = await submitted(house)
    assert (await get(house, by, f"/cases/{case}/words")).status_code == 404
    assert (await get(house, by, f"/cases/{case}/answers/1")).status_code == 404
    assert await house.vault.accesses() == []


async def test_words_of_a_restricted_field_are_for_the_head_and_the_lead_only(house: House) -> None:
    case = await house.refer(SUFFIX, field="dao-duc-loi-song")
    await house.ask("assign_case", CHIEF, case=case, lead="TH")
    assert (await get(house, HUB, f"/cases/{case}/words")).status_code == 404
    assert (await get(house, CHIEF, f"/cases/{case}/words")).status_code == 200
    assert (await get(house, OTHER_UNIT, f"/cases/{case}/words")).status_code == 200


async def test_erased_words_are_said_to_be_erased(house: House) -> None:
    case = await submitted(house)
    for each in await house.sealed():
        await house.vault.erase_record(each["ref"])
    (words,) = (await get(house, CHIEF, f"/cases/{case}/words")).json()["items"]
    assert (words["fact"], words["part"], words["text"], words["erased"]) == ("case.opened", "words", None, True)
    assert set((await get(house, CHIEF, f"/cases/{case}/answers/1")).json()["erased"]) == {"answer", "solution"}


@pytest.mark.parametrize("path", ["/cases/{case}/answers/2", "/cases/{case}/answers/1?episode=other/1"])
async def test_a_draft_that_was_never_submitted_is_unknown(house: House, path: str) -> None:
    case = await submitted(house)
    assert (await get(house, CHIEF, path.format(case=case))).status_code == 404


async def many(house: House) -> list[str]:
    """Five cases due on different days, the last two with TCHCQT."""
    cases = []
    for n in range(5):
        case = await house.refer(f"7Q2K9FXA3MBTW000000{n}", field="dao-duc-loi-song" if n == 0 else "dao-tao-boi-duong")
        cases.append(case)
    for case in cases[3:]:
        await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    return cases


async def test_an_office_s_cases_come_by_pages_each_once(house: House) -> None:
    cases = await many(house)
    seen: list[str] = []
    asked: dict[str, Any] = {"limit": 2}
    while True:
        page = (await get(house, HUB, "/offices/VPUB/cases", **asked)).json()
        seen += [item["id"] for item in page["items"]]
        if page["cursor"] is None:
            break
        asked["cursor"] = page["cursor"]
    assert seen == sorted(cases)


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"stage": "cho_phan_cong"}, 3),
        ({"lead": "TCHCQT"}, 2),
        ({"lead": "TH"}, 0),
        ({"received_by": "BTCD"}, 5),
        ({"field": "dao-duc-loi-song"}, 1),
        ({"overdue": "true"}, 0),
        ({"overdue": "false"}, 5),
        ({"resolved": "true"}, 0),
        ({"resolved": "false"}, 5),
    ],
)
async def test_lists_are_narrowed(house: House, asked: dict[str, str], count: int) -> None:
    await many(house)
    assert len((await get(house, HUB, "/offices/VPUB/cases", **asked)).json()["items"]) == count


async def test_overdue_is_computed_on_the_day_it_is_asked(house: House) -> None:
    await many(house)
    house.clock.move_to(START + timedelta(days=21))  # 30/01, the last day
    assert (await get(house, HUB, "/offices/VPUB/cases", overdue="true")).json()["items"] == []
    house.clock.move_to(START + timedelta(days=22))
    late = (await get(house, HUB, "/offices/VPUB/cases", overdue="true")).json()["items"]
    assert len(late) == 5
    assert all(item["overdue"] for item in late)


async def test_what_has_been_open_for_more_than_so_many_days_is_listed_until_it_is_settled(house: House) -> None:
    await many(house)
    house.clock.move_to(START + timedelta(days=30))

    async def older(days: int) -> int:
        return len((await get(house, HUB, "/offices/VPUB/cases", older_than=str(days))).json()["items"])

    assert (await older(29), await older(30)) == (5, 0)
    assert (await get(house, HUB, "/offices/VPUB/cases", older_than="-1")).status_code == 422


async def test_what_is_complex_or_long_drawn_is_listed_by_itself(house: House) -> None:
    plain = await house.refer(SUFFIX, flags=())
    flagged = await house.refer("7Q2K9FXA3MBTW0000009", flags=(Flag.COMPLEX,))
    for asked, expected in (("true", [flagged]), ("false", [plain])):
        items = (await get(house, HUB, "/offices/VPUB/cases", flagged=asked)).json()["items"]
        assert [item["id"] for item in items] == expected


async def test_a_unit_lists_what_it_leads_and_what_it_took_in(house: House) -> None:
    cases = await many(house)
    led = (await get(house, LEADER, "/units/TCHCQT/cases")).json()["items"]
    assert [item["id"] for item in led] == cases[3:]
    taken = (await get(house, FEEDER, "/units/BTCD/cases", **{"as": "received"})).json()["items"]
    assert [item["id"] for item in taken] == cases
    assert [item["id"] for item in (await get(house, CHIEF, "/units/TCHCQT/cases")).json()["items"]] == cases[3:]


@pytest.mark.parametrize(
    ("by", "path"),
    [
        (OTHER_OFFICE, "/offices/VPUB/cases"),
        (OTHER_UNIT, "/offices/VPUB/cases"),
        (ADMIN, "/offices/VPUB/cases"),
        (OTHER_UNIT, "/units/TCHCQT/cases"),
        (OTHER_OFFICE, "/units/TCHCQT/cases?office=VPUB"),
    ],
)
async def test_other_people_s_lists_are_not_there(house: House, by: Subject, path: str) -> None:
    await many(house)
    assert (await get(house, by, path)).status_code == 404


@pytest.mark.parametrize("cursor", ["x", "W10", "bm90IGpzb24", "WyJub3QtYS1kYXkiLCJ4Il0", "!!!", "A" * 401])
async def test_a_cursor_not_made_here_is_refused(house: House, cursor: str) -> None:
    answer = await get(house, HUB, "/offices/VPUB/cases", cursor=cursor)
    assert answer.status_code == 422
    assert "cursor" in answer.text


@pytest.mark.parametrize("asked", [{"stage": "bay_bong"}, {"limit": 0}, {"limit": 201}, {"overdue": "perhaps"}, {"as": "both"}])
async def test_a_wrong_filter_is_named(house: House, asked: dict[str, Any]) -> None:
    answer = await get(house, LEADER, "/units/TCHCQT/cases", **asked)
    assert answer.status_code == 422
    assert next(iter(asked)) in answer.json()["errors"][0]["field"]


async def test_nothing_is_answered_without_a_credential(house: House) -> None:
    case = await submitted(house)
    for path in (f"/cases/{case}", f"/cases/{case}/words", "/offices/VPUB/cases", "/units/TCHCQT/cases", "/tasks/task-x"):
        assert (await get(house, None, path)).status_code == 401
    assert (await post(house, None, f"/cases/{case}/approval", 3)).status_code == 401


async def test_a_change_without_its_version_is_refused_and_changes_nothing(house: House) -> None:
    case = await house.refer(SUFFIX)
    before = (await house.log.head()).position
    answer = await post(house, CHIEF, f"/cases/{case}/assignment", None, lead="TCHCQT")
    assert (answer.status_code, answer.json()["code"]) == (428, "precondition-missing")
    assert (await house.log.head()).position == before


async def test_a_stale_version_is_refused_and_changes_nothing(house: House) -> None:
    case = await submitted(house)
    before = (await house.log.head()).position
    answer = await post(house, CHIEF, f"/cases/{case}/approval", 2)
    assert (answer.status_code, answer.json()["code"]) == (412, "stale-version")
    assert (await house.log.head()).position == before


@pytest.mark.parametrize(
    ("by", "path", "version", "body", "status", "code"),
    [
        (SPECIALIST, "/cases/{case}/answers", 3, {"answer": "Nữa."}, 409, "under-review"),
        (SPECIALIST, "/cases/{case}/delivery", 3, {"means": "van_ban"}, 409, "not-approved"),
        (HUB, "/cases/{case}/closure", 3, {}, 409, "not-resolved"),
        (HUB, "/cases/{case}/reopening", 3, {"reason": "Chưa xong."}, 409, "not-resolved"),
        (CHIEF, "/cases/{case}/assignment", 3, {"lead": "TH"}, 409, "already-assigned"),
        (SPECIALIST, "/cases/{case}/approval", 3, {}, 403, "forbidden"),
        (OTHER_OFFICE, "/cases/{case}/approval", 3, {}, 404, "unknown"),
        (CHIEF, "/cases/case-NEVER0000000000000/approval", 3, {}, 404, "unknown"),
        (CHIEF, "/tasks/task-NEVER000000000000000/acceptance", 1, {}, 404, "unknown"),
    ],
)
async def test_commands_out_of_order_or_of_strangers_are_problems_with_a_code(
    house: House, by: Subject, path: str, version: int, body: dict[str, Any], status: int, code: str
) -> None:
    case = await submitted(house)
    before = (await house.log.head()).position
    answer = await post(house, by, path.format(case=case), version, **body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["titles"]["vi"]
    assert answer.json()["advice"]["en"]
    assert (await house.log.head()).position == before


@pytest.mark.parametrize(
    ("lead", "status", "code"),
    [("UBND-MSO", 409, "lead-outside-office"), ("NOWHERE", 422, "unknown-unit"), ("phòng kế toán", 422, "invalid")],
)
async def test_a_lead_that_cannot_be_is_named(house: House, lead: str, status: int, code: str) -> None:
    case = await house.refer(SUFFIX)
    answer = await post(house, CHIEF, f"/cases/{case}/assignment", 1, lead=lead)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (status, code, "lead")


@pytest.mark.parametrize(
    "body",
    [
        {"answer": "x" * 20_001},
        {"answer": "có ký tự \u0000 lạ"},
        {"answer": "có ký tự \u0007 lạ"},
        {"answer": "   "},
        {"answer": ""},
        {"answer": 7},
        {"answer": None},
        {},
        {"answer": "x", "more": "thừa"},
        {"answer": "x", "case": "case-OTHER"},
    ],
)
async def test_an_answer_that_cannot_be_is_refused_with_its_field_and_changes_nothing(house: House, body: dict[str, Any]) -> None:
    case = await house.refer(SUFFIX)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    kept = await house.sealed()
    answer = await post(house, SPECIALIST, f"/cases/{case}/answers", 2, **body)
    assert answer.status_code == 422
    assert answer.json()["field"] in {"answer", "more", "case"}
    assert await house.sealed() == kept


async def test_text_is_kept_verbatim_whatever_its_form(house: House) -> None:
    decomposed = unicodedata.normalize("NFD", "Đề nghị trả lời: hồ sơ đã đủ")  # as some keyboards send it
    case = await house.refer(SUFFIX)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    assert (await post(house, SPECIALIST, f"/cases/{case}/answers", 2, answer=decomposed)).status_code == 200
    assert (await get(house, CHIEF, f"/cases/{case}/answers/1")).json()["answer"] == decomposed


@pytest.mark.parametrize(
    ("occurred_at", "code"),
    [("2023-01-08T00:00:00Z", "before-receipt"), ("2023-01-10T00:00:00Z", "occurred-ahead"), ("2023-01-09T03:00:00", "invalid")],
)
async def test_a_time_that_cannot_be_is_named(house: House, occurred_at: str, code: str) -> None:
    case = await house.refer(SUFFIX)
    answer = await post(house, CHIEF, f"/cases/{case}/assignment", 1, lead="TCHCQT", occurred_at=occurred_at)
    assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, code, "occurred_at")


async def test_a_refusal_says_the_facts_it_rests_on_in_both_languages(house: House) -> None:
    case = await submitted(house)
    answer = await post(house, CHIEF, f"/cases/{case}/assignment", 3, lead="TH")
    assert answer.json()["titles"] == {"vi": "Hồ sơ đã giao cho TCHCQT", "en": "The case is with TCHCQT"}


async def test_the_directory_is_kept_over_http_with_keys_for_what_is_created(house: House) -> None:
    unit: dict[str, Any] = {
        "unit": "KT",
        "code": "KT",
        "name": "Phòng Kinh tế",
        "kind": "phong",
        "office": "VPUB",
        "valid_from": "2021-01-01",
    }
    assert (await post(house, ADMIN, "/units", **unit)).json()["code"] == "idempotency-key-missing"
    async with house.client(ADMIN) as client:
        for _ in range(2):
            made = await client.post("/assignment/api/units", json=unit, headers={"Idempotency-Key": "unit-kt"})
            assert (made.status_code, made.json()["id"]) == (201, "unit-KT")
        reused = await client.post("/assignment/api/units", json={**unit, "name": "X"}, headers={"Idempotency-Key": "unit-kt"})
        assert (reused.status_code, reused.json()["code"]) == (422, "key-reused")
    renamed = await post(house, ADMIN, "/units/KT/name", code="KTTH", name="Phòng Kinh tế tổng hợp", valid_from="2024-01-01")
    assert renamed.status_code == 200
    assert (
        await post(house, ADMIN, "/fields/dao-tao-boi-duong/leads", office="VPUB", lead="KT", valid_from="2023-01-01")
    ).json()["version"] == 2
    assert (await post(house, ADMIN, "/units/KT/dissolution", valid_from="2025-01-01")).status_code == 200
    assert (await post(house, CHIEF, "/units/KT/dissolution", valid_from="2025-01-01")).status_code == 403


async def test_a_calendar_version_stands_over_http(house: House) -> None:
    async with house.client(ADMIN) as client:
        answer = await client.post(
            "/assignment/api/calendars",
            json={"version": "2023.1", "first": "2023-01-01", "last": "2024-12-31", "days_off": []},
            headers={"Idempotency-Key": "another"},
        )
    assert (answer.status_code, answer.json()["code"]) == (409, "calendar-version-stands")


async def test_what_a_notice_concludes_without_a_dialogue_is_told_to_the_speaker_and_put_away(house: House) -> None:
    case = await house.refer(SUFFIX)
    item = {"kind": "ket_luan", "text": "Đã rõ, không xem xét thêm.", "case": case}
    await house.issue((await house.ask("draft_notice", HUB, office="VPUB", items=[item])).stream)
    await house.ask("deliver_answer", HUB, case=case, means="van_ban")
    await house.ask("close_case", HUB, case=case)
    await house.follow()
    found = (await get(house, CHIEF, f"/cases/{case}")).json()
    assert (found["stage"], found["concluded"], found["lead"], found["drafts"]) == ("dong", True, None, [])
