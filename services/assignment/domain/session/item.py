"""Stream `item-<id>`: what was raised in the room, once."""

from dataclasses import dataclass, fields
from typing import Any, Final

from shared.contracts.opinion import Kind, SourceGroup
from shared.contracts.session import ItemRaised
from shared.contracts.types import Sealed


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What was said, without the name of whoever said it, which no decision needs."""

    session: str
    case: str
    opinion: str
    episode: str
    office: str
    source_group: SourceGroup
    kind: Kind
    field: str
    words: Sealed
    speaker: str | None
    hidden: bool
    agenda: str | None


@dataclass(frozen=True, slots=True)
class NoItem:
    """Nothing was raised under this id."""


@dataclass(frozen=True, slots=True)
class Raised:
    """It was raised; all else happens to its case."""

    was: Said


Item = NoItem | Raised
INITIAL: Final[Item] = NoItem()


def evolve(state: Item, event: Any) -> Item:
    """The item after `event`."""
    if not isinstance(event, ItemRaised):
        return state
    return Raised(Said(**{each.name: getattr(event, each.name) for each in fields(Said)}))
