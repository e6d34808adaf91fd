"""Who was asked before a meeting, what each handed in, and who has not: computed, seen by those it is for (R30)."""

from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.directory import Succession, UnitDissolved, UnitSucceeded
from shared.contracts.meeting import MeetingCancelled
from shared.permit import Subject
from tests.intake.asking import get, is_problem
from tests.intake.house import ADMIN, AUDITOR, CHIEF, FEEDER, HUB, OTHER_OFFICE, OTHER_UNIT, REGISTRY, SECRETARY, House
from tests.intake.rounds import BRIEFING, CONFERENCE, both_rounds, opened, report
from tests.support.hosting import START
from tests.support.scenario import sealed


async def test_a_round_says_who_handed_in_who_had_none_and_who_has_not(house: House) -> None:
    ids = await both_rounds(house)
    found = (await get(house, HUB, f"/rounds/{BRIEFING}")).json()
    assert found == {
        "about": BRIEFING,
        "office": "VPUB",
        "cancelled": False,
        "due": "2023-01-13",
        "asked": 4,
        "with_opinions": 1,
        "nil": 1,
        "reported": 1,
        "missing": [
            {
                "id": ids["TCHCQT"],
                "unit": "TCHCQT",
                "unit_label": "Đơn vị TCHCQT",
                "due": "2023-01-13",
                "days_over": 3,
                "returned": 0,
            },
            {"id": ids["VT"], "unit": "VT", "unit_label": "Đơn vị VT", "due": "2023-01-13", "days_over": 3, "returned": 1},
        ],
        "ended": [],
    }
    assert found["asked"] == found["with_opinions"] + found["nil"] + len(found["missing"])


async def test_the_days_over_are_counted_from_the_day_after_the_date_and_go_on_while_nothing_comes(house: House) -> None:
    (silent,) = await opened(house, units=("TH",))
    for days, over in ((0, 0), (4, 0), (5, 1), (30, 26)):
        house.clock.move_to(START + timedelta(days=days))  # from Monday 09/01; due on Friday 13/01
        found = (await get(house, HUB, f"/consolidations/{silent}")).json()
        assert (found["missing"], found["days_over"], found["label"]) == (True, over, "Chưa nộp")


async def test_what_came_late_keeps_the_days_it_was_late_and_is_missing_no_more(house: House) -> None:
    ids = await both_rounds(house)
    house.clock.move_to(START + timedelta(days=60))
    for unit, over in (("BTCD", 0), ("TH", 3)):
        found = (await get(house, HUB, f"/consolidations/{ids[unit]}")).json()
        assert (found["missing"], found["days_over"]) == (False, over)


async def test_a_unit_s_round_is_shown_with_all_that_is_known_of_it_but_words(house: House) -> None:
    ids = await both_rounds(house)
    answer = await get(house, FEEDER, f"/consolidations/{ids['BTCD']}")
    found = answer.json()
    assert answer.headers["ETag"] == '"4"'
    assert found.pop("opinions")[0].startswith("opinion-")
    assert found == {
        "id": ids["BTCD"],
        "office": "VPUB",
        "unit": "BTCD",
        "unit_label": "Đơn vị BTCD",
        "about": BRIEFING,
        "due": "2023-01-13",
        "stage": "da_bao_cao",
        "label": "Đã báo cáo",
        "missing": False,
        "cancelled": False,
        "gone": None,
        "days_over": 0,
        "nil": False,
        "submitted_at": "2023-01-09T02:00:00+00:00",
        "returned": 0,
        "reported_at": BRIEFING,
        "version": 4,
    }


async def test_nobody_is_missing_before_what_is_not_held_and_what_came_in_stays(house: House) -> None:
    ids = await both_rounds(house)
    before = (await get(house, HUB, "/consolidations", missing="true")).json()["items"]
    await house.happen("assignment", {BRIEFING: [MeetingCancelled(reason=sealed(1))]})
    cancelled = (await get(house, HUB, f"/rounds/{BRIEFING}")).json()
    assert (cancelled["cancelled"], cancelled["missing"]) == (True, [])
    assert (cancelled["asked"], cancelled["with_opinions"], cancelled["nil"]) == (4, 1, 1)
    after = (await get(house, HUB, "/consolidations", missing="true")).json()["items"]
    assert [item["id"] for item in after] == [item["id"] for item in before if item["about"] == CONFERENCE]
    silent = (await get(house, HUB, f"/consolidations/{ids['TCHCQT']}")).json()
    assert (silent["missing"], silent["cancelled"], silent["days_over"]) == (False, True, 0)
    assert silent["label"] == "Không phải nộp, cuộc họp đã hủy"
    assert (await get(house, HUB, f"/consolidations/{ids['TH']}")).json()["label"] == "Không có ý kiến"


