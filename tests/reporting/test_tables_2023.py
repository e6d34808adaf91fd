"""The worked year 2023: every table of its two reports, exactly as the brief has them (year walkthrough §3)."""

from datetime import date
from typing import Any

import pytest

from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table, Units
from tests.reporting.dialogues import Dialogues
from tests.reporting.test_year_2023 import columns as opinions
from tests.reporting.world import World, row
from tests.reporting.year_2023 import FIRST_LOCK, SECOND_LOCK, SIX_MONTHS, YEAR

FORM_01 = ("0", "0'", "1", "2", "3", "4", "5", "6", "7", "8", "9", "10a", "10b", "10c", "11")
FORM_05 = ("given", "done_in_time", "done_late", "open_in_time", "open_late", "dropped", "urged", "extended")
STAFF_6 = (0, 0, 6, 0, 6, 0, 0, 0, 0, 6, 5, 4, 1, 1, 0, 1, "83.3", "80.0", "66.7")
PEOPLE_6 = (0, 0, 7, 0, 7, 1, 2, 0, 1, 3, 2, 2, 0, 1, 1, 0, "66.7", "100.0", "100.0")
TOTAL_6 = (0, 0, 13, 0, 13, 1, 2, 0, 1, 9, 7, 6, 1, 2, 1, 1, "77.8", "85.7", "75.0")
STAFF_YEAR = (0, 0, 9, 1, 10, 0, 0, 1, 0, 9, 9, 7, 2, 0, 0, 0, "100.0", "77.8", "77.8")
PEOPLE_YEAR = (0, 0, 8, 0, 8, 1, 2, 0, 1, 4, 3, 3, 0, 1, 1, 0, "75.0", "100.0", "100.0")
TOTAL_YEAR = (0, 0, 17, 1, 18, 1, 2, 1, 1, 13, 12, 10, 2, 1, 1, 0, "92.3", "83.3", "83.3")


