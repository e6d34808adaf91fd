"""Stream `item-<id>`: what was raised in the room, once."""

from dataclasses import dataclass
from typing import Any, Final

from shared.contracts.session import ItemRaised


@dataclass(frozen=True, slots=True)
class NoItem:
    """Nothing was raised under this id."""


@dataclass(frozen=True, slots=True)
class Raised:
    """It was raised; all else happens to its case."""

    was: ItemRaised


Item = NoItem | Raised
INITIAL: Final[Item] = NoItem()


def evolve(state: Item, event: Any) -> Item:
    """The item after `event`."""
    return Raised(event) if isinstance(event, ItemRaised) else state
