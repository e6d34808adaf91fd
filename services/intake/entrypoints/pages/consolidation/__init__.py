"""The pages of units' consolidation: what each is asked for before a meeting or session, what it hands in, who has not (R30)."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.intake.domain.consolidation.commands import SUBMIT_CONSOLIDATION
from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.consolidation import rounds
from services.intake.readmodel.access import LIST_CONSOLIDATIONS
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed

MENU: Final = "intake/consolidation/menu.html"
# Whoever hands lists in; the others follow who does.
HANDS_IN: Final = frozenset(grant.role for grant in SUBMIT_CONSOLIDATION.grants) - {Role.HUB, Role.REGISTRY}


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        group=Group.INTAKE,
        reached=reached,
        works={rounds.PATH: HANDS_IN},
    )


def reached(subject: Subject) -> frozenset[str]:
    """The page, for whoever hands lists in or follows who does."""
    roles = {*subject.capacities, *(each.role for each in subject.delegated)}
    asked = {grant.role for grant in LIST_CONSOLIDATIONS.grants}
    return frozenset({rounds.PATH}) if roles & asked else frozenset()


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    rounds.routes(router, pages, behind, behind.acting)
    return router
