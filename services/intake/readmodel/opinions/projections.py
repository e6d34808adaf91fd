"""How facts fill the read side: opinions as intake decided, and what became of them as cases."""

from enum import StrEnum
from typing import Any, Final

from services.intake.readmodel.opinions.tables import (
    OPINIONS,
    opinions_case,
    opinions_opinion,
    opinions_receipt,
    opinions_speaker,
)
from services.intake.readmodel.opinions.telling import project_telling
from shared.clock import micros
from shared.contracts.case import (
    AnswerDelivered,
    CaseAssigned,
    CaseClosed,
    CaseDiverted,
    CaseDueSet,
    CaseForwarded,
    CaseHandedBack,
    CaseMerged,
    CaseOpened,
    CaseRecalled,
    CaseReclassified,
    CaseRejected,
    CaseReopened,
    CaseResolved,
    CaseSplit,
    CaseSplitOff,
    CaseSubmitterAdded,
    CaseSubmitterRemoved,
    CaseUnmerged,
    CaseWithdrawn,
)
from shared.contracts.opinion import (
    Channel,
    CompletionRequested,
    OpinionClassified,
    OpinionCompleted,
    OpinionCorrected,
    OpinionDiverted,
    OpinionDueSet,
    OpinionForwarded,
    OpinionMerged,
    OpinionQuarantined,
    OpinionReceived,
    OpinionRedacted,
    OpinionReferred,
    OpinionRejected,
    OpinionSplit,
    OpinionSplitOff,
    OpinionUnmerged,
    OpinionWithdrawn,
    RaisedReceiptRecorded,
)
from shared.contracts.opinion_register import (
    OpinionRegisterCorrected,
    OpinionRegisterDueSet,
    OpinionRegistered,
    OpinionRegisterEnded,
    OpinionRegisterReopened,
    OpinionRegisterSorted,
    RegisterOutcome,
)
from shared.contracts.registry import all_events, name_of_event
from shared.contracts.session import ItemRaised
from shared.contracts.telling import TellingRecorded
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
    RESOLVED = "da_giai_quyet"  # by the register, as is the next
    REOPENED = "mo_lai"


class CaseStage(StrEnum):
    """Where the case of a referred opinion stands, as its speaker may know."""

    WAITING = "cho_phan_cong"
    ASSIGNED = "da_phan_cong"
    ANSWERED = "da_tra_loi"
    RESOLVED = "da_giai_quyet"
    CLOSED = "dong"
    REOPENED = "mo_lai"
    REJECTED = "khong_du_dieu_kien"
    FORWARDED = "chuyen_ngoai"
    DIVERTED = "chuyen_kntc"
    MERGED = "gop"
    SPLIT = "tach"
    WITHDRAWN = "rut"


_CASES: Final = {
    CaseAssigned: CaseStage.ASSIGNED,
    CaseHandedBack: CaseStage.WAITING,
    AnswerDelivered: CaseStage.ANSWERED,
    CaseResolved: CaseStage.RESOLVED,
    CaseClosed: CaseStage.CLOSED,
    CaseReopened: CaseStage.REOPENED,
    CaseRecalled: CaseStage.WAITING,
    CaseUnmerged: CaseStage.WAITING,
    CaseRejected: CaseStage.REJECTED,
    CaseForwarded: CaseStage.FORWARDED,
    CaseDiverted: CaseStage.DIVERTED,
    CaseMerged: CaseStage.MERGED,
    CaseSplit: CaseStage.SPLIT,
    CaseWithdrawn: CaseStage.WITHDRAWN,
}


