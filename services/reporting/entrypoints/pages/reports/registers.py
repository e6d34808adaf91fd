"""The pages of the books in which an office numbers its reports: numbers in order, with voids and gaps."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import Response

from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.reports.acts import OPEN_BOOK, VOID
from services.reporting.entrypoints.pages.reports.listing import Office
from services.reporting.entrypoints.pages.said import on_day
from shared.contracts.refusals import Unknown
from shared.desk import Done
from shared.documents.registers import LAST_NUMBER
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.papers.access import SEE_REGISTER
from shared.permit import Resource, permit
from shared.web.acting import new_key
from shared.web.acts import Tried
from shared.web.forms import read_form
from shared.web.pages import Pages

PATH: Final = "/report-registers"
UNTICKED: Final[dict[str, Any]] = {"external": False}  # what a box that is not ticked says
BOOKS: Final = "reporting/reports/books.html"
BOOK: Final = "reporting/reports/book.html"

Key = Annotated[str, Path(max_length=40)]
Year = Annotated[int, Path(ge=2000, le=9_998)]
Beyond = Annotated[int, Query(ge=0, le=LAST_NUMBER)]


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """The books of an office, one book, and what is done with them."""
    books = _Books(pages, behind)

    @router.get(PATH)
    async def listed(request: Request, session: Working, office: Office = "") -> Response:
        """The books in which an office numbers its reports."""
        return await books.listed(request, session, office or session.subject.office)

    @router.post(f"{PATH}/open-report-register")
    async def opened(request: Request, session: Working) -> Response:
        """Open a book."""
        form = await read_form(request)
        office = form.get("office", "") or session.subject.office

        async def again(refused: Tried) -> Response:
            return await books.listed(request, session, office, refused)

        async def onward(_done: Done) -> str:
            return PATH

        return await behind.acting.ask(request, session, OPEN_BOOK, office, again=again, onward=onward, form=form, **UNTICKED)

    @router.get(f"{PATH}/{{office}}/{{book}}/{{year}}")
    async def one(request: Request, office: Key, book: Key, year: Year, session: Working, after: Beyond = 0) -> Response:
        """A book's numbers in order."""
        return await books.one(request, session, (office, book, year), after)

    @router.post(f"{PATH}/{{office}}/{{book}}/{{year}}/void-report-number")
    async def voided(request: Request, office: Key, book: Key, year: Year, session: Working) -> Response:
        """Record that a number is spoiled."""
        await behind.queries.papers.register(session.subject, office, book, year)

        async def again(refused: Tried) -> Response:
            return await books.one(request, session, (office, book, year), 0, refused)

        async def onward(_done: Done) -> str:
            return f"{PATH}/{office}/{book}/{year}"

        values: dict[str, Any] = {"office": office, "year": year}
        return await behind.acting.ask(request, session, VOID, book, again=again, onward=onward, **values)


class _Books:
    """Books of numbers."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._behind = pages, behind

    async def listed(self, request: Request, session: Session, office: str, refused: Tried | None = None) -> Response:
        """Those of an office.

        Raises:
            Unknown: they are not his to see.

        """
        subject = session.subject
        first = {"book": "BC-X", "year": "2023", "pattern": "{number}/BC-X"}
        directory = await self._behind.directories.at(self._behind.acting.today)
        return self._pages.show(
            request,
            BOOKS,
            status=refused.status if refused is not None else 200,
            session=session,
            office=office,
            label=directory.label(office),
            books=await self._behind.queries.papers.registers(subject, office),
            offer=await self._behind.acting.offer(OPEN_BOOK, office, 0, subject, first=first, **UNTICKED),
            chosen={
                "book": f"BC-{office}",
                "year": str(self._behind.acting.today.year),
                "pattern": f"{{number}}/BC-{office}",
                "external": "1",
            },
            tried=refused,
            done=request.query_params.get("done"),
            late="late" in request.query_params,
            key=new_key(),
        )

    async def one(
        self, request: Request, session: Session, which: tuple[str, str, int], after: int, refused: Tried | None = None
    ) -> Response:
        """One of them.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        office, book, year = which
        subject = session.subject
        if not permit(subject, SEE_REGISTER, Resource(tenant=subject.tenant, office=office)).allowed:
            raise Unknown("book")
        page = await self._behind.queries.papers.register(subject, office, book, year, after=after)
        first = {"number": str(page.register.last + 1)}
        return self._pages.show(
            request,
            BOOK,
            status=refused.status if refused is not None else 200,
            session=session,
            page=page,
            register=page.register,
            offer=await self._behind.acting.offer(VOID, book, 0, subject, first=first, office=office, year=year),
            tried=refused,
            done=request.query_params.get("done"),
            late="late" in request.query_params,
            key=new_key(),
            on_day=on_day,
        )
