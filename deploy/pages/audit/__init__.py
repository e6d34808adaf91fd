"""The audit: what stood in the logs at an instant, whether it still does, what came late, and who opened which words."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from deploy.house import House
from deploy.pages.audit import accesses, comparing, events, late, replay, verifying
from deploy.pages.audit.access import reads
from deploy.pages.audit.logs import Logs
from shared.contracts.roles import Role
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed

PATHS: Final = frozenset({replay.PATH, verifying.PATH, events.PATH, late.PATH, comparing.PATH, accesses.PATH})


def room(house: House) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, house),
        menu="audit/menu.html",
        group=Group.OWN,
        reached=reached,
        first={Role.AUDITOR: replay.PATH},
    )


def reached(subject: Subject) -> frozenset[str]:
    """All of them, by path, for whoever may read the audit; nobody else is told of any."""
    return PATHS if reads(subject) else frozenset()


def _routes(house: House, pages: Pages) -> APIRouter:
    router, logs = undescribed(), Logs(house)
    replay.routes(router, pages, logs)
    verifying.routes(router, pages, house)
    events.routes(router, pages, logs)
    late.routes(router, pages, logs)
    comparing.routes(router, pages, logs, house)
    accesses.routes(router, pages, house)
    return router
