"""The pages of the office's papers and of the books that they are numbered from."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.papers import books, listed, paper
from services.assignment.entrypoints.pages.papers.views import lists_papers, receives, sees_books
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Room

MENU: Final = "assignment/papers/menu.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(package=__name__, routes=partial(_routes, behind), menu=MENU, reached=reached)


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path."""
    papers = {listed.PATH} if lists_papers(subject) or receives(subject) else set()
    return frozenset(papers | ({books.PATH} if sees_books(subject) else set()))


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    listed.routes(router, pages, behind)
    paper.routes(router, pages, behind)
    books.routes(router, pages, behind)
    return router
