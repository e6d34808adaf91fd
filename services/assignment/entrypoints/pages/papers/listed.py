"""The page of the office's papers and of those that were sent to the asker's unit."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Annotated, Any, Final
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from services.assignment.entrypoints.api.bounds import Cursor
from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.papers.views import (
    KINDS,
    STATES,
    Group,
    counted,
    does_next,
    first_of,
    lists_papers,
    may_draft,
    page_of,
    receives,
)
from shared.contracts.document import DocumentKind
from shared.contracts.refusals import Unknown
from shared.documents.registers import LAST_NUMBER
from shared.identity.pages import Working
from shared.identity.sessions import Session
from shared.papers.views import DocumentFilters, DocumentRow
from shared.permit import Subject
from shared.web.pages import Pages

PATH: Final = "/papers"
PAGE: Final = 30


class Listed:
    """Lists of papers, with what each is called and who signed it."""

    def __init__(self, pages: Pages, behind: Behind) -> None:
        self._pages, self._queries, self._acting = pages, behind.queries, behind.acting

    async def show(
        self,
        request: Request,
        session: Session,
        group: Group | None,
        filters: DocumentFilters,
        cursor: str | None,
    ) -> Response:
        """One view of the list, with how much lies in the others."""
        subject = session.subject
        counts = await self._counts(subject, filters.kind)
        if filters.about is not None and group is None and lists_papers(subject):
            group = Group.ALL
        if group is not None and group not in counts:
            raise Unknown("group")
        chosen = group or first_of(subject, counts)
        lines, after = await self._lines(subject, chosen, filters, cursor)
        papers = [line["paper"] for line in lines]
        return self._pages.show(
            request,
            "assignment/papers/list.html",
            session=session,
            group=chosen,
            counts=counts,
            lines=lines,
            titles=await self._queries.papers.summaries(subject, papers, purpose="list_documents"),
            names=await self._names(subject, papers),
            kinds=KINDS,
            filters=filters,
            about=page_of(filters.about),
            cursor=cursor,
            after=after,
            may_draft=may_draft(subject),
            does_next=does_next(subject),
            link=lambda **changed: _link(
                {"group": chosen, "kind": filters.kind, "number": filters.number, "about": filters.about, **changed}
            ),
            done=request.query_params.get("done"),
            late="late" in request.query_params,
        )

    async def _counts(self, subject: Subject, kind: str | None) -> dict[Group, int]:
        counts: dict[Group, int] = {}
        if receives(subject):
            counts[Group.RECEIVED] = await self._queries.papers.waiting(subject)
        if lists_papers(subject):
            counts |= counted(await self._queries.papers.counts(subject, subject.office, kind))
        if not counts:
            raise Unknown
        return counts

    async def _lines(
        self, subject: Subject, group: Group, filters: DocumentFilters, cursor: str | None
    ) -> tuple[list[dict[str, Any]], str | None]:
        papers = self._queries.papers
        if group is Group.RECEIVED:
            page = await papers.received(subject, cursor=cursor, limit=PAGE)
            return [{"paper": each.document, "received": each} for each in page.received], page.cursor
        wanted = replace(filters, states=STATES[group] if group is not Group.ALL else ())
        found = await papers.documents(subject, subject.office, wanted, cursor=cursor, limit=PAGE)
        return [{"paper": each, "received": None} for each in found.documents], found.cursor

    async def _names(self, subject: Subject, papers: list[DocumentRow]) -> Mapping[str, str]:
        directory = await self._queries.directories.at(self._acting.today)
        signers = {each.signer for each in papers if each.signer}
        return await self._queries.people.names(subject, directory, signers, purpose="list_documents")


def routes(router: APIRouter, pages: Pages, behind: Behind) -> None:
    """The list."""
    listed = Listed(pages, behind)

    @router.get(PATH)
    async def papers(
        request: Request,
        session: Working,
        group: Annotated[Group | None, Query()] = None,
        kind: Annotated[DocumentKind | None, Query()] = None,
        number: Annotated[int | None, Query(ge=1, le=LAST_NUMBER)] = None,
        about: Annotated[str | None, Query(max_length=100)] = None,
        cursor: Cursor = None,
    ) -> Response:
        """The papers of his office and of his unit, as far as they are his to see."""
        filters = DocumentFilters(kind=kind.value if kind is not None else None, number=number, about=about or None)
        return await listed.show(request, session, group, filters, cursor)


def _link(wanted: Mapping[str, Any]) -> str:
    named = {name: str(value) for name, value in wanted.items() if value is not None}
    return f"{PATH}?{urlencode(named)}" if named else PATH
