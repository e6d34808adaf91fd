"""The pages of the house itself, over all its logs and whom it lets in: for auditors, and for administrators."""

from collections.abc import Sequence

from deploy.house import House
from deploy.pages import admin, audit
from deploy.pages.admin.health import Health
from shared.web.rooms import Room

__all__ = ["rooms"]


def rooms(house: House, health: Health) -> Sequence[Room]:
    """Its rooms, in the order of the menu."""
    return (audit.room(house), admin.room(house, health))
