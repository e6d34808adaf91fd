"""The tables of reports and of any days, and what stands behind every figure of them."""

from functools import partial

from fastapi import APIRouter

from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.figures import opened, tables
from services.reporting.entrypoints.pages.figures.looked import FIGURES
from services.reporting.entrypoints.pages.underway import Underway
from services.reporting.readmodel.access import READ_FIGURES, office_resource
from shared.contracts.roles import Role
from shared.permit import Subject, permit
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu="reporting/figures/menu.html",
        group=Group.REPORTS,
        reached=reached,
        works={FIGURES: frozenset({Role.OPERATOR})},
    )


def reached(subject: Subject) -> frozenset[str]:
    """Figures of days, for whoever may read those of his office."""
    may = permit(subject, READ_FIGURES, office_resource(subject.tenant, subject.office)).allowed
    return frozenset({FIGURES}) if may else frozenset()


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router, underway = undescribed(), Underway()
    opened.routes(router, pages, behind.queries, behind.directories, behind.clock, underway)
    tables.routes(router, pages, behind.queries, behind.clock, underway)
    return router
