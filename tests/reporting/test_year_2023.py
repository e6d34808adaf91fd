"""The worked year 2023: Biểu 02 for six months and for the year, from the facts of its sixteen opinions."""

from datetime import date, datetime
from typing import Any

import pytest

from deploy.sonla import builtin_calendar
from services.reporting.readmodel.breakdown import By
from shared.contracts.case import Resolution
from shared.contracts.opinion import SourceGroup
from tests.reporting.story import Story, at
from tests.reporting.world import World, row

STAFF, PEOPLE = SourceGroup.INTERNAL, SourceGroup.PEOPLE
SIX_MONTHS = (date(2023, 1, 4), date(2023, 5, 31))
YEAR = (date(2023, 1, 4), date(2023, 10, 31))
FIRST_LOCK = at(date(2023, 6, 2), 17)
SECOND_LOCK = at(date(2023, 11, 10), 17)


def day(number: int, month: int, hour: int = 8) -> datetime:
    return at(date(2023, month, number), hour)


def due(number: int, month: int) -> date:
    return date(2023, month, number)


def settled(
    story: Story,
    name: str,
    source: SourceGroup,
    received: datetime,
    resolved: datetime,
    by: date,
    **resolution: Any,
) -> None:
    """Received, classified, assigned and resolved, all told when it happened."""
    story.received(name, received, source=source)
    story.classified(name, received, by)
    story.assigned(name, received, by)
    story.resolved(name, resolved, by, **resolution)


@pytest.fixture
def year() -> Story:
    story = Story(builtin_calendar())
    settled(story, "O01", STAFF, day(6, 1), day(19, 1), due(30, 1), how=Resolution.DIRECTED)
    settled(story, "O02", STAFF, day(31, 1), day(10, 2), due(10, 2), how=Resolution.TAKEN_ON_BOARD)
    settled(story, "O03", STAFF, day(31, 1), day(17, 3), due(20, 3), how=Resolution.DIRECTED)
    settled(story, "O04", STAFF, day(10, 2), day(30, 3), due(20, 3), how=Resolution.DIRECTED)
    settled(story, "O05", STAFF, day(10, 2), day(10, 2, 11), due(1, 2), how=Resolution.ON_THE_SPOT)
    settled(story, "O06", PEOPLE, day(6, 3), day(12, 4, 23), due(12, 4), how=Resolution.DIRECTED)
    story.received("O07", day(21, 3), source=PEOPLE)
    story.diverted("O07", day(21, 3, 10))
    story.received("O08", day(27, 3), source=PEOPLE)
    story.rejected("O08", day(3, 4))
    settled(story, "O09", PEOPLE, day(8, 5), day(11, 5), due(22, 5), how=Resolution.ON_THE_SPOT)
    story.received("O10", day(11, 5), source=PEOPLE)
    story.merged("O10", "O09", day(11, 5, 9))
    story.received("O11", day(11, 5), source=PEOPLE)
    story.split("O11", ("O11A", "O11B"), day(11, 5, 9), received=day(11, 5), source=PEOPLE)
    story.classified("O11A", day(11, 5, 10), due(2, 6), area="thu-tuc-hanh-chinh")
    story.assigned("O11A", day(18, 5), due(2, 6), lead="KSTTHC")
    story.resolved("O11A", day(1, 6), due(2, 6), how=Resolution.DIRECTED)
    story.forwarded("O11B", day(11, 5, 10))
    settled(story, "O12", STAFF, day(20, 4), day(15, 6), due(9, 5))
    late = day(12, 6)
    story.received("O13", day(30, 5), source=STAFF, recorded=late)
    story.classified("O13", day(30, 5), due(13, 6), recorded=late)
    story.assigned("O13", late, due(13, 6))
    story.resolved("O13", day(13, 6), due(13, 6))
    story.reopened("O04", day(5, 7), due(19, 7))
    story.resolved("O04", day(18, 7), due(19, 7), turn=2)
    story.received("O15", day(17, 7), source=STAFF)
    story.withdrawn("O15", day(18, 7))
    settled(story, "O14", STAFF, day(20, 7), day(20, 7, 10), due(20, 7), how=Resolution.ON_THE_SPOT)
    story.received("O16", day(31, 10), source=PEOPLE)
    return story


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
    assert (unclassified["J1"], unclassified["D"], unclassified["E"], unclassified["F"], unclassified["G"]) == (1, 1, 2, 1, 1)


async def test_a_vector_of_positions_says_the_same_as_its_instant(world: World, year: Story) -> None:
    await world.play(year)
    at_instant = await world.figures(*SIX_MONTHS, by=By.UNIT, as_of=FIRST_LOCK)
    assert await world.figures(*SIX_MONTHS, by=By.UNIT, as_of=at_instant["as_of"]) == at_instant
