"""The pages of work in hand: what waits for somebody, a case, a piece of work."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.work import case, my_work
from services.assignment.readmodel.work.piles import piles_of
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Room

MENU: Final = "assignment/work/menu.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(package=__name__, routes=partial(_routes, behind), menu=MENU, reached=reached)


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path: who has no work here gets no link to it."""
    return frozenset({my_work.PATH}) if piles_of(subject) else frozenset()


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    my_work.routes(router, pages, behind.queries.work)
    case.routes(router, pages, behind.queries, behind.acting, behind.files)
    return router
