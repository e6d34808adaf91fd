"""Counts what was read of opinions into the rows of a breakdown."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from services.reporting.domain.figures.columns import NOTHING, Carried, Counted, count_each, count_further
from services.reporting.domain.figures.dues import Due, in_order, standing
from services.reporting.domain.figures.episodes import (
    JUDGED,
    UNJUDGED,
    Episode,
    Milestone,
    Status,
    episodes_of,
    inherited,
    latest,
    status_at,
)
from services.reporting.domain.figures.window import Window
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.opening import brought_along
from services.reporting.readmodel.places import Dimension
from services.reporting.readmodel.reading import PAGE, Read, Reading
from services.reporting.readmodel.spans import maybe_counted

DIMENSIONS: Final[Mapping[By, tuple[Dimension, ...]]] = {
    By.TOTAL: (),
    By.FIELD: (Dimension.FIELD,),
    By.UNIT: (Dimension.LEAD, Dimension.CLASSIFIER),
    By.LOCALITY: (Dimension.LOCALITY,),
    By.SOURCE: (Dimension.SOURCE,),
}
NONE: Final = Read((), dict.fromkeys(Dimension, ()), frozenset())
Values = Mapping[Dimension, Mapping[str, str | None]]
Roll = Callable[[str, str | None], str]  # a unit and a field to whoever holds it now
Key = Callable[[Episode], str]


def dimensions_of(breakdowns: Sequence[By], *, rolled: bool = False) -> list[Dimension]:
    """What has to be read for these breakdowns."""
    found = [dimension for by in breakdowns for dimension in DIMENSIONS[by]]
    return list(dict.fromkeys([*found, *([Dimension.FIELD] if rolled else [])]))


@dataclass(frozen=True, slots=True)
class Counting:
    """What is to be counted: the episodes, the row of each in every breakdown, and the day by which each is judged.

    `apart` are the episodes of the Chairman's dialogues, which no row counts.
    """

    episodes: Sequence[Episode]
    keys: Sequence[Key]
    due: Callable[[Episode], str | None]
    apart: Mapping[str, Episode]


def counting(read: Read, breakdowns: Sequence[By], roll: Roll | None = None) -> Counting:
    """Make ready what was read, for each of the breakdowns asked for; `roll` gives units their successors' rows."""
    episodes = episodes_of(read.milestones)
    dues = in_order(read.values[Dimension.DUE], read.values[Dimension.EXTENSION])
    valued: Values = {dimension: latest(values) for dimension, values in read.values.items() if dimension is not Dimension.DUE}
    _judge_extensions(episodes, dues)
    sessions = valued[Dimension.SESSION]
    apart = {name: each for name, each in episodes.items() if inherited(each, episodes, sessions) in read.chairmans}
    return Counting(
        episodes=[each for name, each in episodes.items() if name not in apart],
        keys=[_key(episodes, valued, by, roll) for by in breakdowns],
        due=_due(dues, valued[Dimension.PARENT]),
        apart=apart,
    )


def counted_by(read: Read, asked: Window, breakdowns: Sequence[By], roll: Roll | None = None) -> list[Counted]:
    """Count what was read, once, by each of the breakdowns asked for."""
    ready = counting(read, breakdowns, roll)
    return count_each(ready.episodes, asked, keys=ready.keys, due=ready.due, carried=left_open(read, asked, breakdowns, roll))


async def counted_in(reading: Reading, asked: Window, breakdowns: Sequence[By], roll: Roll | None = None) -> dict[By, Counted]:
    """Count every episode of the office, a page of matters at a time: what is held in memory does not grow with them."""
    whole = counted_by(NONE if reading.before is None else replace(NONE, before=NONE), asked, breakdowns, roll)
    async for read in pages(reading, asked, dimensions_of(breakdowns, rolled=roll is not None)):
        count_further(whole, await asyncio.to_thread(counted_by, read, asked, breakdowns, roll))
    return dict(zip(breakdowns, whole, strict=True))


async def pages(reading: Reading, asked: Window, dimensions: Collection[Dimension]) -> AsyncIterator[Read]:
    """All matters that the window may count, by either report, a page at a time; last what was brought along without episodes."""
    former = reading.before
    narrowed = maybe_counted(asked, reading.positions, *([former.positions] if former else []))
    names = await reading.named(narrowed)
    while names:
        yield await reading.matters(dimensions, names)
        names = await reading.named(narrowed, names[-1]) if len(names) == PAGE else []
    if (read := await brought_along(reading, asked)) is not None:
        yield read


def left_open(read: Read, asked: Window, breakdowns: Sequence[By], roll: Roll | None = None) -> Carried | None:
    """What the report before left open when this window begins, in the rows where it counted it; None where none carries over."""
    if read.before is None:
        return None
    return Carried(open_at(counting(read.before, breakdowns, roll), asked.begin))


def open_at(ready: Counting, cutoff: int) -> list[dict[str, str]]:
    """The row of each episode that is open just before `cutoff`, by its id, one mapping a breakdown."""
    still = [each for each in ready.episodes if status_at(each, cutoff) is Status.OPEN]
    return [{each.id: key(each) for each in still} for key in ready.keys]


def _key(episodes: Mapping[str, Episode], values: Values, by: By, roll: Roll | None) -> Key:
    """Which row an episode stands in, by its values at the cut-off."""
    if by is By.TOTAL:
        return lambda _episode: By.TOTAL.value

    def valued(episode: Episode, dimension: Dimension) -> str:
        return inherited(episode, episodes, values[dimension]) or NOTHING

    def unit(episode: Episode) -> str:
        lead = valued(episode, Dimension.LEAD)
        if lead != NOTHING or not episode.endings or any(ending.kind in UNJUDGED for ending in episode.endings):
            return lead
        judge = next((ending.unit for ending in episode.endings if ending.kind in JUDGED), None)
        return values[Dimension.CLASSIFIER].get(episode.id) or judge or NOTHING

    def rolled(episode: Episode) -> str:
        key = unit(episode) if by is By.UNIT else valued(episode, Dimension.LOCALITY)
        field = inherited(episode, episodes, values[Dimension.FIELD]) if by is By.UNIT else None
        return key if roll is None or key == NOTHING else roll(key, field)

    dimension = DIMENSIONS[by][0]
    if roll is not None and by in (By.UNIT, By.LOCALITY):
        return rolled
    return unit if by is By.UNIT else lambda episode: valued(episode, dimension)


def _due(dues: Mapping[str, list[Due]], parents: Mapping[str, str | None]) -> Callable[[Episode], str | None]:
    """The day an open episode is judged by: its own, or until it has one that of the opinion it was split from."""

    def judged(episode: str | None) -> str | None:
        return standing(dues.get(episode or "", ())).judged

    return lambda episode: judged(episode.id) or judged(parents.get(episode.id))


def _judge_extensions(episodes: Mapping[str, Episode], dues: Mapping[str, list[Due]]) -> None:
    """What was resolved under an extension that came too late is judged by the day before it."""
    for name, each in dues.items():
        episode = episodes.get(name)
        if episode is None or not any(due.extension for due in each):
            continue
        for n, ending in enumerate(episode.endings):
            if ending.kind == Milestone.RESOLVED and ending.due is not None:
                then = standing(each, ending.order)
                if then.judged != then.in_force:
                    episode.endings[n] = ending._replace(due=then.judged)
