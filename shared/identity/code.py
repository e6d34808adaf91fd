"""Switching the second step on and off, by the person whose account it is."""

import io
from typing import Any

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from shared.contracts.refusals import Refused
from shared.identity.account import shown
from shared.identity.pages import ACCOUNT, Door, SignedIn, status_of, told, working
from shared.identity.refusals import CodeOn
from shared.web.forms import read_form
from shared.web.gateway import address_of
from shared.web.pages import Pages


def add(router: APIRouter, pages: Pages, door: Door) -> None:
    """Add its routes."""

    @router.post("/account/code")
    async def begin(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        await working(request, session)
        try:
            await door.accounts.confirm(session.name, before=form.get("before", ""), address=address_of(request))
            asked = await door.codes.begin(session.name)
        except Refused as refused:
            return await shown(request, pages, door, session, refused=refused, tried="code")
        return pages.show(request, "code.html", session=session, asked=asked, qr=_drawn(asked.uri), codes=(), refused=None)

    @router.post("/account/code/on")
    async def confirm(request: Request, session: SignedIn) -> Response:
        form = await read_form(request)
        await working(request, session)
        facts: dict[str, Any] = {"session": session, "asked": None, "qr": "", "codes": ()}
        try:
            codes = await door.codes.confirm(session.name, form.get("code", ""), address=address_of(request))
        except CodeOn as refused:
            return await shown(request, pages, door, session, refused=refused, tried="code")
        except Refused as refused:
            return pages.show(request, "code.html", status=status_of(refused), refused=told(request, refused), **facts)
        return pages.show(request, "code.html", refused=None, **(facts | {"codes": codes}))

    @router.post("/account/code/off")
    async def switch_off(request: Request, session: SignedIn) -> Response:
        form, address = await read_form(request), address_of(request)
        await working(request, session)
        try:
            await door.accounts.confirm(session.name, before=form.get("before", ""), address=address)
            await door.codes.check(session.name, form.get("code", ""), address=address)
        except Refused as refused:
            return await shown(request, pages, door, session, refused=refused, tried="code")
        await door.codes.switch_off(session.name)
        return RedirectResponse(f"{ACCOUNT}?done=code-off", 303)


def _drawn(uri: str) -> str:
    """The picture that an app reads, to stand in the page itself: under an address of its own it could be asked for again."""
    drawn = io.BytesIO()
    segno.make_qr(uri, error="m").save(
        drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False, svgns=True, nl=False, omitsize=False
    )
    return drawn.getvalue().decode()
