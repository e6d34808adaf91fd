"""The page of an account: its password, its posts, its keys, where it is signed in and was."""

from typing import Any, Final

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from shared.contracts.refusals import Refused
from shared.identity.pages import ACCOUNT, Door, SignedIn, held, let_in, out, status_of, told
from shared.identity.sessions import Session
from shared.web.forms import read_form
from shared.web.gateway import address_of
from shared.web.pages import Pages

DONE: Final = ("password", "post", "keys", "code-on", "code-off", "linked", "unlinked")
MOST_SIGN_INS: Final = 20


def add(router: APIRouter, pages: Pages, door: Door) -> None:
    """Add its routes."""

    @router.get(ACCOUNT)
    async def account(request: Request, session: SignedIn) -> Response:
        return await shown(request, pages, door, session)

    @router.post("/account/password")
    async def password(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        before, chosen = form.get("before", ""), form.get("password", "")
        try:
            await door.accounts.change(session.name, before=before, password=chosen, address=address_of(request))
        except Refused as refused:
            return await shown(request, pages, door, session, refused=refused, tried="password")
        account, by_provider = await held(door, session), session.by_provider
        onward = f"{ACCOUNT}?done=password"
        return await let_in(request, door, account, onward, acting=session.subject, by_provider=by_provider)

    @router.post("/account/keys")
    async def keys(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        await door.accounts.choose(session.name, single_keys=form.get("single_keys") == "1")
        return RedirectResponse(f"{ACCOUNT}?done=keys", 303)

    @router.post("/account/sign-out-everywhere")
    async def sign_out_everywhere(request: Request, session: SignedIn) -> Response:
        await read_form(request)
        await door.sessions.end_all(session.name)
        return out(request, by_provider=session.by_provider)


async def shown(
    request: Request, pages: Pages, door: Door, session: Session, *, refused: Refused | None = None, tried: str = ""
) -> Response:
    """The page; `tried` names the form that was `refused`."""
    done = request.query_params.get("done") if refused is None else None
    more: dict[str, Any] = {}
    if not session.must_change:
        more = {
            "posts": (await held(door, session)).posts,
            "sessions": await door.sessions.list(session.name),
            "sign_ins": await door.trail.of(session.name, most=MOST_SIGN_INS),
            "code_on": await door.codes.is_on(session.name),
            "codes_left": await door.codes.left(session.name),
            "provider": door.provider is not None,
            "linked": door.provider is not None and await door.links.of(session.name, door.provider.issuer) is not None,
        }
    return pages.show(
        request,
        "account.html",
        status=200 if refused is None else status_of(refused),
        session=session,
        refused=None if refused is None else told(request, refused),
        tried=tried,
        done=done if done in DONE else None,
        **more,
    )
