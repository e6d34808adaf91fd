"""Who may not act on a case, because it is about himself or his unit (R16, R18, invariant 7)."""

from collections.abc import Collection
from dataclasses import dataclass, field

from services.assignment.domain.case.refusals import AboutThatPost, AboutThatUnit
from services.assignment.domain.case.states import Matter
from shared.contracts.facts import Facts
from shared.contracts.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting(Facts):
    """The facts, with the posts that the person holds on the day."""

    posts: frozenset[str] = field(default_factory=frozenset)


def hears_of_himself(capacities: Collection[Role]) -> bool:
    """Whether whoever acts in these capacities is the head, who accounts for himself whatever the field (corrections)."""
    return Role.CHIEF in capacities


def refuse_unit(matter: Matter, unit: str, at: str | None, facts: Facts | None = None) -> None:
    """A unit that the opinion is about neither leads nor co-ordinates nor is asked; the head takes criticism of himself.

    Raises:
        AboutThatUnit

    """
    if unit not in matter.concerns_units:
        return
    if facts is not None and unit == facts.unit and hears_of_himself({facts.capacity}):
        return
    raise AboutThatUnit(at, unit=unit)


def refuse_holder(matter: Matter, facts: Facts) -> None:
    """Whoever holds a post that the opinion is about does nothing about it; the head accounts for himself.

    Raises:
        AboutThatPost

    """
    if not isinstance(facts, Acting) or hears_of_himself({facts.capacity}):
        return
    held = sorted(facts.posts & set(matter.concerns_posts))
    if held:
        raise AboutThatPost(post=held[0])


def refuse_people(matter: Matter, facts: Facts) -> None:
    """People of a unit that the opinion is about neither answer nor judge it; the head takes criticism of himself.

    Raises:
        AboutThatUnit

    """
    if facts.capacity is not Role.SYSTEM:
        refuse_unit(matter, facts.unit, None, facts)
