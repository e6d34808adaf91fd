"""The pages of an account: signing in and out, its password, its posts, where it is signed in."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from shared.contracts.refusals import Refused, Unknown
from shared.directory.queries import DirectoryNotYet
from shared.identity.accounts import Account, Accounts
from shared.identity.refusals import SignInRefused, SignInTooOften
from shared.identity.sessions import Session, Sessions
from shared.permit import Subject
from shared.web import problems
from shared.web.forms import FORM, carried, carry, drop, path_within, read_form, refuse_open_line
from shared.web.gateway import address_of
from shared.web.pages import Pages, language_of

ENTRY: Final = "/"
ACCOUNT: Final = "/account"
UNATTENDED: Final = "doithoai-unattended"  # the header of what an open page asks by itself
STATUS: Final = {SignInRefused: 401, SignInTooOften: 429}


@dataclass(frozen=True, slots=True)
class Door:
    """Who is let in to the pages; `left` is told of a session that is over or goes on from another post."""

    accounts: Accounts
    sessions: Sessions
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


def routes(pages: Pages, door: Door, *, outside: str = "") -> APIRouter:
    """The routes of sign-in and account, and the entry, which leads everybody to the page that his work begins with.

    `outside`: where whoever is not signed in begins; without it, he is asked to sign in.
    """
    router = APIRouter(include_in_schema=False)
    _at_the_door(router, pages, door, outside)
    _of_the_account(router, pages, door)
    return router


def _at_the_door(router: APIRouter, pages: Pages, door: Door, outside: str) -> None:
    @router.get(ENTRY)
    async def begin(request: Request) -> Response:
        try:
            session = await signed_in(request)
        except problems.NotSignedIn:
            if not outside:
                raise
            return RedirectResponse(outside, 303)
        return RedirectResponse(ACCOUNT if session.must_change else pages.first(session.subject) or ACCOUNT, 303)

    @router.get("/keys")
    async def keys(request: Request, session: SignedIn) -> Response:
        return pages.show(request, "keys.html", session=session)

    @router.get("/sign-in")
    async def ask(request: Request) -> Response:
        refuse_open_line(request)
        onward = path_within(request.query_params.get("next", ""), ENTRY)
        return pages.show(request, "sign-in.html", next=onward, name="", refused=None)

    @router.post("/sign-in")
    async def sign_in(request: Request) -> Response:
        form = await read_form(request)
        name, onward = form.get("name", ""), path_within(form.get("next", ""), ENTRY)
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
        door.left(session.id)
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
            done=done if done in ("password", "post", "keys") else None,
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
        return await _let_in(request, door, account, f"{ACCOUNT}?done=password", acting=session.subject)

    @router.post("/account/post")
    async def post(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        asked = (form.get("office"), form.get("unit"))
        found = [each for each in (await _held(door, session)).posts if (each.office, each.unit) == asked]
        if not found or session.must_change:
            raise Unknown("post")
        await door.sessions.act_from(session, found[0])
        door.left(session.id)
        return RedirectResponse(f"{ACCOUNT}?done=post", 303)

    @router.post("/account/keys")
    async def keys(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        await door.accounts.choose(session.name, single_keys=form.get("single_keys") == "1")
        return RedirectResponse(f"{ACCOUNT}?done=keys", 303)

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
    response = RedirectResponse(ACCOUNT if account.must_change else onward, 303)
    carry(response, request, secret)
    drop(response, request, FORM)
    return response


def _out(request: Request) -> Response:
    response = RedirectResponse("/sign-in", 303)
    drop(response, request)
    return response


def _told(request: Request, refused: Refused) -> dict[str, Any]:
    return {"field": None, **problems.body_of(refused, language=language_of(request))}
