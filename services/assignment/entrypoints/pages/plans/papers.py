"""What an act that goes out on a paper is filled from: the papers about its thing, the books they are numbered from."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.assignment.readmodel.queries import Queries
from shared.contracts.document import DispatchMeans
from shared.papers.views import DocumentFilters, DocumentRow
from shared.permit import Subject
from shared.web.acts import Option
from shared.web.reading import or_none


async def papers_about(queries: Queries, subject: Subject, kind: str, *about: str) -> list[DocumentRow]:
    """The papers of a kind about some things, the latest drafted ahead; none where papers are not his to list."""
    found: list[DocumentRow] = []
    for each in about:
        page = await or_none(queries.papers.documents(subject, subject.office, DocumentFilters(kind=kind, about=each)))
        found += page.documents if page is not None else ()
    return found


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The papers an act may go out on and the books they may be numbered from, and what it is rehearsed with."""

    options: Mapping[str, Sequence[Option]]
    sample: Mapping[str, Any]


async def on_paper(queries: Queries, subject: Subject, year: int, papers: Sequence[DocumentRow]) -> Outgoing:
    """What an act that goes out on paper is filled from; without a paper it can only be seen, not done."""
    books = await or_none(queries.papers.registers(subject, subject.office, year)) or ()
    sample: dict[str, Any] = {"means": DispatchMeans.PAPER.value} if papers else {}
    if papers and papers[0].number is None and books:
        sample |= {"book": books[0].book, "number": books[0].last + 1 if books[0].external else None}
    options = {
        "document": [Option(each.id, each.number or f"{each.drafted_at:%d/%m/%Y}") for each in papers],
        "book": [Option(each.book, f"{each.book}, {each.year}") for each in books],
    }
    return Outgoing(options, {name: value for name, value in sample.items() if value is not None})
