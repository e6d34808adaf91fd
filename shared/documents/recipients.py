"""Whom a paper goes to that names nobody itself: the list of its office for its kind, as it stands on the day (R45)."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Protocol

from shared.contracts.document import DocumentDrafted, DocumentKind, Line
from shared.contracts.plan import Recipient
from shared.documents.refusals import UnitNotInForce


class Lists(Protocol):
    """The lists of a day by office and kind, and which units on them have ended."""

    @property
    def lists(self) -> Mapping[tuple[str, str], tuple[Recipient, ...]]:
        """Each list by office and kind of paper."""
        ...

    @property
    def ended(self) -> frozenset[str]:
        """The units that stand on one of them and are no more."""
        ...


def listed(lists: Lists, office: str, kind: DocumentKind, day: date) -> tuple[Recipient, ...]:
    """Who gets papers of that kind on that `day`; nobody where no list was set.

    Raises:
        UnitNotInForce: nobody has the place of a unit on the list; it has to be set anew, or recipients named.

    """
    found = lists.lists.get((office, kind.value), ())
    for each in found:
        if each.unit in lists.ended:
            raise UnitNotInForce("recipients", unit=each.unit, day=day.isoformat())
    return found


def unnamed(drafted: DocumentDrafted, lists: Lists, day: date) -> tuple[Line, ...]:
    """The lines that a paper goes out to though it was drafted before there was a list; none where it has lines of its own.

    Raises:
        UnitNotInForce

    """
    return () if drafted.recipients else lines(listed(lists, drafted.office, drafted.kind, day))


def lines(recipients: Iterable[Recipient]) -> tuple[Line, ...]:
    """The same as lines of a paper."""
    return tuple(Line(recipient=each.unit, purpose=each.purpose, mandatory=each.mandatory) for each in recipients)
