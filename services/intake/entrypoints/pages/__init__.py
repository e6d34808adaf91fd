"""The pages of the intake service, by area: a route, a query or command of the API's, a template."""

from collections.abc import Sequence

from services.intake.entrypoints.pages import consolidation, desk, public
from services.intake.entrypoints.pages.behind import Behind
from shared.web.rooms import Room

__all__ = ["Behind", "rooms"]


def rooms(behind: Behind) -> Sequence[Room]:
    """Its rooms, in the order of the menu."""
    return (desk.room(behind), consolidation.room(behind), public.room(behind))
