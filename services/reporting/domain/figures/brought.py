"""Turns the lines of an opening balance into what the counting of episodes takes: each matter a nameless episode of its line."""

from collections.abc import Collection, Iterable, Mapping
from heapq import heapify, heappop, heappush
from typing import Final, NamedTuple

from services.reporting.domain.figures.episodes import Happened, Milestone, Valued
from services.reporting.domain.figures.window import begins
from shared.contracts.opening import LineRecorded, LineSettled, LineWithdrawn, Outcome, SettlementWithdrawn

RANK: Final = 3  # of reporting's own log, after intake and assignment
ENDED: Final[Mapping[Outcome, Milestone]] = {
    Outcome.REJECTED: Milestone.REJECTED,
    Outcome.FORWARDED: Milestone.FORWARDED,
    Outcome.WITHDRAWN: Milestone.WITHDRAWN,
    Outcome.MERGED: Milestone.MERGED,
    Outcome.RESOLVED: Milestone.RESOLVED,
    Outcome.RECORDED: Milestone.SPLIT,  # it lives on in an opinion of its own, and is itself counted nowhere
}
OpeningEvent = LineRecorded | LineWithdrawn | LineSettled | SettlementWithdrawn


class Said(NamedTuple):
    """A fact of an opening balance, and the position at which it stands in reporting's log."""

    event: OpeningEvent
    position: int


class Settled(NamedTuple):
    """What ended of a line, where that is said, and that it was taken back, if it was."""

    event: LineSettled
    position: int
    withdrawn: SettlementWithdrawn | None = None
    withdrawn_at: int = 0

    @property
    def stands(self) -> bool:
        return self.withdrawn is None


class Standing(NamedTuple):
    """A line that stands, and what ended of it, in the order in which it was said."""

    recorded: LineRecorded
    position: int
    settled: list[Settled]


class Struck(NamedTuple):
    """A line that was withdrawn, and where that is said."""

    recorded: LineRecorded
    position: int
    withdrawn_at: int


class Balance(NamedTuple):
    """An opening balance: the lines that stand by number, and those that were withdrawn."""

    lines: dict[int, Standing]
    struck: list[Struck]


class Brought(NamedTuple):
    """Milestones and values of matters that were brought along; values by the name of their dimension."""

    milestones: list[Happened]
    values: dict[str, list[Valued]]


def balance(said: Iterable[Said]) -> Balance:
    """The opening balance after `said`, in whatever order it is given."""
    lines: dict[int, Standing] = {}
    struck: list[Struck] = []
    for event, position in sorted(said, key=lambda each: each.position):
        match event:
            case LineRecorded():
                lines[event.line] = Standing(event, position, [])
            case LineWithdrawn() if (line := lines.pop(event.line, None)) is not None:
                struck.append(Struck(line.recorded, line.position, position))
            case LineSettled() if event.line in lines:
                lines[event.line].settled.append(Settled(event, position))
            case SettlementWithdrawn() if event.line in lines:
                settled, at = lines[event.line].settled, event.settlement - 1
                settled[at] = settled[at]._replace(withdrawn=event, withdrawn_at=position)
    return Balance(lines, struck)


def matter_of_line(office: str, line: int) -> str:
    """What all matters of one line share, as `X` of an episode `X/1`."""
    return f"opening-{office}-{line}"


def open_at(line: Standing, cutoff: int) -> int:
    """How many matters of a line are open just before `cutoff`, by what is said of it; none before its report begins."""
    if begins(line.recorded.first) > cutoff:
        return 0
    over = (each.event for each in line.settled if each.stands)
    return line.recorded.count - sum(each.count for each in over if _ended(each, cutoff))


def over_at(line: Standing, cutoff: int) -> frozenset[int]:
    """Which matters of a line, the first is 1, ended before `cutoff` and are told by no opinion of their own."""
    return frozenset(
        n
        for settled, taken in _taken(line)
        if settled.stands and settled.event.outcome is not Outcome.RECORDED and _ended(settled.event, cutoff)
        for n in taken
    )


