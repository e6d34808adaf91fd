"""Administration of the house itself: who is let in, and whether its parts are well. No case is to be seen anywhere here."""

from functools import partial

from fastapi import APIRouter

from deploy.house import House
from deploy.pages.admin import accounts, health, tokens
from deploy.pages.admin.access import administers
from deploy.pages.admin.health import Health
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed


def room(house: House, health_of: Health) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, house, health_of),
        menu="admin/menu.html",
        group=Group.HOUSE,
        reached=reached,
        first={Role.ADMINISTRATOR: accounts.PATH},
    )


def reached(subject: Subject) -> frozenset[str]:
    """All of them, by path, for an administrator; nobody else is told of any."""
    return frozenset({accounts.PATH, tokens.PATH, health.PATH}) if administers(subject) else frozenset()


def _routes(house: House, health_of: Health, pages: Pages) -> APIRouter:
    router = undescribed()
    accounts.routes(router, pages, house)
    tokens.routes(router, pages, house)
    health.routes(router, pages, house, health_of)
    return router
