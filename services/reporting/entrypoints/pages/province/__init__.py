"""The tables of a period added up over all offices, and how far each office is; for those above them."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.province import added
from services.reporting.entrypoints.pages.underway import Underway
from services.reporting.readmodel.access import READ_PROVINCE
from shared.permit import Resource, Subject, permit
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed

MENU: Final = "reporting/province/menu.html"


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(package=__name__, routes=partial(_routes, behind), menu=MENU, group=Group.REPORTS, reached=reached)


def reached(subject: Subject) -> frozenset[str]:
    """The province, for whoever may see all offices side by side."""
    may = permit(subject, READ_PROVINCE, Resource(tenant=subject.tenant)).allowed
    return frozenset({added.PATH}) if may else frozenset()


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    added.routes(router, pages, behind, Underway())
    return router
