"""Streams `request_receipt-<id>` and `proposal_receipt-<id>`: received, then handed on, rejected or taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.intake.domain.opinion.refusals import LocalIdTaken, NotAnOffice, UnknownField, UnknownUnit
from services.intake.domain.submission import commands as asked
from services.intake.domain.submission.refusals import NotAProposer, ProposesForAnother, ReceiptEnded
from shared.contracts.directory import UnitKind
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Role
from shared.contracts.submission import (
    ProposalReceiptRejected,
    ProposalReceived,
    ProposalReferred,
    RequestReceiptRejected,
    RequestReceiptWithdrawn,
    RequestReceived,
    RequestReferred,
)
from shared.contracts.types import Sealed

PROPOSERS: Final = frozenset({UnitKind.PROVINCIAL_BODY, UnitKind.DISTRICT, UnitKind.COMMUNE})
Decided = dict[str, Sequence[Any]]


@dataclass(frozen=True, slots=True)
class NoReceipt:
    """Nothing was handed in under this id."""


@dataclass(frozen=True, slots=True)
class Received:
    """Handed in; intake decides whether it goes on."""

    was: Any  # RequestReceived or ProposalReceived


@dataclass(frozen=True, slots=True)
class Referred:
    """Handed on."""

    was: Any


@dataclass(frozen=True, slots=True)
class Rejected:
    """Not handed on."""

    was: Any


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The asker took it back."""

    was: Any


Receipt = NoReceipt | Received | Referred | Rejected | Withdrawn
INITIAL: Final[Receipt] = NoReceipt()


@dataclass(frozen=True, slots=True, kw_only=True)
class HandingIn(Facts):
    """The facts of a receipt: what the directory says of the day, and what was made for it."""

    day: date
    receipt_stream: str
    local_id: str
    content_key: str
    is_office: bool
    unknown: str | None = None  # a field of the command that names a unit that is not in force
    is_field: bool = True
    proposer_kind: UnitKind | None = None
    speaker: str | None = None
    receipt: Sealed
    receipt_key: str


def request_of(receipt: str) -> str:
    """The request that a referred receipt will be: `request-7Q2K…` of `request_receipt-7Q2K…`."""
    return f"request-{receipt.removeprefix('request_receipt-')}"


def evolve(state: Receipt, event: Any) -> Receipt:
    """The receipt after `event`."""
    if isinstance(event, RequestReceived | ProposalReceived):
        return Received(event)
    if isinstance(state, NoReceipt):
        return state
    match event:
        case RequestReferred() | ProposalReferred():
            return Referred(state.was)
        case RequestReceiptRejected() | ProposalReceiptRejected():
            return Rejected(state.was)
        case RequestReceiptWithdrawn():
            return Withdrawn(state.was)
    return state


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to a receipt, by stream.

    Raises:
        Unknown, ReceiptEnded, NotAProposer, ProposesForAnother, LocalIdTaken, UnknownUnit, UnknownField, NotAnOffice

    """
    if isinstance(command, asked.ReceiveRequest | asked.ReceiveProposal):
        assert isinstance(facts, HandingIn)
        return {facts.receipt_stream: _receive(command, states[facts.receipt_stream], facts)}
    stream = getattr(command, "request_receipt", None) or command.proposal_receipt
    state: Receipt = states[stream]
    if isinstance(state, NoReceipt):
        raise Unknown("receipt")
    return {stream: _step(command, state, stream)}


def _receive(command: Any, state: Receipt, facts: HandingIn) -> list[Any]:
    if not isinstance(state, NoReceipt):
        if state.was.content_key != facts.content_key:
            raise LocalIdTaken("local_id", local_id=facts.local_id)
        return []
    if not facts.is_office:
        raise NotAnOffice("office", unit=command.office)
    if facts.unknown is not None:
        raise UnknownUnit(facts.unknown, unit=getattr(command, facts.unknown, facts.unit), day=facts.day.isoformat())
    return [_request(command, facts) if isinstance(command, asked.ReceiveRequest) else _proposal(command, facts)]


def _request(command: asked.ReceiveRequest, facts: HandingIn) -> RequestReceived:
    return RequestReceived(
        office=command.office,
        unit=facts.unit,
        local_id=facts.local_id,
        content_key=facts.content_key,
        channel=command.channel,
        source_group=command.source_group,
        locality=command.locality,
        received_at=facts.at,
        incoming_number=command.incoming_number,
        incoming_on=command.incoming_on,
        words=command.words,
        speaker=facts.speaker,
        speaker_name=command.speaker_name,
        speaker_contact=command.speaker_contact,
        opinions=command.opinions,
        receipt=facts.receipt,
        receipt_key=facts.receipt_key,
    )


def _proposal(command: asked.ReceiveProposal, facts: HandingIn) -> ProposalReceived:
    if not facts.is_field:
        raise UnknownField("field", field_key=command.field, day=facts.day.isoformat())
    if facts.proposer_kind not in PROPOSERS:
        raise NotAProposer("proposer", unit=command.proposer)
    # Whoever records a letter does so for another body; a body that hands in by itself proposes in its own name (R25).
    if facts.capacity is Role.PROPOSER and command.proposer != facts.unit:
        raise ProposesForAnother("proposer", unit=command.proposer, own=facts.unit)
    return ProposalReceived(
        office=command.office,
        unit=command.division,
        proposer=command.proposer,
        local_id=facts.local_id,
        content_key=facts.content_key,
        received_at=facts.at,
        incoming_number=command.incoming_number,
        incoming_on=command.incoming_on,
        field=command.field,
        content=command.content,
        reason=command.reason,
        attachments=command.attachments,
        receipt=facts.receipt,
        receipt_key=facts.receipt_key,
    )


def _step(command: Any, state: Any, stream: str) -> list[Any]:
    was = state.was
    match command, state:
        case ((asked.ReferRequest() | asked.ReferProposal()), Referred()):
            return []
        case ((asked.RejectRequest() | asked.RejectProposal()), Rejected()):
            return []
        case asked.WithdrawRequestReceipt(), Withdrawn():
            return []
        case asked.ReferRequest(), Received():
            return [
                RequestReferred(
                    office=was.office,
                    unit=was.unit,
                    source_group=was.source_group,
                    locality=was.locality,
                    received_at=was.received_at,
                    words=was.words,
                    opinions=was.opinions,
                )
            ]
        case asked.ReferProposal(), Received():
            return [
                ProposalReferred(
                    office=was.office,
                    unit=was.unit,
                    proposer=was.proposer,
                    received_at=was.received_at,
                    field=was.field,
                    content=was.content,
                    reason=was.reason,
                    attachments=was.attachments,
                )
            ]
        case asked.RejectRequest(reason=reason, note=note), Received():
            return [RequestReceiptRejected(reason=reason, note=note)]
        case asked.RejectProposal(reason=reason, note=note), Received():
            return [ProposalReceiptRejected(reason=reason, note=note)]
        case asked.WithdrawRequestReceipt(note=note), Received() | Referred():
            request = request_of(stream) if isinstance(state, Referred) else None
            return [RequestReceiptWithdrawn(office=was.office, request=request, note=note)]
    raise ReceiptEnded
