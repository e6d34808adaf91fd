"""The pages of the office's papers and of the books that they are numbered from."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.papers import books, listed, paper
from services.assignment.entrypoints.pages.papers.views import counted, lists_papers, receives, sees_books, wanted
from services.assignment.readmodel.documents.queries import DocumentQueries
from shared.contracts.roles import Role
from shared.documents.registers import LAST_NUMBER
from shared.papers.views import DocumentFilters
from shared.permit import Subject
from shared.text import fold
from shared.web.pages import Pages
from shared.web.reading import or_none
from shared.web.rooms import Found, Group, Room, Waiting
from shared.web.routes import undescribed

MOST_FOUND: Final = 20
MENU: Final = "assignment/papers/menu.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        group=Group.DIALOGUE,
        reached=reached,
        works={listed.PATH: frozenset(Role) - {Role.AUDITOR}, books.PATH: frozenset({Role.REGISTRY})},
        waiting=partial(_waiting, behind.queries.papers),
        finds=partial(_finds, behind.queries.papers),
        first={Role.RECIPIENT: listed.PATH},
    )


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path."""
    papers = {listed.PATH} if lists_papers(subject) or receives(subject) else set()
    return frozenset(papers | ({books.PATH} if sees_books(subject) else set()))


async def _waiting(papers: DocumentQueries, subject: Subject) -> Mapping[str, Waiting]:
    """How many papers wait for what his capacities do next, and how many his unit has not said it has."""
    received = await papers.waiting(subject) if receives(subject) else 0
    counts = counted(await papers.counts(subject, subject.office)) if lists_papers(subject) else {}
    waits = received + sum(counts.get(group, 0) for group in wanted(subject))
    return {listed.PATH: Waiting(waits)} if waits else {}


async def _finds(papers: DocumentQueries, subject: Subject, typed: str) -> Sequence[Found]:
    """Papers of his office by number, with their symbol or without, or one by its code."""
    if typed.startswith("document-"):
        found = await or_none(papers.document(subject, typed))
        return [Found("document", f"{listed.PATH}/{typed}", found.number or typed)] if found is not None else ()
    number, _, symbol = typed.partition("/")
    if not (number.isascii() and number.isdigit() and 0 < int(number[:7]) <= LAST_NUMBER and lists_papers(subject)):
        return ()
    page = await papers.documents(subject, subject.office, DocumentFilters(number=int(number)), limit=MOST_FOUND)
    return [
        Found("document", f"{listed.PATH}/{each.id}", each.number)
        for each in page.documents
        if each.number and fold(symbol) in fold(each.number)
    ]


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    listed.routes(router, pages, behind)
    paper.routes(router, pages, behind)
    books.routes(router, pages, behind)
    return router
