"""Streams `document-<id>` and `register-<office>-<key>-<year>`: one life cycle for every paper, and its books of numbers."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from shared.contracts.registry import event
from shared.contracts.types import (
    Code,
    Digest,
    DocumentNumber,
    Ed25519Signature,
    Note,
    PersonId,
    PostKey,
    PublicName,
    RegisterKey,
    SigningKeyId,
    StreamId,
    Text,
    UnitKey,
)


class DocumentKind(StrEnum):
    """What paper it is (NĐ 30/2020)."""

    PLAN = "ke_hoach"
    PROGRAMME = "chuong_trinh"
    INVITATION = "giay_moi"
    MINUTES = "bien_ban"
    NOTICE = "thong_bao"
    TRANSFER_SLIP = "phieu_chuyen"
    SUBMISSION_SLIP = "phieu_trinh"
    URGING_LETTER = "cong_van_don_doc"
    LETTER = "cong_van"
    ANSWER_MATRIX = "bang_tong_hop"
    REPORT = "bao_cao"


class SigningCapacity(StrEnum):
    """How a signer signs."""

    IN_PERSON = "truc_tiep"
    ON_BEHALF = "TM"
    FOR_THE_HEAD = "KT"
    BY_ORDER = "TL"
    BY_ORDER_FOR_THE_HEAD = "TL_KT"  # for whoever signs by order: a deputy in the place of the head of a unit
    BY_AUTHORISATION = "TUQ"
    ACTING = "Q"


class DispatchMeans(StrEnum):
    """How a document is sent."""

    PAPER = "giay"
    INTERCHANGE = "truc_lien_thong"
    EMAIL = "thu_dien_tu"
    BY_HAND = "trao_tay"


class Form(StrEnum):
    """A paper as a file: to sign and to keep, or to edit."""

    PDF = "pdf"
    DOCX = "docx"


@dataclass(frozen=True, slots=True, kw_only=True)
class KeptForm:
    """A file of an issued paper: where it lies sealed, the SHA-256 of its bytes in clear, and how many they are."""

    form: Form
    file: Digest
    sha256: Digest
    bytes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of its distribution list."""

    recipient: UnitKey
    purpose: PublicName
    mandatory: bool


@event("document.drafted")
class DocumentDrafted:
    """A paper as drafted, with its content's digest; drafting again replaces it."""

    kind: DocumentKind
    office: UnitKey
    about: StreamId | None
    summary: Text | None  # trích yếu, written by staff and naming nobody
    content: Digest | None
    recipients: tuple[Line, ...]


@event("document.commented")
class DocumentCommented:
    """A unit's comment."""

    unit: UnitKey
    comment: Note


@event("document.submitted")
class DocumentSubmitted:
    """Put before whoever signs."""

    by: PersonId


@event("document.returned")
class DocumentReturned:
    """Back to whoever drafts, with what is to be changed."""

    by: PersonId
    reason: Note


@dataclass(frozen=True, slots=True, kw_only=True)
class KeySignature:
    """What the office's key signed: which key, for the holder of which post, when, and the signature (Ed25519, RFC 8032).

    It stands over office, document, content, signer, capacity and these three, as `shared.documents.statement` lays out.
    """

    key: SigningKeyId
    post: PostKey | None  # none: the signer acts by what his credential says
    at: datetime  # when it was signed, whatever day the signer claims for it
    signature: Ed25519Signature


def _before_keys(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "by_key": None}


@event("document.signed", version=2, upcasters={1: _before_keys})
class DocumentSigned:
    """Signed in a capacity; what was signed is fixed by its digest (R6, R41), and by the office's key since it has one.

    Version 1 knew no keys.
    """

    signer: PersonId
    capacity: SigningCapacity
    content: Digest | None
    by_key: KeySignature | None


@event("document.numbered")
class DocumentNumbered:
    """Carries its number, from the register named (invariant 11)."""

    register: RegisterKey
    year: int
    number: int
    symbol: DocumentNumber
    on: date


@event("document.issued")
class DocumentIssued:
    """Stands as issued; its bytes never change."""

    on: date


@event("document.kept")
class DocumentKept:
    """What was issued is kept as it was issued: the digest of what it says, and its files (design decision 16)."""

    content: Digest
    forms: tuple[KeptForm, ...]


@event("document.signed_copy_attached")
class SignedCopyAttached:
    """A PDF that was signed outside, as by the State's CA, stands for the paper: it is what is kept as issued.

    Its signature holds over its bytes; whether its certificate is to be trusted was not asked. `signer` is its subject,
    `signed_at` what it says of itself, `compared` whether it holds text, which is then the paper's.
    """

    copy: KeptForm
    signer: Note
    signed_at: datetime | None
    compared: bool


@event("document.dispatched")
class DocumentDispatched:
    """Sent to one recipient for a purpose."""

    recipient: UnitKey
    purpose: PublicName
    means: DispatchMeans


@event("document.delivered")
class DocumentDelivered:
    """The recipient has it; recorded by the registry on its behalf where it does not answer here."""

    recipient: UnitKey
    on_behalf: bool


@event("document.published")
class DocumentPublished:
    """Made public, redacted where it must be (R7)."""

    place: Code
    content: Digest
    redacted: bool


@event("document.recalled")
class DocumentRecalled:
    """Taken back after it was issued."""

    reason: Note


@event("document.superseded")
class DocumentSuperseded:
    """Another document stands in its place."""

    by: StreamId
    reason: Note | None


@event("register.opened")
class RegisterOpened:
    """A book of numbers for a year; external: the office's own book, whose numbers are typed in."""

    office: UnitKey
    register: RegisterKey
    year: int
    external: bool
    pattern: DocumentNumber  # such as "{number}/TB-VPUB"


@event("register.number_taken")
class NumberTaken:
    """A number belongs to a document for good."""

    number: int
    document: StreamId


@event("register.number_voided")
class NumberVoided:
    """A spoiled number; it is never used (invariant 11)."""

    number: int
    reason: Note


@event("attachment.added")
class AttachmentAdded:
    """A sealed file belongs to something: its digest, type and size; its name is in the vault."""

    about: StreamId
    file: Digest
    media: Code
    bytes: int
    name: Note
