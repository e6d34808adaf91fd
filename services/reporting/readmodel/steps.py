"""What happens to dialogues, notices, requests, proposals, tasks and rounds of consolidation, as far as reports count it."""

from dataclasses import replace
from typing import Any, Final

from services.reporting.domain.figures.window import begins
from services.reporting.readmodel.places import Place
from services.reporting.readmodel.tables import STREAM
from shared.contracts import consolidation, directory, document, meeting, notice, plan, proposal, request, session, task
from shared.contracts.task import TaskType
from shared.eventlog.records import Recorded

SESSION, NOTICE, REQUEST, PROPOSAL, PLAN, PAPER = "session", "notice", "request", "proposal", "plan", "plan_paper"
GATHERING: Final = "consolidation"
UNIT: Final = "unit"
CALLED_OFF: Final = (meeting.MeetingCancelled, session.SessionCancelled)  # of what is not held nobody gathers opinions
SENT: Final = (document.DocumentDispatched, document.DocumentPublished)
TASKS: Final = frozenset({TaskType.ANSWER, TaskType.CARRY_OUT, TaskType.DISSEMINATE})  # the types that are counted
EVENTS: Final = frozenset(
    {
        "session.proposed",
        "session.case_linked",
        "session.case_unlinked",
        "session.item_raised",
        "session.item_split",
        "session.outcome_recorded",
        "session.attendance_recorded",
        "session.held",
        "session.postponed",
        "session.cancelled",
        "notice.drafted",
        "notice.issued",
        "request.opened",
        "request.accepted",
        "request.refused",
        "request.withdrawn",
        "request.met",
        "proposal.opened",
        "proposal.appraisal_concluded",
        "proposal.approved",
        "proposal.refused",
        "proposal.deferred",
        "plan.drafted",
        "plan.issued",
        "document.drafted",
        "document.dispatched",
        "document.published",
        "meeting.cancelled",
        "consolidation.opened",
        "consolidation.submitted",
        "consolidation.amended",
        "consolidation.returned",
        "unit.registered",
        "unit.dissolved",
        "task.assigned",
        "task.transferred",
        "task.due_set",
        "task.extension_granted",
        "task.urged",
        "task.proof_added",
        "task.completed",
        "task.returned",
        "task.recalled",
        "task.cancelled",
    }
)


async def apply(recorded: Recorded, place: Place) -> None:
    """Write the rows of one event."""
    if isinstance(recorded.event, document.DocumentDrafted) and recorded.event.kind is not document.DocumentKind.PLAN:
        return  # only of the plan's paper is it told to whom it was sent and when it was made public
    if isinstance(recorded.event, SENT) and await place.rows.get(STREAM, paper_key(recorded)) is None:
        return
    if isinstance(recorded.event, directory.UnitDissolved):  # what is said of a day happens on that day
        place = replace(place, occurred=begins(recorded.event.valid_from))
    family = _family(recorded.event)
    if family is not None:
        place.stream(recorded.event.office, family, recorded.stream)
    if isinstance(recorded.event, CALLED_OFF):
        place.stream(str(recorded.metadata["office"]), GATHERING, recorded.stream)
    place.step(recorded.stream, recorded.record.type, _said(recorded.event))


def paper_key(recorded: Recorded) -> dict[str, Any]:
    """The row by which the paper of a plan is known: its later events say neither whose it is nor what."""
    record = recorded.record
    return {"tenant": record.tenant, "office": recorded.metadata.get("office"), "family": PAPER, "stream": recorded.stream}


def _family(event: Any) -> str | None:
    match event:
        case session.SessionProposed():
            return SESSION
        case notice.NoticeDrafted():
            return NOTICE
        case request.RequestOpened():
            return REQUEST
        case proposal.ProposalOpened():
            return PROPOSAL
        case plan.PlanDrafted():
            return PLAN
        case document.DocumentDrafted():
            return PAPER
        case consolidation.ConsolidationOpened():
            return GATHERING
        case directory.UnitRegistered() if event.office is not None:
            return UNIT
        case task.TaskAssigned() if event.type in TASKS:
            return event.type.value
    return None


def _said(event: Any) -> dict[str, Any]:
    match event:
        case session.SessionProposed():
            return {
                "track": event.track.value,
                "trigger": event.trigger.value if event.trigger else None,
                "origin": event.origin.value,
                "scheduled": event.scheduled.isoformat(),
                "field": event.field,
            }
        case session.SessionCaseLinked() | session.SessionCaseUnlinked() | session.SessionItemRaised():
            return {"case": event.case, "episode": event.episode}
        case session.SessionItemSplit():
            return {"case": event.case, "children": event.children}
        case session.OutcomeRecorded():
            return {"case": event.case, "episode": event.episode, "outcome": event.outcome.value}
        case session.AttendanceRecorded():
            return {"heads": sum(group.heads for group in event.present)}
        case session.SessionPostponed():
            return {"to": event.to.isoformat() if event.to else None}
    return _of_paper(event)


def _of_paper(event: Any) -> dict[str, Any]:
    match event:
        case notice.NoticeDrafted():
            texts = {str(item.number): item.text.ref for item in event.items}
            return {"authority": event.authority.value, "session": event.session, "texts": texts}
        case notice.NoticeIssued():
            return {"number": event.number, "on": event.on.isoformat(), "items": [_item(item) for item in event.items]}
        case request.RequestOpened() | proposal.ProposalOpened():
            return {"received": event.received_at.isoformat()}
        case request.RequestRefused():
            return {"reason": event.reason.value}
        case plan.PlanDrafted():
            return {"year": event.year, "bases": [_basis(each) for each in event.bases]}
        case plan.PlanIssued():
            return {"document": event.document, "number": event.number, "on": event.on.isoformat()}
        case document.DocumentDispatched():
            return {"recipient": event.recipient, "purpose": event.purpose}
        case document.DocumentPublished():
            return {"place": event.place}
        case consolidation.ConsolidationOpened():
            return {"unit": event.unit, "about": event.about, "due": event.due.isoformat()}
        case consolidation.ConsolidationSubmitted() | consolidation.ConsolidationAmended():
            return {"nil": event.nil}
        case directory.UnitRegistered() | directory.UnitDissolved():
            return {"unit": event.unit}
    return _of_task(event)


def _basis(basis: plan.Basis) -> dict[str, Any]:
    on = basis.on.isoformat() if basis.on else None
    return {"number": basis.number, "kind": basis.kind, "on": on, "issuer": basis.issuer}


def _item(item: notice.IssuedItem) -> dict[str, Any]:
    return {"number": item.number, "kind": item.kind.value, "case": item.case, "episode": item.episode, "task": item.task}


def _of_task(event: Any) -> dict[str, Any]:
    match event:
        case task.TaskAssigned():
            return {
                "unit": event.unit,
                "episode": event.episode,
                "authority": event.authority.value,
                "due": event.due.day.isoformat(),
            }
        case task.TaskTransferred():
            return {"unit": event.unit}
        case task.TaskDueSet() | task.ExtensionGranted():
            return {"due": event.due.day.isoformat()}
        case task.ProofAdded():
            return {"reached": event.reached or 0}
    return {}
