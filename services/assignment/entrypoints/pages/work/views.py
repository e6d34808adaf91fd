"""What the templates show, worked out from what the queries answer. Pure."""

import difflib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from services.assignment.readmodel.cases.history import Happened
from services.assignment.readmodel.cases.views import Draft, Opened
from services.assignment.readmodel.words.queries import Word
from services.assignment.readmodel.work.views import Order, Waiting
from shared.nearness import Nearness

MOST_PAIRS: Final = 1_000_000  # of words compared with one another: a fifth of a second at worst
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
    """How `now` differs from `before`, word by word; long texts that differ much, as one taken out and one put in."""
    left, right = _words(before), _words(now)
    least = min(len(left), len(right))
    first = next((n for n in range(least) if left[n] != right[n]), least)
    last = next((n for n in range(least - first) if left[-1 - n] != right[-1 - n]), least - first)
    middle = left[first : len(left) - last], right[first : len(right) - last]
    runs = [("same", left[:first]), *_differing(*middle), ("same", left[len(left) - last :])]
    return tuple(Run(how, "".join(words)) for how, words in runs if words)


def _differing(left: list[str], right: list[str]) -> Iterator[tuple[str, list[str]]]:
    if len(left) * len(right) > MOST_PAIRS:  # the time it takes grows so: nobody waits for it, least of all all others
        yield from (("del", left), ("ins", right))
        return
    for how, a, b, c, d in difflib.SequenceMatcher(a=left, b=right, autojunk=False).get_opcodes():
        if how == "equal":
            yield "same", left[a:b]
        else:
            yield from (("del", left[a:b]), ("ins", right[c:d]))


def _words(text: str) -> list[str]:
    return re.findall(r"\S+\s*|\s+", text)
