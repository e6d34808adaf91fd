"""Biểu 05: one line for each item of a notice that directs work, and how far the work is (year walkthrough §4)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from services.reporting.domain.figures.dialogues import Notice
from services.reporting.domain.figures.dues import Due, first_day, in_time, overdue, standing
from services.reporting.domain.figures.steps import Step, by_stream, first, within
from services.reporting.domain.figures.tallies import Tally, Why, summed
from services.reporting.domain.figures.window import Window
from shared.contracts.case import Authority
from shared.contracts.notice import ConclusionKind

COLUMNS: Final = ("given", "done_in_time", "done_late", "open_in_time", "open_late", "dropped", "urged", "extended")
ENDS: Final = ("task.completed", "task.returned", "task.recalled", "task.cancelled")


@dataclass(frozen=True, slots=True)
class Item:
    """A conclusion that directs work."""

    notice: str
    number: str  # of the notice, in its register
    item: int
    case: str | None
    episode: str | None
    task: str
    issued: int
    step: Step  # by which it was issued

    @property
    def key(self) -> str:
        """The key of its line."""
        return f"{self.notice}/{self.item}"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the form: each column is 0 or 1, or how often."""

    item: Item
    unit: str | None  # whose work it is at the end of the window
    due: str | None  # the day in force
    extended_from: str | None  # the day before the first extension by then
    columns: Mapping[str, int]
    tallies: Sequence[Tally]  # what the columns are made of

    def broken(self) -> bool:
        """Whether the outcomes do not partition what was given."""
        return not adds_up(self.columns)


def adds_up(n: Mapping[str, int]) -> bool:
    """What was given is done, open, or was dropped."""
    return n["given"] == n["done_in_time"] + n["done_late"] + n["open_in_time"] + n["open_late"] + n["dropped"]


def notices_of(steps: Iterable[Step], chairmans: frozenset[str]) -> tuple[list[Notice], list[Item]]:
    """The notices issued, and the items of Track A's that direct work."""
    notices, items = [], []
    for stream, told in by_stream(steps).items():
        issued = first(told, "notice.issued")
        drafts = [step.said for step in told if step.kind == "notice.drafted"]
        if issued is None or not drafts:
            continue
        session = drafts[-1]["session"]
        notices.append(Notice(session, issued))
        if drafts[-1]["authority"] != Authority.CHAIRMAN and session not in chairmans:
            items += [_item(stream, issued, item) for item in issued.said["items"] if _directs(item)]
    return notices, items


def form_05(items: Iterable[Item], tasks: Iterable[Step], window: Window) -> list[Line]:
    """A line for each item that was open at the start of the window or issued in it, in the order of issue."""
    works = by_stream(tasks)
    lines = [_line(item, works.get(item.task, []), window) for item in sorted(items, key=lambda each: (each.issued, each.item))]
    return [line for line in lines if line is not None]


def dues_of(steps: Iterable[Step]) -> list[Due]:
    """Every due day a task ever had."""
    kinds = ("task.assigned", "task.due_set", "task.extension_granted")
    return [
        Due((step.at, 0, step.position), step.said["due"], step.kind == "task.extension_granted")
        for step in steps
        if step.kind in kinds
    ]


def _directs(item: Mapping[str, Any]) -> bool:
    return item["kind"] == ConclusionKind.DIRECTS and item["task"] is not None


def _item(stream: str, issued: Step, item: Mapping[str, Any]) -> Item:
    number = str(issued.said["number"])
    return Item(stream, number, item["number"], item["case"], item["episode"], item["task"], issued.at, issued)


def _line(item: Item, steps: list[Step], window: Window) -> Line | None:
    ended = first(steps, *ENDS)
    if ended is not None and ended.at < window.begin:
        return None
    dues = dues_of(steps)
    until = (ended.at, 0, ended.position) if ended else None
    due = standing(dues, until)
    found = [_tally(item, "given", Why.GIVEN, item.step)]
    if ended is None:
        late = overdue(due.judged, window.last)
        found.append(_tally(item, "open_late" if late else "open_in_time", Why.OVERDUE if late else Why.WAITING, item.step))
    elif ended.kind != "task.completed":
        found.append(_tally(item, "dropped", Why.DROPPED, ended))
    else:
        timely = in_time(ended.at, due.judged)
        found.append(_tally(item, "done_in_time" if timely else "done_late", Why.IN_TIME if timely else Why.OVERDUE, ended))
    found += [_tally(item, "urged", Why.HAPPENED, step) for step in within(steps, window, "task.urged")]
    found += [_tally(item, "extended", Why.HAPPENED, step) for step in within(steps, window, "task.extension_granted")]
    unit = [step.said["unit"] for step in steps if step.kind in ("task.assigned", "task.transferred")]
    return Line(item, unit[-1] if unit else None, due.in_force, first_day(dues, until), summed(COLUMNS, found), found)


def _tally(item: Item, column: str, why: Why, step: Step) -> Tally:
    return Tally(item.key, column, item.key, 1, why, step, (item.notice, item.task))