async def project_opinion(recorded: Recorded, rows: Rows) -> None:
    """One fact of an opinion or of its case into its row, and into what is to be told of it."""
    await project_telling(recorded, rows)
    tenant, stream, event = recorded.record.tenant, recorded.stream, recorded.event
    if isinstance(event, OpinionReceived | OpinionSplitOff | OpinionRegistered):
        rows.put(opinions_opinion, _begun(recorded, event))
        rows.put(opinions_speaker, {"tenant": tenant, "opinion": stream, **await _spoken(tenant, event, rows)})
        if isinstance(event, OpinionReceived):
            rows.put(opinions_receipt, {"tenant": tenant, "receipt_key": event.receipt_key, "opinion": stream})
    elif isinstance(event, RaisedReceiptRecorded):
        rows.put(opinions_opinion, _raised(recorded, event))
        rows.put(opinions_receipt, {"tenant": tenant, "receipt_key": event.receipt_key, "opinion": stream})
    elif isinstance(event, ItemRaised):
        name = event.speaker_name.ref if event.speaker_name else None
        spoken = {"hidden": event.hidden, "name_ref": name, "contact_ref": None}
        rows.put(opinions_speaker, {"tenant": tenant, "opinion": event.opinion, **spoken})
    elif isinstance(event, CaseReclassified):
        rows.patch(opinions_case, {"tenant": tenant, "case_id": stream}, _about(event))
    elif isinstance(event, CaseDueSet):
        rows.patch(opinions_case, {"tenant": tenant, "case_id": stream}, _due(event))
    elif isinstance(event, CaseOpened | CaseSplitOff):
        opened = {"tenant": tenant, "case_id": stream, "opinion": event.opinion, "stage": CaseStage.WAITING.value}
        begun = {"parent": event.parent if isinstance(event, CaseSplitOff) else None, "begun": recorded.position}
        rows.put(opinions_case, {**opened, **begun, **_due(event), **_about(event)})
    elif isinstance(event, TellingRecorded | CaseSubmitterAdded | CaseSubmitterRemoved):
        return
    elif type(event) in _CASES:
        rows.patch(opinions_case, {"tenant": tenant, "case_id": stream}, {"stage": _CASES[type(event)].value, **_due(event)})
    else:
        key = {"tenant": tenant, "opinion": stream}
        rows.patch(opinions_opinion, key, {"version": recorded.record.version, **_changed(event)})
        if isinstance(event, OpinionRegisterCorrected):
            _spoken_anew(event, key, rows)
        if isinstance(event, OpinionCompleted | OpinionUnmerged):
            stands = await rows.get(opinions_opinion, key)
            classified = stands is not None and stands["kind"] is not None
            rows.patch(opinions_opinion, key, {"stage": (Stage.CLASSIFIED if classified else Stage.RECEIVED).value})


def _begun(recorded: Recorded, event: OpinionReceived | OpinionSplitOff | OpinionRegistered) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "opinion": recorded.stream,
        "office": event.office,
        "unit": event.unit,
        "local_id": _own_number(event),
        "parent": event.parent if isinstance(event, OpinionSplitOff) else None,
        "stage": Stage.RECEIVED.value,
        "channel": (Channel.REGISTER if isinstance(event, OpinionRegistered) else event.channel).value,
        "source_group": event.source_group.value,
        "locality": event.locality,
        "kind": None,
        "field": None,
        "flags": "",
        "due_day": None,
        "received_at": micros(event.received_at),
        "words_ref": event.words.ref,
        "concerns_units": "",
        "concerns_posts": "",
        "result": None,
        "version": recorded.record.version,
        "begun": recorded.position,
    }


def _own_number(event: OpinionReceived | OpinionSplitOff | OpinionRegistered) -> str | None:
    """What the unit calls it: its own id, or its number in the register."""
    match event:
        case OpinionReceived():
            return event.local_id
        case OpinionRegistered():
            return event.number
    return None


async def _spoken(tenant: str, event: OpinionReceived | OpinionSplitOff | OpinionRegistered, rows: Rows) -> dict[str, Any]:
    """Who spoke; of a part whoever spoke of the whole."""
    if isinstance(event, OpinionSplitOff):
        whole = await rows.get(opinions_speaker, {"tenant": tenant, "opinion": event.parent})
        refs = {name: whole[name] if whole else None for name in ("name_ref", "contact_ref")}
        return {"hidden": event.hidden, **refs}
    name, contact = event.speaker_name, event.speaker_contact
    return {
        "hidden": isinstance(event, OpinionReceived) and event.hidden,
        "name_ref": name.ref if name else None,
        "contact_ref": contact.ref if contact else None,
    }


def _spoken_anew(event: OpinionRegisterCorrected, key: dict[str, str], rows: Rows) -> None:
    """Who spoke, where the register reads otherwise; a name that stands is not told again."""
    told = {"name_ref": event.speaker_name, "contact_ref": event.speaker_contact}
    if event.speaker is None or any(told.values()):
        rows.patch(opinions_speaker, key, {column: text.ref if text else None for column, text in told.items()})


def _about(event: CaseOpened | CaseSplitOff | CaseReclassified) -> dict[str, str]:
    """What a case is about, and whom."""
    about = {"concerns_units": " ".join(event.concerns_units), "concerns_posts": " ".join(event.concerns_posts)}
    return {"field": event.field, **about}


