"""How facts fill the read side: opinions as intake decided, and what became of them as cases."""

from enum import StrEnum
from typing import Any, Final

from services.intake.readmodel.tables import OPINIONS, opinions_case, opinions_opinion, opinions_receipt
from shared.clock import micros
from shared.contracts.case import (
    AnswerDelivered,
    CaseAssigned,
    CaseClosed,
    CaseHandedBack,
    CaseOpened,
    CaseReopened,
    CaseResolved,
)
from shared.contracts.opinion import (
    CompletionRequested,
    OpinionClassified,
    OpinionCompleted,
    OpinionDiverted,
    OpinionForwarded,
    OpinionMerged,
    OpinionReceived,
    OpinionReferred,
    OpinionRejected,
    OpinionSplit,
    OpinionSplitOff,
    OpinionWithdrawn,
)
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows


class Stage(StrEnum):
    """Where an opinion stands (domain brief §6)."""

    RECEIVED = "tiep_nhan"
    AWAITING = "cho_bo_sung"
    CLASSIFIED = "phan_loai"
    REFERRED = "da_chuyen"
    REJECTED = "khong_du_dieu_kien"
    FORWARDED = "chuyen_ngoai"
    DIVERTED = "chuyen_kntc"
    MERGED = "gop"
    SPLIT = "tach"
    WITHDRAWN = "rut"


class CaseStage(StrEnum):
    """Where the case of a referred opinion stands, as its speaker may know."""

    WAITING = "cho_phan_cong"
    ASSIGNED = "da_phan_cong"
    ANSWERED = "da_tra_loi"
    RESOLVED = "da_giai_quyet"
    CLOSED = "dong"
    REOPENED = "mo_lai"


_CASES: Final = {
    CaseAssigned: CaseStage.ASSIGNED,
    CaseHandedBack: CaseStage.WAITING,
    AnswerDelivered: CaseStage.ANSWERED,
    CaseResolved: CaseStage.RESOLVED,
    CaseClosed: CaseStage.CLOSED,
    CaseReopened: CaseStage.REOPENED,
}


async def project_opinion(recorded: Recorded, rows: Rows) -> None:
    """One fact of an opinion or of its case into its row."""
    tenant, stream, event = recorded.record.tenant, recorded.stream, recorded.event
    if isinstance(event, OpinionReceived | OpinionSplitOff):
        rows.put(opinions_opinion, _begun(recorded, event))
        if isinstance(event, OpinionReceived):
            rows.put(opinions_receipt, {"tenant": tenant, "receipt_key": event.receipt_key, "opinion": stream})
    elif isinstance(event, CaseOpened):
        opened = {"tenant": tenant, "case_id": stream, "opinion": event.opinion, "stage": CaseStage.WAITING.value}
        rows.put(opinions_case, {**opened, **_due(event)})
    elif type(event) in _CASES:
        rows.patch(opinions_case, {"tenant": tenant, "case_id": stream}, {"stage": _CASES[type(event)].value, **_due(event)})
    else:
        key = {"tenant": tenant, "opinion": stream}
        rows.patch(opinions_opinion, key, {"version": recorded.record.version, **_changed(event)})
        if isinstance(event, OpinionCompleted):
            stands = await rows.get(opinions_opinion, key)
            classified = stands is not None and stands["kind"] is not None
            rows.patch(opinions_opinion, key, {"stage": (Stage.CLASSIFIED if classified else Stage.RECEIVED).value})


def _begun(recorded: Recorded, event: OpinionReceived | OpinionSplitOff) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "opinion": recorded.stream,
        "office": event.office,
        "unit": event.unit,
        "local_id": event.local_id if isinstance(event, OpinionReceived) else None,
        "parent": event.parent if isinstance(event, OpinionSplitOff) else None,
        "stage": Stage.RECEIVED.value,
        "channel": event.channel.value,
        "source_group": event.source_group.value,
        "locality": event.locality,
        "kind": None,
        "field": None,
        "flags": "",
        "due_day": None,
        "received_at": micros(event.received_at),
        "words_ref": event.words.ref,
        "hidden": event.hidden,
        "result": None,
        "version": recorded.record.version,
    }


def _due(event: Any) -> dict[str, str]:
    """The due date in force from an event of a case on, where it names one: a reopened case is counted anew."""
    return {"due_day": event.due.day.isoformat()} if isinstance(event, CaseOpened | CaseAssigned | CaseReopened) else {}


def _changed(event: Any) -> dict[str, Any]:
    """The columns that a fact changes."""
    match event:
        case CompletionRequested():
            return {"stage": Stage.AWAITING.value}
        case OpinionCompleted(words=words):
            return {"words_ref": words.ref}
        case OpinionClassified(kind=kind, field=field, flags=flags, due=due):
            sorted_flags = " ".join(flag.value for flag in flags)
            classified = {"kind": kind.value, "field": field, "flags": sorted_flags, "due_day": due.day.isoformat()}
            return {"stage": Stage.CLASSIFIED.value, **classified}
        case OpinionRejected(reason=reason):
            return {"stage": Stage.REJECTED.value, "result": reason.value}
        case OpinionForwarded(to=to):
            return {"stage": Stage.FORWARDED.value, "result": to}
        case OpinionDiverted(kind=kind):
            return {"stage": Stage.DIVERTED.value, "result": kind.value}
        case OpinionMerged(into=into):
            return {"stage": Stage.MERGED.value, "result": into}
        case OpinionSplit():
            return {"stage": Stage.SPLIT.value}
        case OpinionWithdrawn():
            return {"stage": Stage.WITHDRAWN.value}
        case OpinionReferred():
            return {"stage": Stage.REFERRED.value}
    return {}


OPINIONS_PROJECTION: Final = Projection(
    name="opinions",
    version=2,
    sources=("intake", "assignment"),
    tables=OPINIONS,
    events=frozenset(
        {
            "opinion.received",
            "opinion.split_off",
            "opinion.completion_requested",
            "opinion.completed",
            "opinion.classified",
            "opinion.rejected",
            "opinion.forwarded",
            "opinion.diverted",
            "opinion.merged",
            "opinion.submitter_added",
            "opinion.split",
            "opinion.withdrawn",
            "opinion.referred",
            "case.opened",
            "case.assigned",
            "case.handed_back",
            "case.answer_delivered",
            "case.resolved",
            "case.closed",
            "case.reopened",
        }
    ),
    apply=project_opinion,
)
