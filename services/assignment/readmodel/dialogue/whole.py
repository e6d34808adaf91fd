"""What a meeting, session, notice, request, proposal or plan holds in whole, folded from its facts; no word of what was said."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any, Final

from services.assignment.domain.directory.checklist import BUILT_IN, Checklists
from services.assignment.domain.session.states import BEFORE, Stage
from shared.calendar import local_day
from shared.contracts import meeting, notice, plan, proposal, request, session
from shared.contracts.refusals import Refused
from shared.eventlog.records import Recorded

Whole = dict[str, Any]
Facts = Sequence[Recorded]


def session_of(facts: Facts) -> Whole:
    """Programme, place and secretary, announcement, what was put or raised and became of it, who attends and came, minutes."""
    begun: session.SessionProposed = facts[0].event
    found: Whole = {
        "trigger": begun.trigger.value if begun.trigger else None,
        "mode": begun.mode.value,
        "short_form": begun.short_form,
        "meeting": begun.meeting,
        "origin": begun.origin.value,
        "scheduled": begun.scheduled,
        "field": begun.field,
        "proposals": list(begun.proposals),
        "requests": list(begun.requests),
        "programme": [],
        "place": None,
        "secretary": None,
        "announcement": None,
        "postponed": [],
        "cases": {},
        "attendance": {},
        "present": [],
        "present_of": [],
        "agenda": [],
        "waived": None,
        "opened": None,
        "held": None,
        "minutes": None,
        "notice": None,
    }
    stage = Stage.PROPOSED
    for fact in facts:
        _told_of_session(found, fact, begun=stage not in BEFORE)
        stage = Stage.IN_PROGRESS if isinstance(fact.event, session.SessionOpened) else stage
    return {**found, "cases": list(found["cases"].values()), "attendance": list(found["attendance"].values())}


def _told_of_session(found: Whole, fact: Recorded, *, begun: bool) -> None:
    _prepared(found, fact)
    _held(found, fact)
    _put(found["cases"], fact.event, begun=begun)


def _prepared(found: Whole, fact: Recorded) -> None:
    event, day = fact.event, _day(fact)
    match event:
        case session.ProgrammeApproved():
            found["programme"].append({"version": event.version, "by": event.by, "document": event.document, "on": day})
        case session.SessionArranged():
            found["place"], found["secretary"] = event.place, event.secretary
        case session.SessionAnnounced():
            found["announcement"] = {"for": event.on, "on": day, "invitation": event.invitation}
        case session.SessionPostponed():
            found["postponed"].append({"to": event.to, "on": day})
            found["announcement"], found["waived"] = None, None
        case session.SessionRequestLinked():
            found["requests"].append(event.request)
        case session.AttendanceAssigned():
            found["attendance"][event.unit] = {"unit": event.unit, "people": list(event.people), "task": event.task}
        case session.ReadinessWaived():
            found["waived"] = {"by": event.by, "on": day}


def _held(found: Whole, fact: Recorded) -> None:
    event, day = fact.event, _day(fact)
    match event:
        case session.SessionOpened():
            found["opened"] = fact.occurred_at
        case session.AttendanceRecorded():
            found["present"] = [{"group": each.group.value, "heads": each.heads} for each in event.present]
            found["present_of"] = [{"unit": each.unit, "heads": each.heads} for each in event.units]
        case session.AgendaPresented():
            found["agenda"].append({"kind": event.kind.value, "on": day})
        case session.SessionHeld():
            found["held"] = fact.occurred_at
        case session.MinutesSigned():
            found["minutes"] = {"document": event.document, "on": day}
        case session.SessionConcluded():
            found["notice"] = event.notice


def _put(cases: dict[str, Whole], event: Any, *, begun: bool) -> None:
    match event:
        case session.SessionCaseLinked(case=name):
            cases[name] = _case(name, raised=False)
        case session.SessionItemRaised(case=name, item=item):
            cases[name] = {**_case(name, raised=begun), "item": item}
        case session.SessionCaseUnlinked(case=name):
            cases.pop(name, None)
        case session.SessionItemSplit(case=name, children=children):
            parent = cases.pop(name, None)
            cases.update({child: _case(child, raised=parent is None or parent["raised"]) for child in children})
        case session.OutcomeRecorded(case=name) if name in cases:
            # Whether it is a complaint or a denunciation is not shown here (invariant 13).
            reason = event.reason.value if event.reason else None
            cases[name] |= {"outcome": event.outcome.value, "reason": reason, "to": event.to, "into": event.into}


def _case(name: str, *, raised: bool) -> Whole:
    return {"case": name, "raised": raised, "item": None, "outcome": None, "reason": None, "to": None, "into": None}


def meeting_of(facts: Facts) -> Whole:
    """Whose it is, the series it came in, the days it was moved from and to, and when it was held or cancelled (R23)."""
    begun: meeting.MeetingScheduled = facts[0].event
    found: Whole = {
        "kind": begun.kind.value,
        "body": begun.body.value,
        "series": begun.series,
        "scheduled": begun.on,
        "moved": [],
        "held_on": None,
        "cancelled_on": None,
    }
    for fact in facts:
        match fact.event:
            case meeting.MeetingMoved():
                found["moved"].append({"to": fact.event.on, "on": _day(fact)})
            case meeting.MeetingHeld():
                found["held_on"] = _day(fact)
            case meeting.MeetingCancelled():
                found["cancelled_on"] = _day(fact)
    return found


def request_of(facts: Facts) -> Whole:
    """Who asks from where, the opinions that came with it, by when he is told, and each answer in its order (R21)."""
    begun: request.RequestOpened = facts[0].event
    found: Whole = {
        "receipt": begun.receipt,
        "unit": begun.unit,
        "source_group": begun.source_group.value,
        "locality": begun.locality,
        "received_on": local_day(begun.received_at),
        "opinions": list(begun.opinions),
        "due": begun.due.day,
        "accepted": [],
        "refused": None,
        "withdrawn_on": None,
        "met": None,
    }
    for fact in facts:
        event, day = fact.event, _day(fact)
        match event:
            case request.RequestAccepted():
                found["accepted"].append({"session": event.session, "on": day})
            case request.RequestRefused():
                found["refused"] = {"reason": event.reason.value, "on": day}
            case request.RequestWithdrawn():
                found["withdrawn_on"] = day
            case request.RequestMet():
                found["met"] = {"session": event.session, "on": day}
    return found


def notice_of(facts: Facts) -> Whole:
    """Its items as they stand, which units commented, and by which papers it was amended."""
    found: Whole = {"items": {}, "comments": [], "amendments": [], "document": None}
    for fact in facts:
        event = fact.event
        match event:
            case notice.NoticeDrafted():
                found["items"], found["document"] = {each.number: _draft_item(each) for each in event.items}, event.document
            case notice.NoticeCommented():
                found["comments"].append({"unit": event.unit, "on": _day(fact)})
            case notice.NoticeIssued():
                found["items"], found["document"] = {each.number: _item(each) for each in event.items}, event.document
            case notice.NoticeAmended():
                found["items"][event.item.number] = _item(event.item)
                found["amendments"].append({**_paper(event), "item": event.item.number})
    return {**found, "items": list(found["items"].values())}


def _draft_item(item: notice.DraftItem) -> Whole:
    beside = [(each.unit, each.until) if isinstance(each, notice.OwnDay) else (each, None) for each in item.coordinating]
    return {
        "number": item.number,
        "kind": item.kind.value,
        "case": item.case,
        "unit": item.unit,
        "days": item.days,
        "due": item.until,
        "task": None,
        "coordinating": [{"unit": unit, "due": until, "task": None} for unit, until in beside],
    }


def _item(item: notice.IssuedItem) -> Whole:
    return {
        "number": item.number,
        "kind": item.kind.value,
        "case": item.case,
        "unit": item.unit,
        "days": None,
        "due": item.due.day if item.due else None,
        "task": item.task,
        "coordinating": [
            {"unit": each.unit, "due": each.due.day if each.due else None, "task": each.task} for each in item.coordinating
        ],
    }


def plan_of(facts: Facts) -> Whole:
    """What it rests on, its dialogues, windows and recipients as they stand, who makes it known, and how it was amended."""
    found: Whole = {"disseminations": [], "amendments": []}
    for fact in facts:
        event = fact.event
        match event:
            case plan.PlanDrafted():
                found |= {**_planned(event), "bases": [asdict(each) for each in event.bases], "copied_from": event.copied_from}
                found["document"] = event.document
            case plan.PlanIssued():
                found["document"] = event.document
                found["disseminations"] = [
                    {"unit": each.unit, "due": each.due.day, "task": each.task} for each in event.disseminations
                ]
            case plan.PlanAmended():
                found |= _planned(event)
                found["amendments"].append(_paper(event))
    return found


def _planned(event: plan.PlanDrafted | plan.PlanAmended) -> Whole:
    return {
        "dialogues": [
            {
                "number": each.number,
                "track": each.track.value,
                "trigger": each.trigger.value if each.trigger else None,
                "meeting": each.meeting.value if each.meeting else None,
                "planned": each.planned,
            }
            for each in event.dialogues
        ],
        "windows": [
            {"report": each.report, "first": each.first, "last": each.last, "before": each.before} for each in event.windows
        ],
        "recipients": [
            {"role": each.role, "unit": each.unit, "purpose": each.purpose, "mandatory": each.mandatory}
            for each in event.recipients
        ],
    }


def proposal_of(facts: Facts) -> Whole:
    """Who proposed it, the appraisals asked and given or gone without, conclusion, submissions, decision and ticks."""
    begun: proposal.ProposalOpened = facts[0].event
    found: Whole = {
        "proposer": begun.proposer,
        "division": begun.division,
        "field": begun.field,
        "received_on": local_day(begun.received_at),
        "returned": [],
        "completed": [],
        "leader": None,
        "appraisals": {},
        "conclusion": None,
        "submissions": [],
        "decision": None,
        "session": None,
        "checklist": {"version": begun.checklist, "ticked": {}},
    }
    for fact in facts:
        _told_of_proposal(found, fact)
    return {**found, "appraisals": list(found["appraisals"].values())}


def _told_of_proposal(found: Whole, fact: Recorded) -> None:
    event, day = fact.event, _day(fact)
    given = found["appraisals"]
    match event:
        case proposal.ProposalReturned():
            found["returned"].append(day)
        case proposal.ProposalCompleted():
            found["completed"].append(day)
        case proposal.AppraisalRequested():
            found["leader"] = event.leader
            nothing = {"verdict": None, "letter": None, "on": None, "overridden_on": None}
            for unit in event.appraisers:
                given[unit] = {**nothing, **given.get(unit, {}), "unit": unit, "due": event.due.day}
        case proposal.AppraisalGiven():
            told = {"verdict": event.verdict.value, "letter": event.letter, "on": event.on, "overridden_on": None}
            given[event.appraiser] = {"unit": event.appraiser, "due": None, **given.get(event.appraiser, {}), **told}
        case proposal.AppraisalOverridden():
            given[event.appraiser] |= {"overridden_on": day}
        case proposal.AppraisalConcluded():
            found["conclusion"] = {"by": event.by, "verdict": event.verdict.value, "on": day}
        case proposal.ChecklistItemChecked():
            found["checklist"]["ticked"][event.line] = day
        case proposal.ProposalSubmitted():
            found["submissions"].append({"to_chairman": event.to_chairman, "document": event.document, "on": day})
        case proposal.ProposalApproved() | proposal.ProposalRefused() | proposal.ProposalDeferred():
            found["decision"] = {"decided": _DECIDED[type(event)], "on": day}
        case proposal.ProposalLinked():
            found["session"] = event.session


_DECIDED: Final[Mapping[type, str]] = {
    proposal.ProposalApproved: "dong_y",
    proposal.ProposalRefused: "khong_dong_y",
    proposal.ProposalDeferred: "de_ky_sau",
}
WHOLE: Final[Mapping[str, Callable[[Facts], Whole]]] = {
    "meeting": meeting_of,
    "session": session_of,
    "notice": notice_of,
    "request": request_of,
    "proposal": proposal_of,
    "plan": plan_of,
}


def checklist_of(ticked: Whole, versions: Checklists) -> Whole:
    """The lines of the version that a proposal began with, each with the day on which it was ticked."""
    known = versions.named(ticked["version"]) if versions.versions else BUILT_IN
    lines = [{"line": n, "text": text, "ticked_on": ticked["ticked"].get(n)} for n, text in enumerate(known.lines, start=1)]
    return {"version": ticked["version"], "lines": lines}


def blocked(refused: Refused) -> Whole:
    """One thing that keeps a dialogue from opening."""
    return {"code": refused.code, "titles": {"vi": refused.said(refused.title_vi), "en": refused.said(refused.title_en)}}


def lines_with(found: Any, key: str) -> Iterator[Whole]:
    """Every line of a whole, however deep, that names something under `key`."""
    if isinstance(found, dict):
        if isinstance(found.get(key), str):
            yield found
        for value in found.values():
            yield from lines_with(value, key)
    elif isinstance(found, list):
        for value in found:
            yield from lines_with(value, key)


def _paper(event: notice.NoticeAmended | plan.PlanAmended) -> Whole:
    return {"document": event.document, "number": event.number, "on": event.on}


def _day(fact: Recorded) -> date:
    return local_day(fact.occurred_at)
