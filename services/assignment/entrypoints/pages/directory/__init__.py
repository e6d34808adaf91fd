"""The pages of the directory: dated data looked at as of a day and changed by command, and what holders of posts delegate."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.directory import delegations, page
from services.assignment.entrypoints.pages.directory.acts import ACTS
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.acting import Acting
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed

HEADS: Final = frozenset({Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN, Role.UNIT_LEADER, Role.UNIT_DEPUTY})  # hold posts


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu="assignment/directory/menu.html",
        group=Group.HOUSE,
        reached=partial(_reached, behind.acting),
        works={page.PATH: frozenset({Role.ADMINISTRATOR, Role.OPERATOR}), delegations.PATH: frozenset()},
    )


def _reached(acting: Acting, subject: Subject) -> frozenset[str]:
    """The directory for whoever may change some of it, delegations for whoever holds a post by his capacity."""
    found = {page.PATH} if page.parts_of(acting, subject) else set()
    return frozenset(found | ({delegations.PATH} if subject.capacities & HEADS else set()))


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    page.routes(router, pages, behind)
    delegations.routes(router, pages, behind)
    return router


__all__ = ["ACTS", "room"]
