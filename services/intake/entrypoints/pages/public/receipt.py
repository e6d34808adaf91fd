"""The receipt of what was just handed in: its code and QR, shown to the browser that handed it in and to no other."""

import io
from typing import Final

import segno
from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.public.holding import Held, Holding
from shared.contracts.refusals import Unknown
from shared.web.forms import read_form
from shared.web.gateway import origin_of
from shared.web.pages import Pages

PATH: Final = "/receipt"
QR: Final = "/receipt/qr.svg"


def routes(router: APIRouter, pages: Pages, behind: Behind, holding: Holding) -> None:
    telling, directories = behind.queries.telling, behind.directories

    async def fresh(request: Request) -> Held | None:
        held = await holding.standing(request)
        return held if held is not None and held.fresh else None

    async def code_of(request: Request) -> str | None:
        """The one code of what was handed in at once: the opinion's, else the request's."""
        held = await fresh(request)
        if held is None:
            raise Unknown
        stream = held.streams[0]
        return await telling.code(stream, holding.subject(stream, "").person)

    @router.get(PATH)
    async def receipt(request: Request) -> Response:
        """The promise and its day first, then the code, to be printed or written down."""
        held = await fresh(request)
        if held is None:
            return RedirectResponse("/lookup", 303)
        told = [await telling.told(each, holding.subject(each, "").person) for each in held.streams]
        directory = await directories.at(told[0].today)
        return pages.show(
            request,
            "intake/public/receipt.html",
            told=told,
            code=await code_of(request),
            office=directory.label(told[0].view.office),
            origin=origin_of(request),
            qr=QR,
            files_lost=held.files_lost,
        )

    @router.get(QR)
    async def qr(request: Request) -> Response:
        """The way to look it up, as a picture: the code stands behind the #, which browsers send to nobody."""
        code = await code_of(request)
        if code is None:
            raise Unknown
        drawn = io.BytesIO()
        made = segno.make_qr(f"{origin_of(request)}/lookup#{code}", error="m")
        made.save(drawn, kind="svg", scale=4, border=4, dark="#000", light="#fff", xmldecl=False)
        return Response(drawn.getvalue(), media_type="image/svg+xml")

    @router.post(PATH)
    async def forget(request: Request) -> Response:
        """Done: whoever uses this browser next sees nothing of it."""
        await read_form(request)
        response = RedirectResponse("/welcome", 303)
        holding.forget(response, request)
        return response
