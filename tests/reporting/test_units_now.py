"""The work of units that are no more, under those that hold it today."""

from datetime import date
from typing import Any

import pytest

from services.reporting.readmodel.forms import Table, Units
from shared.contracts.directory import Succession, UnitDissolved, UnitSucceeded
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import at
from tests.reporting.world import World, row

FEBRUARY = (date(2023, 2, 1), date(2023, 2, 28))
DUE = date(2023, 2, 15)
DAY = at(date(2023, 2, 6))


def ended(unit: str, *successions: tuple[str | None, str]) -> list[tuple[str, Any]]:
    lines = tuple(Succession(field=field, to=to) for field, to in successions)
    event = UnitSucceeded(unit=unit, successions=lines, basis="1-QD/2025", valid_from=date(2025, 7, 1))
    return [(f"unit-{unit}", event), (f"unit-{unit}", UnitDissolved(unit=unit, valid_from=date(2025, 7, 1)))]


@pytest.fixture
async def reorganised(world: World, dialogues: Dialogues) -> World:
    """KT handed land to TH and the rest to NC; TTHCC went to two units, and nothing decides between them."""
    for name, area, lead in (("A", "dat-dai", "KT"), ("B", "khac", "KT"), ("C", "khac", "TH"), ("D", "khac", "TTHCC")):
        dialogues.received(name, DAY, locality="MSO")
        dialogues.classified(name, DAY, DUE, area=area)
        dialogues.assigned(name, DAY, DUE, lead=lead)
    dialogues.notice("N", DAY, {"A": DUE}, units=("KT",))
    await world.play(dialogues)
    await world.reorganise(*ended("KT", ("dat-dai", "TH"), (None, "NC")), *ended("TTHCC", (None, "TH"), (None, "NC")))
    return world


async def test_by_default_work_stands_under_the_units_that_had_it(reorganised: World) -> None:
    found = await reorganised.table(Table.BY_UNIT, FEBRUARY)
    assert {each["key"]: each["J"] for each in found["rows"] if each["J"]} == {"KT": 2, "TH": 1, "TTHCC": 1}
    assert "rolled" not in found


async def test_a_unit_that_is_no_more_keeps_its_place_among_the_rows(world: World, dialogues: Dialogues) -> None:
    for name, lead in (("A", "TH"), ("B", "KT"), ("C", "NC")):
        dialogues.received(name, DAY)
        dialogues.classified(name, DAY, DUE)
        dialogues.assigned(name, DAY, DUE, lead=lead)
    await world.play(dialogues)
    before = [each["key"] for each in (await world.table(Table.BY_UNIT, FEBRUARY))["rows"]]
    gone = UnitDissolved(unit=before[0], valid_from=FEBRUARY[0])  # told late, and true of the window's last day
    await world.reorganise((f"unit-{before[0]}", gone))
    assert [each["key"] for each in (await world.table(Table.BY_UNIT, FEBRUARY))["rows"]] == before


async def test_now_it_stands_under_their_successors_by_field_and_says_so(reorganised: World) -> None:
    found = await reorganised.table(Table.BY_UNIT, FEBRUARY, units=Units.NOW)
    assert {each["key"]: each["J"] for each in found["rows"] if each["J"]} == {"TH": 2, "NC": 1, "TTHCC": 1}
    assert (found["units"], found["units_on"]) == ("now", "2025-08-01")
    assert [(each["unit"], each["field"], each["to"]) for each in found["rolled"]] == [
        ("KT", "dat-dai", ["TH"]),
        ("KT", "khac", ["NC"]),
        ("TTHCC", "khac", ["TH", "NC"]),
    ]


async def test_what_several_took_over_stays_where_it_was_under_a_name_that_says_so(reorganised: World) -> None:
    found = await reorganised.table(Table.BY_UNIT, FEBRUARY, units=Units.NOW)
    assert "(nay là " in row(found, "TTHCC")["label"]


async def test_totals_are_the_same_under_either_units(reorganised: World) -> None:
    for table in (Table.BY_UNIT, Table.BY_PLACE, Table.CONCLUSIONS):
        was, now = [await reorganised.table(table, FEBRUARY, units=units) for units in Units]
        assert was["total"] == now["total"]
        assert "broken" not in now


async def test_a_conclusion_is_shown_with_the_unit_that_holds_it_now(reorganised: World) -> None:
    was, now = [(await reorganised.table(Table.CONCLUSIONS, FEBRUARY, units=units))["rows"] for units in Units]
    assert (was[0]["unit"], now[0]["unit"]) == ("KT", "TH")
