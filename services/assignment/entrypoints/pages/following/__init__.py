"""The pages of whoever follows all work of an office: its cases, whom to remind and urge, whom to propose work to."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.following import assignments, cases, follow_up
from services.assignment.readmodel.access import LIST_OFFICE_CASES
from services.assignment.readmodel.deadlines.access import LIST_URGING
from services.assignment.readmodel.work.piles import Pile, piles_of
from services.assignment.readmodel.work.queries import Work
from shared.contracts.roles import Role
from shared.permit import Resource, Subject, permit
from shared.web.pages import Pages
from shared.web.rooms import Group, Room, Waiting
from shared.web.routes import undescribed

MENU: Final = "assignment/following/menu.html"
HEADS: Final = frozenset({Role.CHIEF, Role.DEPUTY, Role.HUB})
WORKS: Final = {follow_up.PATH: HEADS | {Role.CHAIRMAN}, cases.PATH: HEADS | {Role.REGISTRY, Role.AUDITOR}}


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        group=Group.COORDINATION,
        reached=reached,
        works=WORKS,
        waiting=partial(_waiting, behind.queries.work),
    )


def reached(subject: Subject) -> frozenset[str]:
    """Whoever proposes, whoever may list what is late, whoever may list the cases of his office."""
    own = Resource(tenant=subject.tenant, office=subject.office)
    asked = {follow_up.PATH: LIST_URGING, cases.PATH: LIST_OFFICE_CASES}
    found = {path for path, action in asked.items() if permit(subject, action, own).allowed}
    return frozenset(found | ({assignments.PATH} if Pile.PROPOSE in piles_of(subject) else set()))


async def _waiting(work: Work, subject: Subject) -> Mapping[str, Waiting]:
    """How much waits for a proposal."""
    if assignments.PATH not in reached(subject):
        return {}
    found = next(each for each in await work.counts(subject) if each.pile is Pile.PROPOSE)
    return {assignments.PATH: Waiting(found.all, found.overdue)}


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    assignments.routes(router, pages, behind.queries, behind.acting)
    follow_up.routes(router, pages, behind.queries, behind.acting)
    cases.routes(router, pages, behind.queries, behind.acting)
    return router
