"""The columns of Biểu 02, the rates between them, and the identities they must keep (domain brief §5.3)."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from services.reporting.domain.figures.dues import in_time, overdue
from services.reporting.domain.figures.episodes import Episode, Milestone, Status, status_at
from services.reporting.domain.figures.window import Window

COUNTS: Final = ("A", "A1", "B1", "B2", "C", "D", "E", "F", "G", "H", "I", "I1", "I2", "J", "J1", "J2")
RATES: Final = ("T1", "T2", "T3")
ENDS: Final[Mapping[str, str]] = {
    Milestone.REJECTED: "D",
    Milestone.FORWARDED: "E",
    Milestone.DIVERTED: "E",
    Milestone.WITHDRAWN: "F",
    Milestone.MERGED: "G",
    Milestone.RESOLVED: "I",
}
OUTCOMES: Final = frozenset("DEFGIJ")
# What A′ is made of, told where a report before carries over.
ADJUSTED: Final = ("A1_late", "A1_moved")
NOTHING: Final = "-"  # the key of what is not yet classified, not yet assigned, or of no known place


def columns_of(episode: Episode, window: Window, due: str | None) -> frozenset[str]:
    """The columns `episode` is counted in; `due` is its last day in force at the end of the window (ISO), None before any.

    Every column is asked for by itself, so that an episode told two ways stands in two of them and breaks the
    identities, instead of being hidden by the order of the questions. A is the stock at the beginning as now known;
    what a report before said of it is told by row.
    """
    columns = set()
    before, after = status_at(episode, window.begin), status_at(episode, window.end)
    match before, after:
        case Status.OPEN, _:
            columns |= {"A", "C"}
        case Status.ABSENT, Status.OPEN | Status.ENDED:
            columns |= {"B2" if episode.reopened else "B1", "C"}
    for ending in episode.endings:
        if window.begin <= ending.at < window.end and ending.kind in ENDS:
            columns.add(ENDS[ending.kind])
            if ending.kind == Milestone.RESOLVED:
                columns.add("I1" if in_time(ending.at, ending.due) else "I2")
    if after is Status.OPEN:
        columns |= {"J", "J2" if overdue(due, window.last) else "J1"}
    return frozenset(columns)


def is_counted_once(columns: Collection[str]) -> bool:
    """Whether the outcomes partition C at this episode: exactly one where it is to be handled, none where it is not."""
    return len(OUTCOMES.intersection(columns)) == ("C" in columns)


def rate(part: int, whole: int) -> str | None:
    """Per cent with one decimal, rounded half up (61 of 80 is 76.3), by whole numbers only; None of nothing."""
    if whole == 0:
        return None
    tenths = (2_000 * part + whole) // (2 * whole)
    return f"{tenths // 10}.{tenths % 10}"


def rates(n: Mapping[str, int]) -> dict[str, str | None]:
    """The rates of a row by its counts."""
    return {"T1": rate(n["I"], n["H"]), "T2": rate(n["I1"], n["I"]), "T3": rate(n["I1"], n["I"] + n["J2"])}


@dataclass(frozen=True, slots=True)
class Carried:
    """What the report before left open: the row in which each episode stood there, one mapping a breakdown."""

    rows: Sequence[Mapping[str, str]]


@dataclass(slots=True)
class Row:
    """How many episodes stand in each column, and which of them stand in none or too many.

    `left` is how many the report before left open in this row, None where none carries over; `late` how many were not
    among them, less those of them that are known now to have been over.
    """

    key: str
    alike: Counter[frozenset[str]] = field(default_factory=Counter)  # how many stand in just these columns
    contradictory: list[str] = field(default_factory=list)
    left: int | None = None
    late: int = 0

    def add(self, episode: str, columns: frozenset[str]) -> None:
        """Count one episode."""
        self.alike[columns] += 1
        if not is_counted_once(columns):
            self.contradictory.append(episode)

    def take(self, other: "Row") -> None:
        """Count what another row counts too."""
        self.alike += other.alike
        self.contradictory += other.contradictory
        if other.left is not None:
            self.left = (self.left or 0) + other.left
            self.late += other.late

    @property
    def counted(self) -> dict[str, int]:
        """How many stand in each column; A′ and what it is made of may be below nothing."""
        counted = dict.fromkeys(COUNTS, 0)
        for columns, episodes in self.alike.items():
            for column in columns:
                counted[column] += episodes
        counted["H"] = counted["C"] - sum(counted[column] for column in "DEFG")
        if self.left is not None:
            counted |= {"A": self.left, "A1": counted["A"] - self.left}
            counted |= {"A1_late": self.late, "A1_moved": counted["A1"] - self.late}
        return counted

    def columns(self) -> dict[str, Any]:
        """All columns and rates; H is what is left of C (label "Phải giải quyết")."""
        n = self.counted
        return n | rates(n)

    def broken(self) -> tuple[str, ...]:
        """The identities that do not hold, by name."""
        f = self.columns()
        holds = {
            "C = A + A' + B1 + B2": f["C"] == f["A"] + f["A1"] + f["B1"] + f["B2"],
            "I = I1 + I2": f["I"] == f["I1"] + f["I2"],
            "J = J1 + J2": f["J"] == f["J1"] + f["J2"],
            "H = I + J": f["H"] == f["I"] + f["J"],
            "D, E, F, G, I, J partition C": not self.contradictory,
        }
        return tuple(name for name, held in holds.items() if not held)


@dataclass(frozen=True, slots=True)
class Broken:
    """A row whose identities do not hold, and the episodes that are told two ways."""

    key: str
    identities: tuple[str, ...]
    episodes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Counted:
    """The rows of one breakdown, by key, and the total: counted beside them, never added up from them."""

    rows: dict[str, Row]
    total: Row

    def row(self, key: str) -> Row:
        """The row of that key, an empty one where nothing stands in it."""
        return self.rows.get(key) or self.empty(key)

    def empty(self, key: str) -> Row:
        """A row of that key in which nothing stands yet."""
        return Row(key, left=None if self.total.left is None else 0)

    def broken(self) -> list[Broken]:
        """What does not add up, row by row, in total, and between the rows and the total."""
        found = [
            Broken(row.key, identities, tuple(sorted(row.contradictory)))
            for row in (*self.rows.values(), self.total)
            if (identities := row.broken())
        ]
        whole = self.total.counted
        parts = [row.counted for row in self.rows.values()]
        if parts and any(sum(part.get(column, 0) for part in parts) != count for column, count in whole.items()):
            found.append(Broken(self.total.key, ("the rows add up to the total",), ()))
        return list(dict.fromkeys(found))


def count(
    episodes: Iterable[Episode],
    window: Window,
    *,
    key: Callable[[Episode], str],
    due: Callable[[Episode], str | None],
    carried: Carried | None = None,
) -> Counted:
    """Count `episodes` into rows by `key` and into the total; what the window does not touch makes no row."""
    return count_each(episodes, window, keys=(key,), due=due, carried=carried)[0]


def count_each(
    episodes: Iterable[Episode],
    window: Window,
    *,
    keys: Sequence[Callable[[Episode], str]],
    due: Callable[[Episode], str | None],
    carried: Carried | None = None,
) -> list[Counted]:
    """Count once, into rows by each of `keys`: so that several breakdowns cannot be of different episodes."""
    left = carried.rows if carried is not None else [None] * len(keys)
    tables = [_Rows(before) for before in left]
    total = _Rows(dict.fromkeys(left[0], "total") if left and left[0] is not None else None)
    for episode in episodes:
        columns = columns_of(episode, window, due(episode))
        if not columns:
            continue
        total.add("total", episode.id, columns)
        for rows, key in zip(tables, keys, strict=True):
            rows.add(key(episode), episode.id, columns)
    whole = total.closed()
    return [Counted(rows.closed(), whole.get("total") or total.row("total")) for rows in tables]


def count_further(whole: Sequence[Counted], further: Sequence[Counted]) -> None:
    """Add to each breakdown of `whole` what was counted by it of further episodes; one total stands beside them all."""
    for counted, more in zip(whole, further, strict=True):
        for key, row in more.rows.items():
            if key in counted.rows:
                counted.rows[key].take(row)
            else:
                counted.rows[key] = row
    whole[0].total.take(further[0].total)


class _Rows:
    """The rows of one breakdown while they are counted; `before` is the row in which the report before left each episode."""

    def __init__(self, before: Mapping[str, str] | None) -> None:
        self._before = before
        self._rows: dict[str, Row] = {}
        self._gone = dict(before or {})  # left open by the report before, and not yet met among what is open

    def row(self, key: str) -> Row:
        row = self._rows.get(key)
        if row is None:
            row = self._rows[key] = Row(key, left=None if self._before is None else 0)
        return row

    def add(self, key: str, episode: str, columns: frozenset[str]) -> None:
        row = self.row(key)
        row.add(episode, columns)
        if self._before is not None and "A" in columns:
            row.late += episode not in self._before
            self._gone.pop(episode, None)

    def closed(self) -> dict[str, Row]:
        """The rows, with what the report before left open in each."""
        for key in (self._before or {}).values():
            row = self.row(key)
            row.left = (row.left or 0) + 1
        for key in self._gone.values():
            self.row(key).late -= 1
        return self._rows
