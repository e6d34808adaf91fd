"""Whom a paper goes to that names nobody itself: the list of its office for its kind, as it stands on the day (R45)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from services.assignment.domain.directory.heirs import Inheriting
from services.assignment.domain.directory.refusals import UnitNotInForce
from shared.calendar import local_day
from shared.contracts.document import DocumentDrafted, DocumentKind, Line
from shared.contracts.plan import Recipient


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing(Inheriting):
    """The facts, with the lists of that day by office and kind, which units ended and to whom, and who is Chairman."""

    lists: Mapping[tuple[str, str], tuple[Recipient, ...]] = field(default_factory=dict)
    ended: frozenset[str] = frozenset()
    chairmen: frozenset[str] = frozenset()  # who holds a post of the Chairman's that day


def listed(facts: Listing, office: str, kind: DocumentKind) -> tuple[Recipient, ...]:
    """Who gets papers of that kind on the day of the facts; nobody where no list was set.

    Raises:
        UnitNotInForce: nobody has the place of a unit on the list; it has to be set anew, or recipients named.

    """
    found = facts.lists.get((office, kind.value), ())
    for each in found:
        if each.unit in facts.ended:
            raise UnitNotInForce("recipients", unit=each.unit, day=local_day(facts.at).isoformat())
    return found


def unnamed(drafted: DocumentDrafted, facts: Listing) -> tuple[Line, ...]:
    """The lines that a paper goes out to though it was drafted before there was a list; none where it has lines of its own.

    Raises:
        UnitNotInForce

    """
    return () if drafted.recipients else lines(listed(facts, drafted.office, drafted.kind))


def lines(recipients: Iterable[Recipient]) -> tuple[Line, ...]:
    """The same as lines of a paper."""
    return tuple(Line(recipient=each.unit, purpose=each.purpose, mandatory=each.mandatory) for each in recipients)
