"""The pages for people who are not signed in: handing in, the receipt, looking up what became of it."""

from functools import partial

from fastapi import APIRouter

from services.intake.entrypoints.pages.behind import Behind
from services.intake.entrypoints.pages.public import lookup, receipt, submit, welcome
from services.intake.entrypoints.pages.public.holding import Holding
from services.intake.entrypoints.pages.public.submitting import Submitting
from shared.web.pages import Pages
from shared.web.rooms import Room
from shared.web.routes import undescribed


def room(behind: Behind) -> Room:
    """The pages; they have no part of the menu, which is for people who are signed in."""
    return Room(package=__name__, routes=partial(_routes, behind))


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    holding = Holding(behind.keyed, behind.tenant, behind.clock)
    welcome.routes(router, pages)
    submit.routes(router, pages, Submitting(behind, holding), holding)
    receipt.routes(router, pages, behind, holding)
    lookup.routes(router, pages, behind, holding)
    return router
