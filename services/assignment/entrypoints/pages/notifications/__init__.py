"""The pages of what people are told: notices with the bell, how they are reached, the matrix, and calendars for programs."""

from collections.abc import Mapping
from functools import partial
from typing import Final

from fastapi import APIRouter

from services.assignment.entrypoints.pages.behind import Behind
from services.assignment.entrypoints.pages.notifications import calendar, notices, reach
from services.assignment.readmodel.notifications.queries import Notifications
from services.assignment.readmodel.work.piles import piles_of
from shared.permit import Subject
from shared.web.pages import Pages
from shared.web.rooms import Room, Waiting
from shared.web.routes import undescribed

MENU: Final = "assignment/notifications/menu.html"
BELL: Final = "assignment/notifications/bell.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu and the bell in the header."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu=MENU,
        header=BELL,
        reached=reached,
        works={notices.PATH: frozenset()},  # the bell leads there
        waiting=partial(_waiting, behind.queries.notifications),
    )


def reached(subject: Subject) -> frozenset[str]:
    """Whoever can have work here is told of it."""
    return frozenset({notices.PATH}) if piles_of(subject) else frozenset()


async def _waiting(notifications: Notifications, subject: Subject) -> Mapping[str, Waiting]:
    """How many notices he has not looked at."""
    return {notices.PATH: Waiting(await notifications.unseen(subject))} if reached(subject) else {}


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    notices.routes(router, pages, behind.queries.notifications)
    reach.routes(router, pages, behind.queries.reaching, mails=behind.mails)
    calendar.routes(router, behind)
    return router
