"""The pages of the assignment service: a route, a query or command of the API's, a template."""

from dataclasses import dataclass
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.api.attachments import Files
from services.assignment.entrypoints.pages import case, my_work
from services.assignment.entrypoints.pages.acting import Acting
from services.assignment.readmodel.queries import Queries
from services.assignment.readmodel.work.piles import piles_of
from shared.clock import Clock
from shared.desk import Desk
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Room

MENU: Final = "assignment/menu.html"


@dataclass(frozen=True, slots=True, kw_only=True)
class Behind:
    """What the pages stand on."""

    desk: Desk
    queries: Queries
    files: Files
    clock: Clock


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(package=__name__, routes=partial(_routes, behind), menu=MENU, reached=reached)


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path: who has no work here gets no link to it."""
    return frozenset({my_work.PATH}) if piles_of(subject) else frozenset()


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    my_work.routes(router, pages, behind.queries.work)
    case.routes(router, pages, behind.queries, Acting(behind.desk, behind.clock), behind.files)
    return router
