"""The opening balance of an office: what it brought along into its first report, line by line, and what ended of it."""

from functools import partial

from fastapi import APIRouter

from services.reporting.entrypoints.pages.behind import Behind
from services.reporting.entrypoints.pages.opening import brought
from shared.web.pages import Pages
from shared.web.rooms import Room
from shared.web.routes import undescribed


def room(behind: Behind) -> Room:
    """The pages; the page of an office's reports leads here."""
    return Room(package=__name__, routes=partial(_routes, behind))


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    router = undescribed()
    brought.routes(router, pages, behind)
    return router
