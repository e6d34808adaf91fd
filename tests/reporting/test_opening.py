"""Figures that count no opinions open too: to the dialogues, notices, items, requests, proposals and tasks they add up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given

from services.reporting.readmodel.forms import BREAKDOWN, Table
from services.reporting.readmodel.lineage import COLUMNS, NoSuchCell
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from tests.reporting.dialogues import Dialogues
from tests.reporting.histories import FIRST, LAST
from tests.reporting.meetings import meetings
from tests.reporting.story import Story
from tests.reporting.test_figures import SHARED_WORLD
from tests.reporting.test_lineage import opened, why
from tests.reporting.world import HUB, World
from tests.reporting.year_2023 import FIRST_LOCK, SIX_MONTHS, YEAR

WINDOW = (FIRST, LAST)
LATER = datetime(2024, 1, 1, tzinfo=UTC)
TABLES = [table for table in Table if table not in BREAKDOWN]


def rows_of(found: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    return [*found["rows"], *found.get("outside", ()), found["total"]]


async def assert_opens(world: World, window: tuple[date, date], **asked: Any) -> None:
    """Every cell that is not nought opens to things that add up to it, and each says why."""
    for table in TABLES:
        found = await world.table(table, window, **asked)
        for row in rows_of(found):
            for column in (each for each in COLUMNS[table] if isinstance(row[each], int) and row[each]):
                cell = await opened(world, f"{table.value}/{row['key']}/{column}", window, limit=500, **asked)
                assert cell["value"] == row[column] == sum(each["counts"] for each in cell["things"])
                assert cell["label"] == row["label"]
                assert all(each["because"] and each["facts"] for each in cell["things"])


@SHARED_WORLD
@given(story=meetings())
async def test_behind_every_figure_stand_things_that_add_up_to_it(world: World, story: Dialogues) -> None:
    await world.play(story)
    await assert_opens(world, WINDOW, as_of=LATER)


async def test_so_it_is_where_a_report_carries_on(world: World, year: Story) -> None:
    await world.play(year)
    await world.lock(year, SIX_MONTHS, FIRST_LOCK)
    rest = (date(2023, 6, 1), YEAR[1])
    await assert_opens(world, rest)
    assert "predecessor" in await world.table(Table.DIALOGUES, rest)


async def test_a_dialogue_says_by_which_fact_it_stands_in_a_column(world: World, year: Dialogues) -> None:
    await world.play(year)
    held = await opened(world, "bieu-01/A1/dinh_ky/3", SIX_MONTHS)
    assert (held["cell"], held["heading"], held["value"]) == ("bieu-01/A1/dinh_ky/3@2023-01-04..2023-05-31", "Đã tổ chức", 2)
    for each in held["things"]:
        [because] = each["because"]
        assert (because["kind"], because["source"]) == ("session.held", "assignment")
        assert because in each["facts"]
        assert each["columns"]["3"] == 1
    directed = await opened(world, "bieu-01/A1/dinh_ky/9", SIX_MONTHS)
    assert {fact["kind"] for each in directed["things"] for fact in each["because"]} == {"session.outcome_recorded"}


async def test_a_line_of_the_work_on_conclusions_opens_to_its_task(world: World, year: Dialogues) -> None:
    await world.play(year)
    form = await world.table(Table.CONCLUSIONS, SIX_MONTHS)
    late = next(row for row in form["rows"] if row["done_late"])
    [one] = (await opened(world, f"bieu-05/{late['key']}/done_late", SIX_MONTHS))["things"]
    assert (one["thing"], [fact["kind"] for fact in one["because"]]) == (late["task"], ["task.completed"])


async def test_a_long_cell_goes_on_page_by_page(world: World, year: Dialogues) -> None:
    await world.play(year)
    whole = await opened(world, "bieu-01/total/3", YEAR)
    seen: Counter[str] = Counter()
    after: str | None = ""
    while after is not None:
        page = await opened(world, "bieu-01/total/3", YEAR, limit=2, after=after)
        assert len(page["things"]) <= 2
        seen.update(each["thing"] for each in page["things"])
        after = page["next"]
    assert sorted(seen.elements()) == [each["thing"] for each in whole["things"]]


async def test_a_thing_says_where_it_is_counted_or_that_it_is_not(world: World, year: Dialogues) -> None:
    await world.play(year)
    one = (await opened(world, "bieu-01/A1/dinh_ky/3", SIX_MONTHS))["things"][0]
    found = await why(world, one["thing"], SIX_MONTHS)
    assert found["verdict"] == "counted"
    assert {"table": "bieu-01", "row": "A1/dinh_ky", "columns": one["columns"]} in found["counted"]
    later = await why(world, one["thing"], (date(2023, 10, 1), date(2023, 10, 31)))
    assert (later["verdict"], later["counted"]) == ("outside", [])
    with pytest.raises(Unknown):
        await why(world, "session-NONE", SIX_MONTHS)


@pytest.mark.parametrize("cell", ["bieu-01/A9/dinh_ky/3", "bieu-05/notice-X/1/given", "requests/KT/met", "bieu-01/total/C"])
async def test_what_names_no_cell_is_refused(world: World, year: Dialogues, cell: str) -> None:
    await world.play(year)
    with pytest.raises(NoSuchCell):
        await opened(world, cell, SIX_MONTHS)


async def test_who_may_see_these_figures_may_not_therefore_open_them(world: World, year: Dialogues) -> None:
    await world.play(year)
    with pytest.raises(Forbidden):
        await opened(world, "bieu-01/total/3", SIX_MONTHS, subject=replace(HUB, capacities=frozenset({Role.SPECIALIST})))
