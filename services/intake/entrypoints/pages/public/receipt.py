"""The receipt of what was just handed in: its code and QR, shown to the browser that handed it in and to no other."""

from typing import Final

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from markupsafe import Markup

from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.public.holding import Holding
from services.intake.entrypoints.pages.public.looking import refuse_too_often
from shared.web.forms import read_form
from shared.web.gateway import origin_of
from shared.web.pages import Pages

PATH: Final = "/receipt"
PIXELS: Final = 4  # of a module of the QR
QUIET: Final = 4  # modules of white around it


def routes(router: APIRouter, pages: Pages, behind: Behind, holding: Holding) -> None:
    telling, directories = behind.queries.telling, behind.directories

    @router.get(PATH)
    async def receipt(request: Request) -> Response:
        """The promise and its day first, then the code, to be printed or written down."""
        held = await holding.standing(request)
        if held is None or not held.fresh:
            return RedirectResponse("/lookup", 303)
        await refuse_too_often(request)
        told = [await telling.told(each, holding.subject(each, "").person) for each in held.streams]
        directory = await directories.at(told[0].today)
        # The one code of what was handed in at once: the opinion's, else the request's.
        code = await telling.code(held.streams[0], holding.subject(held.streams[0], "").person)
        return pages.show(
            request,
            "intake/public/receipt.html",
            told=told,
            code=code,
            office=directory.label(told[0].view.office),
            origin=origin_of(request),
            qr=_drawn(f"{origin_of(request)}/lookup#{code}") if code is not None else None,
            files_lost=held.files_lost,
        )

    @router.post(PATH)
    async def forget(request: Request) -> Response:
        """Done: whoever uses this browser next sees nothing of it."""
        await read_form(request)
        response = RedirectResponse("/welcome", 303)
        holding.forget(response, request)
        return response


def _drawn(address: str) -> Markup:
    """The way to look it up, as a picture: the code stands behind the #, which browsers send to nobody."""
    made = segno.make_qr(address, error="m")
    return Markup(made.svg_inline(scale=PIXELS, border=QUIET, dark="#000", light="#fff"))  # noqa: S704 - drawn here
