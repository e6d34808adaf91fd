"""Units, fields and people: their states with dates, and the rules by which they change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import (
    DissolveUnit,
    RegisterField,
    RegisterPerson,
    RegisterUnit,
    RenameUnit,
    SetFieldLead,
)
from services.assignment.domain.directory.refusals import (
    AlreadyDissolved,
    KeyTaken,
    LeadOutsideOffice,
    NotAnOffice,
    OfficeOfItself,
    OutOfDateOrder,
    PersonKnown,
    UnitNotInForce,
    UnitNotThere,
    UnknownField,
    UnknownUnit,
)
from shared.contracts.directory import (
    FieldLeadSet,
    FieldRegistered,
    PersonRegistered,
    UnitDissolved,
    UnitKind,
    UnitRegistered,
    UnitRenamed,
)
from shared.contracts.facts import Facts


@dataclass(frozen=True, slots=True)
class NoUnit:
    """Nothing was registered under this key."""


@dataclass(frozen=True, slots=True)
class InForce:
    """A unit as registered and last renamed; not dissolved."""

    registered: UnitRegistered
    code: str
    name: str
    named_from: date


@dataclass(frozen=True, slots=True)
class Dissolved:
    """A unit with an end: in force until the day before `dissolved_from`."""

    was: InForce
    dissolved_from: date


@dataclass(frozen=True, slots=True)
class NoField:
    """Nothing was registered under this key."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field, and by office the last lead that was set."""

    registered: FieldRegistered
    leads: tuple[FieldLeadSet, ...] = ()


@dataclass(frozen=True, slots=True)
class NoPerson:
    """Nobody was registered under this id."""


@dataclass(frozen=True, slots=True)
class Person:
    """A member of staff of `unit`, from `valid_from` on."""

    unit: str
    valid_from: date


Unit = NoUnit | InForce | Dissolved
Directory = Unit | NoField | Field | NoPerson | Person
UnitEvent = UnitRegistered | UnitRenamed | UnitDissolved
FieldEvent = FieldRegistered | FieldLeadSet
NO_UNIT: Final[Unit] = NoUnit()
NO_FIELD: Final[NoField | Field] = NoField()
NO_PERSON: Final[NoPerson | Person] = NoPerson()


def unit_stream(key: str) -> str:
    """The stream of the unit under `key`."""
    return f"unit-{key}"


def field_stream(key: str) -> str:
    """The stream of the field under `key`."""
    return f"field-{key}"


def person_stream(person: str) -> str:
    """The stream of the member of staff `person`."""
    return f"person-{person}"


def evolve_unit(state: Unit, event: UnitEvent) -> Unit:
    """The unit after `event`."""
    match state, event:
        case _, UnitRegistered():
            return InForce(event, event.code, event.name, event.valid_from)
        case InForce(), UnitRenamed():
            return replace(state, code=event.code, name=event.name, named_from=event.valid_from)
        case InForce(), UnitDissolved():
            return Dissolved(state, event.valid_from)
    return state


def evolve_field(state: NoField | Field, event: FieldEvent) -> NoField | Field:
    """The field after `event`."""
    match state, event:
        case _, FieldRegistered():
            return Field(event)
        case Field(), FieldLeadSet():
            others = tuple(lead for lead in state.leads if lead.office != event.office)
            return replace(state, leads=(*others, event))
    return state


def evolve_person(state: NoPerson | Person, event: PersonRegistered) -> NoPerson | Person:
    """The person after `event`."""
    return Person(event.unit, event.valid_from)


def unit_on(state: Unit, key: str, day: date, field: str) -> UnitRegistered:
    """The unit as registered, if it is in force on `day`.

    Raises:
        UnknownUnit: never registered; `field` says where it was named.
        UnitNotInForce: not yet, or no longer.

    """
    match state:
        case InForce(registered=unit) if unit.valid_from <= day:
            return unit
        case Dissolved(was=InForce(registered=unit), dissolved_from=end) if unit.valid_from <= day < end:
            return unit
        case NoUnit():
            raise UnknownUnit(field, unit=key)
    raise UnitNotInForce(field, unit=key, day=day.isoformat())


