"""The pages of the books of numbers: which there are, one with its gaps and voids, and the same as a sheet."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.domain.register.commands import OPEN_REGISTER, VOID_NUMBER
from services.assignment.entrypoints.api.bounds import Id
from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.papers.acts import OPEN_BOOK, VOID
from services.assignment.entrypoints.pages.papers.views import Row, rows_of
from shared.contracts.refusals import Unknown
from shared.desk import Done
from shared.directory.snapshot import Directory
from shared.documents.registers import LAST_NUMBER
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.papers.views import Entered, RegisterPage, RegisterRow
from shared.permit import Resource, Subject, permit
from shared.sheets import csv_of
from shared.web.acting import new_key
from shared.web.acts import Tried
from shared.web.pages import Pages, language_of
from shared.web.responses import Attachment

PATH: Final = "/registers"
CSV: Final = "text/csv; charset=utf-8"
YEARS: Final = 9_999
MOST_LINES: Final = 20_000  # of a sheet: no book of a year has more
LABELS: Final = "assignment/papers/labels.html"
HEADER: Final = ("number", "day", "kind", "summary", "signer", "recipients", "state", "note")


class Show(StrEnum):
    """What of a book is shown."""

    ALL = "all"
    TAKEN = "taken"
    VOID = "void"
    GAP = "gap"


@dataclass(frozen=True, slots=True, kw_only=True)
class Read:
    """Some lines of a book with what their papers are, whose names are opened, and why numbers were voided."""

    page: RegisterPage
    entered: Mapping[str, Entered]
    reasons: Mapping[str, str]
    titles: Mapping[str, str]
    names: Mapping[str, str]
    directory: Directory


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """List, open, show, void, download."""
    books = BookPages(pages, behind)

    @router.get(PATH)
    async def listed(request: Request, session: Working, year: Annotated[int | None, Query(ge=1, le=YEARS)] = None) -> Response:
        """The books of his office."""
        return await books.listed(request, session, year)

    @router.post(f"{PATH}/open-register")
    async def open_book(request: Request, session: Working) -> Response:
        """Open a book for a year."""
        return await books.open(request, session)

    @router.get(f"{PATH}/{{book}}")
    async def book(
        request: Request,
        book: Id,
        session: Working,
        show: Show = Show.ALL,
        after: Annotated[str, Query(max_length=6, pattern=r"^\d*$")] = "",
    ) -> Response:
        """One book, line by line."""
        return await books.show(request, session, book, show, min(int(after or 0), LAST_NUMBER))

    @router.get(f"{PATH}/{{book}}/csv")
    async def sheet(request: Request, book: Id, session: Working) -> Response:
        """The whole book as a sheet."""
        return await books.sheet(request, session, book)

    @router.post(f"{PATH}/{{book}}/void-number")
    async def void(request: Request, book: Id, session: Working) -> Response:
        """Record that a number is spoiled."""
        return await books.void(request, session, book)


class BookPages:
    """The books of the asker's office."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._queries, self._acting = pages, behind.queries, behind.acting

    async def listed(self, request: Request, session: Session, year: int | None, refused: Tried | None = None) -> Response:
        """Which books there are, by year, with the form that opens one."""
        subject = session.subject
        found = await self._queries.papers.registers(subject, subject.office)
        years = sorted({each.year for each in found}, reverse=True)
        return self._pages.show(
            request,
            "assignment/papers/books.html",
            status=refused.status if refused is not None else 200,
            session=session,
            books=[each for each in found if year in (None, each.year)],
            years=years,
            year=year,
            act=OPEN_BOOK if self._may(subject, OPEN_REGISTER) else None,
            today=self._acting.today,
            tried=refused,
            **_said(request, refused),
        )

    async def open(self, request: Request, session: Session) -> Response:
        """Open a book, then show it."""

        async def again(refused: Tried) -> Response:
            return await self.listed(request, session, None, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{done.stream}"

        office = session.subject.office
        return await self._acting.ask(request, session, OPEN_BOOK, "", again=again, onward=onward, office=office)

    async def show(
        self, request: Request, session: Session, book: str, show: Show, after: int, refused: Tried | None = None
    ) -> Response:
        """Some lines of a book with the gaps between them."""
        subject = session.subject
        read = await self._read(subject, await self._found(subject, book), after)
        rows = [row for row in rows_of(read.page) if _is_shown(row, show)]
        return self._pages.show(
            request,
            "assignment/papers/book.html",
            status=refused.status if refused is not None else 200,
            session=session,
            page=read.page,
            rows=rows,
            show=show,
            start=after,
            entered=read.entered,
            reasons=read.reasons,
            titles=read.titles,
            names=read.names,
            units=read.directory,
            act=VOID if self._may(subject, VOID_NUMBER) else None,
            tried=refused,
            **_said(request, refused),
        )

    async def void(self, request: Request, session: Session, book: str) -> Response:
        """Void a number of the book, then show it again."""
        row = await self._found(session.subject, book)

        async def again(refused: Tried) -> Response:
            return await self.show(request, session, book, Show.ALL, 0, refused)

        async def onward(done: Done) -> str:
            return f"{PATH}/{book}"

        return await self._acting.ask(
            request, session, VOID, book, again=again, onward=onward, office=row.office, book=row.book, year=row.year
        )

    async def sheet(self, request: Request, session: Session, book: str) -> Response:
        """The whole book, gaps and voids included, as a CSV that spreadsheets open as it is; no cell of it is a formula."""
        say: Any = self._pages.environments[language_of(request)].get_template(LABELS).module
        subject, rows = session.subject, list[Sequence[Any]]()
        row, after = await self._found(subject, book), 0
        while len(rows) < MOST_LINES:
            read = await self._read(subject, row, after)
            rows += [_cells(each, read, say) for each in rows_of(read.page)]
            if read.page.after is None:
                break
            after = read.page.after
        return Attachment(csv_of([say.column(name) for name in HEADER], rows), f"{book}.csv", CSV)

    async def _found(self, subject: Subject, book: str) -> RegisterRow:
        found = await self._queries.papers.registers(subject, subject.office)
        row = next((each for each in found if each.id == book), None)
        if row is None:
            raise Unknown("book")
        return row

    async def _read(self, subject: Subject, row: RegisterRow, after: int) -> Read:
        papers, directory = self._queries.papers, await self._queries.directories.at(self._acting.today)
        page = await papers.register(subject, row.office, row.book, row.year, after=after)
        entered = await papers.entered(subject, page)
        documents = [each.document for each in entered.values()]
        signers = {each.signer for each in documents if each.signer}
        purpose = f"read_register {row.id}"
        return Read(
            page=page,
            entered=entered,
            reasons=await papers.reasons(subject, page),
            titles=await papers.summaries(subject, documents, purpose=purpose),
            names=await self._queries.people.names(subject, directory, signers, purpose=purpose),
            directory=directory,
        )

    def _may(self, subject: Subject, action: Any) -> bool:
        return permit(subject, action, Resource(tenant=subject.tenant, office=subject.office)).allowed


def _is_shown(row: Row, show: Show) -> bool:
    if show is Show.ALL:
        return True
    if row.line is None:
        return show is Show.GAP
    return show is (Show.TAKEN if row.line.document is not None else Show.VOID)


def _cells(row: Row, read: Read, say: Any) -> Sequence[Any]:
    """A row of the sheet, by `HEADER`."""
    if row.line is None:
        assert row.gap is not None
        first, last = row.gap
        return (first if first == last else f"{first}-{last}", *[""] * 6, say.note("gap"))
    line = row.line
    day = f"{line.at:%d/%m/%Y}"
    if line.document is None:
        return (line.symbol, day, *[""] * 4, say.note("void"), read.reasons.get(line.void or "", ""))
    entry = read.entered.get(line.document)
    if entry is None:
        return (line.symbol, day, *[""] * 6)
    paper = entry.document
    on = f"{paper.issued_on:%d/%m/%Y}" if paper.issued_on is not None else day
    to = "; ".join(read.directory.label(unit) for unit in entry.sent_to)
    signer = read.names.get(paper.signer or "", paper.signer or "")
    return (line.symbol, on, say.kind(paper.kind), read.titles.get(paper.id, ""), signer, to, say.stage_words(paper.state), "")


def _said(request: Request, refused: Tried | None) -> dict[str, Any]:
    return {
        "done": request.query_params.get("done") if refused is None else None,
        "late": "late" in request.query_params,
        "key": new_key(),
    }
