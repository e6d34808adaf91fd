"""How facts of cases fill their rows, and those of their drafts."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from services.assignment.readmodel.cases.tables import CASES, cases_case, cases_draft, cases_home, cases_wish
from shared.canonical import canonical
from shared.clock import micros
from shared.contracts.case import (
    AnswerApproved,
    AnswerDelivered,
    AnswerReturned,
    AnswerSubmitted,
    AssignmentProposed,
    CaseAssigned,
    CaseClosed,
    CaseConcluded,
    CaseConsulted,
    CaseDirected,
    CaseDiverted,
    CaseDueSet,
    CaseForwarded,
    CaseHandedBack,
    CaseLinked,
    CaseMerged,
    CaseOpened,
    CaseQuarantined,
    CaseRecalled,
    CaseReclassified,
    CaseRejected,
    CaseReopened,
    CaseResolved,
    CaseSplit,
    CaseSplitOff,
    CaseSubmitterAdded,
    CaseSubmitterRemoved,
    CaseTransferred,
    CaseUnlinked,
    CaseUnmerged,
    CaseWithdrawn,
    ConsultationGiven,
    ConsultationMoved,
    CoordinationSet,
    PartyOpinionRecorded,
    ReopeningDeclined,
)
from shared.contracts.due import Due
from shared.contracts.opinion import WishRecorded
from shared.contracts.registry import all_events
from shared.contracts.types import Sealed
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows


class CaseStage(StrEnum):
    """Where a case stands (domain brief §6)."""

    WAITING = "cho_phan_cong"
    ASSIGNED = "da_phan_cong"
    SUBMITTED = "trinh_tra_loi"
    RETURNED = "yeu_cau_sua"
    APPROVED = "da_duyet"
    IMPLEMENTING = "dang_thuc_hien"
    RESOLVED = "da_giai_quyet"
    CLOSED = "dong"
    REJECTED = "khong_du_dieu_kien"
    FORWARDED = "chuyen_ngoai"
    DIVERTED = "chuyen_kntc"
    MERGED = "gop"
    SPLIT = "tach"
    WITHDRAWN = "rut"


CASE_EVENTS: Final = frozenset(declared.name for declared in all_events() if declared.stream_kind == "case")
ENDINGS: Final = {
    CaseRejected: CaseStage.REJECTED,
    CaseForwarded: CaseStage.FORWARDED,
    CaseDiverted: CaseStage.DIVERTED,
    CaseMerged: CaseStage.MERGED,
    CaseSplit: CaseStage.SPLIT,
    CaseWithdrawn: CaseStage.WITHDRAWN,
}


async def project_case(recorded: Recorded, rows: Rows) -> None:
    """One fact of a case into its row and the rows of its drafts."""
    tenant, case_id, event = recorded.record.tenant, recorded.stream, recorded.event
    if isinstance(event, WishRecorded):
        wish = {"tenant": tenant, "case_id": event.case, "wish": event.wish.value}
        rows.put(cases_wish, {**wish, "wished_at": recorded.record.recorded})
        return
    if isinstance(event, CaseOpened | CaseSplitOff):
        rows.put(cases_home, {"tenant": tenant, "case_id": case_id, "office": event.office})
        rows.put(cases_case, _opened(recorded, event))
        return
    home = await rows.get(cases_home, {"tenant": tenant, "case_id": case_id})
    assert home is not None, f"{case_id} has facts before it was opened"
    key = {"tenant": tenant, "office": home["office"], "case_id": case_id}
    changed = _changed(recorded, event) | await _listed(event, key, rows)
    rows.patch(cases_case, key, {"version": recorded.record.version, **changed})
    _project_draft(recorded, event, key, rows)


def _opened(recorded: Recorded, event: CaseOpened | CaseSplitOff) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "office": event.office,
        "case_id": recorded.stream,
        "opinion": event.opinion,
        "episode": event.episode,
        "unit": event.unit,
        "lead": None,
        "first_lead": None,
        "task_id": None,
        "stage": CaseStage.WAITING.value,
        "field": event.field,
        "kind": event.kind.value,
        "source_group": event.source_group.value,
        "channel": event.channel.value,
        "locality": event.locality,
        "flags": " ".join(flag.value for flag in event.flags),
        "hidden": event.hidden,
        **_due(event.due),
        "received_at": micros(event.received_at),
        "episode_at": recorded.record.recorded,
        "resolved_at": None,
        "declined_at": None,
        "drafts": 0,
        "words_ref": event.words.ref,
        "words_digest": event.words.digest,
        "open": True,
        "diverted": False,
        "paper": None,
        "session": event.session,
        "directed": False,
        "concluded": False,
        "party_heard": False,
        "into_case": None,
        "submitters": "",
        "concerns_units": " ".join(event.concerns_units),
        "concerns_posts": " ".join(event.concerns_posts),
        "coordinating": "",
        "consulting": "",
        "proposed": "",
        "authority": None,
        "version": recorded.record.version,
    }


def _changed(recorded: Recorded, event: Any) -> dict[str, Any]:
    """The columns of a case's row that `event` changes."""
    match event:
        case CaseAssigned():
            given = {"stage": CaseStage.ASSIGNED.value, "lead": event.lead, "task_id": event.task, "proposed": ""}
            return {**given, "first_lead": event.lead, "authority": event.authority.value, **_due(event.due)}
        case CaseHandedBack() | CaseRecalled() | CaseUnmerged():
            waiting = {"stage": CaseStage.WAITING.value, "lead": None, "task_id": None, "into_case": None, "open": True}
            return {**waiting, "coordinating": "", "consulting": ""} if isinstance(event, CaseUnmerged) else waiting
        case AnswerSubmitted():
            return {"stage": CaseStage.SUBMITTED.value, "drafts": event.draft}
        case AnswerReturned():
            return {"stage": CaseStage.RETURNED.value}
        case AnswerApproved():
            return {"stage": CaseStage.APPROVED.value}
        case CaseResolved():
            resolved = {"stage": CaseStage.RESOLVED.value, "open": False, "resolved_at": recorded.record.occurred}
            return {**resolved, **_due(event.due)}
        case CaseClosed():
            return {"stage": CaseStage.CLOSED.value}
        case AnswerDelivered():
            return {"stage": CaseStage.IMPLEMENTING.value}
        case ReopeningDeclined():
            return {"declined_at": recorded.record.recorded}
        case CaseReopened():
            return {"episode_at": recorded.record.recorded, **_taken_up_again(event)}
    if type(event) in ENDINGS:
        into = event.into if isinstance(event, CaseMerged) else None
        diverted = isinstance(event, CaseDiverted)
        return {"stage": ENDINGS[type(event)].value, "open": False, "diverted": diverted, "into_case": into}
    return _known(event)


