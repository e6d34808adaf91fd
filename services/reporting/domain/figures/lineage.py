"""What stands behind a figure of Biểu 02 to 04: which episodes a cell counts, and which fact puts one where it is."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.reporting.domain.figures.columns import COUNTS, ENDS, columns_of
from services.reporting.domain.figures.episodes import BEGINNINGS, Ending, Episode, Happened, Milestone, Status, status_at
from services.reporting.domain.figures.window import Window

# What counts an episode as received, handled or open is that it began; what counts it as ended is how it ended.
BEGUN: Final = ("A", "B1", "B2", "C", "H", "J", "J1", "J2")
NOT_OF_H: Final = frozenset("DEFG")


class Verdict(StrEnum):
    """Whether a window counts an episode, dialogue, notice, request, proposal or task, and if not, why."""

    COUNTED = "counted"
    NOT_BEGUN = "not-begun"  # it begins when the window is over, or no beginning is known of it
    ENDED_BEFORE = "ended-before"
    SPLIT = "split"  # its children are counted
    CHAIRMAN = "chairman"  # put to or raised in a dialogue of Track B
    NOT_ISSUED = "not-issued"  # a notice that is a draft until the window is over
    NO_ITEM = "no-item"  # a task that no item of an issued notice of Track A directs
    NOT_URGED = "not-urged"  # a task to answer: its episode is counted, it is itself only where it was urged
    OUTSIDE = "outside"  # nothing that is counted of it falls into the window


@dataclass(frozen=True, slots=True)
class Standing:
    """Where one episode stands in a window.

    `columns` are in the order of the form, H among them; `because` has for each the fact that puts it there. `due` is the
    day in force at the end of the window (ISO), which tells J1 from J2.
    """

    episode: str
    verdict: Verdict
    columns: tuple[str, ...]
    because: Mapping[str, Happened]
    due: str | None


def columns_with_h(episode: Episode, window: Window, due: str | None) -> tuple[str, ...]:
    """The columns that count `episode`, H among them, in the order of the form."""
    found = columns_of(episode, window, due)
    if "C" in found and NOT_OF_H.isdisjoint(found):
        found |= {"H"}
    return tuple(column for column in COUNTS if column in found)


def standing_of(episode: Episode, told: Sequence[Happened], window: Window, due: str | None) -> Standing:
    """Where `episode` stands, by the same rule that counts it; `told` are its facts in order."""
    columns = columns_with_h(episode, window, due)
    begun = next((each for each in told if each.kind in BEGINNINGS), None)
    because: dict[str, Happened] = {column: begun for column in columns if column in BEGUN and begun is not None}
    for ending in episode.endings:
        fact = _fact_of(ending, told)
        if fact is not None and window.begin <= ending.at < window.end:
            ended = {ENDS.get(ending.kind, ""), *(("I1", "I2") if ending.kind == Milestone.RESOLVED else ())}
            because |= {column: fact for column in columns if column in ended}
    return Standing(episode.id, _verdict(episode, window, columns), columns, because, due)


class Adjustment(StrEnum):
    """Why A′ counts an episode: recorded late, or standing in another row than the report before had it in."""

    LATE = "late"
    MOVED = "moved"


def adjusting(now: str | None, before: str | None, row: Callable[[str], bool]) -> tuple[int, Adjustment] | None:
    """What an episode adds to or takes from A′ of a row; None where it does neither.

    `now` is the row in which it stands open as now known, `before` the one in which the report before left it open; None
    where it is not open.
    """
    here, was_here = now is not None and row(now), before is not None and row(before)
    if here == was_here:
        return None
    elsewhere = before is not None if here else now is not None
    return (1 if here else -1), Adjustment.MOVED if elsewhere else Adjustment.LATE


def _verdict(episode: Episode, window: Window, columns: Sequence[str]) -> Verdict:
    if columns:
        return Verdict.COUNTED
    match status_at(episode, window.end):
        case Status.ABSENT:
            return Verdict.NOT_BEGUN
        case Status.SPLIT:
            return Verdict.SPLIT
        case _:
            return Verdict.ENDED_BEFORE


def _fact_of(ending: Ending, told: Iterable[Happened]) -> Happened | None:
    return next((each for each in told if each.order == ending.order and each.kind == ending.kind), None)
