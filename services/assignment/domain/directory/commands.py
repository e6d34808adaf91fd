"""What may be asked about units, fields, people, posts and rules, and by whom: dated data is changed by command only (R49)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.directory import Succession, UnitKind
from shared.contracts.document import DocumentKind
from shared.contracts.plan import Recipient
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.rules import DeadlineRule
from shared.contracts.types import (
    Code,
    DocumentNumber,
    FieldKey,
    PersonId,
    PostKey,
    PrintedName,
    PublicName,
    SigningKeyId,
    StreamId,
    UnitKey,
    VersionName,
)

# The house itself brings in the reference data of a new installation.
KEEPERS: Final = grants(Scope.TENANT, Role.ADMINISTRATOR, Role.OPERATOR, Role.SYSTEM)

REGISTER_UNIT: Final = action("register_unit", KEEPERS)
RENAME_UNIT: Final = action("rename_unit", KEEPERS)
DISSOLVE_UNIT: Final = action("dissolve_unit", KEEPERS)
REGISTER_FIELD: Final = action("register_field", KEEPERS)
SET_FIELD_LEAD: Final = action("set_field_lead", KEEPERS)
REGISTER_PERSON: Final = action("register_person", KEEPERS)
ADD_UNIT_ALIAS: Final = action("add_unit_alias", KEEPERS)
SUCCEED_UNIT: Final = action("succeed_unit", KEEPERS)
SET_FURTHER_LEADS: Final = action("set_further_leads", KEEPERS)
MOVE_PERSON: Final = action("move_person", KEEPERS)
JOIN_UNIT: Final = action("join_unit", KEEPERS)
LEAVE_UNIT: Final = action("leave_unit", KEEPERS)
CREATE_POST: Final = action("create_post", KEEPERS)
HOLD_POST: Final = action("hold_post", KEEPERS)
VACATE_POST: Final = action("vacate_post", KEEPERS)
SET_RECIPIENTS: Final = action("set_recipients", KEEPERS, grants(Scope.OFFICE, Role.HUB, Role.REGISTRY))
PUBLISH_RULES: Final = action("publish_rules", KEEPERS)
SET_LETTERHEAD: Final = action("set_letterhead", KEEPERS, grants(Scope.OFFICE, Role.HUB, Role.REGISTRY))
SET_CHARGE: Final = action("set_charge", KEEPERS, grants(Scope.OFFICE, Role.CHIEF, Role.HUB))
SET_PARTY_FIELDS: Final = action("set_party_fields", KEEPERS)
PUBLISH_CHECKLIST: Final = action("publish_checklist", KEEPERS)
# What the office's key signs is the office's word: its head too may have it changed.
MAKE_SIGNING_KEY: Final = action("make_signing_key", KEEPERS, grants(Scope.OFFICE, Role.CHIEF))
RETIRE_SIGNING_KEY: Final = action("retire_signing_key", KEEPERS, grants(Scope.OFFICE, Role.CHIEF))

# Whoever holds a post was given it in person, in whichever capacity he signed in.
POST_HOLDERS: Final = tuple(role for role in Role if role not in (Role.SYSTEM, Role.CITIZEN))
DELEGATORS: Final = grants(Scope.ASSIGNEE, *POST_HOLDERS)
# Keepers record what the holder signed, and nothing in their own favour: the decider asks for that paper.
GRANT_DELEGATION: Final = action("grant_delegation", KEEPERS, DELEGATORS)
REVOKE_DELEGATION: Final = action("revoke_delegation", KEEPERS, DELEGATORS)


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
    name: PrintedName
    unit: UnitKey
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class AddUnitAlias:
    """Enter another spelling under which a place is looked up, such as Liên Hoà for Liên Hòa."""

    unit: UnitKey
    alias: PublicName


@dataclass(frozen=True, slots=True, kw_only=True)
class SucceedUnit:
    """Say which units take over a unit's work from a day on, field by field; its open work moves on that day (R49).

    With `dissolves` the unit ends that day, and what no line names waits for a person. Without, it keeps that.
    """

    unit: UnitKey
    successions: tuple[Succession, ...]
    basis: DocumentNumber
    valid_from: date
    dissolves: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class SetFurtherLeads:
    """Say which units answer for a field at an office beside its lead, from a day on; replaces the former list."""

    field: FieldKey
    office: UnitKey
    leads: tuple[UnitKey, ...]
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MovePerson:
    """Put a person into another unit from a day on; without a unit the person leaves the service and all units."""

    person: PersonId
    unit: UnitKey | None = None
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinUnit:
    """Let a person act for a further unit from a day on (R50)."""

    person: PersonId
    unit: UnitKey
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveUnit:
    """End what `join_unit` began."""

    person: PersonId
    unit: UnitKey
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class CreatePost:
    """Enter a post of a unit and the capacity in which its holder acts; a post is not the person who holds it."""

    post: PostKey
    unit: UnitKey
    name: PublicName
    role: Role
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class HoldPost:
    """Say who holds a post from a day on, `acting` (quyền, Q.) or in his own right; whoever held it before no longer does."""

    post: PostKey
    person: PersonId
    acting: bool = False
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class VacatePost:
    """Say that nobody holds a post from a day on."""

    post: PostKey
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class GrantDelegation:
    """Let a person do, from one day to another, what the holder of a post may; all of it, or the commands named.

    Whoever keeps the directory only records what a signed and numbered paper about the post says, and names that.
    """

    post: PostKey
    to: PersonId
    actions: tuple[Code, ...] = ()
    valid_from: date
    valid_to: date
    basis: DocumentNumber | None = None
    document: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RevokeDelegation:
    """End a delegation before its last day; whoever keeps the directory names the paper that ends it."""

    delegation: StreamId
    valid_from: date
    document: StreamId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SetRecipients:
    """Say who gets a kind of document from a day on; each line names a role and the unit that has it (R45)."""

    office: UnitKey
    kind: DocumentKind
    recipients: tuple[Recipient, ...]
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishRules:
    """Publish all deadlines from a day on under a version name, for one office or (none) for every other one."""

    office: UnitKey | None = None
    version: VersionName
    rules: tuple[DeadlineRule, ...]
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPartyFields:
    """Say in which fields cấp ủy leads from a day on, so that its opinion comes before the approval (R11); all of them."""

    fields: tuple[FieldKey, ...]
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishChecklist:
    """Publish the lines of the Điều 8 checklist from a day on under a version name (R26); what began keeps its version."""

    version: VersionName
    lines: tuple[PublicName, ...]
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SetCharge:
    """Say which fields and units a leader of an office is in charge of from a day on (R27); all of them."""

    office: UnitKey
    post: PostKey
    fields: tuple[FieldKey, ...] = ()
    units: tuple[UnitKey, ...] = ()
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class SetLetterhead:
    """Say what stands at the head and foot of an office's papers from a day on (NĐ 30/2020, Phụ lục I).

    `parent` and `issuer` as the head of a paper has them (UBND TỈNH SƠN LA, VĂN PHÒNG), `above` and `called` as prose names
    them (UBND tỉnh, Văn phòng UBND tỉnh), `place` where it is (Sơn La), `head` the title of its head (Chánh Văn phòng).
    """

    office: UnitKey
    parent: PublicName
    issuer: PublicName
    above: PublicName
    called: PublicName
    place: PublicName
    head: PublicName
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeSigningKey:
    """Make the key that an office's papers are signed with from today on.

    One that has a key keeps it, unless that is the one `replacing` names: then it is retired with this.
    """

    office: UnitKey
    replacing: SigningKeyId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RetireSigningKey:
    """Sign nothing more with an office's key, such as when it became known to others; what it signed until today stands."""

    office: UnitKey
    key: SigningKeyId
