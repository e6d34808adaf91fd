"""What the templates show, worked out from what the queries answer. Pure."""

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from services.assignment.readmodel.cases.history import Happened
from services.assignment.readmodel.cases.views import Draft, Opened
from services.assignment.readmodel.words.queries import Word
from services.assignment.readmodel.work.views import Nearness, Order, Waiting

TITLE_LENGTH: Final = 120
# What a task's own fact repeats of the case's that was recorded with it.
ECHOES: Final = frozenset(
    f"task.{fact}"
    for fact in (
        *("assigned", "submitted", "revision_requested", "returned", "recalled"),
        *("due_set", "cancelled", "completed", "transferred"),
    )
)


@dataclass(frozen=True, slots=True)
class Group:
    """Things that wait, equally near; all of them where the list is not sorted by that."""

    nearness: Nearness | None
    waiting: tuple[Waiting, ...]


def by_nearness(waiting: Sequence[Waiting], order: Order) -> tuple[Group, ...]:
    """The list in groups, the overdue ahead, as long as it is sorted by due date."""
    if order is not Order.DUE:
        return (Group(None, tuple(waiting)),) if waiting else ()
    return tuple(Group(near, tuple(each)) for near, each in groupby(waiting, key=lambda one: one.left.nearness))


def brief(text: str, length: int = TITLE_LENGTH) -> str:
    """The beginning of a text as a title: one line, cut between words."""
    line = " ".join(text.split())
    if len(line) <= length:
        return line
    cut = line[: length + 1].rpartition(" ")[0] or line[:length]
    return f"{cut.rstrip(' ,;:.')}…"


@dataclass(frozen=True, slots=True)
class Told:
    """A fact of the history with its words; None where they were erased."""

    happened: Happened
    words: tuple[str | None, ...]


def timeline(
    history: Sequence[Happened], words: Sequence[Word], answers: Sequence[tuple[Draft, Opened]] = ()
) -> tuple[Told, ...]:
    """The history, latest first, without what a task only repeats of its case; each fact with the words he may read."""
    texts = {word.ref: word.text for word in words}
    texts |= {draft.refs["reason"]: opened.parts.get("reason") for draft, opened in answers if "reason" in draft.refs}
    of_cases = {each.command for each in history if each.stream.startswith("case-")}
    shown = [each for each in history if not (each.type in ECHOES and each.command in of_cases)]
    return tuple(Told(each, tuple(texts[ref] for ref in each.refs if ref in texts)) for each in reversed(shown))


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of a text that was compared with another: kept, added or taken out."""

    how: str  # same, ins, del
    text: str


def changes(before: str, now: str) -> tuple[Run, ...]:
    """How `now` differs from `before`, word by word."""
    left, right = _words(before), _words(now)
    runs: list[Run] = []
    for how, a, b, c, d in difflib.SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if how == "equal":
            runs.append(Run("same", "".join(left[a:b])))
            continue
        if a < b:
            runs.append(Run("del", "".join(left[a:b])))
        if c < d:
            runs.append(Run("ins", "".join(right[c:d])))
    return tuple(runs)


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)
