"""Who there is, who leads and who holds what, with dates: units, fields, people, posts, delegations, recipients."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, Final

from shared.contracts.plan import Recipient
from shared.contracts.registry import event
from shared.contracts.roles import Role
from shared.contracts.types import (
    Code,
    DocumentNumber,
    FieldKey,
    PersonalText,
    PersonId,
    PostKey,
    PublicKey,
    PublicName,
    Secret,
    SigningKeyId,
    StreamId,
    UnitKey,
)

# Where cấp ủy leads until `party_fields.set` says otherwise (domain brief, corrections: N4, N8, N10-N12).
PARTY_FIELDS: Final = frozenset(
    {
        "danh-gia-can-bo",
        "xay-dung-dang-chinh-quyen",
        "lanh-dao-chi-dao",
        "quan-he-lanh-dao-nhan-vien",
        "dao-duc-loi-song",
    }
)


class UnitKind(StrEnum):
    """What a unit is in the province."""

    OFFICE = "van_phong"  # holds dialogues: has a head, a hub, a plan, registers, reports
    DIVISION = "phong"  # a unit of an office
    MASS_ORGANISATION = "doan_the"
    PROVINCIAL_BODY = "so_nganh"
    PARTY_BODY = "co_quan_dang"
    DISTRICT = "huyen"
    COMMUNE = "xa"
    WARD = "phuong"
    PEOPLES_COMMITTEE = "ubnd"  # receives reports; its Chairman decides Track B


# Where people live, of whom an opinion is counted.
PLACES: Final = frozenset({UnitKind.DISTRICT, UnitKind.COMMUNE, UnitKind.WARD})


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


@event("field.further_leads_set")
class FurtherLeadsSet:
    """From a day on these units of `office` answer for the field too, beside its lead; replaces the former list."""

    field: FieldKey
    office: UnitKey
    leads: tuple[UnitKey, ...]
    valid_from: date


@event("party_fields.set")
class PartyFieldsSet:
    """From a day on cấp ủy leads in these fields and its opinion comes first (R11); replaces the former list."""

    fields: tuple[FieldKey, ...]
    valid_from: date


@event("person.registered")
class PersonRegistered:
    """A member of staff, under an id that says nothing of the person; the name is in the vault."""

    person: PersonId
    name: PersonalText
    unit: UnitKey
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Succession:
    """Which unit takes over: in one field, or (no field) in all that no other line names."""

    field: FieldKey | None
    to: UnitKey


@event("unit.succeeded")
class UnitSucceeded:
    """From a day on other units hold this one's work, by field (R49); what no line decides waits for a person."""

    unit: UnitKey
    successions: tuple[Succession, ...]
    basis: DocumentNumber
    valid_from: date


@event("unit.alias_added")
class UnitAliasAdded:
    """Another spelling of a place's name; looked up, never compared with."""

    unit: UnitKey
    alias: PublicName


@event("person.moved")
class PersonMoved:
    """From a day on the person belongs to another unit, or (none) to no unit any more."""

    person: PersonId
    unit: UnitKey | None
    valid_from: date


@event("person.joined")
class PersonJoined:
    """From a day on the person acts for this unit too, beside the one he belongs to (R50)."""

    person: PersonId
    unit: UnitKey
    valid_from: date


@event("person.left")
class PersonLeft:
    """From a day on the person no longer acts for a unit he had joined."""

    person: PersonId
    unit: UnitKey
    valid_from: date


@event("post.created")
class PostCreated:
    """A post of a unit, such as the Chief of Office, and in which capacity its holder acts."""

    post: PostKey
    unit: UnitKey
    name: PublicName
    role: Role
    valid_from: date


@event("post.held")
class PostHeld:
    """From a day on the person holds the post; `acting`: quyền (Q.)."""

    post: PostKey
    person: PersonId
    acting: bool
    valid_from: date


@event("post.vacated")
class PostVacated:
    """From a day on nobody holds it."""

    post: PostKey
    valid_from: date


@event("delegation.granted")
class DelegationGranted:
    """The holder of a post lets another person do some of what the post may, within dates."""

    post: PostKey
    to: PersonId
    actions: tuple[Code, ...]  # of commands; none: all that the post's role may
    valid_from: date
    valid_to: date
    basis: DocumentNumber | None


def _on_no_paper(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "basis": None}


@event("delegation.revoked", version=2, upcasters={1: _on_no_paper})
class DelegationRevoked:
    """From a day on it is no more, by the paper named where another than its holder records that. Version 1 named none."""

    valid_from: date
    basis: DocumentNumber | None


@event("recipients.set")
class RecipientsSet:
    """From a day on a kind of document goes to these; each stands for a role, which a successor takes over (R45)."""

    office: UnitKey
    kind: Code  # of document
    recipients: tuple[Recipient, ...]
    valid_from: date


@event("charges.set")
class ChargeSet:
    """From a day on the holder of a post of `office` leads in these fields and over these units; replaces its former ones."""

    office: UnitKey
    post: PostKey
    fields: tuple[FieldKey, ...]
    units: tuple[UnitKey, ...]
    valid_from: date


@event("letterhead.set")
class LetterheadSet:
    """From a day on an office's papers show these: who stands above it, itself, its place, and the title of its head.

    `above` and `called` are how prose names both: UBND tỉnh, Văn phòng UBND tỉnh (NĐ 30/2020, Phụ lục I, II.2 and II.7).
    """

    office: UnitKey
    parent: PublicName
    issuer: PublicName
    above: PublicName
    called: PublicName
    place: PublicName
    head: PublicName
    valid_from: date


@event("signing_key.made")
class SigningKeyMade:
    """From a day on an office's papers are signed with this key, and no longer with the one before (Ed25519, RFC 8032).

    Its public half stands here for good, so that a signature is checked by the key of its day; the private one is sealed.
    """

    office: UnitKey
    key: SigningKeyId
    public: PublicKey
    private: Secret
    valid_from: date


@event("signing_key.retired")
class SigningKeyRetired:
    """After this day nothing is signed with the key; what it signed until then stands."""

    office: UnitKey
    key: SigningKeyId
    last: date


@event("reorganisation.queued")
class TransferQueued:
    """A task or case whose successor nobody can tell by rule: a person must decide."""

    about: StreamId
    office: UnitKey
    unit: UnitKey
    field: FieldKey | None


@event("reorganisation.settled")
class TransferSettled:
    """It was decided who takes it."""

    about: StreamId
    office: UnitKey
    to: UnitKey
