"""How facts fill the lines of an office's dialogue work."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from services.assignment.domain.session.states import BEFORE, Stage
from services.assignment.readmodel.dialogue.tables import DIALOGUE, dialogue_home, dialogue_planned, dialogue_put, dialogue_thing
from shared.calendar import local_day
from shared.contracts import meeting, notice, plan, proposal, request, session
from shared.contracts.registry import all_events
from shared.eventlog.records import Recorded
from shared.subscriptions.declared import Projection, Rows

KINDS: Final = frozenset({"meeting", "session", "notice", "request", "proposal", "plan", "planned_dialogue"})
EVENTS: Final = frozenset(declared.name for declared in all_events() if declared.stream_kind in KINDS)

# What a fact makes of the stage; facts that are not named leave it as it is.
STAGES: Final[Mapping[type, str]] = {
    meeting.MeetingScheduled: "du_kien",
    meeting.MeetingMoved: "doi_lich",
    meeting.MeetingHeld: "da_to_chuc",
    meeting.MeetingCancelled: "huy",
    session.SessionProposed: Stage.PROPOSED,
    session.ProgrammeApproved: Stage.PROGRAMMED,
    session.SessionAnnounced: Stage.ANNOUNCED,
    session.AnswersReported: Stage.READY,
    session.SessionOpened: Stage.IN_PROGRESS,
    session.SessionHeld: Stage.HELD,
    session.SessionConcluded: Stage.CONCLUDED,
    session.SessionPostponed: Stage.POSTPONED,
    session.SessionCancelled: Stage.CANCELLED,
    session.SessionClosed: Stage.CLOSED,
    notice.NoticeDrafted: "du_thao",
    notice.NoticeCommented: "lay_y_kien",
    notice.NoticeIssued: "da_phat_hanh",
    request.RequestOpened: "da_tiep_nhan",
    request.RequestAccepted: "chap_nhan",
    request.RequestRefused: "tu_choi",
    request.RequestWithdrawn: "rut",
    request.RequestMet: "da_dap_ung",
    proposal.ProposalOpened: "da_tiep_nhan",
    proposal.ProposalReturned: "yeu_cau_bo_sung",
    proposal.ProposalCompleted: "da_tiep_nhan",
    proposal.AppraisalRequested: "dang_tham_dinh",
    proposal.AppraisalConcluded: "da_tham_dinh",
    proposal.ProposalApproved: "dong_y",
    proposal.ProposalRefused: "khong_dong_y",
    proposal.ProposalDeferred: "de_ky_sau",
    plan.PlanDrafted: "du_thao",
    plan.PlanIssued: "da_ban_hanh",
    plan.PlanClosed: "ket_thuc",
}
# A programme that is amended, or approved after a postponement, and an announcement of what is ready, move nothing back.
_KEEPS: Final[Mapping[type, frozenset[str]]] = {
    session.ProgrammeApproved: frozenset({Stage.ANNOUNCED, Stage.READY, Stage.POSTPONED}),
    session.SessionAnnounced: frozenset({Stage.READY}),
}
_BEGIN: Final = (
    meeting.MeetingScheduled,
    session.SessionProposed,
    notice.NoticeDrafted,
    request.RequestOpened,
    proposal.ProposalOpened,
    plan.PlanDrafted,
)


async def project_dialogue(recorded: Recorded, rows: Rows) -> None:
    """One fact into its thing's line, and into what is put to a session."""
    tenant, thing, event = recorded.record.tenant, recorded.stream, recorded.event
    if isinstance(event, plan.PlannedDialogueUsed):
        rows.put(dialogue_planned, {"tenant": tenant, "plan": event.plan, "number": event.number, "session": event.session})
        return
    at = {"tenant": tenant, "thing": thing}
    home = await rows.get(dialogue_home, at)
    if isinstance(event, _BEGIN):
        rows.put(dialogue_home, {**at, "office": event.office})
        rows.put(dialogue_thing, {**_blank(recorded, event.office), **_columns(event)})
        return
    assert home is not None, f"{thing} has facts before it began"
    key = {**at, "office": home["office"]}
    stands = await rows.get(dialogue_thing, key)
    assert stands is not None, f"{thing} began and has no line"
    done = _done(event, local_day(recorded.occurred_at).isoformat())
    rows.patch(dialogue_thing, key, {"version": recorded.record.version, **_columns(event, stands["stage"]), **done})
    await _project_put(recorded, home["office"], stands["stage"], rows)


