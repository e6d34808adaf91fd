"""Role codes, and what a grant says: which role may ask within which scope."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """In which capacity a person acts (domain brief, corrections)."""

    CHIEF = "chief"
    DEPUTY = "deputy"
    HUB = "hub"
    CONTENT_DIVISION = "content_division"
    UNIT_LEADER = "unit_leader"
    UNIT_DEPUTY = "unit_deputy"
    SPECIALIST = "specialist"
    SECRETARY = "secretary"
    PARTY_COMMITTEE = "party_committee"
    REGISTRY = "registry"
    FEEDER = "feeder"
    MASS_ORGANISATION = "mass_organisation"
    CHAIRMAN = "chairman"
    PROPOSER = "proposer"
    APPRAISER = "appraiser"
    RECIPIENT = "recipient"
    AUDITOR = "auditor"
    ADMINISTRATOR = "administrator"
    OPERATOR = "operator"
    CITIZEN = "citizen"
    SYSTEM = "system"  # the house itself: a process or a job; no person can hold it


class Scope(StrEnum):
    """How far a grant reaches from the subject."""

    TENANT = "tenant"  # anything of the installation
    OFFICE = "office"  # what belongs to the subject's office
    UNIT = "unit"  # what the subject's unit received or handed in
    LEAD = "lead"  # what the subject's unit is to answer
    ASSIGNEE = "assignee"  # what was given to the subject in person
    SELF = "self"  # what the subject handed in


@dataclass(frozen=True, slots=True)
class Grant:
    """`role` may ask for it within `scope`."""

    role: Role
    scope: Scope


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be asked, by name, and who may ask; nobody else may."""

    name: str
    grants: tuple[Grant, ...]


def grants(scope: Scope, *roles: Role) -> tuple[Grant, ...]:
    """One grant of `scope` for each role."""
    return tuple(Grant(role, scope) for role in roles)


def action(name: str, *granted: Iterable[Grant]) -> Action:
    """An action with its grants, in the order given."""
    return Action(name, tuple(grant for group in granted for grant in group))
