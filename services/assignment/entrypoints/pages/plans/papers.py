"""What an act that goes out on a paper is filled from: the papers about its thing, the books they are numbered from."""

from collections.abc import Sequence

from services.assignment.entrypoints.pages.dialogue.shown import or_none
from services.assignment.readmodel.queries import Queries
from shared.papers.views import DocumentFilters, DocumentRow
from shared.permit import Subject
from shared.web.acts import Option


async def papers_about(queries: Queries, subject: Subject, kind: str, *about: str) -> list[DocumentRow]:
    """The papers of a kind about some things, the latest drafted ahead; none where papers are not his to list."""
    found: list[DocumentRow] = []
    for each in about:
        page = await or_none(queries.papers.documents(subject, subject.office, DocumentFilters(kind=kind, about=each)))
        found += page.documents if page is not None else ()
    return found


async def on_paper(queries: Queries, subject: Subject, year: int, papers: Sequence[DocumentRow]) -> dict[str, list[Option]]:
    """Options for the paper and the book of an act that goes out on paper."""
    books = await or_none(queries.papers.registers(subject, subject.office, year)) or ()
    return {
        "document": [Option(each.id, each.number or f"{each.drafted_at:%d/%m/%Y}") for each in papers],
        "book": [Option(each.book, f"{each.book}, {each.year}") for each in books],
    }
