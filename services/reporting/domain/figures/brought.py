"""Turns the lines of an opening balance into what the counting of episodes takes: each matter a nameless episode of its line."""

from collections.abc import Iterable, Mapping
from itertools import islice
from typing import Final, NamedTuple

from services.reporting.domain.figures.episodes import Happened, Milestone, Valued
from services.reporting.domain.figures.window import begins
from shared.contracts.opening import LineRecorded, LineSettled, LineWithdrawn, Outcome

RANK: Final = 3  # of reporting's own log, after intake and assignment
ENDED: Final[Mapping[Outcome, Milestone]] = {
    Outcome.REJECTED: Milestone.REJECTED,
    Outcome.FORWARDED: Milestone.FORWARDED,
    Outcome.WITHDRAWN: Milestone.WITHDRAWN,
    Outcome.MERGED: Milestone.MERGED,
    Outcome.RESOLVED: Milestone.RESOLVED,
    Outcome.RECORDED: Milestone.SPLIT,  # it lives on in an opinion of its own, and is itself counted nowhere
}


class Said(NamedTuple):
    """A fact of an opening balance, and the position at which it stands in reporting's log."""

    event: LineRecorded | LineWithdrawn | LineSettled
    position: int


class Standing(NamedTuple):
    """A line that stands, and what ended of it, in the order in which it was said."""

    recorded: LineRecorded
    position: int
    settled: list[tuple[LineSettled, int]]


class Brought(NamedTuple):
    """Milestones and values of all matters that were brought along; values by the name of their dimension."""

    milestones: list[Happened]
    values: dict[str, list[Valued]]


def standing(said: Iterable[Said]) -> dict[int, Standing]:
    """The lines that stand after `said`, in whatever order it is given."""
    lines: dict[int, Standing] = {}
    for event, position in sorted(said, key=lambda each: each.position):
        match event:
            case LineRecorded():
                lines[event.line] = Standing(event, position, [])
            case LineWithdrawn():
                lines.pop(event.line, None)
            case LineSettled() if event.line in lines:
                lines[event.line].settled.append((event, position))
    return lines


def matter_of_line(office: str, line: int) -> str:
    """What all matters of one line share, as `X` of an episode `X/1`."""
    return f"opening-{office}-{line}"


def brought(office: str, lines: Iterable[Standing]) -> Brought:
    """The milestones and values of the lines: open just before the first report's window begins, ended as people said.

    The matters of a line end in the order in which it was said, so that what is said later changes nothing of what was
    counted before.
    """
    milestones: list[Happened] = []
    values: dict[str, list[Valued]] = {name: [] for name in ("field", "lead", "locality", "source", "due")}
    for recorded, position, settled in lines:
        before = begins(recorded.first) - 1
        due = recorded.due.isoformat() if recorded.due else None
        own = {
            "field": recorded.field,
            "lead": recorded.unit,
            "locality": recorded.locality,
            "source": recorded.source,
            "due": due,
        }
        names = [f"{matter_of_line(office, recorded.line)}/{n}" for n in range(1, recorded.count + 1)]
        for name in names:
            milestones.append(Happened(name, Milestone.RECEIVED, before, rank=RANK, position=position))
            for dimension, value in own.items():
                if value is not None:
                    values[dimension].append(Valued(name, before, RANK, position, str(value)))
        waiting = iter(names)
        for event, at in settled:
            kind, on = ENDED[event.outcome], begins(event.on)
            day = due if kind is Milestone.RESOLVED else None
            milestones += [Happened(name, kind, on, due=day, rank=RANK, position=at) for name in islice(waiting, event.count)]
    return Brought(milestones, values)
