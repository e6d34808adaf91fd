"""The pages of what is proposed for the Chairman's dialogue (Track B)."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.proposals import listed, proposal
from services.assignment.readmodel.dialogue.proposals import waits_for
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Room

MENU: Final = "assignment/proposals/menu.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(package=__name__, routes=partial(_routes, behind), menu=MENU, reached=reached)


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path: whom no proposal can wait for gets no link to them."""
    return frozenset({listed.PATH}) if waits_for(subject) or Role.REGISTRY in subject.capacities else frozenset()


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = APIRouter(include_in_schema=False)
    listed.routes(router, pages, behind)
    proposal.routes(router, pages, behind)
    return router
