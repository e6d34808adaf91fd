"""Stream `party_fields-every`: in which fields cấp ủy leads, so that its opinion is a step and not an option (R11)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.commands import SetPartyFields
from services.assignment.domain.directory.fields import Field, field_stream
from services.assignment.domain.directory.refusals import OutOfDateOrder, UnknownField
from shared.contracts.directory import PARTY_FIELDS, PartyFieldsSet

STREAM: Final = "party_fields-every"


@dataclass(frozen=True, slots=True)
class PartyFields:
    """Every list that was set, oldest first."""

    lists: tuple[PartyFieldsSet, ...] = ()

    def on(self, day: date) -> frozenset[str]:
        """The fields of `day`; the built-in ones before any list."""
        return next((frozenset(each.fields) for each in reversed(self.lists) if each.valid_from <= day), PARTY_FIELDS)


NO_LIST: Final = PartyFields()


def evolve_party_fields(state: PartyFields, event: PartyFieldsSet) -> PartyFields:
    """The lists after `event`."""
    return PartyFields((*state.lists, event))


def party_fields_among(states: Mapping[str, Any], day: date) -> frozenset[str]:
    """The fields of `day`, of the stream as far as a command loaded it."""
    found: PartyFields = states.get(STREAM, NO_LIST)
    return found.on(day)


def decide_party_fields(command: SetPartyFields, states: Mapping[str, Any]) -> Sequence[PartyFieldsSet]:
    """A list as set, each field once.

    Raises:
        UnknownField, OutOfDateOrder

    """
    fields = tuple(sorted(set(command.fields)))
    for field in fields:
        known = states[field_stream(field)]
        if not isinstance(known, Field) or command.valid_from < known.registered.valid_from:
            raise UnknownField("fields", field_key=field)
    lists = states[STREAM].lists
    if lists and lists[-1].fields == fields:
        return []
    if lists and command.valid_from < lists[-1].valid_from:
        raise OutOfDateOrder("valid_from", earliest=lists[-1].valid_from.isoformat())
    return [PartyFieldsSet(fields=fields, valid_from=command.valid_from)]
