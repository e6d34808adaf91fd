"""How facts fill the lines of requests and proposals: as intake decided, and what the assignment service made of them."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from functools import partial
from typing import Any, Final

from services.intake.readmodel.receipts.codes import of_a_proposal_without, receipt_key
from services.intake.readmodel.submissions.tables import (
    SUBMISSIONS,
    submissions_further,
    submissions_receipt,
    submissions_received,
)
from shared.clock import micros
from shared.contracts import proposal, request
from shared.contracts.registry import all_events, name_of_event
from shared.contracts.submission import (
    ProposalReceiptRejected,
    ProposalReceived,
    ProposalReferred,
    RequestReceiptRejected,
    RequestReceiptWithdrawn,
    RequestReceived,
    RequestReferred,
)
from shared.eventlog.records import Recorded
from shared.keys import KeyedHash
from shared.subscriptions.declared import Projection, Rows


class SubmissionKind(StrEnum):
    """What was handed in, beside opinions."""

    REQUEST = "request"
    PROPOSAL = "proposal"


class ReceiptStage(StrEnum):
    """Where the receipt of a request or proposal stands."""

    RECEIVED = "tiep_nhan"
    REFERRED = "da_chuyen"
    REJECTED = "khong_du_dieu_kien"
    WITHDRAWN = "rut"


class FurtherStage(StrEnum):
    """Where a request or proposal stands that was handed on (domain brief §6, R21, R25 to R28)."""

    OPENED = "da_tiep_nhan"
    ACCEPTED = "chap_nhan"
    REFUSED = "tu_choi"
    MET = "da_dap_ung"
    WITHDRAWN = "rut"
    RETURNED = "yeu_cau_bo_sung"
    IN_APPRAISAL = "dang_tham_dinh"
    APPRAISED = "da_tham_dinh"
    SUBMITTED = "trinh"
    APPROVED = "dong_y"
    NOT_APPROVED = "khong_dong_y"
    DEFERRED = "de_ky_sau"


_FURTHER: Final[Mapping[type, FurtherStage]] = {
    request.RequestOpened: FurtherStage.OPENED,
    request.RequestAccepted: FurtherStage.ACCEPTED,
    request.RequestRefused: FurtherStage.REFUSED,
    request.RequestWithdrawn: FurtherStage.WITHDRAWN,
    request.RequestMet: FurtherStage.MET,
    proposal.ProposalOpened: FurtherStage.OPENED,
    proposal.ProposalReturned: FurtherStage.RETURNED,
    proposal.ProposalCompleted: FurtherStage.OPENED,
    proposal.AppraisalRequested: FurtherStage.IN_APPRAISAL,
    proposal.AppraisalConcluded: FurtherStage.APPRAISED,
    proposal.ProposalSubmitted: FurtherStage.SUBMITTED,
    proposal.ProposalApproved: FurtherStage.APPROVED,
    proposal.ProposalRefused: FurtherStage.NOT_APPROVED,
    proposal.ProposalDeferred: FurtherStage.DEFERRED,
}
_FOLLOWED: Final = (*_FURTHER, proposal.ProposalLinked)


async def project_submission(keyed: KeyedHash, recorded: Recorded, rows: Rows) -> None:
    """One fact of a request or proposal, at its receipt or after it, into its row."""
    tenant, event = recorded.record.tenant, recorded.event
    key = {"tenant": tenant, "submission": recorded.stream}
    if isinstance(event, request.RequestOpened | proposal.ProposalOpened):
        rows.put(submissions_further, {"tenant": tenant, "submission": event.receipt, **_opened(recorded.stream, event)})
    elif isinstance(event, _FOLLOWED):
        rows.patch(submissions_further, {**key, "submission": receipt_of(recorded.stream)}, _further(event))
    elif isinstance(event, RequestReceived | ProposalReceived):
        rows.put(submissions_received, {**key, **_received(recorded, event)})
        found_by = event.receipt_key or receipt_key(keyed, tenant, of_a_proposal_without(keyed, tenant, recorded.stream))
        rows.put(submissions_receipt, {**key, "receipt_key": found_by})
    else:
        rows.patch(submissions_received, key, {**_changed(event), "version": recorded.record.version})


def receipt_of(thing: str) -> str:
    """The receipt that a request or proposal came from: `request_receipt-7Q2K…` of `request-7Q2K…`."""
    kind, _, rest = thing.partition("-")
    return f"{kind}_receipt-{rest}"


def _received(recorded: Recorded, event: RequestReceived | ProposalReceived) -> dict[str, Any]:
    common = {
        "office": event.office,
        "unit": event.unit,
        "local_id": event.local_id,
        "stage": ReceiptStage.RECEIVED.value,
        "reason": None,
        "incoming_number": event.incoming_number,
        "incoming_on": event.incoming_on.isoformat() if event.incoming_on else None,
        "received_at": micros(event.received_at),
        "note_ref": None,
        "version": recorded.record.version,
    }
    return {**common, **(_request(event) if isinstance(event, RequestReceived) else _proposal(event))}


def _request(event: RequestReceived) -> dict[str, Any]:
    return {
        "kind": SubmissionKind.REQUEST.value,
        "proposer": None,
        "channel": event.channel.value,
        "source_group": event.source_group.value,
        "locality": event.locality,
        "field": None,
        "opinions": " ".join(event.opinions),
        "attachments": "",
        "words_ref": event.words.ref,
        "reason_ref": None,
        "name_ref": event.speaker_name.ref if event.speaker_name else None,
        "contact_ref": event.speaker_contact.ref if event.speaker_contact else None,
    }


def _proposal(event: ProposalReceived) -> dict[str, Any]:
    return {
        "kind": SubmissionKind.PROPOSAL.value,
        "proposer": event.proposer,
        "channel": None,
        "source_group": None,
        "locality": None,
        "field": event.field,
        "opinions": "",
        "attachments": " ".join(event.attachments),
        "words_ref": event.content.ref,
        "reason_ref": event.reason.ref,
        "name_ref": None,
        "contact_ref": None,
    }


def _changed(event: Any) -> dict[str, Any]:
    """The columns that a decision about a receipt changes."""
    match event:
        case RequestReferred() | ProposalReferred():
            return {"stage": ReceiptStage.REFERRED.value}
        case RequestReceiptRejected(reason=reason, note=note) | ProposalReceiptRejected(reason=reason, note=note):
            return {
                "stage": ReceiptStage.REJECTED.value,
                "reason": reason.value,
                "note_ref": note.ref if note else None,
            }
        case RequestReceiptWithdrawn(note=note):
            return {"stage": ReceiptStage.WITHDRAWN.value, "note_ref": note.ref if note else None}
    return {}


def _opened(thing: str, event: request.RequestOpened | proposal.ProposalOpened) -> dict[str, Any]:
    due = event.due.day.isoformat() if isinstance(event, request.RequestOpened) else None
    return {"thing": thing, "stage": FurtherStage.OPENED.value, "session": None, "due_day": due}


def _further(event: Any) -> dict[str, Any]:
    """The columns that a fact of the request or proposal changes."""
    changed: dict[str, Any] = {"stage": _FURTHER[type(event)].value} if type(event) in _FURTHER else {}
    if isinstance(event, request.RequestAccepted | request.RequestMet | proposal.ProposalLinked):
        changed["session"] = event.session
    return changed


def submissions_projection(keyed: KeyedHash) -> Projection:
    """The projection of an installation: a receipt that holds no code is found by what follows from the hash key."""
    apply: Callable[[Recorded, Rows], Awaitable[None]] = partial(project_submission, keyed)
    return Projection(
        name="submissions",
        version=2,
        sources=("intake", "assignment"),
        tables=SUBMISSIONS,
        events=frozenset(
            declared.name for declared in all_events() if declared.stream_kind in ("request_receipt", "proposal_receipt")
        )
        | {name_of_event(cls) for cls in _FOLLOWED},
        apply=apply,
    )
