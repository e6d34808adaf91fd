"""Whom a paper of the assignment service goes to that names nobody itself, as the day's lists and heirs tell it (R45)."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from services.assignment.domain.directory.heirs import Inheriting
from shared.contracts.plan import Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Inheriting):
    """The facts, with the lists of that day by office and kind, which units ended and to whom, and who is Chairman."""

    lists: Mapping[tuple[str, str], tuple[Recipient, ...]] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()
    chairmen: frozenset[str] = frozenset()  # who holds a post of the Chairman's that day
