"""As of when a page is asked for, as people type it: a day is its end, and today is now."""

from datetime import date, datetime, timedelta
from typing import Final

from shared.asof import Moment, moment_of
from shared.calendar import DAY, day_starts
from shared.contracts.refusals import Invalid
from shared.web.typed import day_of
from shared.web.typed import moment_of as typed_moment

LOG: Final = "assignment"
LAST: Final = timedelta(microseconds=1)


def asked_moment(text: str | None, today: date) -> Moment:
    """The moment in `20/03/2023`, `20/03/2023 08:30`, an ISO instant, or a position of this log; None is now.

    Raises:
        UnreadableAsOf

    """
    typed = (text or "").strip()
    try:
        day = day_of(typed, today)
    except ValueError:
        day = None
    if day is not None:
        return None if day == today else day_starts(day + DAY) - LAST
    try:
        instant = typed_moment("as_of", typed, today)
    except Invalid:
        return moment_of(typed, LOG)
    return datetime.fromisoformat(instant) if instant else None
