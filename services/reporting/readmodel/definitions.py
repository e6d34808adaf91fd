"""By which rules a lock counts, and which tables there were by them."""

from collections.abc import Mapping
from typing import Final

from services.reporting.readmodel.forms import Table

DEFINITIONS: Final = "bieu.4"  # the column rules of `domain/figures`; a change of what they count is another version
# Versions that did not know these tables yet; what was locked by them is counted again without.
_WITHOUT: Final[Mapping[str, frozenset[Table]]] = dict.fromkeys(("bieu.1", "bieu.2"), frozenset({Table.GATHERING}))
# Versions that count opinions by the same rules, so that their reports can be set beside each other.
_ALIKE: Final = (frozenset({"bieu.2", "bieu.3", "bieu.4"}),)


def known_by(version: str) -> tuple[Table, ...]:
    """The tables that a report locked by `version` has."""
    return tuple(table for table in Table if table not in _WITHOUT.get(version, frozenset()))


def comparable(one: str, other: str) -> bool:
    """Whether opinions counted by both can be compared."""
    return one == other or any({one, other} <= alike for alike in _ALIKE)
