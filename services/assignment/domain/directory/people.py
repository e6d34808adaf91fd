"""Stream `person-<id>`: which units a member of staff belongs to and acts for, day by day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import JoinUnit, LeaveUnit, MovePerson, RegisterPerson
from services.assignment.domain.directory.refusals import (
    NotJoined,
    OutOfDateOrder,
    PersonKnown,
    PersonNotInService,
    UnknownPerson,
)
from services.assignment.domain.directory.units import unit_on, unit_stream
from shared.contracts.directory import PersonJoined, PersonLeft, PersonMoved, PersonRegistered
from shared.contracts.refusals import Unknown


@dataclass(frozen=True, slots=True)
class NoPerson:
    """Nobody was registered under this id."""


@dataclass(frozen=True, slots=True)
class Membership:
    """A unit the person acts for, from `since` until the day before `until`; `home`: the one he belongs to."""

    unit: str
    since: date
    until: date | None
    home: bool

    def holds(self, day: date) -> bool:
        """Whether it is so on `day`."""
        return self.since <= day and (self.until is None or day < self.until)


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff with every membership there ever was, oldest first."""

    memberships: tuple[Membership, ...]

    def acts_for(self, unit: str, day: date) -> bool:
        """Whether the person acts for `unit` on `day`."""
        return any(each.unit == unit and each.holds(day) for each in self.memberships)

    def units(self, day: date) -> tuple[str, ...]:
        """The units the person acts for on `day`, that he belongs to first."""
        return tuple(each.unit for each in sorted(self.memberships, key=lambda m: not m.home) if each.holds(day))

    @property
    def latest(self) -> date:
        """The day of the last change."""
        return max(each.until or each.since for each in self.memberships)


PersonEvent = PersonRegistered | PersonMoved | PersonJoined | PersonLeft
NO_PERSON: Final[NoPerson | Person] = NoPerson()


def person_stream(person: str) -> str:
    """The stream of the member of staff `person`."""
    return f"person-{person}"


def evolve_person(state: NoPerson | Person, event: PersonEvent) -> NoPerson | Person:
    """The person after `event`."""
    if isinstance(event, PersonRegistered):
        return Person((Membership(event.unit, event.valid_from, None, home=True),))
    if isinstance(state, NoPerson):
        return state
    match event:
        case PersonMoved(unit=None):
            return Person(_ended(state, event.valid_from))
        case PersonMoved(unit=unit) if unit is not None:
            kept = _ended(state, event.valid_from, home=True)
            return Person((*kept, Membership(unit, event.valid_from, None, home=True)))
        case PersonJoined():
            return Person((*state.memberships, Membership(event.unit, event.valid_from, None, home=False)))
        case PersonLeft():
            return Person(_ended(state, event.valid_from, home=False, unit=event.unit))
    return state


def _ended(state: Person, day: date, *, home: bool | None = None, unit: str | None = None) -> tuple[Membership, ...]:
    def ends(each: Membership) -> bool:
        return each.until is None and home in (None, each.home) and unit in (None, each.unit)

    return tuple(replace(each, until=day) if ends(each) else each for each in state.memberships)


def person_on(state: NoPerson | Person, person: str, day: date, field: str) -> Person:
    """The person, if he belongs to some unit on `day`.

    Raises:
        UnknownPerson: never registered; `field` says where he was named.
        PersonNotInService

    """
    if isinstance(state, NoPerson):
        raise UnknownPerson(field, person=person)
    if not state.units(day):
        raise PersonNotInService(field, person=person, day=day.isoformat())
    return state


def decide_person(command: Any, states: Mapping[str, Any]) -> Sequence[PersonEvent]:
    """What a command does to a person.

    Raises:
        Refused: one of the rules in `refusals`.

    """
    state = states[person_stream(command.person)]
    if isinstance(command, RegisterPerson):
        return _register(command, state, states)
    if isinstance(state, NoPerson):
        raise Unknown("person")
    if command.unit is not None and not isinstance(command, LeaveUnit):
        unit_on(states[unit_stream(command.unit)], command.unit, command.valid_from, "unit")
    if _is_so(command, state):
        return []
    if command.valid_from < state.latest:
        raise OutOfDateOrder("valid_from", earliest=state.latest.isoformat())
    match command:
        case MovePerson(person=person, unit=unit, valid_from=day):
            return [PersonMoved(person=person, unit=unit, valid_from=day)]
        case JoinUnit(person=person, unit=unit, valid_from=day):
            if not state.units(day):
                raise PersonNotInService("person", person=person, day=day.isoformat())
            return [PersonJoined(person=person, unit=unit, valid_from=day)]
        case LeaveUnit(person=person, unit=unit, valid_from=day):
            if not any(each.unit == unit and not each.home for each in state.memberships):
                raise NotJoined("unit", person=person, unit=unit)
            return [PersonLeft(person=person, unit=unit, valid_from=day)]
    raise TypeError(f"a person is not asked to {type(command).__name__}")


def _is_so(command: Any, state: Person) -> bool:
    """Whether the person stands where the command wants him: then nothing is to be done."""
    standing = [each for each in state.memberships if each.until is None]
    match command:
        case MovePerson(unit=None):
            return not standing
        case MovePerson(unit=unit):
            return any(each.home and each.unit == unit for each in standing)
        case JoinUnit(unit=unit):
            return any(each.unit == unit for each in standing)
        case LeaveUnit(unit=unit):
            known = [each for each in state.memberships if each.unit == unit and not each.home]
            return bool(known) and not any(each.until is None for each in known)
    return False


def _register(command: RegisterPerson, state: NoPerson | Person, states: Mapping[str, Any]) -> list[PersonEvent]:
    if isinstance(state, Person):
        raise PersonKnown("person", person=command.person)
    unit_on(states[unit_stream(command.unit)], command.unit, command.valid_from, "unit")
    return [
        PersonRegistered(
            person=command.person,
            name=command.name,
            unit=command.unit,
            valid_from=command.valid_from,
        )
    ]
