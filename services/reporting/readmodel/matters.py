"""What intake and assignment record about an opinion and its case, as milestones and values of its episodes."""

from typing import Any, Final

from services.reporting.domain.figures.episodes import Milestone
from services.reporting.readmodel.places import Dimension, Place, first_episode
from shared.clock import micros
from shared.contracts import case, opinion
from shared.contracts import opinion_register as register
from shared.contracts.case import DueBase, Resolution
from shared.contracts.opinion_register import RegisterOutcome
from shared.eventlog.records import Recorded

# Before referral intake ends an opinion, after it assignment ends the case.
MARKS: Final[dict[type, Milestone]] = {
    opinion.OpinionRejected: Milestone.REJECTED,
    opinion.OpinionForwarded: Milestone.FORWARDED,
    opinion.OpinionDiverted: Milestone.DIVERTED,
    opinion.OpinionWithdrawn: Milestone.WITHDRAWN,
    opinion.OpinionMerged: Milestone.MERGED,
    opinion.OpinionUnmerged: Milestone.UNMERGED,
    opinion.OpinionSplit: Milestone.SPLIT,
    case.CaseRejected: Milestone.REJECTED,
    case.CaseForwarded: Milestone.FORWARDED,
    case.CaseDiverted: Milestone.DIVERTED,
    case.CaseWithdrawn: Milestone.WITHDRAWN,
    case.CaseMerged: Milestone.MERGED,
    case.CaseUnmerged: Milestone.UNMERGED,
    case.CaseSplit: Milestone.SPLIT,
}
REGISTERED: Final[dict[RegisterOutcome, Milestone]] = {
    RegisterOutcome.RESOLVED: Milestone.RESOLVED,
    RegisterOutcome.REJECTED: Milestone.REJECTED,
    RegisterOutcome.FORWARDED: Milestone.FORWARDED,
    RegisterOutcome.DIVERTED: Milestone.DIVERTED,
    RegisterOutcome.WITHDRAWN: Milestone.WITHDRAWN,
    RegisterOutcome.MERGED: Milestone.MERGED,
}
EVENTS: Final = frozenset(
    {
        "opinion.received",
        "opinion.registered",
        "opinion.register_sorted",
        "opinion.register_ended",
        "opinion.register_reopened",
        "opinion.register_due_set",
        "opinion.register_corrected",
        "opinion.split_off",
        "opinion.classified",
        "opinion.due_set",
        "opinion.corrected",
        "opinion.rejected",
        "opinion.forwarded",
        "opinion.diverted",
        "opinion.withdrawn",
        "opinion.merged",
        "opinion.unmerged",
        "opinion.split",
        "case.opened",
        "case.assigned",
        "case.handed_back",
        "case.recalled",
        "case.transferred",
        "case.reclassified",
        "case.due_set",
        "case.linked",
        "case.unlinked",
        "case.rejected",
        "case.forwarded",
        "case.diverted",
        "case.withdrawn",
        "case.merged",
        "case.unmerged",
        "case.split",
        "case.split_off",
        "case.resolved",
        "case.reopened",
    }
)
# What was settled in the room is in time, whatever the due day.
ALWAYS_IN_TIME: Final = frozenset({Resolution.ON_THE_SPOT, Resolution.TAKEN_ON_BOARD})


def apply(recorded: Recorded, place: Place) -> None:
    """Write the rows of one event."""
    event = recorded.event
    unit = str(recorded.metadata.get("unit") or "") or None
    mark = MARKS.get(type(event))
    if mark is not None:
        place.milestone(mark, event.episode, unit=unit)
        for child in event.children if mark is Milestone.SPLIT else ():
            place.values(first_episode(child), {Dimension.PARENT: event.episode})
    elif recorded.record.type.startswith("opinion.register"):
        _by_register(event, place)
    elif recorded.stream.startswith("opinion-"):
        _intake(recorded.stream, event, unit, place)
    else:
        _opening(event, unit, place)
        _course(event, unit, place)


def _intake(stream: str, event: Any, unit: str | None, place: Place) -> None:
    match event:
        case opinion.OpinionReceived() | opinion.OpinionSplitOff():
            since = micros(event.received_at) if isinstance(event, opinion.OpinionSplitOff) else None
            _begun(place, event, since)
        case opinion.OpinionClassified():
            values = {Dimension.FIELD: event.field, Dimension.DUE: event.due.day.isoformat(), Dimension.CLASSIFIER: unit}
            place.values(first_episode(stream), values | _flags(event) | _concerns(event))
        case opinion.OpinionDueSet():
            place.values(event.episode, {Dimension.DUE: event.due.day.isoformat()})
        case opinion.OpinionCorrected():
            source = event.source_group.value if event.source_group else None
            corrected = {Dimension.SOURCE: source, Dimension.LOCALITY: event.locality}
            place.values(first_episode(stream), {name: value for name, value in corrected.items() if value is not None})


