"""Signing in with the province's account: going there and coming back, linking it with one's account, signing out there."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from shared.contracts.refusals import Refused
from shared.identity.account import shown
from shared.identity.entrance import ENTRY, SIGN_IN, shown_at_the_door
from shared.identity.pages import ACCOUNT, STEP, Door, SignedIn, browser_of, let_in, signed_in, working
from shared.identity.provider import Provider, Returned
from shared.identity.refusals import AccountClosed, ProviderRefused, SubjectUnknown
from shared.identity.sessions import Session
from shared.identity.trail import NOBODY, How, Outcome
from shared.web.forms import carried, carry, drop, path_within, read_form, refuse_open_line
from shared.web.gateway import address_of, origin_of
from shared.web.pages import Pages
from shared.web.problems import NotSignedIn

GO: Final = "/sign-in/provider"
BACK: Final = "/sign-in/provider/back"
OUT: Final = "/sign-in/provider/out"


def add(router: APIRouter, pages: Pages, door: Door, provider: Provider) -> None:
    """Add its routes."""
    _signing_in(router, pages, door, provider)
    _linking(router, pages, door, provider)


def _signing_in(router: APIRouter, pages: Pages, door: Door, provider: Provider) -> None:
    @router.get(GO)
    async def go(request: Request) -> Response:
        refuse_open_line(request)
        onward = path_within(request.query_params.get("next", ""), ENTRY)
        try:
            await door.attempts.count_from(address_of(request))
            url, kept = await provider.begin(_back(request), onward, browser_of(request))
        except Refused as refused:
            return shown_at_the_door(request, pages, door, onward, refused=refused)
        response = RedirectResponse(url, 303)
        carry(response, request, kept, STEP)
        return response

    @router.get(BACK)
    async def back(request: Request) -> Response:
        refuse_open_line(request)
        query = {name: value[:4_000] for name, value in request.query_params.items()}
        onward, address = ENTRY, address_of(request)
        try:
            await door.attempts.count_from(address)
            returned = await provider.finish(query, carried(request, STEP), browser_of(request), _back(request))
            onward = returned.onward
            response = await (_linked if returned.linking else _in)(request, door, provider, returned)
        except Refused as refused:
            if isinstance(refused, ProviderRefused):
                await door.trail.note(NOBODY, address, How.PROVIDER, Outcome.REFUSED)
            session = await _there_is(request)
            if session is not None and not session.must_change:
                response = await shown(request, pages, door, session, refused=refused, tried="provider")
            else:
                response = shown_at_the_door(request, pages, door, onward, refused=refused)
        drop(response, request, STEP)
        return response

    @router.get(OUT)
    async def sign_out_there(request: Request) -> Response:
        refuse_open_line(request)
        try:
            url = await provider.way_out(f"{origin_of(request)}{SIGN_IN}")
        except Refused as refused:
            return shown_at_the_door(request, pages, door, ENTRY, refused=refused)
        return RedirectResponse(url or SIGN_IN, 303)


def _linking(router: APIRouter, pages: Pages, door: Door, provider: Provider) -> None:
    @router.post("/account/provider")
    async def begin(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        await working(request, session)
        try:
            await door.accounts.confirm(session.name, before=form.get("before", ""), address=address_of(request))
            url, kept = await provider.begin(_back(request), ACCOUNT, browser_of(request), linking=session.name)
        except Refused as refused:
            return await shown(request, pages, door, session, refused=refused, tried="provider")
        # A link and no redirect: the policy of our pages lets no form lead to another house.
        response = pages.show(request, "province.html", session=session, there=url)
        carry(response, request, kept, STEP)
        return response

    @router.post("/account/provider/off")
    async def unlink(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        await working(request, session)
        try:
            await door.accounts.confirm(session.name, before=form.get("before", ""), address=address_of(request))
        except Refused as refused:
            return await shown(request, pages, door, session, refused=refused, tried="provider")
        await door.links.unlink(session.name, provider.issuer)
        return RedirectResponse(f"{ACCOUNT}?done=unlinked", 303)


async def _in(request: Request, door: Door, provider: Provider, returned: Returned) -> Response:
    """Let in whoever is linked; what his account may not do he may not do either."""
    address = address_of(request)
    name = await door.links.name_of(provider.issuer, returned.subject)
    account = await door.accounts.find(name) if name is not None else None
    if account is None:
        await door.trail.note(NOBODY, address, How.PROVIDER, Outcome.REFUSED)
        raise SubjectUnknown(subject=returned.subject)
    if account.locked_at is not None or not account.posts:
        await door.trail.note(account.name, address, How.PROVIDER, Outcome.REFUSED)
        raise AccountClosed
    response = await let_in(request, door, account, returned.onward, by_provider=True)
    await door.trail.note(account.name, address, How.PROVIDER, Outcome.LET_IN)
    return response


async def _linked(request: Request, door: Door, provider: Provider, returned: Returned) -> Response:
    """Link the account that asked for it in this browser, and is still signed in here."""
    session = await _there_is(request)
    if session is None or session.name != returned.linking:
        raise ProviderRefused
    await door.links.link(session.name, issuer=provider.issuer, subject=returned.subject)
    return RedirectResponse(f"{ACCOUNT}?done=linked", 303)


async def _there_is(request: Request) -> Session | None:
    """Who is signed in here, if anybody is."""
    try:
        return await signed_in(request)
    except NotSignedIn:
        return None


def _back(request: Request) -> str:
    return f"{origin_of(request)}{BACK}"
