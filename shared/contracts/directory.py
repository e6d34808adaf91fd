"""Streams `unit-<key>`, `field-<key>`, `person-<id>`: who there is and who leads what, with dates."""

from datetime import date
from enum import StrEnum

from shared.contracts.registry import event
from shared.contracts.types import FieldKey, PersonalText, PersonId, PublicName, UnitKey


class UnitKind(StrEnum):
    """What a unit is in the province."""

    OFFICE = "van_phong"  # holds dialogues: has a head, a hub, a plan, registers, reports
    DIVISION = "phong"  # a unit of an office
    MASS_ORGANISATION = "doan_the"
    PROVINCIAL_BODY = "so_nganh"
    PARTY_BODY = "co_quan_dang"
    DISTRICT = "huyen"
    COMMUNE = "xa"


@event("unit.registered")
class UnitRegistered:
    """A unit exists from a day on, under a key that is never reused."""

    unit: UnitKey
    code: PublicName
    name: PublicName
    kind: UnitKind
    office: UnitKey | None  # the office it is a unit of; an office is its own
    parent: UnitKey | None
    valid_from: date


@event("unit.renamed")
class UnitRenamed:
    """From a day on the unit carries another name and code."""

    unit: UnitKey
    code: PublicName
    name: PublicName
    valid_from: date


@event("unit.dissolved")
class UnitDissolved:
    """From a day on the unit is no more."""

    unit: UnitKey
    valid_from: date


@event("field.registered")
class FieldRegistered:
    """A field of opinions; restricted ones are seen only by those who must (R18)."""

    field: FieldKey
    name: PublicName
    restricted: bool
    valid_from: date


@event("field.lead_set")
class FieldLeadSet:
    """From a day on `lead` answers for the field at `office` unless the head decides otherwise."""

    field: FieldKey
    office: UnitKey
    lead: UnitKey
    valid_from: date


@event("person.registered")
class PersonRegistered:
    """A member of staff, under an id that says nothing of the person; the name is in the vault."""

    person: PersonId
    name: PersonalText
    unit: UnitKey
    valid_from: date
