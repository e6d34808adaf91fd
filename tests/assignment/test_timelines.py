"""What happened to a case or a dialogue names people, posts and units as of its day, and can be asked as of then (R46, R49)."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest

from services.assignment.readmodel import folding
from shared.permit import Subject
from tests.assignment.house import ADMIN, CHIEF, HUB, OTHER_OFFICE, OTHER_UNIT, SPECIALIST, House
from tests.assignment.test_session_misuse import AD_HOC
from tests.support.hosting import START

FEBRUARY = START + timedelta(days=30)
RENAMED: dict[str, Any] = {"unit": "TCHCQT", "name": "Phòng Hành chính", "code": "HC", "valid_from": "2023-02-01"}


async def get(house: House, by: Subject, path: str, **asked: Any) -> httpx2.Response:
    await house.follow()
    async with house.client(by) as client:
        return await client.get(f"/assignment/api{path}", params=asked)


async def timeline(house: House, by: Subject, thing: str, **asked: Any) -> dict[str, Any]:
    answer = await get(house, by, f"/{thing.partition('-')[0]}s/{thing}/timeline", **asked)
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


async def drafted(house: House, **about: Any) -> str:
    """A case that its lead has put an answer to."""
    case = await house.refer("7Q2K9FXA3MBTW0000001", **about)
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Đã mở thêm hai lớp.")
    await house.follow()
    return case


async def test_each_fact_names_who_in_which_post_for_which_unit_called_as_on_its_day(house: House) -> None:
    await house.ask("register_person", ADMIN, person="p-chief", name="Trần Thị B", unit="CVP", valid_from="2021-01-01")
    post: dict[str, Any] = {
        "post": "CVP-1",
        "unit": "CVP",
        "name": "Chánh Văn phòng",
        "role": "chief",
        "valid_from": "2021-01-01",
    }
    await house.ask("create_post", ADMIN, **post)
    await house.ask("hold_post", ADMIN, post="CVP-1", person="p-chief", acting=False, valid_from="2021-01-01")
    await house.follow()
    case = await drafted(house)
    house.clock.move_to(FEBRUARY)
    await house.ask("rename_unit", ADMIN, **RENAMED)
    await house.follow()
    items = (await timeline(house, HUB, case))["items"]
    assert [each["fact"] for each in items] == ["case.opened", "case.assigned", "case.answer_submitted"]
    _, assigned, submitted = items
    assert {name: assigned["by"][name] for name in ("person", "name", "post", "post_name", "capacity")} == {
        "person": "p-chief",
        "name": "Trần Thị B",
        "post": "CVP-1",
        "post_name": "Chánh Văn phòng",
        "capacity": "chief",
    }
    lead = {"key": "TCHCQT", "name": "TCHCQT", "label": "Phòng Hành chính (trước là TCHCQT)"}
    assert assigned["units"] == [lead]
    assert (submitted["by"]["name"], submitted["by"]["unit"]) == ("Nguyễn Văn A", lead)
    await house.ask("return_answer", CHIEF, case=case, reason="Chưa rõ.")
    await house.ask("submit_answer", SPECIALIST, case=case, answer="Đã mở thêm ba lớp.")
    later = (await timeline(house, HUB, case, after=submitted["version"]))["items"]
    assert later[1]["by"]["unit"] == {"key": "TCHCQT", "name": "Phòng Hành chính", "label": "Phòng Hành chính"}


async def test_whoever_reads_names_is_written_down_and_a_forgotten_one_has_none(house: House) -> None:
    case = await drafted(house)
    await timeline(house, HUB, case)
    (reading,) = await house.vault.accesses()
    assert (reading["reader"], reading["purpose"]) == ("p-hub", f"timeline {case}")
    await house.vault.erase_person("p-specialist")
    assert {each["by"]["name"] for each in (await timeline(house, HUB, case))["items"]} == {None}


async def test_what_is_known_as_of_an_instant_or_a_position_is_what_was_recorded_until_then(house: House) -> None:
    case = await drafted(house)
    known = (await house.log.head()).position
    house.clock.move_to(FEBRUARY)
    await house.ask("return_answer", CHIEF, case=case, reason="Chưa rõ.")
    await house.follow()
    now = await timeline(house, HUB, case)
    assert (len(now["items"]), now["after"]) == (4, None)
    then = await timeline(house, HUB, case, as_of=(FEBRUARY - timedelta(seconds=1)).isoformat())
    assert (then["items"], then["as_of"]) == (now["items"][:3], {"assignment": known})
    for position in (str(known), f"assignment={known}"):
        assert await timeline(house, HUB, case, as_of=position) == then
    first = await timeline(house, HUB, case, as_of=str(known), limit=2)
    rest = await timeline(house, HUB, case, as_of=str(known), after=first["after"])
    assert first["items"] + rest["items"] == then["items"]
    answer = await get(house, HUB, f"/cases/{case}/timeline", as_of="yesterday")
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable-as-of")


async def test_nobody_else_nor_whom_it_is_about_nor_of_what_was_diverted_all_but_the_head_is_told(house: House) -> None:
    about_th = await drafted(house, unit="TH", concerns_units=("TH",))
    diverted = await house.refer("7Q2K9FXA3MBTW0000002")
    await house.ask("divert_case", HUB, case=diverted, kind="khieu_nai", to="BTCD")
    await house.follow()
    for by, case, status in (
        (OTHER_OFFICE, about_th, 404),
        (OTHER_UNIT, await house.refer("7Q2K9FXA3MBTW0000003", unit="TH"), 200),
        (OTHER_UNIT, about_th, 404),
        (HUB, about_th, 200),
        (CHIEF, about_th, 200),
        (HUB, diverted, 404),
        (CHIEF, diverted, 200),
        (HUB, "case-00000000000000000000", 404),
    ):
        answer = await get(house, by, f"/cases/{case}/timeline")
        assert (answer.status_code, by.person, case) == (status, by.person, case)


async def test_a_dialogue_has_a_timeline_for_its_office(house: House) -> None:
    session = (await house.ask("propose_session", HUB, **AD_HOC)).stream
    await house.ask("assign_attendance", CHIEF, session=session, unit="TH", people=["p-other"])
    await house.follow()
    items = (await timeline(house, HUB, session))["items"]
    named = [(each["fact"], [unit["key"] for unit in each["units"]]) for each in items]
    assert named == [("session.proposed", ["VPUB"]), ("session.attendance_assigned", ["TH"])]
    for by, path in ((OTHER_OFFICE, f"/sessions/{session}"), (HUB, f"/meetings/{session}")):
        assert (await get(house, by, f"{path}/timeline")).status_code == 404


async def test_a_list_of_dialogues_is_what_was_known_then(house: House) -> None:
    first = (await house.ask("propose_session", HUB, **{**AD_HOC, "scheduled": "2023-02-20"})).stream
    await house.follow()
    known = (await house.log.head()).position
    before = (await get(house, HUB, "/offices/VPUB/dialogue/sessions")).json()["items"]
    house.clock.move_to(FEBRUARY)
    await house.ask("postpone_session", HUB, session=first, to="2023-03-20", reason="Bận.")
    second = (await house.ask("propose_session", HUB, **{**AD_HOC, "scheduled": "2023-03-01"})).stream
    await house.follow()
    now = (await get(house, HUB, "/offices/VPUB/dialogue/sessions")).json()["items"]
    assert [(each["id"], each["day"]) for each in now] == [(second, "2023-03-01"), (first, "2023-03-20")]
    then = (await get(house, HUB, "/offices/VPUB/dialogue/sessions", as_of=str(known))).json()
    assert then == {"items": before, "as_of": {"assignment": known}}
    instant = (FEBRUARY - timedelta(seconds=1)).isoformat()
    assert (await get(house, HUB, "/offices/VPUB/dialogue/sessions", as_of=instant)).json() == then
    everything = (await get(house, HUB, "/offices/VPUB/dialogue/sessions", as_of=FEBRUARY.isoformat())).json()["items"]
    assert everything == now
    in_march = {"from": "2023-03-01", "as_of": str(known)}
    assert (await get(house, HUB, "/offices/VPUB/dialogue/sessions", **in_march)).json()["items"] == []
    assert (await get(house, OTHER_OFFICE, "/offices/VPUB/dialogue/sessions", as_of="1")).status_code == 404


async def test_what_is_still_to_come_is_told_by_no_timeline_list_or_stream_of_tasks(house: House) -> None:
    case = await drafted(house)
    beyond = (await house.log.head()).position + 1
    to_come = (house.clock.now() + timedelta(seconds=1)).isoformat()
    for path, by in (
        (f"/cases/{case}/timeline", HUB),
        ("/offices/VPUB/dialogue/sessions", HUB),
        ("/units/TCHCQT/tasks", SPECIALIST),
    ):
        for as_of in (str(beyond), to_come):
            answer = await get(house, by, path, as_of=as_of)
            assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "as-of-ahead", "as_of"), path
        assert (await get(house, by, path, as_of=str(beyond - 1))).status_code == 200


async def test_so_many_that_nobody_waits_for_it_are_not_folded(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(folding, "MOST_FOLDED", 1)
    for day in ("2023-02-20", "2023-02-21"):
        await house.ask("propose_session", HUB, **{**AD_HOC, "scheduled": day})
    answer = await get(house, HUB, "/offices/VPUB/dialogue/sessions", as_of="1")
    assert (answer.status_code, answer.json()["code"]) == (409, folding.TooManyToFold.code)


async def test_a_units_stream_of_tasks_is_what_it_was_then(house: House) -> None:
    await drafted(house)
    known = (await house.log.head()).position
    before = (await get(house, SPECIALIST, "/units/TCHCQT/tasks")).json()
    house.clock.move_to(FEBRUARY)
    case = await house.refer("7Q2K9FXA3MBTW0000002")
    await house.ask("assign_case", CHIEF, case=case, lead="TCHCQT")
    await house.follow()
    assert len((await get(house, SPECIALIST, "/units/TCHCQT/tasks")).json()["items"]) == len(before["items"]) + 1
    then = (await get(house, SPECIALIST, "/units/TCHCQT/tasks", as_of=str(known), wait=25)).json()
    assert then == {**before, "as_of": {"assignment": known}}


async def test_what_knows_only_now_does_not_pass_over_as_of_in_silence(house: House) -> None:
    case = await drafted(house)
    for path in (f"/cases/{case}", "/units/TCHCQT/cases", "/offices/VPUB/urging"):
        answer = await get(house, HUB, path, as_of="1")
        assert (answer.status_code, answer.json()["code"], answer.json()["field"]) == (422, "not-as-of", "as_of"), path