def _by_register(event: Any, place: Place) -> None:
    """What the office's register tells: in the rows it states, and in no unit's where it states none."""
    due = event.due.isoformat() if getattr(event, "due", None) else None
    match event:
        case register.OpinionRegistered():
            _begun(place, event, None)
        case register.OpinionRegisterSorted():
            place.values(event.episode, {Dimension.FIELD: event.field, Dimension.LEAD: event.lead, Dimension.DUE: due})
        case register.OpinionRegisterEnded():
            place.milestone(REGISTERED[event.how], event.episode, due=due)
        case register.OpinionRegisterReopened():
            place.milestone(Milestone.REOPENED, event.episode, previous=event.previous)
            place.values(event.episode, {Dimension.DUE: due})
        case register.OpinionRegisterDueSet():
            place.values(event.episode, {Dimension.DUE: due})
        case register.OpinionRegisterCorrected():
            source = event.source_group.value
            place.values(event.episode, {Dimension.SOURCE: source, Dimension.LOCALITY: event.locality})


def _opening(event: Any, unit: str | None, place: Place) -> None:
    match event:
        case case.CaseOpened() if event.session is None:
            return  # it says nothing that intake has not said
        case case.CaseOpened() | case.CaseSplitOff():
            # Raised in the room, or a part of a referred matter: intake does not tell that it begins.
            _begun(place, event, micros(event.received_at))
            values = {Dimension.FIELD: event.field, Dimension.DUE: event.due.day.isoformat(), Dimension.CLASSIFIER: unit}
            session = event.dialogue if isinstance(event, case.CaseSplitOff) else event.session
            put = {Dimension.SESSION: session} if session else {}
            place.values(event.episode, values | put | _flags(event) | _concerns(event))
        case case.CaseReopened():
            place.milestone(Milestone.REOPENED, event.episode, previous=event.previous)
            values = {Dimension.FIELD: event.field, Dimension.LEAD: event.lead, Dimension.DUE: event.due.day.isoformat()}
            place.values(event.episode, values)


def _course(event: Any, unit: str | None, place: Place) -> None:
    match event:
        case case.CaseAssigned():
            place.values(event.episode, {Dimension.LEAD: event.lead, Dimension.DUE: event.due.day.isoformat()})
        case case.CaseTransferred():
            place.values(event.episode, {Dimension.LEAD: event.lead})
        case case.CaseHandedBack() | case.CaseRecalled():
            place.values(event.episode, {Dimension.LEAD: None})
        case case.CaseReclassified():
            place.values(
                event.episode, {Dimension.FIELD: event.field, Dimension.CLASSIFIER: unit} | _flags(event) | _concerns(event)
            )
        case case.CaseDueSet():
            moved = Dimension.EXTENSION if event.base is DueBase.EXTENSION else Dimension.DUE
            place.values(event.episode, {moved: event.due.day.isoformat()})
        case case.CaseLinked():
            place.values(event.episode, {Dimension.SESSION: event.session})
        case case.CaseUnlinked():
            place.values(event.episode, {Dimension.SESSION: None})
        case case.CaseResolved():
            due = None if event.how in ALWAYS_IN_TIME else event.due.day.isoformat()
            place.milestone(Milestone.RESOLVED, event.episode, due=due)


def _flags(event: Any) -> dict[Dimension, str | None]:
    """No row where there are none: whoever reads them holds them against the field, which the same event always names."""
    return {Dimension.FLAGS: " ".join(flag.value for flag in event.flags)} if event.flags else {}


def _concerns(event: Any) -> dict[Dimension, str | None]:
    """That it is about somebody, not about whom: what was, is named in no paper any more, whatever it is taken for later."""
    return {Dimension.CONCERNS: "1"} if event.concerns_units or event.concerns_posts else {}


def _begun(place: Place, event: Any, since: int | None) -> None:
    place.office(event.office, event.episode, event.unit)
    place.milestone(Milestone.RECEIVED, event.episode, since=since)
    place.values(event.episode, {Dimension.LOCALITY: event.locality, Dimension.SOURCE: event.source_group.value})
