"""Stream `request-<id>`: what is decided about a request for dialogue (R21)."""

from collections.abc import Mapping, Sequence
from typing import Any

from services.assignment.domain.directory.rules import due_by
from services.assignment.domain.request import commands as asked
from services.assignment.domain.request.refusals import DialogueNotHeld, NotAccepted, NotOnRequest, RequestAnswered
from services.assignment.domain.request.states import Accepted, Met, NoRequest, Open, Refused, Withdrawn
from services.assignment.domain.session.states import BEFORE, Session, Stage
from shared.calendar import local_day
from shared.contracts.facts import Facts
from shared.contracts.refusals import Unknown
from shared.contracts.request import RequestAccepted, RequestMet, RequestOpened, RequestRefused, RequestWithdrawn
from shared.contracts.session import SessionRequestLinked, Trigger
from shared.contracts.types import Sealed

Decided = dict[str, Sequence[Any]]
TELL = "tell"
OVER = frozenset({Stage.HELD, Stage.CONCLUDED, Stage.CLOSED})


def decide(command: Any, states: Mapping[str, Any], facts: Facts) -> Decided:
    """What a command does to a request, by stream.

    Raises:
        Unknown, RequestAnswered, NotAccepted, DialogueNotHeld, NotOnRequest

    """
    state = states[command.request]
    if isinstance(command, asked.OpenRequest):
        return {command.request: _open(command, state, states)}
    if isinstance(state, NoRequest):
        raise Unknown("request")
    match command:
        case asked.AcceptRequest():
            return _accept(command, state, states)
        case asked.RefuseRequest():
            return {command.request: _refuse(command, state, states)}
        case asked.WithdrawRequest():
            return {command.request: _withdraw(command, state)}
        case asked.MeetRequest():
            return {command.request: _meet(state, states)}
    raise TypeError(f"a request is not asked to {type(command).__name__}")


def _open(command: asked.OpenRequest, state: Any, states: Mapping[str, Any]) -> list[RequestOpened]:
    if not isinstance(state, NoRequest):
        return []
    day = local_day(command.received_at)
    opened = RequestOpened(
        receipt=command.receipt,
        office=command.office,
        unit=command.unit,
        source_group=command.source_group,
        locality=command.locality,
        received_at=command.received_at,
        words=Sealed(ref=command.words.ref, digest=command.words.digest),
        opinions=command.opinions,
        due=due_by(states, command.office, TELL, day),
    )
    return [opened]


def awaits_dialogue(state: Any, states: Mapping[str, Any]) -> bool:
    """Whether a request can be given a dialogue: it has no answer yet, or the dialogue it was given is not held after all."""
    match state:
        case Open():
            return True
        case Accepted(session=stream):
            session = states[stream]
            return isinstance(session, Session) and session.stage is Stage.CANCELLED
    return False


def _accept(command: asked.AcceptRequest, state: Any, states: Mapping[str, Any]) -> Decided:
    if isinstance(state, Accepted) and state.session == command.session:
        return {}
    if not awaits_dialogue(state, states):
        raise RequestAnswered
    session = states[command.session]
    if not isinstance(session, Session) or session.was.office != state.was.office:
        raise Unknown("session")
    if session.was.trigger is not Trigger.ON_REQUEST or session.stage not in BEFORE:
        raise NotOnRequest("session", session=command.session)
    return {
        command.request: [RequestAccepted(session=command.session)],
        command.session: [SessionRequestLinked(request=command.request)],
    }


def _refuse(command: asked.RefuseRequest, state: Any, states: Mapping[str, Any]) -> list[RequestRefused]:
    if isinstance(state, Refused):
        return []
    if not awaits_dialogue(state, states):
        raise RequestAnswered
    return [RequestRefused(reason=command.reason, note=command.note)]


def _withdraw(command: asked.WithdrawRequest, state: Any) -> list[RequestWithdrawn]:
    match state:
        case Withdrawn():
            return []
        case Open() | Accepted():
            return [RequestWithdrawn(note=command.note)]
    raise RequestAnswered


def _meet(state: Any, states: Mapping[str, Any]) -> list[RequestMet]:
    match state:
        case Met():
            return []
        case Accepted(session=stream):
            session = states[stream]
            if not isinstance(session, Session) or session.stage not in OVER:
                raise DialogueNotHeld(session=stream)
            return [RequestMet(session=stream)]
    raise NotAccepted
