"""Which audiences somebody belongs to: those of the piles that his capacities reach, his units' and his own. Pure."""

from services.assignment.readmodel.notifications.matrix import OF_OFFICE, Audience
from services.assignment.readmodel.work.piles import Pile, reach, takes_what_nobody_has
from shared.contracts.case import Authority
from shared.contracts.roles import Role
from shared.permit import Subject


def of_person(person: str) -> str:
    """The audience that is one person."""
    return f"{Audience.PERSON}/{person}"


def of_unit(unit: str) -> str:
    """Whoever leads a unit."""
    return f"{Audience.UNIT}/{unit}"


def of_office(office: str, audience: Audience, authority: str) -> str:
    """Whoever decides in an office, in the name of the head or of the Chairman."""
    return f"{audience}/{office}/{authority}"


def audiences_of(subject: Subject) -> frozenset[str]:
    """All that he belongs to, under his own capacities and under those he acts in for others."""
    found = {of_person(subject.person)}
    units = set(reach(subject, Pile.PASSED_ON).units)
    if takes_what_nobody_has(subject):
        units |= set(reach(subject, Pile.MINE).units)
    found |= {of_unit(unit) for unit in units}
    for audience, pile in OF_OFFICE.items():
        for office, role in reach(subject, pile).offices:
            authority = Authority.CHAIRMAN if role is Role.CHAIRMAN else Authority.HEAD
            found.add(of_office(office, audience, authority.value))
    return frozenset(found)
