"""The commands of requests for dialogue: which streams each reads, who may ask it, what decides."""

from functools import partial

from services.assignment.domain.request import commands as asked
from services.assignment.domain.request import decider
from services.assignment.domain.request.states import Accepted, NoRequest
from services.assignment.handlers.streams import REQUEST, SESSION, Folds, calendar_stream, named, of_office
from shared.contracts.refusals import Unknown
from shared.desk import Asking, Handler, States, handling
from shared.permit import Resource


def handlers(tenant: str) -> list[Handler]:
    """The handlers of one tenant."""
    on_request = handling(streams=named("request", REQUEST), resource=partial(of_request, tenant), decide=decider.decide)
    return [
        Handler(
            command=asked.OpenRequest,
            action=asked.OPEN_REQUEST,
            streams=lambda asking: {asking.body.request: REQUEST, **calendar_stream(asking)},
            resource=partial(of_office, tenant),
            decide=decider.decide,
        ),
        on_request(
            asked.AcceptRequest,
            asked.ACCEPT_REQUEST,
            streams=_request_and_session,
            further=_its_session,
        ),
        on_request(asked.RefuseRequest, asked.REFUSE_REQUEST, further=_its_session),
        on_request(asked.WithdrawRequest, asked.WITHDRAW_REQUEST),
        on_request(asked.MeetRequest, asked.MEET_REQUEST, further=_its_session),
    ]


def _request_and_session(asking: Asking) -> Folds:
    """Both, each by an id of its kind: what names one thing twice names no dialogue."""
    if asking.body.session == asking.body.request:
        raise Unknown("session")
    return {asking.body.request: REQUEST, asking.body.session: SESSION}


def _its_session(asking: Asking, states: States) -> Folds:
    match states[asking.body.request]:
        case Accepted(session=session):
            return {session: SESSION}
    return {}


def of_request(tenant: str, asking: Asking, states: States) -> Resource:
    state = states[asking.body.request]
    if isinstance(state, NoRequest) or state.was.office != asking.subject.office:
        raise Unknown("request")
    return Resource(tenant=tenant, office=state.was.office, units=frozenset({state.was.unit}))
