"""Reports from their opening to their receipt: how far each is, its text, its signature, whom it went to."""

from functools import partial
from typing import Final

from fastapi import APIRouter

from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.reports import listing, one, registers
from services.reporting.entrypoints.pages.underway import Underway
from services.reporting.readmodel.access import READ_FIGURES, office_resource
from shared.contracts.roles import Role
from shared.papers.access import SEE_REGISTER
from shared.permit import Resource, Subject, permit
from shared.web.pages import Pages
from shared.web.rooms import Group, Room
from shared.web.routes import undescribed

# Whose units reports are sent to.
RECEIVERS: Final = frozenset({Role.RECIPIENT, Role.APPRAISER, Role.CHAIRMAN})


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(
        package=__name__,
        routes=partial(_routes, behind),
        menu="reporting/reports/menu.html",
        group=Group.REPORTS,
        reached=reached,
        works={
            listing.PATH: frozenset(Role) - {Role.CONTENT_DIVISION, Role.SPECIALIST, Role.PARTY_COMMITTEE},
            registers.PATH: frozenset({Role.REGISTRY}),
        },
        first={Role.RECIPIENT: listing.PATH},
    )


def reached(subject: Subject) -> frozenset[str]:
    """Reports, for whoever may read those of his office or is sent others'; the books, for whoever sees them."""
    reads = permit(subject, READ_FIGURES, office_resource(subject.tenant, subject.office)).allowed
    sees = permit(subject, SEE_REGISTER, Resource(tenant=subject.tenant, office=subject.office)).allowed
    found = {listing.PATH} if reads or not RECEIVERS.isdisjoint(subject.capacities) else set[str]()
    return frozenset(found | ({registers.PATH} if sees else set()))


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    listing.routes(router, pages, behind)
    registers.routes(router, pages, behind)
    one.routes(router, pages, behind, Underway())
    return router
