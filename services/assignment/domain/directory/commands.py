"""What may be asked about units, fields and people, and by whom: dated data is changed by command only (R49)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.directory import UnitKind
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import FieldKey, PersonalText, PersonId, PublicName, UnitKey

# The house itself brings in the reference data of a new installation.
KEEPERS: Final = grants(Scope.TENANT, Role.ADMINISTRATOR, Role.OPERATOR, Role.SYSTEM)

REGISTER_UNIT: Final = action("register_unit", KEEPERS)
RENAME_UNIT: Final = action("rename_unit", KEEPERS)
DISSOLVE_UNIT: Final = action("dissolve_unit", KEEPERS)
REGISTER_FIELD: Final = action("register_field", KEEPERS)
SET_FIELD_LEAD: Final = action("set_field_lead", KEEPERS)
REGISTER_PERSON: Final = action("register_person", KEEPERS)


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterUnit:
    """Enter a unit from a day on, under a key that no unit ever had."""

    unit: UnitKey
    code: PublicName
    name: PublicName
    kind: UnitKind
    office: UnitKey | None = None
    parent: UnitKey | None = None
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RenameUnit:
    """Give a unit another name and code from a day on; what it was called before stays for the days before."""

    unit: UnitKey
    code: PublicName
    name: PublicName
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class DissolveUnit:
    """End a unit: from that day on it is given nothing."""

    unit: UnitKey
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterField:
    """Enter a field of opinions; a restricted one is seen only by those who must (R18)."""

    field: FieldKey
    name: PublicName
    restricted: bool = False
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFieldLead:
    """Say which unit answers for a field at an office from a day on."""

    field: FieldKey
    office: UnitKey
    lead: UnitKey
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisterPerson:
    """Enter a member of staff under an id that says nothing of the person; the name is sealed."""

    person: PersonId
    name: PersonalText
    unit: UnitKey
    valid_from: date
