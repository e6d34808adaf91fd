"""Streams `request_receipt-<id>` and `proposal_receipt-<id>`: how a request for dialogue and a proposal came in (R21, R25)."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any

from shared.contracts.opinion import Channel, SourceGroup
from shared.contracts.registry import event
from shared.contracts.types import (
    Digest,
    DocumentNumber,
    FieldKey,
    Keyed,
    LocalId,
    LocalityKey,
    Note,
    PersonalText,
    PersonId,
    StreamId,
    Text,
    UnitKey,
)


class ReceiptRejection(StrEnum):
    """Why intake does not hand a request or proposal on."""

    MISSING_DETAILS = "THIEU_THONG_TIN"
    UNCLEAR = "KHONG_RO_NOI_DUNG"
    REPEATED = "TRUNG"
    NOT_A_PROPOSER = "KHONG_PHAI_CO_QUAN_DE_XUAT"  # only a sở, ban, ngành or huyện proposes; a citizen's is an opinion


@event("request_receipt.received")
class RequestReceived:
    """Someone asks the head for a direct dialogue. `opinions` are those that came with it."""

    office: UnitKey
    unit: UnitKey  # that took it in
    local_id: LocalId
    content_key: Keyed
    channel: Channel
    source_group: SourceGroup
    locality: LocalityKey | None
    received_at: datetime
    incoming_number: DocumentNumber | None
    incoming_on: date | None
    words: Text
    speaker: PersonId | None
    speaker_name: PersonalText | None
    speaker_contact: PersonalText | None
    opinions: tuple[StreamId, ...]
    receipt: PersonalText
    receipt_key: Keyed


@event("request_receipt.referred")
class RequestReferred:
    """Handed over: the assignment service opens the request."""

    office: UnitKey
    unit: UnitKey
    source_group: SourceGroup
    locality: LocalityKey | None
    received_at: datetime
    words: Text
    opinions: tuple[StreamId, ...]


@event("request_receipt.rejected")
class RequestReceiptRejected:
    """Not handed on, for a reason of the closed list."""

    reason: ReceiptRejection
    note: Note | None


def _not_followed(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "office": None, "request": None}


@event("request_receipt.withdrawn", version=2, upcasters={1: _not_followed})
class RequestReceiptWithdrawn:
    """The asker took it back; recorded here whether it was handed on or not. Version 1 did not name the request."""

    office: UnitKey | None  # that it was asked of
    request: StreamId | None  # what it was handed on as, to be taken back there too
    note: Note | None


def _without_code(data: dict[str, Any]) -> dict[str, Any]:
    return {**data, "receipt": None, "receipt_key": None}


@event("proposal_receipt.received", version=2, upcasters={1: _without_code})
class ProposalReceived:
    """A sở, ban, ngành or huyện proposes content for the Chairman's dialogue with the people (Track B).

    Version 1 has no code of its own: the code given for it followed from its id by the installation's hash key.
    """

    office: UnitKey
    unit: UnitKey  # the content division that took it in
    proposer: UnitKey
    local_id: LocalId
    content_key: Keyed
    received_at: datetime
    incoming_number: DocumentNumber | None
    incoming_on: date | None
    field: FieldKey
    content: Text
    reason: Text
    attachments: tuple[Digest, ...]
    receipt: PersonalText | None
    receipt_key: Keyed | None


@event("proposal_receipt.referred")
class ProposalReferred:
    """Handed over: the assignment service opens the proposal."""

    office: UnitKey
    unit: UnitKey
    proposer: UnitKey
    received_at: datetime
    field: FieldKey
    content: Text
    reason: Text
    attachments: tuple[Digest, ...]


@event("proposal_receipt.rejected")
class ProposalReceiptRejected:
    """Not handed on, for a reason of the closed list."""

    reason: ReceiptRejection
    note: Note | None
