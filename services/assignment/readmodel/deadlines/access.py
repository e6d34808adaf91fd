"""Who may ask what is due, what waits for a decision, and how days are counted."""

from typing import Final

from shared.contracts.roles import Role, Scope, action, grants

LEADERSHIP: Final = (Role.CHIEF, Role.DEPUTY, Role.CHAIRMAN, Role.HUB)

LIST_URGING: Final = action("list_urging", grants(Scope.OFFICE, *LEADERSHIP, Role.AUDITOR))
SEE_QUEUE: Final = action("see_queue", grants(Scope.OFFICE, *LEADERSHIP, Role.AUDITOR, Role.SYSTEM))
SEE_CALENDAR: Final = action("see_calendar", grants(Scope.TENANT, *Role))
