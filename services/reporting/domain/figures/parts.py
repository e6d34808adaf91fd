"""What one thing adds to a table: a table of things other than opinions is the sum of these parts, and opens to them."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Part:
    """What a dialogue, notice, item of a notice, request, proposal or task adds to a row, by column; nothing adds nought."""

    thing: str  # its stream
    row: str
    columns: Mapping[str, int]


def added(parts: Iterable[Part], columns: Iterable[str]) -> dict[str, int]:
    """The sum of parts, with all `columns`."""
    n: Counter[str] = Counter()
    for part in parts:
        n.update(part.columns)
    return {column: n[column] for column in columns}
