"""The pages of the office's papers and of the books that they are numbered from."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.papers import books, listed, paper
from services.assignment.entrypoints.pages.papers.views import counted, lists_papers, receives, sees_books, wanted
from services.assignment.readmodel.documents.queries import DocumentQueries
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Group, Room, Waiting

MENU: Final = "assignment/papers/menu.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        group=Group.DIALOGUE,
        reached=reached,
        waiting=partial(_waiting, behind.queries.papers),
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


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    listed.routes(router, pages, behind)
    paper.routes(router, pages, behind)
    books.routes(router, pages, behind)
    return router
