"""What a question is narrowed down to by spans loses no episode that the rules of `domain/figures` count."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import true

from services.reporting.domain.figures.columns import COUNTS, Counted
from services.reporting.domain.figures.window import window
from services.reporting.readmodel import counting, reading
from services.reporting.readmodel.asof import Basis, resolve
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.counting import counted_by, counted_in, dimensions_of
from services.reporting.readmodel.forms import BREAKDOWN, Table
from services.reporting.readmodel.reading import Reading
from shared.contracts.opinion import SourceGroup
from tests.reporting.histories import FIRST, LAST, START, histories
from tests.reporting.story import TENANT, Story, at
from tests.reporting.test_figures import SHARED_WORLD
from tests.reporting.world import HUB, World

LITTLE = settings(SHARED_WORLD, max_examples=12)
BREAKDOWNS = [By.TOTAL, By.FIELD, By.UNIT, By.LOCALITY, By.SOURCE]
WINDOW: dict[str, Any] = {"first": FIRST, "last": LAST}


def rows(counted: Counted) -> dict[str, dict[str, Any]]:
    return {key: row.columns() for key, row in counted.rows.items()}


@SHARED_WORLD
@given(story=histories(), known_after_days=st.sampled_from([10, 27, 28, 35, 300]), before_days=st.none() | st.integers(0, 40))
async def test_pages_of_narrowed_matters_count_what_all_matters_at_once_count(
    world: World, story: Story, known_after_days: int, before_days: int | None
) -> None:
    asked = window(FIRST, LAST)
    await world.play(story)
    when = START + timedelta(days=before_days or 0)
    adjoining = (FIRST - timedelta(days=30), FIRST - timedelta(days=1))
    await world.lock(story, (date(2000, 1, 1), date(2000, 1, 2)) if before_days is None else adjoining, when)
    async with world.database.read() as connection:
        basis = await resolve(connection, TENANT, "VPUB", FIRST, max(START + timedelta(days=known_after_days), when))
        ours = Reading(connection, TENANT, "VPUB", asked.end, basis)
        everything = await ours.named(true())
        whole = counted_by(await ours.matters(dimensions_of(BREAKDOWNS), everything), asked, BREAKDOWNS)
        paged = await counted_in(ours, asked, BREAKDOWNS)
    for by, counted in zip(BREAKDOWNS, whole, strict=True):
        assert {key: row.columns() for key, row in paged[by].rows.items()} == {
            k: row.columns() for k, row in counted.rows.items()
        }
        assert paged[by].total.columns() == counted.total.columns()
        assert paged[by].broken() == counted.broken()


@pytest.fixture
def pages_of_two(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (reading, counting):
        monkeypatch.setattr(module, "PAGE", 2)


@LITTLE
@given(
    story=histories(),
    known_after_days=st.sampled_from([27, 35, 300]),
    columns=st.lists(st.sampled_from([column for column in COUNTS if column != "A1"]), min_size=3, max_size=3, unique=True),
)
async def test_a_cell_opens_just_as_many_episodes_as_its_figure_says(
    world: World, story: Story, known_after_days: int, columns: list[str]
) -> None:
    await world.play(story)
    basis: dict[str, Any] = {**WINDOW, "office": "VPUB", "as_of": START + timedelta(days=known_after_days)}
    for table in BREAKDOWN:
        shown = await world.queries.table(HUB, table=table, **basis)
        groups = {"": [*shown["rows"], shown["total"]], "subtotal.": shown["subtotals"], "source.": shown.get("sources", [])}
        for prefix, rows in groups.items():
            for each in rows:
                for column in columns:
                    found = await world.queries.cell(HUB, cell=f"{table}/{prefix}{each['key']}/{column}", **basis, limit=500)
                    names = [one["episode"] for one in found["episodes"]]
                    assert found["value"] == each[column] == len(set(names)) == len(names), (found["cell"], names)


@pytest.mark.usefixtures("pages_of_two")
async def test_what_is_split_over_pages_is_counted_and_opened_as_one(world: World, story: Story) -> None:
    due = date(2023, 2, 20)
    for n in range(7):
        story.received(f"A{n}", at(date(2023, 2, 1)))
        story.classified(f"A{n}", at(date(2023, 2, 2)), due)
    story.resolved("A3", at(date(2023, 2, 3)), due)
    story.reopened("A3", at(date(2023, 2, 4)), date(2023, 3, 4))
    story.split("A5", ("A51", "B"), at(date(2023, 2, 5)), received=at(date(2023, 2, 1)), source=SourceGroup.PEOPLE)
    await world.play(story)
    found: list[str] = []
    after = ""
    while True:
        page = await world.queries.cell(HUB, cell="bieu-02/total/J", office="VPUB", **WINDOW, after=after, limit=3)
        found += [each["episode"] for each in page["episodes"]]
        after = page["next"]
        if after is None:
            break
    assert found == ["A0/1", "A1/1", "A2/1", "A3/2", "A4/1", "A51/1", "A6/1", "B/1"]
    table = await world.table(Table.OPINIONS, (FIRST, LAST))
    # The parts have the due day of what they were split from, though it is read with another page.
    assert (page["value"], table["total"]["J"], table["total"]["J2"]) == (8, 8, 7)


async def test_a_contradiction_years_old_is_told_in_the_window_that_it_touches(world: World, story: Story) -> None:
    story.received("A", at(date(2021, 1, 5)))
    story.withdrawn("A", at(date(2021, 1, 6)))
    story.resolved("A", at(date(2023, 2, 6)), date(2023, 2, 9))
    await world.play(story)
    broken, *_ = (await world.table(Table.OPINIONS, (FIRST, LAST)))["broken"]
    assert broken["episodes"] == ["A/1"]


async def test_a_basis_that_knows_no_ending_yet_finds_what_has_ended_since(world: World, story: Story) -> None:
    story.received("A", at(date(2022, 1, 5)))
    story.withdrawn("A", at(date(2022, 1, 6)), at(date(2023, 3, 9)))
    await world.play(story)
    early = Basis({"intake": 1, "assignment": 0}, None)
    found = [(await world.table(Table.OPINIONS, (FIRST, LAST), as_of=as_of))["total"]["J"] for as_of in (early, None)]
    assert found == [1, 0]
