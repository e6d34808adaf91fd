"""Who took over from units that are no more, as the facts of a command tell it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.contracts.facts import Facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Inheriting(Facts):
    """The facts, with whoever took anything over, by the former unit."""

    heirs: Mapping[str, frozenset[str]] = field(default_factory=dict)
