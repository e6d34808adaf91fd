"""The states of a notice."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from shared.contracts.notice import (
    DraftItem,
    IssuedItem,
    NoticeAmended,
    NoticeCommented,
    NoticeDrafted,
    NoticeIssued,
    OwnDay,
)


@dataclass(frozen=True, slots=True)
class NoNotice:
    """Nothing was drafted under this id."""


@dataclass(frozen=True, slots=True)
class Draft:
    """Drafted; units comment on it."""

    draft: NoticeDrafted
    commented: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Issued:
    """In force, with its items as last amended."""

    draft: NoticeDrafted
    document: str
    number: str
    items: tuple[IssuedItem, ...]


Notice = NoNotice | Draft | Issued
INITIAL: Final[Notice] = NoNotice()


def evolve(state: Notice, event: Any) -> Notice:
    """The notice after `event`."""
    match state, event:
        case ((NoNotice() | Draft()), NoticeDrafted()):
            return Draft(event)
        case Draft(), NoticeCommented(unit=unit):
            return replace(state, commented=state.commented | {unit})
        case Draft(), NoticeIssued():
            return Issued(state.draft, event.document, event.number, event.items)
        case Issued(), NoticeAmended(item=amended):
            items = tuple(amended if item.number == amended.number else item for item in state.items)
            return replace(state, items=items)
    return state


def beside(item: DraftItem) -> dict[str, date | None]:
    """The units that are to co-ordinate a conclusion, each with its own day; None: the item's."""
    return {each.unit if isinstance(each, OwnDay) else each: getattr(each, "until", None) for each in item.coordinating}


def given_by(item: IssuedItem) -> Iterator[str]:
    """The tasks that an item gave: its lead's, then those of whoever co-ordinates."""
    yield from (task for task in (item.task, *(each.task for each in item.coordinating)) if task is not None)
