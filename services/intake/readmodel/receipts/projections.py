"""How facts fill what is told to whoever holds a receipt."""

from typing import Any, Final

from services.intake.readmodel.receipts.statuses import STEPS
from services.intake.readmodel.receipts.tables import RECEIPTS, receipts_answer, receipts_given, receipts_session, receipts_step
from shared.calendar import local_day
from shared.contracts.case import AnswerDelivered, AnswerSubmitted, CaseMerged
from shared.contracts.opinion import CompletionRequested, OpinionMerged, OpinionReceived, RaisedReceiptRecorded
from shared.contracts.registry import name_of_event
from shared.contracts.request import RequestAccepted
from shared.contracts.session import SessionAnnounced, SessionCancelled, SessionPostponed
from shared.contracts.submission import RequestReceived
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

_SESSIONS: Final = (SessionAnnounced, SessionPostponed, SessionCancelled)


async def project_receipt(recorded: Recorded, rows: Rows) -> None:
    """One fact into a step, an answer, or the day of a dialogue."""
    tenant, stream, event = recorded.record.tenant, recorded.stream, recorded.event
    if isinstance(event, _SESSIONS):
        announced = event.on.isoformat() if isinstance(event, SessionAnnounced) else None
        rows.put(receipts_session, {"tenant": tenant, "session": stream, "announced_for": announced})
        return
    day = local_day(recorded.occurred_at).isoformat()
    if isinstance(event, OpinionReceived | RaisedReceiptRecorded | RequestReceived):
        rows.put(receipts_given, {"tenant": tenant, "thing": stream, **_given(event)})
    if isinstance(event, AnswerSubmitted):
        key = {"tenant": tenant, "case_id": stream, "episode": event.episode, "draft": event.draft}
        rows.put(receipts_answer, {**key, **_parts(event), "delivered_on": None})
        return
    if isinstance(event, AnswerDelivered):
        key = {"tenant": tenant, "case_id": stream, "episode": event.episode, "draft": event.draft}
        rows.patch(receipts_answer, key, {"delivered_on": day})
    step: dict[str, Any] = {
        "tenant": tenant,
        "thing": stream,
        "source": recorded.record.service,
        "position": recorded.position,
        "fact": recorded.record.type,
        "on_day": day,
        "leads_to": _leads_to(event),
        "asked_ref": event.asked.ref if isinstance(event, CompletionRequested) else None,
    }
    rows.put(receipts_step, step)


def _given(event: OpinionReceived | RaisedReceiptRecorded | RequestReceived) -> dict[str, Any]:
    """Under which receipt; what was raised in a session no unit took in under an id of its own."""
    own: tuple[str, str | None] = (event.office, None)
    if not isinstance(event, RaisedReceiptRecorded):
        own = (event.unit, event.local_id)
    return {"office": event.office, "unit": own[0], "local_id": own[1], "code_ref": event.receipt.ref}


def _leads_to(event: Any) -> str | None:
    match event:
        case RequestAccepted(session=session):
            return session
        case OpinionMerged(into=into) | CaseMerged(into=into):
            return into
    return None


def _parts(event: AnswerSubmitted) -> dict[str, str | None]:
    texts = {
        "answer_ref": event.answer,
        "solution_ref": event.solution,
        "direction_ref": event.direction,
        "legal_basis_ref": event.legal_basis,
    }
    return {column: text.ref if text is not None else None for column, text in texts.items()}


RECEIPTS_PROJECTION: Final = Projection(
    name="receipts",
    version=1,
    sources=("intake", "assignment"),
    tables=RECEIPTS,
    events=frozenset(STEPS) | {name_of_event(cls) for cls in (AnswerSubmitted, *_SESSIONS)},
    apply=project_receipt,
)