def _raised(recorded: Recorded, event: RaisedReceiptRecorded) -> dict[str, Any]:
    """What was raised in a session: its words and classification are its case's."""
    return {
        "tenant": recorded.record.tenant,
        "opinion": recorded.stream,
        "office": event.office,
        "unit": event.office,
        "local_id": None,
        "parent": None,
        "stage": Stage.REFERRED.value,
        "channel": Channel.SESSION.value,
        "source_group": "",
        "locality": None,
        "kind": None,
        "field": None,
        "flags": "",
        "due_day": None,
        "received_at": micros(event.received_at),
        "words_ref": "",
        "concerns_units": "",
        "concerns_posts": "",
        "result": None,
        "version": recorded.record.version,
        "begun": recorded.position,
    }


def _due(event: Any) -> dict[str, str]:
    """The due date in force from an event of a case on, where it names one: a reopened case is counted anew."""
    names_one = isinstance(event, CaseOpened | CaseSplitOff | CaseAssigned | CaseReopened | CaseDueSet)
    return {"due_day": event.due.day.isoformat()} if names_one else {}


_ENDED: Final = {
    OpinionRejected: (Stage.REJECTED, "reason"),
    OpinionForwarded: (Stage.FORWARDED, "to"),
    OpinionDiverted: (Stage.DIVERTED, "kind"),
    OpinionMerged: (Stage.MERGED, "into"),
}
_STAGES: Final = {
    CompletionRequested: Stage.AWAITING,
    OpinionSplit: Stage.SPLIT,
    OpinionWithdrawn: Stage.WITHDRAWN,
    OpinionReferred: Stage.REFERRED,
}


_BY_REGISTER: Final = {
    RegisterOutcome.RESOLVED: Stage.RESOLVED,
    RegisterOutcome.REJECTED: Stage.REJECTED,
    RegisterOutcome.FORWARDED: Stage.FORWARDED,
    RegisterOutcome.DIVERTED: Stage.DIVERTED,
    RegisterOutcome.MERGED: Stage.MERGED,
    RegisterOutcome.WITHDRAWN: Stage.WITHDRAWN,
}


def _registered(event: Any) -> dict[str, Any]:
    """The columns that a fact of the register changes."""
    match event:
        case OpinionRegisterSorted(field=field, due=due):
            return {"field": field, "due_day": due.isoformat() if due else None}
        case OpinionRegisterEnded(how=how, into=into):
            return {"stage": _BY_REGISTER[how].value, "result": into}
        case OpinionRegisterReopened(due=due):
            return {"stage": Stage.REOPENED.value, "due_day": due.isoformat() if due else None}
        case OpinionRegisterDueSet(due=due):
            return {"due_day": due.isoformat() if due else None}
        case OpinionRegisterCorrected():
            said = {"source_group": event.source_group.value, "locality": event.locality}
            return said | ({"words_ref": event.words.ref} if event.words else {})
    return {}


def _changed(event: Any) -> dict[str, Any]:
    """The columns that a fact changes."""
    if type(event) in _STAGES:
        return {"stage": _STAGES[type(event)].value}
    if type(event) in _ENDED:
        stage, result = _ENDED[type(event)]
        return {"stage": stage.value, "result": str(getattr(event, result))}
    match event:
        case OpinionCompleted(words=words) | OpinionRedacted(words=words):
            return {"words_ref": words.ref}
        case OpinionQuarantined():
            return {"words_ref": ""}  # not to be opened, also before they are erased
        case OpinionCorrected():
            return _corrected(event)
        case OpinionDueSet(due=due):
            return {"due_day": due.day.isoformat()}
        case OpinionUnmerged():
            return {"result": None}
        case OpinionClassified(kind=kind, field=field, flags=flags, due=due):
            sorted_flags = " ".join(flag.value for flag in flags)
            classified = {"kind": kind.value, "field": field, "flags": sorted_flags, "due_day": due.day.isoformat()}
            about = {"concerns_units": " ".join(event.concerns_units), "concerns_posts": " ".join(event.concerns_posts)}
            return {"stage": Stage.CLASSIFIED.value, **classified, **about}
    return _registered(event)


def _corrected(event: OpinionCorrected) -> dict[str, Any]:
    said = {"channel": event.channel, "source_group": event.source_group, "locality": event.locality}
    changed = {name: str(value) for name, value in said.items() if value is not None}
    return changed | ({"words_ref": event.words.ref} if event.words else {})


OPINIONS_PROJECTION: Final = Projection(
    name="opinions",
    version=8,
    sources=("intake", "assignment"),
    tables=OPINIONS,
    events=frozenset(declared.name for declared in all_events() if declared.stream_kind in ("opinion", "telling"))
    | {name_of_event(cls) for cls in (ItemRaised, CaseOpened, CaseSplitOff, CaseReclassified, CaseDueSet, *_CASES)}
    | {name_of_event(cls) for cls in (CaseSubmitterAdded, CaseSubmitterRemoved)},
    apply=project_opinion,
)
