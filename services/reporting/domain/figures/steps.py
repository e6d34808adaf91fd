"""What happened to a dialogue, notice, request, proposal or task, as far as a report counts it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from services.reporting.domain.figures.window import Window


class Step(NamedTuple):
    """One step as stored: `at` in microseconds since 1970 UTC, `said` as the event told it."""

    stream: str
    kind: str
    at: int
    position: int
    said: Mapping[str, Any]
    source: str = "assignment"  # the service whose log tells it


def by_stream(steps: Iterable[Step]) -> dict[str, list[Step]]:
    """The steps of each stream, by when they happened, then by position."""
    found: dict[str, list[Step]] = defaultdict(list)
    for step in steps:
        found[step.stream].append(step)
    for each in found.values():
        each.sort(key=lambda step: (step.at, step.position))
    return dict(found)


def first(steps: Sequence[Step], *kinds: str) -> Step | None:
    """The first step of one of these kinds."""
    return next((step for step in steps if step.kind in kinds), None)


def within(steps: Iterable[Step], window: Window, *kinds: str) -> list[Step]:
    """The steps of these kinds that fall into the window."""
    return [step for step in steps if step.kind in kinds and window.begin <= step.at < window.end]
