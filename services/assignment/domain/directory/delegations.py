"""Stream `delegation-<id>`: what the holder of a post lets another person do, within dates (R6, R35)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import GrantDelegation, RevokeDelegation
from services.assignment.domain.directory.people import Person, person_on, person_stream
from services.assignment.domain.directory.posts import NoPost, Post, post_stream
from services.assignment.domain.directory.refusals import (
    DelegateHoldsPost,
    DelegateOutsideOffice,
    DelegationBackdated,
    DelegationBackwards,
    DelegationNotSigned,
    DelegationOutlasts,
    DelegationToHimself,
    PostVacant,
    UnknownPost,
)
from services.assignment.domain.directory.units import Dissolved, InForce, unit_stream
from shared.calendar import local_day
from shared.contracts.directory import DelegationGranted, DelegationRevoked
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.documents.states import NoDocument, Numbered, Standing


@dataclass(frozen=True, slots=True)
class NoDelegation:
    """Nothing was granted under this id."""


@dataclass(frozen=True, slots=True)
class Granted:
    """In force from its first day to its last, or until the day before `revoked_from`."""

    granted: DelegationGranted
    revoked_from: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delegating(Facts):
    """The facts, with the stream of the delegation that this command may grant."""

    delegation: str


DelegationEvent = DelegationGranted | DelegationRevoked
NO_DELEGATION: Final[NoDelegation | Granted] = NoDelegation()


def evolve_delegation(state: NoDelegation | Granted, event: DelegationEvent) -> NoDelegation | Granted:
    """The delegation after `event`."""
    match state, event:
        case _, DelegationGranted():
            return Granted(event)
        case Granted(granted=granted), DelegationRevoked(valid_from=day):
            return Granted(granted, day)
    return state


def decide_delegation(command: Any, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[DelegationEvent]]:
    """A delegation granted or revoked.

    Raises:
        Refused: one of the rules in `refusals`.

    """
    match command:
        case GrantDelegation():
            assert isinstance(facts, Delegating)
            return {facts.delegation: _grant(command, states, facts)}
        case RevokeDelegation():
            return {command.delegation: _revoke(command, states[command.delegation], states, facts)}
    raise TypeError(f"a delegation is not asked to {type(command).__name__}")


def _grant(command: GrantDelegation, states: Mapping[str, Any], facts: Delegating) -> list[DelegationEvent]:
    granted = DelegationGranted(
        post=command.post,
        to=command.to,
        actions=tuple(sorted(set(command.actions))),
        valid_from=command.valid_from,
        valid_to=command.valid_to,
        basis=_basis(command.document, states) or command.basis,
    )
    if states[facts.delegation] != NO_DELEGATION:
        return []
    post: NoPost | Post = states[post_stream(command.post)]
    if isinstance(post, NoPost):
        raise UnknownPost("post", post=command.post)
    if command.valid_to < command.valid_from:
        raise DelegationBackwards("valid_to")
    _refuse_backdated(command.valid_from, facts)
    holder = post.holder(command.valid_from)
    if holder is None:
        raise PostVacant("post", post=command.post, day=command.valid_from.isoformat())
    if holder == command.to:
        raise DelegateHoldsPost("to", person=command.to)
    if facts.person != holder:
        if command.to == facts.person:
            raise DelegationToHimself("to")
        _refuse_unsigned(command.document, command.post, holder, states)
    if post.holder(command.valid_to) != holder:
        raise DelegationOutlasts("valid_to", post=command.post, day=command.valid_to.isoformat())
    person = person_on(states[person_stream(command.to)], command.to, command.valid_from, "to")
    if not _of_its_office(post, person, command.valid_from, states):
        raise DelegateOutsideOffice("to", person=command.to)
    return [granted]


def _of_its_office(post: Post, person: Person, day: date, states: Mapping[str, Any]) -> bool:
    own = post.created.unit
    office = _office(states[unit_stream(own)])
    return any(unit == own or (office is not None and _office(states[unit_stream(unit)]) == office) for unit in person.units(day))


def _office(state: object) -> str | None:
    match state:
        case InForce(registered=unit) | Dissolved(was=InForce(registered=unit)):
            return unit.office
    return None


def _revoke(
    command: RevokeDelegation, state: NoDelegation | Granted, states: Mapping[str, Any], facts: Facts
) -> list[DelegationEvent]:
    if isinstance(state, NoDelegation):
        raise Unknown("delegation")
    if command.valid_from > state.granted.valid_to:
        return []  # it has ended by then
    if state.revoked_from is not None and command.valid_from >= state.revoked_from:
        return []
    _refuse_backdated(command.valid_from, facts)
    post = states[post_stream(state.granted.post)]
    holder = post.holder(local_day(facts.at)) if isinstance(post, Post) else None
    if facts.person != holder:
        _refuse_unsigned(command.document, state.granted.post, holder, states)
    return [DelegationRevoked(valid_from=command.valid_from, basis=_basis(command.document, states))]


def _basis(document: str | None, states: Mapping[str, Any]) -> str | None:
    paper = states[document] if document is not None else None
    return paper.paper.symbol if paper is not None and not isinstance(paper, NoDocument) else None


def _refuse_unsigned(document: str | None, post: str, holder: str | None, states: Mapping[str, Any]) -> None:
    """Others than the holder record what he signed: a paper about his post, with its number, neither recalled nor replaced."""
    state = states[document] if document is not None else None
    if (
        not isinstance(state, Numbered | Standing)
        or state.paper.drafted.about != post_stream(post)
        or state.paper.signed is None
        or state.paper.signed.signer != holder
    ):
        raise DelegationNotSigned("document", post=post)


def _refuse_backdated(day: date, facts: Facts) -> None:
    earliest = local_day(facts.at)
    if day < earliest:
        raise DelegationBackdated("valid_from", day=earliest.isoformat())
