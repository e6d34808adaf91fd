"""What may be asked about a unit's task, and by whom."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import Note, PersonId, StreamId

# A post can be a unit (CVP): its holder leads it. Divisions' and mass organisations' people act in their own capacities.
LEADERS: Final = (Role.UNIT_LEADER, Role.CHIEF, Role.DEPUTY)
PEOPLE: Final = (
    *LEADERS,
    Role.SPECIALIST,
    Role.HUB,
    Role.CONTENT_DIVISION,
    Role.MASS_ORGANISATION,
    Role.PARTY_COMMITTEE,
)

ACCEPT_TASK: Final = action("accept_task", grants(Scope.LEAD, *PEOPLE))
RETURN_TASK: Final = action("return_task", grants(Scope.LEAD, *LEADERS))
DELEGATE_TASK: Final = action("delegate_task", grants(Scope.LEAD, *LEADERS))


@dataclass(frozen=True, slots=True, kw_only=True)
class AcceptTask:
    """Take the work for the unit."""

    task: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnTask:
    """Hand the work back to the head because it is not this unit's to do; the case waits for another lead."""

    task: StreamId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class DelegateTask:
    """Give the work to a person of the unit (R32, R33)."""

    task: StreamId
    to: PersonId
