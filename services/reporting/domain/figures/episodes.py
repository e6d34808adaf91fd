"""Handling episodes as their milestones tell them, and what is true of one at a cut-off."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, NamedTuple


class Milestone(StrEnum):
    """A dated fact that a report counts.

    Receipt and reopening begin an episode, an unmerge makes a merge void, the last two make void what was brought along; every
    other one ends it.
    """

    RECEIVED = "received"
    REOPENED = "reopened"
    REJECTED = "rejected"
    FORWARDED = "forwarded"
    DIVERTED = "diverted"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"
    UNMERGED = "unmerged"
    SPLIT = "split"
    RESOLVED = "resolved"
    TAKEN_BACK = "taken_back"  # of what was brought along: what was said before of how it ended is void
    STRUCK = "struck"  # of what was brought along: its line was withdrawn, so it never began


Order = tuple[int, int, int]  # when it happened, then by log, then by position
BEGINNINGS: Final = frozenset({Milestone.RECEIVED, Milestone.REOPENED})
# Who ends an episode by one of these has judged what it is: without a lead the item is counted with that unit.
JUDGED: Final = frozenset({Milestone.REJECTED, Milestone.FORWARDED, Milestone.DIVERTED, Milestone.MERGED})
UNJUDGED: Final = frozenset({Milestone.SPLIT, Milestone.RESOLVED})


class Happened(NamedTuple):
    """One milestone as stored. Instants in microseconds since 1970 UTC, days as ISO dates."""

    episode: str
    kind: str
    at: int
    since: int | None = None  # when a beginning counts from, where that is not `at`: children of a split inherit the receipt
    due: str | None = None  # of a resolution: the last day in force; None is always in time
    previous: str | None = None  # of a reopening: the episode it takes up again
    unit: str | None = None  # whose act it was
    rank: int = 0  # of the log; with `position` it decides between equal instants
    position: int = 0

    @property
    def order(self) -> Order:
        """Where it stands among the others."""
        return self.at, self.rank, self.position


class Valued(NamedTuple):
    """A value that one dimension of an episode had from `at` on; `rank` and `position` decide between equal instants."""

    episode: str
    at: int
    rank: int  # of the log: what intake decides comes before what assignment does
    position: int
    value: str | None


class Ending(NamedTuple):
    """How an episode ended, when, by whom, and by which day it should have."""

    kind: str
    at: int
    due: str | None
    unit: str | None
    order: Order = (0, 0, 0)


@dataclass(slots=True)
class Episode:
    """One turn of handling, the counting unit (lượt xử lý)."""

    id: str
    reopened: bool = False
    since: int | None = None  # None: no beginning is known, so it is counted nowhere
    previous: str | None = None
    endings: list[Ending] = field(default_factory=list)

    @property
    def split(self) -> bool:
        """Whether it lives on in its children, and is itself counted nowhere."""
        return any(ending.kind == Milestone.SPLIT for ending in self.endings)


class Status(StrEnum):
    """What an episode is at an instant."""

    ABSENT = "absent"
    OPEN = "open"
    ENDED = "ended"
    SPLIT = "split"


def episodes_of(milestones: Iterable[Happened]) -> dict[str, Episode]:
    """The episodes that `milestones`, in any order, tell of.

    A merge that was undone later, an ending that was taken back and a beginning that was struck are as if they had never been.
    """
    episodes: dict[str, Episode] = {}
    undone: dict[str, Order] = {}
    taken_back: dict[str, int] = {}  # the position up to which endings are void
    struck: list[str] = []
    for name, kind, at, since, due, previous, unit, rank, position in milestones:
        episode = episodes.get(name)
        if episode is None:
            episode = episodes[name] = Episode(name)
        if kind in BEGINNINGS:
            episode.since = at if since is None else since
            episode.reopened = kind == Milestone.REOPENED
            episode.previous = previous
        elif kind == Milestone.UNMERGED:
            undone[name] = max(undone.get(name, (0, 0, 0)), (at, rank, position))
        elif kind == Milestone.TAKEN_BACK:
            taken_back[name] = max(taken_back.get(name, 0), position)
        elif kind == Milestone.STRUCK:
            struck.append(name)
        else:
            episode.endings.append(Ending(kind, at, due, unit, (at, rank, position)))
    for name, last in undone.items():
        endings = episodes[name].endings
        episodes[name].endings = [each for each in endings if each.kind != Milestone.MERGED or each.order > last]
    for name, position in taken_back.items():
        episodes[name].endings = [each for each in episodes[name].endings if each.order[2] > position]
    for name in struck:
        episodes[name].since = None
    return episodes


def status_at(episode: Episode, cutoff: int) -> Status:
    """What `episode` is just before `cutoff`, by what is known of it now.

    A split known now undoes the parent for every cut-off, because its children inherit the receipt.
    """
    if episode.since is None or episode.since >= cutoff:
        return Status.ABSENT
    if episode.split:
        return Status.SPLIT
    return Status.ENDED if any(ending.at < cutoff for ending in episode.endings) else Status.OPEN


def latest(values: Iterable[Valued]) -> dict[str, str | None]:
    """By episode, the value that was set last: by when it happened, then by log and position."""
    last: dict[str, tuple[Order, str | None]] = {}
    for episode, at, rank, position, value in values:
        order = (at, rank, position)
        known = last.get(episode)
        if known is None or order > known[0]:
            last[episode] = (order, value)
    return {episode: value for episode, (_, value) in last.items()}


def inherited(episode: Episode, episodes: Mapping[str, Episode], values: Mapping[str, str | None]) -> str | None:
    """The episode's value, or where it never had one of its own that of the episode it takes up again."""
    seen: Episode | None = episode
    while seen is not None:
        if seen.id in values:
            return values[seen.id]
        seen = episodes.get(seen.previous) if seen.previous else None
    return None
