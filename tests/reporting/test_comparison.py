"""A table beside the same days of the year before, and what has added up since the first report."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from services.reporting.domain.figures.comparison import CumulativeBeginsLate, grown, points, year_before
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table
from shared.contracts.refusals import Unknown
from tests.reporting.story import Story, at
from tests.reporting.world import HUB, World

YEAR_2023 = (date(2023, 1, 4), date(2023, 10, 31))
LOCKED = datetime(2023, 11, 15, tzinfo=UTC)
FEBRUARY = (date(2024, 2, 1), date(2024, 2, 29))


@pytest.mark.parametrize(
    ("day", "before"),
    [
        (date(2024, 5, 31), date(2023, 5, 31)),
        (date(2024, 2, 29), date(2023, 2, 28)),
        (date(2025, 2, 28), date(2024, 2, 29)),
        (date(2024, 2, 28), date(2023, 2, 28)),
    ],
)
def test_a_day_has_its_own_a_year_before(day: date, before: date) -> None:
    assert year_before(day) == before


def test_a_small_base_has_no_per_cent() -> None:
    assert (grown(13, 10), grown(5, 10), grown(9, 9), grown(3, 0)) == ("30.0", "50.0", None, None)
    assert points("83.3", "80.0") == 33


async def played(world: World, story: Story) -> None:
    """Two received in February 2023 and one settled, one in June; four received in February 2024; the year 2023 locked."""
    for name, day in (("A", at(date(2023, 2, 3), 8)), ("B", at(date(2023, 2, 10), 8)), ("C", at(date(2023, 6, 5), 8))):
        story.received(name, day)
    story.rejected("A", at(date(2023, 2, 20), 8))
    await world.play(story)
    await world.lock(story, YEAR_2023, LOCKED)
    for n in range(4):
        story.received(f"D{n}", at(date(2024, 2, 5 + n), 8))
    await world.play(story)


async def compared(world: World, **more: Any) -> dict[str, Any]:
    days = {"first": FEBRUARY[0], "last": FEBRUARY[1]}
    return await world.comparison.compared(HUB, **{"table": Table.OPINIONS, "office": "VPUB", **days, **more})


async def test_each_figure_stands_beside_that_of_the_same_days_and_of_all_days(world: World, story: Story) -> None:
    await played(world, story)
    found = await compared(world, by=By.TOTAL)
    assert found["same_days"] == {"from": "2023-02-01", "to": "2023-02-28"}
    assert found["cumulative"] == {"from": "2023-01-04", "to": "2024-02-29"}
    figures = found["total"]["figures"]
    assert figures["B1"] == {"now": 4, "before": 2, "change": 2, "per_cent": None, "cumulative": 7}
    assert figures["D"] == {"now": 0, "before": 1, "change": -1, "per_cent": None, "cumulative": 1}
    assert figures["J"]["cumulative"] == figures["J"]["now"] == 6
    assert found["rows"][0]["figures"] == figures


async def test_of_days_before_the_first_report_nothing_is_compared(world: World, story: Story) -> None:
    await played(world, story)
    found = await compared(world, first=date(2023, 2, 1), last=date(2023, 2, 28))
    assert found["same_days"] is None
    assert found["total"]["figures"]["B1"] == {"now": 2, "before": None, "change": None, "per_cent": None, "cumulative": 2}


async def test_a_row_that_other_days_do_not_have_counts_nought_there(world: World, story: Story) -> None:
    await played(world, story)
    story.classified("D0", at(date(2024, 2, 20), 8), date(2024, 3, 5))
    await world.play(story)
    rows = {row["key"]: row["figures"] for row in (await compared(world))["rows"]}
    named = next(key for key in rows if key != "-")
    assert rows[named]["B1"] == {"now": 1, "before": 0, "change": 1, "per_cent": None, "cumulative": 1}
    assert rows["-"]["B1"]["now"] == 3


@pytest.mark.parametrize("table", list(Table))
async def test_every_table_can_be_compared(world: World, story: Story, table: Table) -> None:
    await played(world, story)
    found = await compared(world, table=table)
    assert set(found["total"]["figures"]) == {column["key"] for column in found["columns"]}


async def test_what_is_added_up_begins_no_later_than_the_window(world: World, story: Story) -> None:
    await played(world, story)
    since = await compared(world, since=date(2023, 6, 1))
    assert since["total"]["figures"]["B1"]["cumulative"] == 5
    with pytest.raises(CumulativeBeginsLate):
        await compared(world, since=date(2024, 2, 2))


async def test_nobody_compares_an_office_that_is_not_there(world: World, story: Story) -> None:
    await played(world, story)
    with pytest.raises(Unknown):
        await compared(world, office="NOBODY")
