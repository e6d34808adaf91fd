"""The states of a request for dialogue."""

from dataclasses import dataclass
from typing import Any, Final

from shared.contracts.request import RequestAccepted, RequestMet, RequestOpened, RequestRefused, RequestWithdrawn


@dataclass(frozen=True, slots=True)
class NoRequest:
    """Nothing was referred under this id."""


@dataclass(frozen=True, slots=True)
class Open:
    """It waits for the head's answer."""

    was: RequestOpened


@dataclass(frozen=True, slots=True)
class Accepted:
    """A dialogue is to be held for it."""

    was: RequestOpened
    session: str


@dataclass(frozen=True, slots=True)
class Met:
    """The dialogue was held, and answered."""

    was: RequestOpened
    session: str


@dataclass(frozen=True, slots=True)
class Refused:
    """No dialogue."""

    was: RequestOpened


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """The asker took it back."""

    was: RequestOpened


Request = NoRequest | Open | Accepted | Met | Refused | Withdrawn
INITIAL: Final[Request] = NoRequest()


def evolve(state: Request, event: Any) -> Request:
    """The request after `event`."""
    if isinstance(event, RequestOpened):
        return Open(event)
    if isinstance(state, NoRequest):
        return state
    match event:
        case RequestAccepted(session=session):
            return Accepted(state.was, session)
        case RequestRefused():
            return Refused(state.was)
        case RequestWithdrawn():
            return Withdrawn(state.was)
        case RequestMet(session=session):
            return Met(state.was, session)
    return state
