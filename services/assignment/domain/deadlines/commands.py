"""What may be asked about due dates when the calendar changes, and by whom."""

from dataclasses import dataclass
from typing import Final

from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import StreamId

REVISE_DUE: Final = action("revise_due", grants(Scope.OFFICE, Role.SYSTEM))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviseDue:
    """Count the due date of an open case or task by the calendar in force, never into the past; the house asks this itself."""

    about: StreamId
