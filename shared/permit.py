"""The one place where permission is asked: deny by default, pure, and it names the rule that decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from shared.contracts.roles import Action, Role, Scope


@dataclass(frozen=True, slots=True)
class Delegated:
    """What the holder of a post lets a person do: `role`, reaching from the post's office and unit, not the person's own."""

    delegation: str  # its stream
    post: str
    role: Role
    office: str
    unit: str


@dataclass(frozen=True, slots=True)
class Subject:
    """Who asks: a person acting for one unit of one office, in the capacities a credential or a script line states.

    `delegated` are those that others let the person act in today. `purpose`: for what the house opens words under this name;
    what a person opens says so itself.
    """

    person: str
    tenant: str
    office: str
    unit: str
    capacities: frozenset[Role]
    delegated: tuple[Delegated, ...] = ()
    purpose: str = ""

    def reads_for(self, usual: str) -> str:
        """For what words are opened, as the access log says: `usual` of a person."""
        return self.purpose or usual

    @classmethod
    def house(cls, name: str, *, tenant: str, office: str) -> "Subject":
        """The house itself, asking for an office under the name of what asks."""
        return cls(person=name, tenant=tenant, office=office, unit=office, capacities=frozenset({Role.SYSTEM}))


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What the directory says on one day of whoever asks: his posts, his unit's version, what was delegated to him."""

    posts: Mapping[tuple[str, Role], str] = field(default_factory=dict)  # those he holds, by unit and capacity
    unit_version: date | None = None  # since when his unit carries its name
    delegations: tuple[tuple[Delegated, frozenset[str]], ...] = ()  # with the actions named; none: all of the post's

    def delegated(self, action: str) -> tuple[Delegated, ...]:
        """The delegations that cover `action`."""
        return tuple(delegated for delegated, actions in self.delegations if not actions or action in actions)

    @property
    def acting_for(self) -> tuple[Delegated, ...]:
        """All posts that he acts for today, whatever in."""
        return tuple(delegated for delegated, _ in self.delegations)

    def post(self, unit: str, capacity: Role | None) -> str | None:
        """The post that a person acts from, in this capacity for this unit."""
        return self.posts.get((unit, capacity)) if capacity is not None else None


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
    """Allowed or not, by which rule, in which capacity, and under which delegation, if any was needed."""

    allowed: bool
    rule: str
    capacity: Role | None = None
    under: Delegated | None = None


def permit(subject: Subject, action: Action, resource: Resource) -> Decision:
    """Whether `subject` may do `action` to `resource`: the first grant that reaches it, else `deny`."""
    if subject.tenant != resource.tenant:
        return Decision(False, f"{action.name}: another installation")
    own = _granted(subject, action, resource)
    if own is not None:
        return own
    for under in subject.delegated:
        there = replace(subject, office=under.office, unit=under.unit, capacities=frozenset({under.role}), delegated=())
        found = _granted(there, action, resource)
        if found is not None:
            return replace(found, rule=f"{found.rule}, under {under.delegation}", under=under)
    return Decision(False, f"{action.name}: no grant reaches it")


def _granted(subject: Subject, action: Action, resource: Resource) -> Decision | None:
    for grant in action.grants:
        if grant.role in subject.capacities and _reaches(grant.scope, subject, resource):
            return Decision(True, f"{action.name}: {grant.role} within {grant.scope}", grant.role)
    return None


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
