"""The entry for whoever is not signed in: hand in, look up, read what is published; and the way in for staff."""

from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response

from shared.web.pages import Pages

PATH: Final = "/welcome"


def routes(router: APIRouter, pages: Pages) -> None:
    @router.get(PATH)
    async def welcome(request: Request) -> Response:
        """What can be done here without signing in."""
        return pages.show(request, "intake/public/welcome.html")

    @router.get("/privacy")
    async def privacy(request: Request) -> Response:
        """What becomes of personal data, and how to have it erased."""
        return pages.show(request, "intake/public/privacy.html")

    @router.get("/other-procedures")
    async def other_procedures(request: Request) -> Response:
        """Where complaints and denunciations go, which are not settled by dialogue (R47)."""
        return pages.show(request, "intake/public/other-procedures.html")