def brought(office: str, lines: Balance, without: Mapping[int, Collection[int]] | None = None) -> Brought:
    """The milestones and values of the lines: open just before the first report's window begins, ended as people said.

    What is said later changes nothing of what was counted before: the matters of a line end in the order in which it is said,
    those whose ending was taken back first. `without`: matters to leave out, by line.
    """
    milestones: list[Happened] = []
    values: dict[str, list[Valued]] = {name: [] for name in ("field", "lead", "locality", "source", "due")}
    for number, line in sorted(lines.lines.items()):
        left_out = (without or {}).get(number, ())
        names = {n: _name(office, number, n) for n in range(1, line.recorded.count + 1) if n not in left_out}
        milestones += _begun(names.values(), line)
        for dimension, value in _values(line.recorded).items():
            before = begins(line.recorded.first) - 1
            values[dimension] += [Valued(name, before, RANK, line.position, value) for name in names.values()]
        for settled, taken in _taken(line):
            milestones += _told(settled, line.recorded, [names[n] for n in taken if n in names])
    milestones += _never_begun(office, lines)
    return Brought(milestones, values)


def _name(office: str, line: int, matter: int) -> str:
    return f"{matter_of_line(office, line)}/{matter}"


def _begun(names: Iterable[str], line: Standing | Struck) -> list[Happened]:
    before = begins(line.recorded.first) - 1
    return [Happened(name, Milestone.RECEIVED, before, rank=RANK, position=line.position) for name in names]


def _never_begun(office: str, lines: Balance) -> Iterable[Happened]:
    """The matters of withdrawn lines that no line under the same number has: a report may have counted them."""
    struck: dict[str, Struck] = {}
    for each in lines.struck:
        line = lines.lines.get(each.recorded.line)
        after = line.recorded.count if line is not None else 0
        struck |= {_name(office, each.recorded.line, n): each for n in range(after + 1, each.recorded.count + 1)}
    for name, each in struck.items():
        yield from _begun([name], each)
        before = begins(each.recorded.first) - 1
        yield Happened(name, Milestone.STRUCK, before, rank=RANK, position=each.withdrawn_at)


def _values(recorded: LineRecorded) -> dict[str, str]:
    values = {
        "field": recorded.field,
        "lead": recorded.unit,
        "locality": recorded.locality,
        "source": recorded.source,
        "due": recorded.due.isoformat() if recorded.due else None,
    }
    return {name: str(value) for name, value in values.items() if value is not None}


def _taken(line: Standing) -> list[tuple[Settled, list[int]]]:
    """Which matters of a line each settlement ended: the first that were open when it was said."""
    free = list(range(1, line.recorded.count + 1))
    heapify(free)
    said = [(each.position, n, False) for n, each in enumerate(line.settled)]
    said += [(each.withdrawn_at, n, True) for n, each in enumerate(line.settled) if not each.stands]
    taken: list[list[int]] = [[] for _ in line.settled]
    for _, n, back in sorted(said):
        if back:
            for each in taken[n]:
                heappush(free, each)
        else:
            taken[n] = [heappop(free) for _ in range(min(line.settled[n].event.count, len(free)))]
    return list(zip(line.settled, taken, strict=True))


def _told(settled: Settled, recorded: LineRecorded, names: Iterable[str]) -> Iterable[Happened]:
    event = settled.event
    kind, on = ENDED[event.outcome], begins(event.on)
    due = recorded.due.isoformat() if recorded.due and kind is Milestone.RESOLVED else None
    for name in names:
        yield Happened(name, kind, on, due=due, rank=RANK, position=settled.position)
        if not settled.stands:
            yield Happened(name, Milestone.TAKEN_BACK, on, rank=RANK, position=settled.withdrawn_at)


def _ended(event: LineSettled, cutoff: int) -> bool:
    return event.outcome is Outcome.RECORDED or begins(event.on) < cutoff
