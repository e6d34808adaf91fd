"""Who may not act on a case, because it is about himself or his unit (R16, R18, invariant 7)."""

from collections.abc import Collection
from dataclasses import dataclass, field

from services.assignment.domain.case.refusals import AboutThatPost, AboutThatUnit
from services.assignment.domain.case.states import Matter
from services.assignment.domain.directory.heirs import Inheriting
from shared.contracts.facts import Facts
from shared.contracts.roles import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A post that somebody acts for by delegation, in the capacity that goes with it."""

    post: str
    unit: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Acting(Inheriting):
    """The facts, with what the directory says on the day of whoever acts, and of units that are no more.

    `head`: he heads his office himself, and does not act for whoever does.
    """

    posts: frozenset[str] = field(default_factory=frozenset)  # that he holds
    acts_for: tuple[Place, ...] = ()  # where he could not ask for it in his own right
    head: bool = False


def hears_of_himself(capacities: Collection[Role]) -> bool:
    """Whether whoever acts in these capacities is the head, who accounts for himself whatever the field (corrections)."""
    return Role.CHIEF in capacities


def is_head(matter: Matter, facts: Facts) -> bool:
    """Whether the head of the case's office acts himself: what he delegates does not reach criticism of him."""
    acts_himself = isinstance(facts, Acting) and facts.head
    return acts_himself and hears_of_himself({facts.capacity}) and facts.office == matter.office


def concerned(units: Collection[str], facts: Facts | None) -> frozenset[str]:
    """These units, and whoever has the place of those that are no more."""
    named = frozenset(units)
    if not isinstance(facts, Inheriting):
        return named
    return named.union(*(facts.heirs.get(unit, frozenset()) for unit in named))


def refuse_unit(matter: Matter, unit: str, at: str | None, facts: Facts | None = None) -> None:
    """A unit that the opinion is about, and whoever took its place, neither leads nor co-ordinates nor is asked.

    The head takes criticism of his own unit.

    Raises:
        AboutThatUnit

    """
    if unit not in concerned(matter.concerns_units, facts):
        return
    if facts is not None and unit == facts.unit and is_head(matter, facts):
        return
    raise AboutThatUnit(at, unit=unit)


def refuse_holder(matter: Matter, facts: Facts, *, accounting: bool = True) -> None:
    """Whoever holds a post that the opinion is about or acts for it does nothing about it; the head accounts for himself.

    Raises:
        AboutThatPost

    """
    if not isinstance(facts, Acting) or (accounting and is_head(matter, facts)):
        return
    held = sorted({*facts.posts, *(place.post for place in _places(facts))} & set(matter.concerns_posts))
    if held:
        raise AboutThatPost(post=held[0])


def refuse_people(matter: Matter, facts: Facts, *, accounting: bool = True) -> None:
    """People of a unit that the opinion is about neither answer nor judge it; the head answers for his, and no more.

    Raises:
        AboutThatUnit

    """
    if facts.capacity is Role.SYSTEM or (accounting and is_head(matter, facts)):
        return
    theirs = sorted({facts.unit, *(place.unit for place in _places(facts))} & concerned(matter.concerns_units, facts))
    if theirs:
        raise AboutThatUnit(unit=theirs[0])


def _places(facts: Facts) -> list[Place]:
    """The posts in whose place he acts: complained of, they act through nobody else either."""
    return [place for place in facts.acts_for if place.role is facts.capacity] if isinstance(facts, Acting) else []


def refuse_concerned(matter: Matter, facts: Facts, *, accounting: bool = True) -> None:
    """Neither whoever holds a post that it is about, nor people of a unit that it is about.

    Raises:
        AboutThatPost, AboutThatUnit

    """
    refuse_holder(matter, facts, accounting=accounting)
    refuse_people(matter, facts, accounting=accounting)
