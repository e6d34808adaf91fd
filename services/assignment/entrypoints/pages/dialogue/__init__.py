"""The pages of dialogues: a year of them, one with its room, the meetings they are tied to, the requests that ask for one."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.dialogue import meetings, requests, session, sessions
from services.assignment.entrypoints.pages.dialogue.shown import Sessions
from services.assignment.readmodel.dialogue.queries import SEE_DIALOGUE
from shared.contracts.roles import Role
from shared.permit import Resource, Subject, permit
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed

MENU: Final = "assignment/dialogue/menu.html"
PATHS: Final = (sessions.PATH, requests.PATH, meetings.PATH)
LOOKS: Final = frozenset({Role.REGISTRY, Role.AUDITOR})  # whoever only looks on at dialogues
WORKS: Final = {
    sessions.PATH: frozenset(Role) - LOOKS,
    requests.PATH: frozenset({Role.HUB, Role.SECRETARY}),
    meetings.PATH: frozenset({Role.SECRETARY}),
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
        first={Role.SECRETARY: sessions.PATH},
    )


def reached(subject: Subject) -> frozenset[str]:
    """The pages that a person's capacities reach, by path."""
    office = Resource(tenant=subject.tenant, office=subject.office)
    return frozenset(PATHS) if permit(subject, SEE_DIALOGUE, office).allowed else frozenset()


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    shown = Sessions(behind.queries, behind.clock)
    sessions.routes(router, pages, behind.queries, behind.acting, shown)
    session.routes(router, pages, behind.queries, behind.acting, shown)
    meetings.routes(router, pages, behind.queries, behind.acting)
    requests.routes(router, pages, behind.queries, behind.acting)
    return router
