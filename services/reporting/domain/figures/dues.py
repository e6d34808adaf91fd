"""Which day a thing is judged by: an extension approved when that day had passed does not count for "in time"."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from functools import cache
from itertools import takewhile
from typing import NamedTuple

from services.reporting.domain.figures.episodes import Order, Valued
from services.reporting.domain.figures.window import begins


class Due(NamedTuple):
    """A due day set by rule, or moved by an extension."""

    order: Order
    day: str | None
    extension: bool = False


class Standing(NamedTuple):
    """The due day in force, and the one that decides what is in time."""

    in_force: str | None
    judged: str | None


def standing(dues: Iterable[Due], until: Order | None = None) -> Standing:
    """What `dues`, in order, come to: all of them, or those no later than `until`."""
    in_force = judged = None
    for due in dues if until is None else takewhile(lambda due: due.order <= until, dues):
        in_force = due.day
        if not due.extension or judged is None or due.order[0] < closes(judged):
            judged = due.day
    return Standing(in_force, judged)


def first_day(dues: Sequence[Due], until: Order | None = None) -> str | None:
    """The day that the first extension moved, no later than `until`; None where nothing was extended."""
    known = [due for due in dues if until is None or due.order <= until]
    moved = next((n for n, due in enumerate(known) if due.extension), 0)
    return known[moved - 1].day if moved else None


def in_order(values: Iterable[Valued], extensions: Iterable[Valued]) -> dict[str, list[Due]]:
    """By episode, every due day it ever had, in the order in which they were set."""
    dues: dict[str, list[Due]] = {}
    for extension, valued in ((False, values), (True, extensions)):
        for episode, at, rank, position, day in valued:
            dues.setdefault(episode, []).append(Due((at, rank, position), day, extension))
    for each in dues.values():
        each.sort()
    return dues


@cache
def closes(due: str) -> int:
    """The instant at which a due day is over: 24:00 in Vietnam, in microseconds since 1970 UTC."""
    return begins(date.fromisoformat(due) + timedelta(days=1))


def in_time(at: int, due: str | None) -> bool:
    """Whether `at` is no later than the due day; without one everything is."""
    return due is None or at < closes(due)


def overdue(due: str | None, last: date) -> bool:
    """Whether what is open at the end of a window is late: due before its last day."""
    return due is not None and due < last.isoformat()
