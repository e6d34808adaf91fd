"""Whom papers go to on a day by the directory: each office's list for each kind, and which units on them are no more."""

from collections.abc import Mapping
from dataclasses import dataclass

from shared.contracts.plan import Recipient
from shared.directory.snapshot import Directory


@dataclass(frozen=True, slots=True)
class DaysLists:
    """The lists of a day by office and kind, and the units on them that have ended."""

    lists: Mapping[tuple[str, str], tuple[Recipient, ...]]
    ended: frozenset[str]


def lists_of(directory: Directory) -> DaysLists:
    """The lists as the directory of a day has them."""
    lists = {(office, of): directory.recipients(office, of) for office, of in directory.lists}
    ended = frozenset(each.unit for found in lists.values() for each in found) - directory.units.keys()
    return DaysLists(lists, ended)
