"""The pages of the assignment service, by area: a route, a query or command of the API's, a template."""

from collections.abc import Sequence

from services.assignment.entrypoints.pages import (
    dialogue,
    directory,
    following,
    leading,
    notifications,
    papers,
    plans,
    proposals,
    public,
    work,
)
from services.assignment.entrypoints.pages.behind import Behind
from shared.web.rooms import Room

__all__ = ["Behind", "rooms"]


def rooms(behind: Behind) -> Sequence[Room]:
    """Its rooms, in the order of the menu."""
    return (
        work.room(behind),
        notifications.room(behind),
        leading.room(behind),
        following.room(behind),
        dialogue.room(behind),
        plans.room(behind),
        proposals.room(behind),
        papers.room(behind),
        public.room(behind),
        directory.room(behind),
    )
