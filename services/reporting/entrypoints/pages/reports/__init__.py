"""Reports from their opening to their receipt: how far each is, its text, its signature, whom it went to."""

from functools import partial

from fastapi import APIRouter

from services.reporting.entrypoints.pages.behind import Behind
from shared.web.pages import Pages
from shared.web.rooms import Room


def room(behind: Behind) -> Room:
    """The pages with their part of the menu."""
    return Room(package=__name__, routes=partial(_routes, behind))


def _routes(behind: Behind, pages: Pages) -> APIRouter:
    return APIRouter(include_in_schema=False)
