"""Which opinions may be the same matter: looked for by what their words have in common, then ranked; a person decides."""

from dataclasses import dataclass
from typing import Final

from rapidfuzz import fuzz

from shared.text import syllables

WINDOW: Final = 3  # syllables looked for together: two alone, such as `đề nghị`, stand in every other opinion
MOST_WINDOWS: Final = 24  # searches of one question
MOST_OPENED: Final = 100  # texts that are opened and compared
MOST_COMPARED: Final = 600  # syllables of a text, for comparing takes their square
LEAST_SCORE: Final = 65
MOST_SHOWN: Final = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Similar:
    """An opinion that may be the same matter; not a word of it. `score` runs from 65 to 100, where both say the same."""

    id: str
    stage: str
    case: str | None  # the one to refer into, where it was referred
    field: str | None
    received_on: str
    score: int


def windows(words: str) -> list[str]:
    """What to search for: runs of neighbouring syllables, spread evenly over a long text; the whole of a short one."""
    said = syllables(words)
    if len(said) <= WINDOW:
        return [" ".join(said)] if said else []
    starts = range(len(said) - WINDOW + 1)
    apart = -(-len(starts) // MOST_WINDOWS)
    return list(dict.fromkeys(" ".join(said[start : start + WINDOW]) for start in starts[::apart]))


def likeness(one: str, other: str) -> int:
    """How much two texts say the same, 0 to 100, whatever their case, marks and order of words.

    Half of it is what they have in common, so that a short text finds the long one that tells the same; half is the whole,
    so that a few words that stand everywhere do not make everything alike.
    """
    first, second = (" ".join(syllables(text)[:MOST_COMPARED]) for text in (one, other))
    if not first or not second:
        return 0
    return round((fuzz.token_set_ratio(first, second) + fuzz.token_sort_ratio(first, second)) / 2)
