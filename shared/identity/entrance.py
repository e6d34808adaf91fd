"""The entrance: name and password, the code that some are asked for after them, and the way out."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from shared.contracts.refusals import Refused
from shared.identity.pages import ACCOUNT, STEP, Door, SignedIn, browser_of, let_in, out, signed_in, status_of, told
from shared.identity.refusals import SignInRefused, SignInTooOften, WrongCode
from shared.identity.second_step import Halfway
from shared.identity.trail import How, Outcome
from shared.web import problems
from shared.web.forms import carried, carry, drop, path_within, read_form, refuse_open_line
from shared.web.gateway import address_of
from shared.web.pages import Pages

ENTRY: Final = "/"
SIGN_IN: Final = "/sign-in"
CODE: Final = "/sign-in/code"


def add(router: APIRouter, pages: Pages, door: Door, outside: str) -> None:
    """Add its routes."""
    _ways_in_and_out(router, pages, door, outside)
    _second_step(router, pages, door)


def _ways_in_and_out(router: APIRouter, pages: Pages, door: Door, outside: str) -> None:
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

    @router.get(SIGN_IN)
    async def ask(request: Request) -> Response:
        refuse_open_line(request)
        onward = path_within(request.query_params.get("next", ""), ENTRY)
        return shown_at_the_door(request, pages, door, onward)

    @router.post(SIGN_IN)
    async def sign_in(request: Request) -> Response:
        form, address = await read_form(request), address_of(request)
        name, onward = form.get("name", ""), path_within(form.get("next", ""), ENTRY)
        typed = name.strip().lower()[:40]
        try:
            account = await door.accounts.check(name, form.get("password", ""), address=address)
        except (SignInRefused, SignInTooOften) as refused:
            if isinstance(refused, SignInRefused):  # what is not even looked at leaves no line, or whoever guesses writes a book
                await door.trail.note(typed, address, How.PASSWORD, Outcome.REFUSED)
            return shown_at_the_door(request, pages, door, onward, name=name[:40], refused=refused)
        if await door.codes.is_on(account.name):
            await door.trail.note(account.name, address, How.PASSWORD, Outcome.HALFWAY)
            asked = RedirectResponse(CODE, 303)
            carry(asked, request, door.codes.wait_for_code(account, onward, browser_of(request)), STEP)
            return asked
        response = await let_in(request, door, account, onward)
        await door.trail.note(account.name, address, How.PASSWORD, Outcome.LET_IN)
        return response

    @router.post("/sign-out")
    async def sign_out(request: Request, session: SignedIn) -> Response:
        await read_form(request)
        await door.sessions.end(session.id, name=session.name)
        door.left(session.id)
        return out(request, by_provider=session.by_provider)


def _second_step(router: APIRouter, pages: Pages, door: Door) -> None:
    @router.get(CODE)
    async def ask(request: Request) -> Response:
        if _waiting(request, door) is None:
            return _begin_again(request)
        return pages.show(request, "sign-in-code.html", refused=None)

    @router.post(CODE)
    async def give(request: Request) -> Response:
        form, address, waiting = await read_form(request), address_of(request), _waiting(request, door)
        account = await door.accounts.find(waiting.name) if waiting is not None else None
        if waiting is None or account is None or account.changed_at != waiting.changed_at or account.locked_at is not None:
            return _begin_again(request)
        try:
            how = await door.codes.check(account.name, form.get("code", ""), address=address)
        except (WrongCode, SignInTooOften) as refused:
            if isinstance(refused, WrongCode):
                await door.trail.note(account.name, address, How.CODE, Outcome.REFUSED)
            shown = told(request, refused)
            return pages.show(request, "sign-in-code.html", status=status_of(refused), refused=shown)
        response = await let_in(request, door, account, waiting.onward)
        await door.trail.note(account.name, address, how, Outcome.LET_IN)
        return response


def _waiting(request: Request, door: Door) -> Halfway | None:
    return door.codes.halfway(carried(request, STEP), browser_of(request))


def _begin_again(request: Request) -> Response:
    response = RedirectResponse(SIGN_IN, 303)
    drop(response, request, STEP)
    return response


def shown_at_the_door(
    request: Request,
    pages: Pages,
    door: Door,
    onward: str,
    *,
    name: str = "",
    refused: Refused | None = None,
) -> Response:
    """The page that asks who one is, with what was wrong before."""
    return pages.show(
        request,
        "sign-in.html",
        status=200 if refused is None else status_of(refused),
        next=onward,
        name=name,
        refused=None if refused is None else told(request, refused),
        provider=door.provider is not None,
        left=request.method == "GET" and request.query_params.get("left") == "1" and door.provider is not None,
    )