def _taken_up_again(event: CaseReopened) -> dict[str, Any]:
    stage = CaseStage.ASSIGNED if event.lead else CaseStage.WAITING
    return {
        "stage": stage.value,
        "episode": event.episode,
        "field": event.field,
        "lead": event.lead,
        "first_lead": event.lead,
        "task_id": event.task,
        "resolved_at": None,
        "declined_at": None,
        "open": True,
        "drafts": 0,
        "session": None,
        "directed": False,
        "concluded": False,
        "party_heard": False,
        "coordinating": "",
        "consulting": "",
        "proposed": "",
        **_due(event.due),
    }


async def _listed(event: Any, key: Mapping[str, Any], rows: Rows) -> dict[str, str]:
    """The columns that hold several keys, with one more or one less of them."""
    match event:
        case CaseSubmitterAdded(merged=each):
            column, adding = "submitters", True
        case CaseSubmitterRemoved(merged=each):
            column, adding = "submitters", False
        case CaseConsulted(unit=each):
            column, adding = "consulting", True
        case ConsultationGiven(unit=each):
            column, adding = "consulting", False
        case ConsultationMoved(former=former, unit=unit):
            row = await rows.get(cases_case, key)
            assert row is not None, f"{key['case_id']} has facts before it was opened"
            return {"consulting": " ".join(unit if one == former else one for one in row["consulting"].split())}
        case _:
            return {}
    row = await rows.get(cases_case, key)
    assert row is not None, f"{key['case_id']} has facts before it was opened"
    listed = [one for one in row[column].split() if one != each]
    return {column: " ".join([*listed, each] if adding else listed)}


def _known(event: Any) -> dict[str, Any]:
    """The columns of a case's row that change while it stays where it is."""
    match event:
        case CaseDueSet():
            return _due(event.due)
        case CaseTransferred():
            return {"lead": event.lead}
        case CaseReclassified():
            flags = " ".join(flag.value for flag in event.flags)
            about = {"concerns_units": " ".join(event.concerns_units), "concerns_posts": " ".join(event.concerns_posts)}
            return {"kind": event.kind.value, "field": event.field, "flags": flags, **about}
        case AssignmentProposed():
            return {"proposed": " ".join((event.lead, *event.coordinating))}
        case CoordinationSet():
            return {"coordinating": " ".join(each.unit for each in event.coordinating)}
        case CaseQuarantined():
            return {"paper": event.paper}
        case PartyOpinionRecorded():
            return {"party_heard": True}
        case CaseDirected():
            return {"directed": True}
        case CaseConcluded():
            return {"concluded": True, "directed": True} if event.task else {"concluded": True}
        case CaseLinked():
            return {"session": event.session}
        case CaseUnlinked():
            return {"session": None}
    return {}


def _project_draft(recorded: Recorded, event: Any, case: Mapping[str, Any], rows: Rows) -> None:
    if isinstance(event, AnswerSubmitted | AnswerReturned | AnswerApproved | AnswerDelivered):
        key = {**case, "episode": event.episode, "draft": event.draft}
    match event:
        case AnswerSubmitted():
            rows.put(cases_draft, {**key, **_submitted(recorded, event)})
        case AnswerReturned():
            returned = {"outcome": CaseStage.RETURNED.value, "reviewer": event.reviewer, "reason_ref": event.reason.ref}
            rows.patch(cases_draft, key, returned)
        case AnswerApproved():
            rows.patch(cases_draft, key, {"outcome": CaseStage.APPROVED.value, "reviewer": event.reviewer})
        case AnswerDelivered():
            rows.patch(cases_draft, key, {"means": event.means.value, "delivered_at": recorded.record.occurred})


def _submitted(recorded: Recorded, event: AnswerSubmitted) -> dict[str, Any]:
    return {
        "drafter": event.drafter,
        "reviewer": None,
        "outcome": CaseStage.SUBMITTED.value,
        "answer_ref": event.answer.ref,
        "solution_ref": _ref(event.solution),
        "direction_ref": _ref(event.direction),
        "legal_basis_ref": _ref(event.legal_basis),
        "reason_ref": None,
        "means": None,
        "submitted_at": recorded.record.occurred,
        "delivered_at": None,
    }


def _ref(sealed: Sealed | None) -> str | None:
    return sealed.ref if sealed else None


def _due(due: Due) -> dict[str, str]:
    return {"due_day": due.day.isoformat(), "due": canonical(due).decode()}


CASES_PROJECTION: Final = Projection(
    name="cases",
    version=10,
    sources=("assignment", "intake"),
    tables=CASES,
    events=CASE_EVENTS | {"opinion.wish_recorded"},
    apply=project_case,
)
