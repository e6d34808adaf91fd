"""How units gathered opinions before meetings and dialogues: who handed in a list, who had none, who was silent (R30)."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.reporting.domain.figures.steps import Step, by_stream, first
from services.reporting.domain.figures.tallies import Tally, Why, summed
from services.reporting.domain.figures.window import Window, begins

COLUMNS: Final = ("rounds", "asked", "handed_in", "listed", "nil", "silent")
LISTED, NIL, SILENT = "listed", "nil", "silent"
OPENED: Final = "consolidation.opened"
ANSWERS: Final = ("consolidation.submitted", "consolidation.amended", "consolidation.returned")
RETURNED: Final = "consolidation.returned"
# Definitions by which a unit that ended before it handed in is silent all the same.
SILENT_THOUGH_ENDED: Final = frozenset({"bieu.1", "bieu.2", "bieu.3"})
DISSOLVED: Final = "unit.dissolved"
CALLED_OFF: Final = frozenset({"meeting.cancelled", "session.cancelled"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A unit that was asked before a meeting or dialogue, and what it answered by the end of the window."""

    about: str
    unit: str
    due: date
    answer: str  # `listed`, `nil` or `silent`
    step: Step  # by which it is known

    @property
    def stream(self) -> str:
        return self.step.stream


@dataclass(frozen=True, slots=True)
class Round:
    """All units that were asked about the same: a row of the table."""

    about: str
    due: date
    asked: tuple[Asked, ...]

    def tallies(self) -> list[Tally]:
        """What it adds to the columns of its row."""
        opened = self.asked[0]
        found = [Tally(self.about, "rounds", self.about, 1, Why.DUE, opened.step, (opened.stream,))]
        for each in self.asked:
            of = (self.about, each.stream, each.step)
            found.append(_tally(*of, "asked", Why.DUE))
            found += [] if each.answer == SILENT else [_tally(*of, "handed_in", Why.HANDED_IN)]
            found.append(_tally(*of, each.answer, Why.WAITING if each.answer == SILENT else Why.HANDED_IN))
        return found

    def columns(self) -> Mapping[str, int]:
        """Its row."""
        return summed(COLUMNS, self.tallies())


def ended(steps: Iterable[Step]) -> frozenset[str]:
    """The units that were no more by the end of the window, of what happened to units."""
    return frozenset(step.said["unit"] for step in steps if step.kind == DISSOLVED)


def rounds(steps: Iterable[Step], window: Window, ended: Collection[str] = ()) -> list[Round]:
    """The rounds whose day falls into the window, in the order of their days.

    One that was opened after its day belongs to the window in which it was opened. Of a meeting or dialogue that is not held
    nobody is silent, and no unit is that `ended` before it handed in: whoever had handed in by then is counted, and nobody else.
    """
    found: dict[str, list[Asked]] = {}
    streams = by_stream(steps)
    called_off = {stream for stream, told in streams.items() if any(step.kind in CALLED_OFF for step in told)}
    for told in streams.values():
        each = _asked(told, window)
        if each is not None and not (each.answer == SILENT and (each.about in called_off or each.unit in ended)):
            found.setdefault(each.about, []).append(each)
    made = [Round(about, min(each.due for each in asked), tuple(asked)) for about, asked in found.items()]
    return sorted(made, key=lambda each: (each.due, each.about))


def adds_up(n: Mapping[str, Any]) -> bool:
    """Whoever was asked handed in or is silent, and what was handed in is a list or says that there is none."""
    return bool(n["asked"] == n["handed_in"] + n["silent"] and n["handed_in"] == n["listed"] + n["nil"])


def _asked(told: list[Step], window: Window) -> Asked | None:
    opened = first(told, OPENED)
    if opened is None:
        return None
    due = date.fromisoformat(opened.said["due"])
    if not window.begin <= max(begins(due), opened.at) < window.end:
        return None
    answered = next((step for step in reversed(told) if step.kind in ANSWERS), None)
    if answered is None or answered.kind == RETURNED:
        return Asked(opened.said["about"], opened.said["unit"], due, SILENT, answered or opened)
    return Asked(opened.said["about"], opened.said["unit"], due, NIL if answered.said["nil"] else LISTED, answered)


def _tally(row: str, stream: str, step: Step, column: str, why: Why) -> Tally:
    return Tally(row, column, stream, 1, why, step, (stream,))
