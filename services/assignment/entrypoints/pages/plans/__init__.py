"""The pages of what is concluded and planned: notices of conclusions, the plan of a year, the calendar of a week."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.dialogue.shown import Sessions
from services.assignment.entrypoints.pages.plans import notices, plan, week
from services.assignment.readmodel.dialogue.queries import SEE_DIALOGUE
from shared.contracts.roles import Role
from shared.permit import Resource, Subject, permit
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed

MENU: Final = "assignment/plans/menu.html"
PATHS: Final = (notices.PATH, plan.PATH, week.PATH)
WORKS: Final = {
    notices.PATH: frozenset({Role.SECRETARY, Role.CONTENT_DIVISION}),
    plan.PATH: frozenset({Role.CHIEF, Role.CONTENT_DIVISION}),
    week.PATH: frozenset(Role) - {Role.HUB, Role.REGISTRY, Role.AUDITOR},
}


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        group=Group.DIALOGUE,
        reached=reached,
        works=WORKS,
    )


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path."""
    office = Resource(tenant=subject.tenant, office=subject.office)
    return frozenset(PATHS) if permit(subject, SEE_DIALOGUE, office).allowed else frozenset()


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    notices.routes(router, pages, behind.queries, behind.acting, Sessions(behind.queries, behind.clock))
    plan.routes(router, pages, behind.queries, behind.acting)
    week.routes(router, pages, behind.queries, behind.clock)
    return router
