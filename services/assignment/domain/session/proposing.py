"""A dialogue is proposed: track, trigger and what it hangs on (R21-R25, invariant 4)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from services.assignment.domain.directory.fields import refuse_unless_field
from services.assignment.domain.meeting.decider import NoMeeting, Scheduled
from services.assignment.domain.plan.decider import InForce, NoPlan, dialogue_stream
from services.assignment.domain.plan.dialogue import Used
from services.assignment.domain.proposal.states import Approved as ApprovedProposal
from services.assignment.domain.proposal.states import NoProposal
from services.assignment.domain.request.decider import awaits_dialogue
from services.assignment.domain.request.states import NoRequest
from services.assignment.domain.session.commands import ProposeSession
from services.assignment.domain.session.preparing import refuse_unless_theirs
from services.assignment.domain.session.proposing_refusals import (
    AllFields,
    MeetingMissing,
    NotArisen,
    NotInPlan,
    OneFieldOrTopic,
    OnRequestNeedsRequest,
    OriginUnfounded,
    PlannedUsed,
    ProposalDealtWith,
    ProposalNotApproved,
    ProposalsForChairman,
    RequestNotOpen,
    ShortFormOnlyAtBriefing,
    TriggerMissing,
)
from services.assignment.domain.session.refusals import DayPassed
from services.assignment.domain.session.states import NoSession, Session, Stage
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.meeting import MeetingKind
from shared.contracts.plan import PlannedDialogue, PlannedDialogueUsed
from shared.contracts.proposal import ProposalLinked
from shared.contracts.refusals import Unknown
from shared.contracts.request import RequestAccepted
from shared.contracts.session import Origin, SessionProposed, Track, Trigger

BRIEFINGS: Final = frozenset({MeetingKind.WEEKLY_BRIEFING, MeetingKind.MONTHLY_BRIEFING})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposing(Facts):
    """The facts, with the stream of the session to be made."""

    session: str


def propose(command: ProposeSession, states: Mapping[str, Any], facts: Proposing) -> dict[str, Sequence[Any]]:
    """The session, and each request it accepts and proposal it takes up, in one append.

    Raises:
        Refused: a trigger, field, meeting, request or proposal that does not go with the track.

    """
    if not isinstance(states[facts.session], NoSession):
        return {}
    refuse_unless_theirs(command.track, facts)
    if command.scheduled < local_day(facts.at):
        raise DayPassed("scheduled", on=command.scheduled.isoformat())
    _refuse_wrong_trigger(command)
    named = _named(command, states)
    command = replace(command, origin=command.origin or named)
    _refuse_unfounded(command)
    if command.field is not None:
        refuse_unless_field(states, command.field, local_day(facts.at), "field")
    _refuse_wrong_meeting(command, states)
    used = _planned(command, states, facts.session)
    if command.origin is Origin.ARISEN and named is not Origin.ARISEN:
        raise NotArisen("origin", origin=named.value)
    for request in command.requests:
        _refuse_request(request, command, states)
    for proposal in command.proposals:
        _refuse_proposal(proposal, command, states)
    return {
        facts.session: [_proposed(command)],
        **used,
        **{request: [RequestAccepted(session=facts.session)] for request in command.requests},
        **{proposal: [ProposalLinked(session=facts.session)] for proposal in command.proposals},
    }


def _named(command: ProposeSession, states: Mapping[str, Any]) -> Origin:
    """Where a dialogue comes from as far as what it names says so: else it arose (R21 to R23, R25)."""
    if command.planned is not None:
        return Origin.PLAN
    if command.requests:
        return Origin.REQUEST
    if command.proposals:
        return Origin.PROPOSAL
    meeting = states[command.meeting] if command.meeting is not None else None
    recurs = isinstance(meeting, Scheduled) and meeting.was.series is not None and command.trigger is Trigger.PERIODIC
    return Origin.RECURRENCE if recurs else Origin.ARISEN


def _planned(command: ProposeSession, states: Mapping[str, Any], session: str) -> dict[str, Sequence[Any]]:
    """What says that a dialogue of the plan in force is this one, and no other beside it (R1)."""
    named = command.planned
    assert command.origin is not None
    if (named is None) is (command.origin is Origin.PLAN):
        raise OriginUnfounded("planned", origin=command.origin.value)
    if named is None:
        return {}
    plan = states[named.plan]
    if isinstance(plan, NoPlan) or plan.plan.office != command.office:
        raise Unknown("planned")
    lines = plan.plan.dialogues if isinstance(plan, InForce) else ()
    if not any(each.number == named.number and _is_meant(each, command, states) for each in lines):
        raise NotInPlan("planned", number=named.number)
    stream = dialogue_stream(named.plan, named.number)
    state = states[stream]
    if isinstance(state, Used) and not _is_cancelled(states[state.session]):
        raise PlannedUsed("planned", number=named.number, session=state.session)
    return {stream: [PlannedDialogueUsed(plan=named.plan, number=named.number, session=session)]}


def _is_meant(line: PlannedDialogue, command: ProposeSession, states: Mapping[str, Any]) -> bool:
    if (line.track, line.trigger) != (command.track, command.trigger):
        return False
    meeting = states[command.meeting].was.kind if command.meeting is not None else None
    return line.meeting is None or line.meeting is meeting


def _is_cancelled(session: Any) -> bool:
    return isinstance(session, Session) and session.stage is Stage.CANCELLED


def _refuse_request(request: str, command: ProposeSession, states: Mapping[str, Any]) -> None:
    state = states[request]
    if isinstance(state, NoRequest) or state.was.office != command.office:
        raise Unknown("requests")
    if not awaits_dialogue(state, states):
        raise RequestNotOpen("requests", request=request)


def _refuse_proposal(proposal: str, command: ProposeSession, states: Mapping[str, Any]) -> None:
    state = states[proposal]
    if isinstance(state, NoProposal) or state.matter.was.office != command.office:
        raise Unknown("proposals")
    if not isinstance(state, ApprovedProposal):
        raise ProposalNotApproved("proposals", proposal=proposal)
    held_in = states[state.session] if state.session is not None else None
    if isinstance(held_in, Session) and not _is_cancelled(held_in):
        raise ProposalDealtWith("proposals", proposal=proposal, session=state.session)


def _proposed(command: ProposeSession) -> SessionProposed:
    assert command.origin is not None
    return SessionProposed(
        office=command.office,
        track=command.track,
        trigger=command.trigger,
        mode=command.mode,
        origin=command.origin,
        scheduled=command.scheduled,
        meeting=command.meeting,
        short_form=command.short_form,
        field=command.field,
        topic=command.topic,
        requests=tuple(dict.fromkeys(command.requests)),
        proposals=tuple(dict.fromkeys(command.proposals)),
    )


def _refuse_wrong_trigger(command: ProposeSession) -> None:
    if (command.trigger is None) is not (command.track is Track.CHAIRMAN):
        raise TriggerMissing("trigger", track=command.track.value)
    on_request = command.trigger is Trigger.ON_REQUEST
    if on_request is not bool(command.requests) or (on_request and command.track is not Track.PEOPLE):
        raise OnRequestNeedsRequest("requests")
    if bool(command.proposals) is not (command.track is Track.CHAIRMAN):
        raise ProposalsForChairman("proposals")
    if command.trigger is Trigger.AD_HOC and (command.field is None) is (command.topic is None):
        raise OneFieldOrTopic("field")
    if command.trigger is Trigger.PERIODIC:
        if command.track is not Track.STAFF or command.field is not None or command.topic is not None:
            raise AllFields("field")
        if command.meeting is None:
            raise MeetingMissing("meeting")


def _refuse_unfounded(command: ProposeSession) -> None:
    """What comes from a request or a proposal names it, what recurs is periodic; what it names is looked up beside this."""
    if command.origin is Origin.RECURRENCE and command.trigger is not Trigger.PERIODIC:
        raise OriginUnfounded("trigger", origin=command.origin.value)
    for origin, name, named in (
        (Origin.REQUEST, "requests", command.requests),
        (Origin.PROPOSAL, "proposals", command.proposals),
    ):
        if command.origin is origin and not named:
            raise OriginUnfounded(name, origin=origin.value)


def _refuse_wrong_meeting(command: ProposeSession, states: Mapping[str, Any]) -> None:
    if command.meeting is None:
        if command.origin is Origin.RECURRENCE:
            raise OriginUnfounded("meeting", origin=command.origin.value)
        if command.short_form:
            raise ShortFormOnlyAtBriefing("short_form")
        return
    meeting = states[command.meeting]
    if isinstance(meeting, NoMeeting) or meeting.was.office != command.office:
        raise Unknown("meeting")
    if not isinstance(meeting, Scheduled) or meeting.on != command.scheduled:
        raise MeetingMissing("meeting")
    if command.short_form and (meeting.was.kind not in BRIEFINGS or command.trigger is not Trigger.PERIODIC):
        raise ShortFormOnlyAtBriefing("short_form")
    if command.origin is Origin.RECURRENCE and meeting.was.series is None:
        raise OriginUnfounded("meeting", origin=command.origin.value)
