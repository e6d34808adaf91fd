"""Units, fields, people, posts, delegations, recipients, rules and checklists: which part of the directory decides a command."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.assignment.domain.directory import charges, checklist, letterhead, party, signing_keys
from services.assignment.domain.directory import commands as asked
from services.assignment.domain.directory.delegations import decide_delegation
from services.assignment.domain.directory.fields import (
    NO_FIELD,
    Field,
    NoField,
    decide_field,
    evolve_field,
    field_stream,
)
from services.assignment.domain.directory.people import (
    NO_PERSON,
    NoPerson,
    Person,
    decide_person,
    evolve_person,
    person_stream,
)
from services.assignment.domain.directory.posts import decide_post, post_stream
from services.assignment.domain.directory.recipients import decide_recipients, recipients_stream
from services.assignment.domain.directory.rules import decide_rules, rules_stream
from services.assignment.domain.directory.succession import decide_succession
from services.assignment.domain.directory.units import (
    NO_UNIT,
    Dissolved,
    InForce,
    NoUnit,
    decide_unit,
    evolve_unit,
    lead_on,
    unit_on,
    unit_stream,
)
from shared.contracts.facts import Facts

__all__ = [
    "NO_FIELD",
    "NO_PERSON",
    "NO_UNIT",
    "Dissolved",
    "Field",
    "InForce",
    "NoField",
    "NoPerson",
    "NoUnit",
    "Person",
    "decide",
    "evolve_field",
    "evolve_person",
    "evolve_unit",
    "field_stream",
    "lead_on",
    "person_stream",
    "unit_on",
    "unit_stream",
]


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Mapping[str, Sequence[Any]]:
    """What a command does to the directory, by stream.

    Raises:
        Refused: one of the rules in `refusals`.

    """
    match command:
        case asked.RegisterUnit() | asked.RenameUnit() | asked.DissolveUnit() | asked.AddUnitAlias():
            return {unit_stream(command.unit): decide_unit(command, states)}
        case asked.SucceedUnit():
            return {unit_stream(command.unit): decide_succession(command, states)}
        case asked.RegisterField() | asked.SetFieldLead() | asked.SetFurtherLeads():
            return {field_stream(command.field): decide_field(command, states)}
        case asked.RegisterPerson() | asked.MovePerson() | asked.JoinUnit() | asked.LeaveUnit():
            return {person_stream(command.person): decide_person(command, states)}
        case asked.CreatePost() | asked.HoldPost() | asked.VacatePost():
            return {post_stream(command.post): decide_post(command, states)}
        case asked.GrantDelegation() | asked.RevokeDelegation():
            return decide_delegation(command, states, facts)
        case asked.PublishRules():
            return {rules_stream(command.office): decide_rules(command, states)}
        case asked.MakeSigningKey() | asked.RetireSigningKey():
            stream = signing_keys.signing_key_stream(command.office)
            return {stream: signing_keys.decide_signing_key(command, states, facts)}
    return _set(command, states)


def _set(command: Any, states: Mapping[str, Any]) -> Mapping[str, Sequence[Any]]:
    """What is set for an office or a whole installation, from a day on."""
    match command:
        case asked.SetRecipients():
            return {recipients_stream(command.office): decide_recipients(command, states)}
        case asked.SetCharge():
            return {charges.charges_stream(command.office): charges.decide_charge(command, states)}
        case asked.SetLetterhead():
            return {letterhead.letterhead_stream(command.office): letterhead.decide_letterhead(command, states)}
        case asked.SetPartyFields():
            return {party.STREAM: party.decide_party_fields(command, states)}
        case asked.PublishChecklist():
            return {checklist.STREAM: checklist.decide_checklist(command, states)}
    raise TypeError(f"the directory is not asked to {type(command).__name__}")
