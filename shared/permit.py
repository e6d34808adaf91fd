"""The one place where permission is asked: deny by default, pure, and it names the rule that decided."""

from dataclasses import dataclass, field

from shared.contracts.roles import Action, Role, Scope


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks: a person acting for one unit of one office, in the capacities a credential or a script line states."""

    person: str
    tenant: str
    office: str
    unit: str
    capacities: frozenset[Role]


@dataclass(frozen=True, slots=True)
class Resource:
    """What is asked about, as far as permission needs it; empty where it does not apply."""

    tenant: str
    office: str = ""
    units: frozenset[str] = field(default_factory=frozenset)  # units that received it or handed it in
    leads: frozenset[str] = field(default_factory=frozenset)  # units that are to answer it
    assignees: frozenset[str] = field(default_factory=frozenset)  # persons it was given to
    owner: str = ""  # the person who handed it in


@dataclass(frozen=True, slots=True)
class Decision:
    """Allowed or not, by which rule, and in which capacity."""

    allowed: bool
    rule: str
    capacity: Role | None = None


def permit(subject: Subject, action: Action, resource: Resource) -> Decision:
    """Whether `subject` may do `action` to `resource`: the first grant that reaches it, else `deny`."""
    if subject.tenant != resource.tenant:
        return Decision(False, f"{action.name}: another installation")
    for grant in action.grants:
        if grant.role in subject.capacities and _reaches(grant.scope, subject, resource):
            return Decision(True, f"{action.name}: {grant.role} within {grant.scope}", grant.role)
    return Decision(False, f"{action.name}: no grant reaches it")


def _reaches(scope: Scope, subject: Subject, resource: Resource) -> bool:
    match scope:
        case Scope.TENANT:
            return True
        case Scope.OFFICE:
            return bool(resource.office) and subject.office == resource.office
        case Scope.UNIT:
            return subject.unit in resource.units
        case Scope.LEAD:
            return subject.unit in resource.leads
        case Scope.ASSIGNEE:
            return subject.person in resource.assignees
        case Scope.SELF:
            return bool(resource.owner) and subject.person == resource.owner
