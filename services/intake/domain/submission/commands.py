"""What may be asked about the receipt of a request or a proposal, and by whom (R21, R25)."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from services.intake.domain.opinion.commands import COLLECTORS, HUB_OF_OFFICE, ONE_S_OWN
from shared.contracts.opinion import Channel, SourceGroup
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.submission import ReceiptRejection
from shared.contracts.types import (
    Digest,
    DocumentNumber,
    FieldKey,
    LocalId,
    LocalityKey,
    Note,
    PersonalText,
    StreamId,
    Text,
    UnitKey,
)

CONTENT: Final = grants(Scope.UNIT, Role.CONTENT_DIVISION, Role.REGISTRY)
RECEIVE_REQUEST: Final = action("receive_request", grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN)
REFER_REQUEST: Final = action("refer_request", HUB_OF_OFFICE)
REJECT_REQUEST: Final = action("reject_request", HUB_OF_OFFICE)
WITHDRAW_REQUEST_RECEIPT: Final = action("withdraw_request_receipt", HUB_OF_OFFICE, grants(Scope.UNIT, *COLLECTORS), ONE_S_OWN)
RECEIVE_PROPOSAL: Final = action("receive_proposal", CONTENT, grants(Scope.OFFICE, Role.HUB), grants(Scope.UNIT, Role.PROPOSER))
REFER_PROPOSAL: Final = action("refer_proposal", CONTENT, HUB_OF_OFFICE)
REJECT_PROPOSAL: Final = action("reject_proposal", CONTENT, HUB_OF_OFFICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveRequest:
    """Take in a request for direct dialogue, with the opinions that came with it (R21)."""

    office: UnitKey
    channel: Channel
    source_group: SourceGroup
    words: Text
    local_id: LocalId | None = None
    locality: LocalityKey | None = None
    incoming_number: DocumentNumber | None = None
    incoming_on: date | None = None
    speaker_name: PersonalText | None = None
    speaker_contact: PersonalText | None = None
    opinions: tuple[StreamId, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferRequest:
    """Hand it on to the assignment service, where the head answers it."""

    request_receipt: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectRequest:
    """Do not hand it on, for a reason of the closed list."""

    request_receipt: StreamId
    reason: ReceiptRejection
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawRequestReceipt:
    """Record that the asker took it back."""

    request_receipt: StreamId
    note: Note | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceiveProposal:
    """Take in content that a sở, ban, ngành or huyện proposes for the Chairman's dialogue (R25)."""

    office: UnitKey
    proposer: UnitKey
    division: UnitKey
    field: FieldKey
    content: Text
    reason: Text
    local_id: LocalId | None = None
    incoming_number: DocumentNumber | None = None
    incoming_on: date | None = None
    attachments: tuple[Digest, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferProposal:
    """Hand it on to the assignment service, where it is appraised."""

    proposal_receipt: StreamId


@dataclass(frozen=True, slots=True, kw_only=True)
class RejectProposal:
    """Do not hand it on, for a reason of the closed list."""

    proposal_receipt: StreamId
    reason: ReceiptRejection
    note: Note | None = None