def values(found: Any, columns: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(found[column] for column in columns)


async def six_months(world: World, table: Table, **asked: Any) -> dict[str, Any]:
    return await world.table(table, SIX_MONTHS, as_of=FIRST_LOCK, **asked)


async def whole_year(world: World, table: Table, **asked: Any) -> dict[str, Any]:
    return await world.table(table, YEAR, as_of=SECOND_LOCK, **asked)


async def test_form_01_of_six_months(world: World, year: Dialogues) -> None:
    await world.play(year)
    form = await six_months(world, Table.DIALOGUES)
    assert values(row(form, "A1/dinh_ky"), FORM_01) == (0, 0, 3, 0, 2, 1, 0, 140, 5, 2, 3, 0, 0, 0, 1)
    assert values(row(form, "A2/theo_yeu_cau"), FORM_01) == (0, 0, 0, 1, 1, 0, 0, 9, 2, 0, 1, 0, 1, 0, 1)
    assert values(row(form, "A2/dot_xuat"), FORM_01) == (0, 0, 0, 1, 1, 0, 0, 31, 4, 1, 1, 0, 1, 1, 1)
    assert values(row(form, "A1/dot_xuat"), FORM_01) == (0,) * 15
    assert values(form["total"], FORM_01) == (0, 0, 3, 2, 4, 1, 0, 180, 11, 3, 5, 0, 2, 1, 3)
    assert "broken" not in form


async def test_form_01_of_the_year_has_the_postponed_dialogue_as_held(world: World, year: Dialogues) -> None:
    await world.play(year)
    form = await whole_year(world, Table.DIALOGUES)
    assert values(form["total"], FORM_01) == (0, 0, 3, 2, 5, 0, 0, 275, 12, 4, 5, 0, 2, 1, 4)
    assert "broken" not in form


async def test_form_01_prints_x_where_there_can_be_no_dialogue(world: World, year: Dialogues) -> None:
    await world.play(year)
    form = await six_months(world, Table.DIALOGUES)
    assert [each["key"] for each in form["rows"]] == [
        *("A1/dinh_ky", "A1/dot_xuat", "A1/theo_yeu_cau", "A2/theo_yeu_cau", "A2/dot_xuat", "A2/dinh_ky")
    ]
    for key in ("A1/theo_yeu_cau", "A2/dinh_ky"):
        assert set(values(row(form, key), FORM_01)) == {"x"}


async def test_what_was_postponed_opens_the_next_window(world: World, year: Dialogues) -> None:
    await world.play(year)
    form = await world.table(Table.DIALOGUES, (date(2023, 6, 1), date(2023, 10, 31)), as_of=SECOND_LOCK)
    assert values(form["total"], FORM_01) == (1, 0, 0, 0, 1, 0, 0, 95, 1, 1, 0, 0, 0, 0, 1)


async def test_track_b_stands_outside_the_total(world: World, year: Dialogues) -> None:
    await world.play(year)
    [outside] = (await whole_year(world, Table.DIALOGUES))["outside"]
    assert (outside["label"], values(outside, FORM_01)) == (
        "Đối thoại của Chủ tịch UBND tỉnh",
        (0, 0, 0, 1, 1, 0, 0, 64, 3, 1, 2, 0, 0, 0, 1),
    )
    line = (await whole_year(world, Table.CHAIRMAN))["total"]
    assert values(line, ("proposals", "appraised", "agreed", "refused", "3", "6", "7", "8", "9", "11")) == (
        *(3, 3, 2, 1, 1, 64, 3, 1, 2, 1),
    )
    before = (await six_months(world, Table.CHAIRMAN))["total"]
    assert not any(value for key, value in before.items() if key not in ("key", "label"))


@pytest.mark.parametrize("table", [Table.OPINIONS, Table.BY_UNIT, Table.BY_PLACE])
async def test_forms_02_to_04_have_the_same_subtotals_and_total(world: World, year: Dialogues, table: Table) -> None:
    await world.play(year)
    half, whole = await six_months(world, table), await whole_year(world, table)
    assert [each["label"] for each in half["subtotals"]] == ["Nội bộ", "Nhân dân, tổ chức"]
    assert [opinions(each) for each in (*half["subtotals"], half["total"])] == [STAFF_6, PEOPLE_6, TOTAL_6]
    assert [opinions(each) for each in (*whole["subtotals"], whole["total"])] == [STAFF_YEAR, PEOPLE_YEAR, TOTAL_YEAR]
    assert "broken" not in half
    assert "broken" not in whole


async def test_form_02_closes_with_what_is_not_classified(world: World, year: Dialogues) -> None:
    await world.play(year)
    closing = (await whole_year(world, Table.OPINIONS))["rows"][-1]
    assert (closing["label"], closing["J"]) == ("Chưa phân loại", 1)


async def test_form_03_counts_what_ended_without_a_lead_with_the_unit_that_classified_it(world: World, year: Dialogues) -> None:
    await world.play(year)
    form = await six_months(world, Table.BY_UNIT)
    hub, ttc = row(form, "TCHCQT"), row(form, "KSTTHC")
    assert (hub["D"], hub["E"], hub["G"], ttc["J"]) == (1, 2, 1, 1)
    assert (form["rows"][-1]["label"], form["rows"][-1]["I"]) == ("Chưa phân công", 1)  # O-05, taken by the head himself


async def test_form_04_has_the_source_groups_beside_the_places(world: World, year: Dialogues) -> None:
    await world.play(year)
    form = await six_months(world, Table.BY_PLACE)
    assert [(each["key"], each["C"]) for each in form["rows"]] == [("-", 13)]
    assert [(each["key"], each["C"]) for each in form["sources"]] == [("noi_bo", 6), ("nhan_dan", 7)]


async def test_form_05_has_one_line_for_each_conclusion_that_directs(world: World, year: Dialogues) -> None:
    await world.play(year)
    half, whole = await six_months(world, Table.CONCLUSIONS), await whole_year(world, Table.CONCLUSIONS)
    assert values(half["total"], FORM_05) == (4, 2, 1, 1, 0, 0, 1, 1)
    assert values(whole["total"], FORM_05) == (4, 3, 1, 0, 0, 0, 1, 1)
    assert [each["key"] for each in half["rows"]] == [*("notice-TB03/1", "notice-TB03/2", "notice-TB07/1", "notice-TB11/1")]
    assert half["rows"][1]["label"] == "03/TB-VPUB, mục 2: Phòng Tổ chức - Hành chính - Quản trị, hạn 20/03/2023"


@pytest.mark.parametrize("asked", [six_months, whole_year])
async def test_requests_urging_and_dissemination(world: World, year: Dialogues, asked: Any) -> None:
    await world.play(year)
    requests = (await asked(world, Table.REQUESTS))["total"]
    assert values(requests, ("received", "accepted", "refused", "withdrawn", "met", "waiting")) == (2, 1, 1, 0, 1, 0)
    urging = (await asked(world, Table.URGING))["total"]
    assert values(urging, ("letters", "answers")) == (2, 1)
    told = (await asked(world, Table.DISSEMINATION))["total"]
    assert values(told, ("given", "done", "reached", "open")) == (12, 12, 186, 0)


@pytest.mark.parametrize("table", Table)
async def test_a_vector_says_the_same_as_the_instant_it_stands_for(world: World, year: Dialogues, table: Table) -> None:
    await world.play(year)
    at_instant = await six_months(world, table)
    assert await world.table(table, SIX_MONTHS, as_of=at_instant["as_of"]) == at_instant


@pytest.mark.parametrize("table", Table)
async def test_every_column_has_a_heading(world: World, year: Dialogues, table: Table) -> None:
    await world.play(year)
    found = await six_months(world, table, units=Units.WAS)
    assert list(found)[:7] == ["table", "title", "office", "from", "to", "as_of", "units"]
    keys = [column["key"] for column in found["columns"]]
    assert all(column["heading"] for column in found["columns"])
    assert all(key in each for key in keys for each in (*found["rows"], found["total"]))


async def test_a_form_may_have_other_rows(world: World, year: Dialogues) -> None:
    await world.play(year)
    assert [each["key"] for each in (await six_months(world, Table.OPINIONS, by=By.SOURCE))["rows"]] == ["noi_bo", "nhan_dan"]
