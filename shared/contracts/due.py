"""A due date and how it was counted."""

from dataclasses import dataclass
from datetime import date

from shared.contracts.types import Code, VersionName


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """The last day, and its derivation: `days` working days counted from the day after `start`, days off skipped.

    Source: BLDS 2015 Đ.147–148; domain brief §1.2 and §2.2. The day ends at 24:00 local time.
    """

    day: date
    rule: Code
    start: date
    days: int
    skipped: tuple[date, ...]  # holidays and swapped days passed over; ordinary weekends are not listed
    calendar: VersionName
    rules: VersionName