def lead_on(state: Unit, key: str, office: str, day: date) -> UnitRegistered:
    """The unit as registered, if on `day` it can be given work by the head of `office`.

    Raises:
        UnknownUnit, UnitNotInForce
        LeadOutsideOffice: a unit of another office or body, or the office as a whole.

    """
    unit = unit_on(state, key, day, "lead")
    if unit.office != office or unit.kind is UnitKind.OFFICE:
        raise LeadOutsideOffice("lead", lead=key, office=office)
    return unit


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> dict[str, Sequence[Any]]:
    """What a command does to the directory, by stream.

    Raises:
        Refused: one of the rules in `refusals`.

    """
    match command:
        case RegisterUnit():
            return {unit_stream(command.unit): _register_unit(command, states)}
        case RenameUnit():
            return {unit_stream(command.unit): _rename(command, states[unit_stream(command.unit)])}
        case DissolveUnit():
            return {unit_stream(command.unit): _dissolve(command, states[unit_stream(command.unit)])}
        case RegisterField():
            return {field_stream(command.field): _register_field(command, states[field_stream(command.field)])}
        case SetFieldLead():
            return {field_stream(command.field): _set_lead(command, states)}
        case RegisterPerson():
            return {person_stream(command.person): _register_person(command, states)}
    raise TypeError(f"the directory is not asked to {type(command).__name__}")


def _register_unit(command: RegisterUnit, states: Mapping[str, Any]) -> list[UnitRegistered]:
    office = _office_of(command, states)
    if command.parent is not None and isinstance(states[unit_stream(command.parent)], NoUnit):
        raise UnknownUnit("parent", unit=command.parent)
    registered = UnitRegistered(
        unit=command.unit,
        code=command.code,
        name=command.name,
        kind=command.kind,
        office=office,
        parent=command.parent,
        valid_from=command.valid_from,
    )
    match states[unit_stream(command.unit)]:
        case NoUnit():
            return [registered]
        case InForce(registered=known) | Dissolved(was=InForce(registered=known)) if known == registered:
            return []
    raise KeyTaken("unit", key=command.unit)


def _office_of(command: RegisterUnit, states: Mapping[str, Any]) -> str | None:
    if command.kind is UnitKind.OFFICE:
        if command.office not in (None, command.unit):
            raise OfficeOfItself("office")
        return command.unit
    if command.office is None:
        if command.kind is UnitKind.DIVISION:
            raise OfficeOfItself("office")
        return None
    _refuse_unless_office(states, command.office)
    return command.office


def _refuse_unless_office(states: Mapping[str, Any], key: str) -> None:
    match states[unit_stream(key)]:
        case NoUnit():
            raise UnknownUnit("office", unit=key)
        case InForce(registered=unit) | Dissolved(was=InForce(registered=unit)) if unit.kind is UnitKind.OFFICE:
            return
    raise NotAnOffice("office", unit=key)


def _rename(command: RenameUnit, state: Unit) -> list[UnitRenamed]:
    match state:
        case NoUnit():
            raise UnitNotThere("unit")
        case Dissolved(dissolved_from=since):
            raise AlreadyDissolved("unit", since=since.isoformat())
        case InForce(code=command.code, name=command.name):
            return []
        case InForce(named_from=earliest) if command.valid_from < earliest:
            raise OutOfDateOrder("valid_from", earliest=earliest.isoformat())
    return [UnitRenamed(unit=command.unit, code=command.code, name=command.name, valid_from=command.valid_from)]


def _dissolve(command: DissolveUnit, state: Unit) -> list[UnitDissolved]:
    match state:
        case NoUnit():
            raise UnitNotThere("unit")
        case Dissolved(dissolved_from=command.valid_from):
            return []
        case Dissolved(dissolved_from=since):
            raise AlreadyDissolved("unit", since=since.isoformat())
        case InForce(named_from=earliest) if command.valid_from <= earliest:
            raise OutOfDateOrder("valid_from", earliest=earliest.isoformat())
    return [UnitDissolved(unit=command.unit, valid_from=command.valid_from)]


def _register_field(command: RegisterField, state: NoField | Field) -> list[FieldRegistered]:
    registered = FieldRegistered(
        field=command.field,
        name=command.name,
        restricted=command.restricted,
        valid_from=command.valid_from,
    )
    match state:
        case NoField():
            return [registered]
        case Field(registered=known) if known == registered:
            return []
    raise KeyTaken("field", key=command.field)


def _set_lead(command: SetFieldLead, states: Mapping[str, Any]) -> list[FieldLeadSet]:
    match states[field_stream(command.field)]:
        case Field(registered=registered, leads=leads):
            last = next((lead for lead in leads if lead.office == command.office), None)
        case _:
            raise UnknownField("field", field_key=command.field)
    _refuse_unless_office(states, command.office)
    lead_on(states[unit_stream(command.lead)], command.lead, command.office, command.valid_from)
    earliest = last.valid_from if last else registered.valid_from
    if last is not None and last.lead == command.lead:
        return []
    if command.valid_from < earliest:
        raise OutOfDateOrder("valid_from", earliest=earliest.isoformat())
    return [FieldLeadSet(field=command.field, office=command.office, lead=command.lead, valid_from=command.valid_from)]


def _register_person(command: RegisterPerson, states: Mapping[str, Any]) -> list[PersonRegistered]:
    if isinstance(states[person_stream(command.person)], Person):
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
