"""Stream `field-<key>`: a field of opinions, and which units answer for it at each office."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import RegisterField, SetFieldLead, SetFurtherLeads
from services.assignment.domain.directory.refusals import KeyTaken, OutOfDateOrder, UnknownField
from services.assignment.domain.directory.units import lead_on, refuse_unless_office, unit_stream
from shared.contracts.directory import FieldLeadSet, FieldRegistered, FurtherLeadsSet


@dataclass(frozen=True, slots=True)
class NoField:
    """Nothing was registered under this key."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field, and by office the last lead that was set, and the last list of further ones."""

    registered: FieldRegistered
    leads: tuple[FieldLeadSet, ...] = ()
    further: tuple[FurtherLeadsSet, ...] = ()


FieldEvent = FieldRegistered | FieldLeadSet | FurtherLeadsSet
NO_FIELD: Final[NoField | Field] = NoField()


def field_stream(key: str) -> str:
    """The stream of the field under `key`."""
    return f"field-{key}"


def evolve_field(state: NoField | Field, event: FieldEvent) -> NoField | Field:
    """The field after `event`."""
    match state, event:
        case _, FieldRegistered():
            return Field(event)
        case Field(), FieldLeadSet():
            others = tuple(lead for lead in state.leads if lead.office != event.office)
            return replace(state, leads=(*others, event))
        case Field(), FurtherLeadsSet():
            kept = tuple(leads for leads in state.further if leads.office != event.office)
            return replace(state, further=(*kept, event))
    return state


def refuse_unless_field(states: Mapping[str, Any], key: str, day: date, name: str) -> None:
    """Hold `key` to be a field of that day; `name` says where it was named.

    Raises:
        UnknownField

    """
    state = states[field_stream(key)]
    if not isinstance(state, Field) or day < state.registered.valid_from:
        raise UnknownField(name, field_key=key)


def decide_field(command: Any, states: Mapping[str, Any]) -> Sequence[FieldEvent]:
    """What a command does to a field.

    Raises:
        Refused: one of the rules in `refusals`.

    """
    state = states[field_stream(command.field)]
    match command:
        case RegisterField():
            return _register(command, state)
        case SetFieldLead():
            return _set_lead(command, state, states)
        case SetFurtherLeads():
            return _set_further(command, state, states)
    raise TypeError(f"a field is not asked to {type(command).__name__}")


def _register(command: RegisterField, state: NoField | Field) -> list[FieldEvent]:
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


def _set_lead(command: SetFieldLead, state: NoField | Field, states: Mapping[str, Any]) -> list[FieldEvent]:
    if isinstance(state, NoField):
        raise UnknownField("field", field_key=command.field)
    last = next((lead for lead in state.leads if lead.office == command.office), None)
    refuse_unless_office(states, command.office)
    lead_on(states[unit_stream(command.lead)], command.lead, command.office, command.valid_from)
    if last is not None and last.lead == command.lead:
        return []
    _refuse_earlier(command.valid_from, last.valid_from if last else state.registered.valid_from)
    return [FieldLeadSet(field=command.field, office=command.office, lead=command.lead, valid_from=command.valid_from)]


def _set_further(command: SetFurtherLeads, state: NoField | Field, states: Mapping[str, Any]) -> list[FieldEvent]:
    if isinstance(state, NoField):
        raise UnknownField("field", field_key=command.field)
    last = next((leads for leads in state.further if leads.office == command.office), None)
    refuse_unless_office(states, command.office)
    for lead in command.leads:
        lead_on(states[unit_stream(lead)], lead, command.office, command.valid_from)
    leads = tuple(sorted(set(command.leads)))
    if leads == (last.leads if last else ()):
        return []
    _refuse_earlier(command.valid_from, last.valid_from if last else state.registered.valid_from)
    return [FurtherLeadsSet(field=command.field, office=command.office, leads=leads, valid_from=command.valid_from)]


def _refuse_earlier(day: date, earliest: date) -> None:
    if day < earliest:
        raise OutOfDateOrder("valid_from", earliest=earliest.isoformat())
