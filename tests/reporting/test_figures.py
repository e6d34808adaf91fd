"""Figures of random histories: they agree with the oracle, keep their identities, and every breakdown adds up alike."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from services.reporting.readmodel.breakdown import By
from tests.reporting.histories import FIRST, LAST, START, histories
from tests.reporting.oracle import Oracle
from tests.reporting.story import Story
from tests.reporting.world import World

LATER = datetime(2024, 1, 1, tzinfo=UTC)
SHARED_WORLD = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow, HealthCheck.data_too_large],
)
COLUMNS = ("A", "A1", "B1", "B2", "C", "D", "E", "F", "G", "H", "I", "I1", "I2", "J", "J1", "J2", "T1", "T2", "T3")


@SHARED_WORLD
@given(story=histories(), known_after_days=st.sampled_from([10, 27, 28, 35, 300]))
async def test_an_oracle_counts_the_same(world: World, story: Story, known_after_days: int) -> None:
    await world.play(story)
    as_of = START + timedelta(days=known_after_days)
    oracle = Oracle(story.told, FIRST, LAST, as_of)
    keys = {
        By.TOTAL: lambda _: "total",
        By.FIELD: oracle.field,
        By.UNIT: oracle.unit,
        By.LOCALITY: oracle.locality,
        By.SOURCE: oracle.source,
    }
    for by, key in keys.items():
        figures = await world.figures(FIRST, LAST, by=by, as_of=as_of)
        expected = oracle.form_02(key)
        found = {each["key"]: {c: each[c] for c in COLUMNS} for each in (*figures["rows"], figures["total"])}
        assert {key: row for key, row in found.items() if any(row.values())} == {
            key: row for key, row in expected.items() if any(row.values())
        }


@SHARED_WORLD
@given(story=histories())
async def test_identities_hold_and_every_breakdown_adds_up_to_the_same_total(world: World, story: Story) -> None:
    await world.play(story)
    total = (await world.figures(FIRST, LAST))["total"]
    for by in By:
        figures = await world.figures(FIRST, LAST, by=by)
        assert "broken" not in figures
        assert figures["total"] == total
        for each in (*figures["rows"], figures["total"]):
            assert each["C"] == each["A"] + each["A1"] + each["B1"] + each["B2"]
            assert each["H"] == each["C"] - each["D"] - each["E"] - each["F"] - each["G"] == each["I"] + each["J"]
            assert each["I"] == each["I1"] + each["I2"]
            assert each["J"] == each["J1"] + each["J2"]
        for column in COLUMNS[:-3]:
            assert sum(each[column] for each in figures["rows"]) == total[column]


@SHARED_WORLD
@given(story=histories(plain=True))
async def test_flows_add_over_adjoining_windows_and_the_stock_is_handed_on(world: World, story: Story) -> None:
    await world.play(story)
    middle = FIRST + timedelta(days=13)
    whole = (await world.figures(FIRST, LAST, as_of=LATER))["total"]
    one = (await world.figures(FIRST, middle, as_of=LATER))["total"]
    two = (await world.figures(middle + timedelta(days=1), LAST, as_of=LATER))["total"]
    for flow in ("B2", "D", "E", "F", "G", "I", "I1", "I2"):
        assert one[flow] + two[flow] == whole[flow]
    assert one["A"] == whole["A"] or any(type(told.event).__name__ == "OpinionSplit" for told in story.told)
    assert two["J"] == whole["J"]


@pytest.mark.parametrize("by", By)
async def test_an_office_without_opinions_has_figures_of_nought(world: World, by: By) -> None:
    figures = await world.figures(FIRST, LAST, by=by)
    assert figures["total"]["C"] == 0
    assert figures["total"]["T1"] is None
    assert all(each["C"] == 0 for each in figures["rows"])
