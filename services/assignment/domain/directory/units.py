"""Stream `unit-<key>`: a unit with the names of its days, its other spellings, and who takes over from it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import (
    AddUnitAlias,
    DissolveUnit,
    RegisterUnit,
    RenameUnit,
)
from services.assignment.domain.directory.refusals import (
    AlreadyDissolved,
    KeyTaken,
    LeadOutsideOffice,
    NotAnOffice,
    OfficeOfItself,
    OutOfDateOrder,
    UnitNotThere,
    UnknownUnit,
)
from shared.contracts.directory import (
    UnitAliasAdded,
    UnitDissolved,
    UnitKind,
    UnitRegistered,
    UnitRenamed,
    UnitSucceeded,
)
from shared.documents.refusals import UnitNotInForce


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
    aliases: tuple[str, ...] = ()
    successions: tuple[UnitSucceeded, ...] = ()


@dataclass(frozen=True, slots=True)
class Dissolved:
    """A unit with an end: in force until the day before `dissolved_from`."""

    was: InForce
    dissolved_from: date


Unit = NoUnit | InForce | Dissolved
UnitEvent = UnitRegistered | UnitRenamed | UnitDissolved | UnitSucceeded | UnitAliasAdded
NO_UNIT: Final[Unit] = NoUnit()


def unit_stream(key: str) -> str:
    """The stream of the unit under `key`."""
    return f"unit-{key}"


def evolve_unit(state: Unit, event: UnitEvent) -> Unit:
    """The unit after `event`."""
    match state, event:
        case _, UnitRegistered():
            return InForce(event, event.code, event.name, event.valid_from)
        case InForce(), UnitRenamed():
            return replace(state, code=event.code, name=event.name, named_from=event.valid_from)
        case InForce(), UnitDissolved():
            return Dissolved(state, event.valid_from)
        case InForce(), UnitAliasAdded():
            return replace(state, aliases=(*state.aliases, event.alias))
        case InForce(), UnitSucceeded():
            return replace(state, successions=(*state.successions, event))
        case Dissolved(was=was), UnitAliasAdded() | UnitSucceeded():
            kept = evolve_unit(was, event)
            assert isinstance(kept, InForce)
            return replace(state, was=kept)
    return state


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


def holds_on(state: Unit, day: date) -> bool:
    """Whether the unit is in force on `day`."""
    match state:
        case InForce(registered=unit):
            return unit.valid_from <= day
        case Dissolved(was=InForce(registered=unit), dissolved_from=end):
            return unit.valid_from <= day < end
    return False


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


def refuse_unless_office(states: Mapping[str, Any], key: str) -> None:
    """Hold `key` to be an office that was ever registered.

    Raises:
        UnknownUnit, NotAnOffice

    """
    match states[unit_stream(key)]:
        case NoUnit():
            raise UnknownUnit("office", unit=key)
        case InForce(registered=unit) | Dissolved(was=InForce(registered=unit)) if unit.kind is UnitKind.OFFICE:
            return
    raise NotAnOffice("office", unit=key)


def decide_unit(command: Any, states: Mapping[str, Any]) -> Sequence[UnitEvent]:
    """What a command does to a unit.

    Raises:
        Refused: one of the rules in `refusals`.

    """
    state: Unit = states[unit_stream(command.unit)]
    match command:
        case RegisterUnit():
            return _register(command, states)
        case RenameUnit():
            return _rename(command, state)
        case DissolveUnit():
            return _dissolve(command, state)
        case AddUnitAlias():
            return _alias(command, state)
    raise TypeError(f"a unit is not asked to {type(command).__name__}")


def _register(command: RegisterUnit, states: Mapping[str, Any]) -> list[UnitEvent]:
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
    refuse_unless_office(states, command.office)
    return command.office


def _rename(command: RenameUnit, state: Unit) -> list[UnitEvent]:
    match state:
        case NoUnit():
            raise UnitNotThere("unit")
        case Dissolved(was=InForce(code=command.code, name=command.name, named_from=command.valid_from)):
            return []
        case Dissolved(dissolved_from=since):
            raise AlreadyDissolved("unit", since=since.isoformat())
        case InForce(code=command.code, name=command.name):
            return []
        case InForce(named_from=earliest) if command.valid_from < earliest:
            raise OutOfDateOrder("valid_from", earliest=earliest.isoformat())
    return [UnitRenamed(unit=command.unit, code=command.code, name=command.name, valid_from=command.valid_from)]


def _dissolve(command: DissolveUnit, state: Unit) -> list[UnitEvent]:
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


def _alias(command: AddUnitAlias, state: Unit) -> list[UnitEvent]:
    match state:
        case NoUnit():
            raise UnitNotThere("unit")
        case InForce(aliases=known) | Dissolved(was=InForce(aliases=known)) if command.alias in known:
            return []
    return [UnitAliasAdded(unit=command.unit, alias=command.alias)]