@pytest.mark.parametrize(
    ("taken_over", "successors", "label"),
    [(True, ["TH"], "Đơn vị đã kết thúc, kế nhiệm: TH"), (False, [], "Đơn vị đã kết thúc")],
)
async def test_a_unit_that_ended_before_it_handed_in_is_shown_with_who_has_its_place_and_is_not_silent(
    house: House, *, taken_over: bool, successors: list[str], label: str
) -> None:
    ids = await both_rounds(house)
    last = date(2023, 2, 1)
    line = Succession(field=None, to="TH")
    gone: list[Any] = [UnitSucceeded(unit="VT", successions=(line,), basis="01/QD", valid_from=last)] if taken_over else []
    await house.happen("assignment", {"unit-VT": [*gone, UnitDissolved(unit="VT", valid_from=last)]})
    await house.follow()
    assert (await get(house, HUB, f"/consolidations/{ids['VT']}")).json()["label"] == "Chưa nộp"  # until that day
    house.clock.move_to(START + timedelta(days=30))
    shown = (await get(house, HUB, f"/consolidations/{ids['VT']}")).json()
    assert (shown["missing"], shown["label"], shown["days_over"]) == (False, label, 19)
    assert shown["gone"] == {"since": "2023-02-01", "successors": successors}
    found = (await get(house, HUB, f"/rounds/{BRIEFING}")).json()
    assert [each["unit"] for each in found["missing"]] == ["TCHCQT"]
    ended = {"id": ids["VT"], "unit": "VT", "due": "2023-01-13", "ended": "2023-02-01", "successors": successors}
    [line_of] = found["ended"]
    assert {**line_of, **ended} == line_of
    assert line_of["unit_label"].endswith("(trước là Đơn vị VT)" if taken_over else "(đến 01/02/2023)")
    assert found["asked"] == found["with_opinions"] + found["nil"] + len(found["missing"]) + len(found["ended"])
    silent = (await get(house, HUB, "/consolidations", missing="true")).json()["items"]
    assert "VT" not in {item["unit"] for item in silent}


async def test_what_the_hub_returned_is_missing_again(house: House) -> None:
    ids = await both_rounds(house)
    found = (await get(house, REGISTRY, f"/consolidations/{ids['VT']}")).json()
    shown = {name: found[name] for name in ("stage", "missing", "nil", "opinions", "submitted_at", "returned")}
    assert shown == {"stage": "mo", "missing": True, "nil": False, "opinions": [], "submitted_at": None, "returned": 1}


@pytest.mark.parametrize(
    ("asked", "units"),
    [
        ({}, {"BTCD": 2, "TH": 2, "VT": 1, "TCHCQT": 1}),
        ({"missing": "true"}, {"BTCD": 1, "TH": 1, "VT": 1, "TCHCQT": 1}),
        ({"missing": "true", "about": BRIEFING}, {"VT": 1, "TCHCQT": 1}),
        ({"missing": "false"}, {"BTCD": 1, "TH": 1}),
        ({"stage": "khong_co_y_kien"}, {"TH": 1}),
        ({"stage": "da_nop"}, {}),
        ({"unit": "BTCD", "about": CONFERENCE}, {"BTCD": 1}),
        ({"office": "VPUB", "unit": "MSO-VP"}, {}),
    ],
)
async def test_an_office_s_rounds_are_narrowed(house: House, asked: dict[str, str], units: dict[str, int]) -> None:
    await both_rounds(house)
    found = [item["unit"] for item in (await get(house, HUB, "/consolidations", **asked)).json()["items"]]
    assert {unit: found.count(unit) for unit in found} == units