def _blank(recorded: Recorded, office: str) -> dict[str, Any]:
    return {
        "tenant": recorded.record.tenant,
        "office": office,
        "thing": recorded.stream,
        "kind": recorded.stream.partition("-")[0],
        "stage": "",
        "day": None,
        "label": None,
        "track": None,
        "unit": None,
        "about": None,
        "number": None,
        "last_day": None,
        "short_form": False,
        "answers_on": None,
        "minutes_on": None,
        "concluded_on": None,
        "at": recorded.record.occurred,
        "version": recorded.record.version,
    }


def _columns(event: Any, stands: str | None = None) -> dict[str, Any]:
    """The columns that a fact changes in a line whose stage is `stands`."""
    stage = {"stage": str(STAGES[type(event)])} if type(event) in STAGES and stands not in _KEEPS.get(type(event), ()) else {}
    if isinstance(event, proposal.ProposalSubmitted):
        stage = {"stage": "trinh_chu_tich" if event.to_chairman else "trinh_lanh_dao"}
    return {**stage, **_facts(event), **_days(event)}


def _facts(event: Any) -> dict[str, Any]:
    match event:
        case meeting.MeetingScheduled():
            return {"label": event.kind.value}
        case session.SessionProposed():
            label = event.trigger.value if event.trigger else None
            return {"label": label, "track": event.track.value, "about": event.meeting, "short_form": event.short_form}
        case notice.NoticeDrafted():
            return {"about": event.session, "label": event.authority.value}
        case notice.NoticeIssued() | plan.PlanIssued():
            return {"number": event.number}
        case request.RequestOpened():
            return {"unit": event.unit, "label": event.source_group.value}
        case request.RequestAccepted() | request.RequestMet() | proposal.ProposalLinked():
            return {"about": event.session}
        case proposal.ProposalOpened():
            return {"unit": event.proposer, "label": event.field, "track": session.Track.CHAIRMAN.value}
        case plan.PlanDrafted():
            return {"label": str(event.year)}
    return {}


def _days(event: Any) -> dict[str, Any]:
    match event:
        case meeting.MeetingScheduled(on=on) | meeting.MeetingMoved(on=on):
            return {"day": on.isoformat()}
        case notice.NoticeIssued(on=on) | plan.PlanIssued(on=on):
            return {"day": on.isoformat()}
        case session.SessionProposed(scheduled=on) | session.SessionAnnounced(on=on) | session.SessionPostponed(to=date() as on):
            return {"day": on.isoformat(), "last_day": on.isoformat()}
        case session.SessionPostponed():
            return {"day": None}
        case request.RequestOpened(due=due) | proposal.AppraisalRequested(due=due):
            return {"day": due.day.isoformat()}
    return {}


def _done(event: Any, day: str) -> dict[str, Any]:
    """What a fact of a session says was done of what follows from its day; postponed, its answers are reported anew."""
    match event:
        case session.AnswersReported():
            return {"answers_on": day}
        case session.SessionPostponed():
            return {"answers_on": None}
        case session.MinutesSigned():
            return {"minutes_on": day}
        case session.SessionConcluded():
            return {"concluded_on": day}
    return {}


async def _project_put(recorded: Recorded, office: str, stage: str, rows: Rows) -> None:
    """An opinion put to the session, taken off it, split there, or what became of it."""
    at = {"tenant": recorded.record.tenant, "office": office, "session": recorded.stream}
    match recorded.event:
        case session.SessionCaseLinked(case=case):
            rows.put(dialogue_put, {**at, "case_id": case, "raised": False, "outcome": None})
        case session.SessionItemRaised(case=case):
            # What the Chairman's dialogue is to answer is written down before it begins.
            rows.put(dialogue_put, {**at, "case_id": case, "raised": stage not in BEFORE, "outcome": None})
        case session.SessionCaseUnlinked(case=case):
            rows.delete(dialogue_put, {**at, "case_id": case})
        case session.SessionItemSplit(case=case, children=children):
            parent = await rows.get(dialogue_put, {**at, "case_id": case})
            rows.delete(dialogue_put, {**at, "case_id": case})
            raised = parent["raised"] if parent else True
            for child in children:
                rows.put(dialogue_put, {**at, "case_id": child, "raised": raised, "outcome": None})
        case session.OutcomeRecorded(case=case, outcome=outcome):
            rows.patch(dialogue_put, {**at, "case_id": case}, {"outcome": outcome.value})


DIALOGUE_PROJECTION: Final = Projection(
    name="dialogue",
    version=4,
    sources=("assignment",),
    tables=DIALOGUE,
    events=EVENTS,
    apply=project_dialogue,
)
