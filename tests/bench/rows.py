"""What a benchmark says, and how rounds are measured beside one another."""

import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Row:
    """One measurement beside its baseline. `ratio` is ours over the baseline's, None where there is no baseline."""

    name: str
    unit: str
    ours: float
    baseline: float | None = None
    baseline_name: str = ""

    @property
    def ratio(self) -> float | None:
        return self.ours / self.baseline if self.baseline else None

    def as_json(self) -> dict[str, object]:
        """The row as it stands in bench.json."""
        return {
            "name": self.name,
            "unit": self.unit,
            "ours": round(self.ours, 3),
            "baseline": None if self.baseline is None else round(self.baseline, 3),
            "baseline_name": self.baseline_name,
            "ratio": None if self.ratio is None else round(self.ratio, 3),
        }


AIM: Final = "aim, at most"


def aimed(name: str, unit: str, ours: float, aim: float) -> Row:
    """A measurement that is to stay below `aim`: its ratio is the share of the aim that it takes, above 1 where it is missed."""
    return Row(name, unit, ours, aim, AIM)


@dataclass(slots=True)
class Place:
    """Where to measure, and for how long. `kafka` starts a broker when it is first asked."""

    postgres: str
    kafka: Callable[[], Awaitable[str]]
    rounds: int
    scale: float  # of the number of events; 1 is the whole, --quick a part
    stacks: Path | None = None  # where the benches of pages leave what their processes' time went into
    notes: list[str] = field(default_factory=list)

    def events(self, whole: int, least: int = 1) -> int:
        """So many of `whole` events as this run takes."""
        return max(least, int(whole * self.scale))


Contender = Callable[[], Awaitable[float]]  # one round: events a second


async def alternated(rounds: int, *contenders: Contender) -> list[float]:
    """The median of each contender's rounds, run in turn so that a noisy minute meets them all; a first round warms up."""
    results: list[list[float]] = [[] for _ in contenders]
    for n in range(rounds + 1):
        for contender, rates in zip(contenders, results, strict=True):
            rate = await contender()
            if n:
                rates.append(rate)
    return [statistics.median(rates) for rates in results]


class Watch:
    """Adds up the time of the parts that count."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self._begun = 0.0

    def __enter__(self) -> None:
        self._begun = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self._begun


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which `share` of `values` lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]
