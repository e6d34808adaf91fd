"""What may be asked about the working-day calendar, and by whom."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from shared.contracts.calendar import DayOff
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.types import VersionName

PUBLISH_CALENDAR: Final = action(
    "publish_calendar",
    grants(Scope.TENANT, Role.ADMINISTRATOR, Role.OPERATOR, Role.SYSTEM),  # the house itself brings in the first one
)


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishCalendar:
    """Publish a whole calendar under a version name: weekdays off and weekends worked, from `first` to `last`."""

    version: VersionName
    first: date
    last: date
    days_off: tuple[DayOff, ...]
    workdays: tuple[date, ...] = ()
