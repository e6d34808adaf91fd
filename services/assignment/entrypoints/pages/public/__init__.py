"""What an office made public, for whoever is not signed in: plans, announced dialogues, conclusions (R7)."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.pages.behind import Behind
from shared.web.limits import limited
from shared.web.pages import Pages
from shared.web.rooms import Room
from shared.web.routes import undescribed

PATH: Final = "/published"
EARLIEST, LATEST = 2000, 2199
OftenEnough = Depends(limited("published", "60/minute"))
FilesOftenEnough = Depends(limited("published-file", "30/minute"))
YearAsked = Annotated[int | None, Query(ge=EARLIEST, le=LATEST)]
OfficeAsked = Annotated[str | None, Query(max_length=32, pattern=r"^[A-Z0-9-]+$")]
Document = Annotated[str, Path(max_length=100, pattern=r"^document-[A-Za-z0-9-]+$")]


def room(behind: Behind) -> Room:
    """The pages; they have no part of the menu, which is for people who are signed in."""
    return Room(package=__name__, routes=partial(_routes, behind))


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router, published = undescribed(), behind.queries.published

    @router.get(PATH, dependencies=[OftenEnough])
    async def shown(request: Request, year: YearAsked = None, office: OfficeAsked = None) -> Response:
        """One year of one office."""
        found = await published.of_year(office, year)
        return pages.show(request, "assignment/public/published.html", found=found, offices=await published.offices())

    @router.get(PATH + "/{document}.pdf", dependencies=[FilesOftenEnough])
    async def file(document: Document) -> Response:
        """A published paper as it was issued, to be saved."""
        paper, content = await published.file(document)
        name = "".join(each if each.isascii() and each.isalnum() else "-" for each in paper.number or document)
        headers = {"Content-Disposition": f'attachment; filename="{name}.pdf"'}
        return Response(content, media_type="application/pdf", headers=headers)

    return router
