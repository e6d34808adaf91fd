"""Which piles of work wait for a person by his capacities: the action of each is the one its command is permitted by. Pure."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from services.assignment.domain.case.commands import (
    APPROVE_ANSWER,
    ASSIGN_CASE,
    DELIVER_ANSWER,
    PROPOSE_ASSIGNMENT,
    RECORD_PARTY_OPINION,
)
from services.assignment.domain.task.commands import ACCEPT_TASK, COMPLETE_TASK, DELEGATE_TASK, GIVE_TASK, GRANT_EXTENSION
from shared.contracts.roles import Action, Role
from shared.permit import Decision, Resource, Subject, permit


class Pile(StrEnum):
    """What is to be done with what lies in it."""

    MINE = "mine"  # work of his unit that he, or nobody by name, has in hand
    ASSIGN = "assign"  # cases to be given to a unit
    CLEAR = "clear"  # drafts to be approved or sent back
    EXTEND = "extend"  # extensions asked for
    CONFIRM = "confirm"  # results put forward
    PROPOSE = "propose"  # cases to be proposed to the head
    PROPOSED = "proposed"  # cases that were proposed, and wait for the head
    DELIVER = "deliver"  # approved answers to be sent
    PARTY = "party"  # cases on which cấp ủy, where it leads, has not spoken
    GIVEN = "given"  # open work that was given in the Chairman's name
    PASSED_ON = "passed_on"  # what he gave to people of his unit
    PUT_FORWARD = "put_forward"  # what his unit waits to have approved


ACTIONS: Final[dict[Pile, Action]] = {
    Pile.MINE: ACCEPT_TASK,
    Pile.ASSIGN: ASSIGN_CASE,
    Pile.CLEAR: APPROVE_ANSWER,
    Pile.EXTEND: GRANT_EXTENSION,
    Pile.CONFIRM: COMPLETE_TASK,
    Pile.PROPOSE: PROPOSE_ASSIGNMENT,
    Pile.PROPOSED: PROPOSE_ASSIGNMENT,
    Pile.DELIVER: DELIVER_ANSWER,
    Pile.PARTY: RECORD_PARTY_OPINION,
    Pile.GIVEN: GIVE_TASK,
    Pile.PASSED_ON: DELEGATE_TASK,
    Pile.PUT_FORWARD: ACCEPT_TASK,
}


@dataclass(frozen=True, slots=True)
class Reach:
    """Where a pile of somebody's comes from: whole offices by the capacity that opens them, and units."""

    offices: tuple[tuple[str, Role], ...]
    units: tuple[str, ...]

    def __bool__(self) -> bool:
        return bool(self.offices or self.units)


def reach(subject: Subject, pile: Pile) -> Reach:
    """The offices and units of which he may do what the pile waits for, his own and those he acts for."""
    action = ACTIONS[pile]
    offices = dict.fromkeys((subject.office, *(each.office for each in subject.delegated)))
    units = dict.fromkeys((subject.unit, *(each.unit for each in subject.delegated)))
    whole = [(office, _asked(subject, action, office=office)) for office in offices]
    led = [unit for unit in units if _asked(subject, action, unit=unit).allowed]
    offices_of = [(office, found.capacity) for office, found in whole if found.allowed and found.capacity is not None]
    if pile is Pile.GIVEN:  # what the head gives is the office's own work, and followed as that
        offices_of = [(office, role) for office, role in offices_of if role is Role.CHAIRMAN]
    return Reach(tuple(offices_of), tuple(led))


def piles_of(subject: Subject) -> tuple[Pile, ...]:
    """The piles that can hold anything for him."""
    return tuple(pile for pile in Pile if reach(subject, pile))


def takes_what_nobody_has(subject: Subject) -> bool:
    """Whether work of the unit that was passed on to nobody waits for him: not for one whom a leader gives his work."""
    return bool(subject.capacities - {Role.SPECIALIST})


def _asked(subject: Subject, action: Action, *, office: str = "", unit: str | None = None) -> Decision:
    leads = frozenset({unit}) if unit is not None else frozenset[str]()
    return permit(subject, action, Resource(tenant=subject.tenant, office=office, leads=leads))
