"""Whole generated years: thousands of episodes of the random histories, drawn by a seed alone and so the same everywhere."""

import random
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, Final

from hypothesis.strategies import SearchStrategy

from deploy.sonla import builtin_calendar
from shared.contracts import case
from shared.contracts.session import Track
from tests.reporting.dialogues import Dialogues
from tests.reporting.histories import DAYS, LAST, START, UNITS, begun
from tests.reporting.meetings import asking, dialogue, ending, gathering, tasks
from tests.reporting.story import at

EPISODES: Final = 2_000


class Drawn:
    """Draws from strategies by a seed, without the search for a smaller example that makes a thousand draws slow."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self._ways: Mapping[str, Callable[[Any], Any]] = {
            "SampledFromStrategy": lambda each: self._random.choice(each.elements),
            "JustStrategy": lambda each: each.value,
            "BooleansStrategy": lambda _each: self._random.random() < 0.5,
            "IntegersStrategy": lambda each: self._random.randint(each.start, each.end),
            "OneOfStrategy": lambda each: self(self._random.choice(each.original_strategies)),
            "MappedStrategy": lambda each: each.pack(self(each.mapped_strategy)),
            "ListStrategy": self._several,
        }

    def __call__(self, strategy: SearchStrategy[Any], *_label: Any) -> Any:
        drawn: Any = getattr(strategy, "wrapped_strategy", strategy)
        return self._ways[type(drawn).__name__](drawn)

    def _several(self, strategy: Any) -> list[Any]:
        size = self._random.randint(int(strategy.min_size), int(strategy.max_size))
        return [self(strategy.element_strategy) for _ in range(size)]


def year(seed: int, episodes: int = EPISODES) -> Dialogues:
    """At least so many episodes: every outcome, splits, merges and their undoing, reopenings, late facts, dialogues, notices.

    On one day a unit hands on what it leads to another, as where units are reorganised.
    """
    draw, story = Drawn(seed), Dialogues(builtin_calendar())
    for name, track in (("A", Track.PEOPLE), ("B", Track.CHAIRMAN)):
        story.session(name, START - timedelta(days=60), LAST, track=track)
    names = []
    for n in range(episodes * 4 // 5):
        begun(draw, story, f"X{n}")
        names.append(f"X{n}")
    for n in range(episodes // 40):
        dialogue(draw, story, n)
        asking(draw, story, n)
        tasks(draw, story, n)
        gathering(draw, story, n)
    handed_on = at(draw(DAYS), 12)
    for name in names[::7]:
        moved = case.CaseTransferred(episode=f"{name}/1", former="KT", lead=draw(UNITS), basis=None, succession=None)
        story.decided(name, moved, handed_on)
    ending(draw, story)
    return story
