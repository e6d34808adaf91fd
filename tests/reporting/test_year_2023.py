"""The worked year 2023: Biểu 02 for six months and for the year, from the facts of its sixteen opinions."""

from datetime import date
from typing import Any

from services.reporting.readmodel.breakdown import By
from tests.reporting.story import Story
from tests.reporting.world import World, row
from tests.reporting.year_2023 import FIRST_LOCK, SECOND_LOCK, SIX_MONTHS, YEAR

COLUMNS = ("A", "A1", "B1", "B2", "C", "D", "E", "F", "G", "H", "I", "I1", "I2", "J", "J1", "J2", "T1", "T2", "T3")


def columns(found: Any) -> tuple[Any, ...]:
    return tuple(found[column] for column in COLUMNS)


async def test_the_six_months_as_signed(world: World, year: Story) -> None:
    await world.play(year)
    figures = await world.figures(*SIX_MONTHS, by=By.SOURCE, as_of=FIRST_LOCK)
    staff = (0, 0, 6, 0, 6, 0, 0, 0, 0, 6, 5, 4, 1, 1, 0, 1, "83.3", "80.0", "66.7")
    people = (0, 0, 7, 0, 7, 1, 2, 0, 1, 3, 2, 2, 0, 1, 1, 0, "66.7", "100.0", "100.0")
    total = (0, 0, 13, 0, 13, 1, 2, 0, 1, 9, 7, 6, 1, 2, 1, 1, "77.8", "85.7", "75.0")
    assert columns(row(figures, "noi_bo")) == staff
    assert columns(row(figures, "nhan_dan")) == people
    assert columns(figures["total"]) == total
    assert "broken" not in figures


async def test_the_six_months_as_known_later_hold_what_was_recorded_late(world: World, year: Story) -> None:
    await world.play(year)
    later = (await world.figures(*SIX_MONTHS))["total"]
    assert (later["B1"], later["J"], later["J1"]) == (14, 3, 2)


async def test_the_second_half_carries_the_stock_as_now_known(world: World, year: Story) -> None:
    await world.play(year)
    figures = await world.figures(date(2023, 6, 1), date(2023, 10, 31), as_of=SECOND_LOCK)
    # The worked year has A = 2 and A′ = 1, which needs the signed six-month report; without it both are in A.
    assert columns(figures["total"]) == (3, 0, 3, 1, 7, 0, 0, 1, 0, 6, 5, 4, 1, 1, 1, 0, "83.3", "80.0", "80.0")


async def test_the_year(world: World, year: Story) -> None:
    await world.play(year)
    figures = await world.figures(*YEAR, by=By.SOURCE, as_of=SECOND_LOCK)
    staff = (0, 0, 9, 1, 10, 0, 0, 1, 0, 9, 9, 7, 2, 0, 0, 0, "100.0", "77.8", "77.8")
    people = (0, 0, 8, 0, 8, 1, 2, 0, 1, 4, 3, 3, 0, 1, 1, 0, "75.0", "100.0", "100.0")
    total = (0, 0, 17, 1, 18, 1, 2, 1, 1, 13, 12, 10, 2, 1, 1, 0, "92.3", "83.3", "83.3")
    assert columns(row(figures, "noi_bo")) == staff
    assert columns(row(figures, "nhan_dan")) == people
    assert columns(figures["total"]) == total


async def test_what_is_not_classified_at_the_cut_off_closes_the_breakdown(world: World, year: Story) -> None:
    await world.play(year)
    figures = await world.figures(*YEAR, by=By.FIELD, as_of=SECOND_LOCK)
    assert figures["rows"][-1]["label"] == "Chưa phân loại"
    unclassified = row(figures, "-")
    assert (unclassified["J1"], unclassified["D"], unclassified["E"], unclassified["F"], unclassified["G"]) == (1, 1, 0, 1, 0)


async def test_a_vector_of_positions_says_the_same_as_its_instant(world: World, year: Story) -> None:
    await world.play(year)
    at_instant = await world.figures(*SIX_MONTHS, by=By.UNIT, as_of=FIRST_LOCK)
    assert await world.figures(*SIX_MONTHS, by=By.UNIT, as_of=at_instant["as_of"]) == at_instant
