"""The pages of an account: signing in and out, its password, its posts, where it is signed in."""

from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from shared.contracts.refusals import Refused, Unknown
from shared.identity.accounts import Account, Accounts
from shared.identity.refusals import SignInRefused, SignInTooOften
from shared.identity.sessions import Session, Sessions
from shared.permit import Subject
from shared.web import problems
from shared.web.forms import FORM, carried, carry, drop, path_within, read_form, refuse_open_line
from shared.web.gateway import address_of
from shared.web.pages import Pages, language_of

FIRST: Final = "/account"
STATUS: Final = {SignInRefused: 401, SignInTooOften: 429}


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in to the pages."""

    accounts: Accounts
    sessions: Sessions


async def signed_in(request: Request) -> Session:
    """Who asks for a page, by the session that the browser carries.

    Raises:
        NotSignedIn: no session, or one that is over.

    """
    secret = carried(request)
    session = await request.app.state.door.sessions.find(secret) if secret else None
    if session is None:
        raise problems.NotSignedIn
    found: Session = session
    request.state.session = found  # a refusal is shown in his frame too
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
    acts_for = await request.app.state.acting_for(session.subject)
    return replace(session, subject=replace(session.subject, delegated=acts_for))


Working = Annotated[Session, Depends(working)]


def routes(pages: Pages, door: Door, *, first: str = FIRST) -> APIRouter:
    """The routes of sign-in and account; whoever signs in without having asked for a page comes to the `first` one."""
    router = APIRouter(include_in_schema=False)
    _at_the_door(router, pages, door, first)
    _of_the_account(router, pages, door)
    return router


def _at_the_door(router: APIRouter, pages: Pages, door: Door, first: str) -> None:
    @router.get("/")
    async def begin() -> Response:
        return RedirectResponse(first, 303)

    @router.get("/sign-in")
    async def ask(request: Request) -> Response:
        refuse_open_line(request)
        onward = path_within(request.query_params.get("next", ""), first)
        return pages.show(request, "sign-in.html", next=onward, name="", refused=None)

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        name, onward = form.get("name", ""), path_within(form.get("next", ""), first)
        try:
            account = await door.accounts.check(name, form.get("password", ""), address=address_of(request))
        except (SignInRefused, SignInTooOften) as refused:
            told, status = _told(request, refused), STATUS[type(refused)]
            return pages.show(request, "sign-in.html", status=status, next=onward, name=name[:40], refused=told)
        return await _let_in(request, door, account, onward)

    @router.post("/sign-out")
    async def sign_out(request: Request, session: SignedIn) -> Response:
        await read_form(request)
        await door.sessions.end(session.id, name=session.name)
        return _out(request)


def _of_the_account(router: APIRouter, pages: Pages, door: Door) -> None:
    async def shown(request: Request, session: Session, *, refused: Any = None, status: int = 200) -> Response:
        done = request.query_params.get("done") if refused is None else None
        return pages.show(
            request,
            "account.html",
            status=status,
            session=session,
            posts=(await _held(door, session)).posts,
            sessions=await door.sessions.list(session.name),
            refused=refused,
            done=done if done in ("password", "post") else None,
        )

    @router.get("/account")
    async def account(request: Request, session: SignedIn) -> Response:
        return await shown(request, session)

    @router.post("/account/password")
    async def password(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        before, chosen = form.get("before", ""), form.get("password", "")
        try:
            await door.accounts.change(session.name, before=before, password=chosen, address=address_of(request))
        except Refused as refused:
            status = STATUS.get(type(refused), problems.status_of(refused))
            return await shown(request, session, refused=_told(request, refused), status=status)
        account = await _held(door, session)
        return await _let_in(request, door, account, f"{FIRST}?done=password", acting=session.subject)

    @router.post("/account/post")
    async def post(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        asked = (form.get("office"), form.get("unit"))
        found = [each for each in (await _held(door, session)).posts if (each.office, each.unit) == asked]
        if not found or session.must_change:
            raise Unknown("post")
        await door.sessions.act_from(session, found[0])
        return RedirectResponse(f"{FIRST}?done=post", 303)

    @router.post("/account/sign-out-everywhere")
    async def sign_out_everywhere(request: Request, session: SignedIn) -> Response:
        await read_form(request)
        await door.sessions.end_all(session.name)
        return _out(request)


async def _held(door: Door, session: Session) -> Account:
    found = await door.accounts.find(session.name)
    if found is None:
        raise problems.NotSignedIn
    return found


async def _let_in(request: Request, door: Door, account: Account, onward: str, *, acting: Subject | None = None) -> Response:
    """Begin a session under a new secret; whatever the browser carried before opens nothing any more."""
    secret = await door.sessions.begin(account, instead_of=carried(request) or None, acting=acting)
    response = RedirectResponse(FIRST if account.must_change else onward, 303)
    carry(response, request, secret)
    drop(response, request, FORM)
    return response


def _out(request: Request) -> Response:
    response = RedirectResponse("/sign-in", 303)
    drop(response, request)
    return response


def _told(request: Request, refused: Refused) -> dict[str, Any]:
    return {"field": None, **problems.body_of(refused, language=language_of(request))}
