"""The worked year 2023: the life of each of its sixteen opinions."""

from datetime import date, datetime
from typing import Any

from deploy.sonla import builtin_calendar
from shared.contracts.case import Resolution
from shared.contracts.opinion import SourceGroup
from tests.reporting.story import Story, at

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


def year_2023() -> Story:
    """The year of the Office as worked through in the brief, as far as opinions go."""
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
