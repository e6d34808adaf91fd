"""Given these facts, when this is asked, then these facts follow: over the several streams of one command."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any

import pytest

from shared.contracts.refusals import Refused
from shared.contracts.types import Sealed
from shared.decider import Fold

Histories = Mapping[str, Sequence[Any]]


def sealed(n: int = 0) -> Sealed:
    """A reference into the vault, as good as another."""
    return Sealed(ref=f"{n:032x}", digest=f"{n:064x}")


@dataclass(frozen=True)
class Rules:
    """What a service decides by: the fold of each kind of stream, what decides, and what a command is told of by itself."""

    folds: Mapping[str, Fold[Any]]
    decide: Callable[[Any, Mapping[str, Any], Any], Mapping[str, Sequence[Any]]]
    told: Callable[[Any], Any]

    def given(self, history: Histories) -> "Given":
        return Given(self, history)

    def states(self, history: Histories) -> "States":
        return States(self.folds, history)


class States(dict[str, Any]):
    """Every stream's state, folded when it is looked at; streams nobody wrote to stand at their beginning."""

    def __init__(self, folds: Mapping[str, Fold[Any]], history: Histories) -> None:
        super().__init__()
        self._folds, self._history = folds, history

    def __missing__(self, stream: str) -> Any:
        fold = self._folds[stream.partition("-")[0]]
        return reduce(fold.evolve, self._history.get(stream, ()), fold.initial)

    def get(self, stream: str, default: Any = None) -> Any:
        return self[stream] if stream in self._history else default


@dataclass(frozen=True)
class Given:
    """The facts so far, by stream."""

    rules: Rules
    history: Histories

    def when(self, command: Any, told: Any = None) -> "Outcome":
        return Outcome(self.rules, command, self.rules.states(self.history), told or self.rules.told(command))

    def state(self, stream: str) -> Any:
        """What a stream folds to."""
        return self.rules.states(self.history)[stream]


@dataclass(frozen=True)
class Outcome:
    """What comes of asking."""

    rules: Rules
    command: Any
    states: Mapping[str, Any]
    told: Any

    def decided(self) -> dict[str, list[Any]]:
        found = self.rules.decide(self.command, self.states, self.told)
        return {stream: list(events) for stream, events in found.items() if events}

    def then(self, expected: Histories) -> None:
        assert self.decided() == {stream: list(events) for stream, events in expected.items()}

    def nothing(self) -> None:
        self.then({})

    def refuses(self, rule: type[Refused], field: str | None = None) -> Refused:
        with pytest.raises(rule) as refused:
            self.decided()
        assert type(refused.value) is rule
        if field is not None:
            assert refused.value.field == field
        return refused.value
