"""Who asks for a page: the session that a browser carries, how one begins, and who may only change a first password."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import Depends, Request
from fastapi.responses import RedirectResponse, Response

from shared.contracts.refusals import Refused
from shared.directory.queries import DirectoryNotYet
from shared.identity.accounts import Account, Accounts
from shared.identity.attempts import Attempts
from shared.identity.links import Links
from shared.identity.provider import Provider
from shared.identity.refusals import ProviderAway, ProviderRefused, SignInRefused, SignInTooOften
from shared.identity.second_step import SecondStep
from shared.identity.sessions import Session, Sessions
from shared.identity.trail import Trail
from shared.permit import Subject
from shared.web import problems
from shared.web.forms import FORM, carried, carry, drop
from shared.web.pages import language_of

ACCOUNT: Final = "/account"
UNATTENDED: Final = "doithoai-unattended"  # the header of what an open page asks by itself
STEP: Final = "doithoai-step"  # the cookie of whoever is halfway in: sealed, and good for nothing else
STATUS: Final = {SignInRefused: 401, SignInTooOften: 429, ProviderRefused: 401, ProviderAway: 503}


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in to the pages, and how; `left` is told of a session that is over or goes on from another post."""

    accounts: Accounts
    sessions: Sessions
    codes: SecondStep
    links: Links
    trail: Trail
    attempts: Attempts
    provider: Provider | None = None
    left: Callable[[str], None] = lambda _: None


async def signed_in(request: Request) -> Session:
    """Who asks for a page, by the session that the browser carries.

    Raises:
        NotSignedIn: no session, or one that is over.

    """
    found = await _carried(request)
    request.state.session = found  # a refusal is shown in his frame too
    if (surroundings := getattr(request.app.state, "surroundings", None)) is not None:
        request.state.around = await surroundings.of(found)
    return found


async def listening(request: Request) -> Session:
    """Who listens for news from an open page; that alone keeps nobody signed in.

    Raises:
        NotSignedIn
        PasswordToChange

    """
    found = await _carried(request, unattended=True)
    if found.must_change:
        raise problems.PasswordToChange
    return found


async def _carried(request: Request, *, unattended: bool = False) -> Session:
    secret, state = carried(request), request.app.state
    asking = {"attended": False} if unattended or UNATTENDED in request.headers else {}
    found: Session | None = await state.door.sessions.find(secret, **asking) if secret else None
    if found is None:
        raise problems.NotSignedIn
    with suppress(DirectoryNotYet):  # an account has its pages before that
        found = replace(found, subject=replace(found.subject, delegated=await state.acting_for(found.subject)))
    return found


SignedIn = Annotated[Session, Depends(signed_in)]


async def working(request: Request, session: SignedIn) -> Session:
    """Who works in a page, with the posts that he acts for today.

    Raises:
        NotSignedIn
        PasswordToChange: his is a first password still.

    """
    if session.must_change:
        raise problems.PasswordToChange
    return session


Working = Annotated[Session, Depends(working)]


async def held(door: Door, session: Session) -> Account:
    """The account that is signed in.

    Raises:
        NotSignedIn: it is gone.

    """
    found = await door.accounts.find(session.name)
    if found is None:
        raise problems.NotSignedIn
    return found


async def let_in(
    request: Request, door: Door, account: Account, onward: str, *, acting: Subject | None = None, by_provider: bool = False
) -> Response:
    """Begin a session under a new secret; whatever the browser carried before opens nothing any more."""
    secret = await door.sessions.begin(account, instead_of=carried(request) or None, acting=acting, by_provider=by_provider)
    response = RedirectResponse(ACCOUNT if account.must_change and not by_provider else onward, 303)
    carry(response, request, secret)
    drop(response, request, FORM)
    drop(response, request, STEP)
    return response


def out(request: Request, *, by_provider: bool) -> Response:
    """The way out; the browser carries nothing of ours any more, but may still be signed in at the provider."""
    response = RedirectResponse("/sign-in?left=1" if by_provider else "/sign-in", 303)
    drop(response, request)
    return response


def browser_of(request: Request) -> str:
    """What tells this browser from others before anybody is signed in."""
    return carried(request) or carried(request, FORM)


def status_of(refused: Refused) -> int:
    """The HTTP status of a page that shows it."""
    return STATUS.get(type(refused), problems.status_of(refused))


def told(request: Request, refused: Refused) -> dict[str, Any]:
    """A refusal as a page shows it."""
    return {"field": None, **problems.body_of(refused, language=language_of(request))}
