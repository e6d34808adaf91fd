"""The pages of the reporting service: a route, a query or command of the API's, a template."""

from collections.abc import Sequence

from services.reporting.entrypoints.pages import figures, opening, province, reports
from services.reporting.entrypoints.pages.behind import Behind
from shared.web.rooms import Room

__all__ = ["Behind", "rooms"]


def rooms(behind: Behind) -> Sequence[Room]:
    """Every area of pages with its part of the menu."""
    return tuple(area.room(behind) for area in (reports, figures, opening, province))