@pytest.mark.parametrize("limit", [1, 2, 5, 200])
async def test_rounds_come_by_pages_each_once_the_latest_date_first(house: House, limit: int) -> None:
    await both_rounds(house)
    for path, key, total in (("/consolidations", "id", 6), ("/rounds", "about", 2)):
        seen: list[dict[str, Any]] = []
        asked: dict[str, Any] = {"limit": limit}
        while True:
            page = (await get(house, HUB, path, **asked)).json()
            assert len(page["items"]) <= limit
            seen += page["items"]
            if page["cursor"] is None:
                break
            asked["cursor"] = page["cursor"]
        assert len({item[key] for item in seen}) == len(seen) == total
        assert [item["due"] for item in seen] == sorted((item["due"] for item in seen), reverse=True)


@pytest.mark.parametrize("asked", [{"cursor": "x"}, {"limit": 0}, {"stage": "bay_bong"}, {"about": "a\x00"}, {"missing": "x"}])
async def test_what_cannot_be_asked_is_refused_with_its_name(house: House, asked: dict[str, Any]) -> None:
    answer = await get(house, HUB, "/consolidations", **asked)
    assert answer.status_code == 422
    assert next(iter(asked)) in answer.text


@pytest.mark.parametrize(
    ("by", "office_s", "own", "words"),
    [
        (HUB, 200, 200, 200),
        (CHIEF, 200, 200, 200),
        (SECRETARY, 200, 200, 200),
        (REGISTRY, 200, 200, 403),
        (AUDITOR, 200, 200, 403),
        (FEEDER, 404, 200, 200),
        (OTHER_UNIT, 404, 404, 404),
        (OTHER_OFFICE, 404, 404, 404),
        (ADMIN, 404, 404, 404),
    ],
)
async def test_rounds_are_seen_by_the_office_that_asked_and_each_by_its_unit(
    house: House, by: Subject, office_s: int, own: int, words: int
) -> None:
    ids = await both_rounds(house)
    for path in ("/consolidations", "/rounds", f"/rounds/{BRIEFING}"):
        assert (await get(house, by, path, office="VPUB")).status_code == office_s
    assert (await get(house, by, "/consolidations", office="VPUB", unit="BTCD")).status_code == own
    assert (await get(house, by, f"/consolidations/{ids['BTCD']}")).status_code == own
    assert (await get(house, by, f"/consolidations/{ids['BTCD']}/words")).status_code == words
    opened_by = [each["reader"] for each in await house.vault.accesses() if "consolidation" in each["purpose"]]
    assert opened_by == ([by.person] if words == 200 else [])


async def test_an_office_that_asks_before_the_same_meeting_has_a_round_of_its_own(house: House) -> None:
    await both_rounds(house)
    theirs = (await get(house, OTHER_OFFICE, "/rounds")).json()["items"]
    assert [(each["about"], each["asked"], [unit["unit"] for unit in each["missing"]]) for each in theirs] == [
        (BRIEFING, 1, ["MSO-VP"])
    ]


async def test_what_another_office_asked_looks_like_what_is_not_there(house: House) -> None:
    ids = await both_rounds(house)
    nothing = f"consolidation-{CONFERENCE}-NC"
    for path in ("", "/words"):
        for asked in (ids["BTCD"], nothing):
            is_problem(await get(house, OTHER_OFFICE, f"/consolidations/{asked}{path}"), 404, "unknown", "consolidation")
    is_problem(await get(house, HUB, "/rounds/meeting-NEVER"), 404, "unknown", "about")
    for path in ("/consolidations", f"/consolidations/{ids['BTCD']}", "/rounds", f"/rounds/{BRIEFING}"):
        is_problem(await get(house, None, path), 401, "not-signed-in")


async def test_a_unit_reads_why_its_list_was_returned_and_the_hub_what_the_unit_noted(house: House) -> None:
    ids = await both_rounds(house)
    listed = (await get(house, HUB, f"/consolidations/{ids['BTCD']}/words")).json()
    assert listed == {"note": "Một ý kiến.", "amendment": "Sửa ghi chú.", "return": None}
    returned = (await get(house, REGISTRY, f"/consolidations/{ids['VT']}/words")).json()
    assert returned == {"note": None, "amendment": None, "return": "Phòng có ý kiến ngày 10/01."}


async def test_the_secretary_puts_a_list_before_the_head(house: House) -> None:
    (nil,) = await opened(house, units=("TH",))
    await house.ask("submit_consolidation", OTHER_UNIT, consolidation=nil, nil=True)
    await report(house, SECRETARY, nil, 2)
    assert (await house.types(nil))[-1] == "consolidation.reported"
