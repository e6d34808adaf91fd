"""Time as an input: the system's clock, and a clock that a script moves."""

import time
from datetime import UTC, datetime, timedelta
from typing import Final, Protocol
from zoneinfo import ZoneInfo

VIETNAM: Final = ZoneInfo("Asia/Ho_Chi_Minh")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND: Final = timedelta(microseconds=1)
AHEAD_LIMIT: Final = timedelta(minutes=5)


class Clock(Protocol):
    """Where `now` comes from; never the database."""

    @property
    def kind(self) -> str:
        """`real` or `script`."""
        ...

    def now(self) -> datetime:
        """The present instant, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    kind = "real"

    def now(self) -> datetime:
        return EPOCH + timedelta(microseconds=time.time_ns() // 1_000)


class ScriptClock:
    """A clock that stands still until it is moved, and never goes back."""

    kind = "script"

    def __init__(self, start: datetime = EPOCH) -> None:
        self._now = start

    def now(self) -> datetime:
        return self._now

    def move_to(self, instant: datetime) -> None:
        """Go on to `instant`.

        Raises:
            ClockMovedBack: `instant` lies before the present one.

        """
        if instant < self._now:
            raise ClockMovedBack(f"the clock stands at {self._now.isoformat()} and cannot go back to {instant.isoformat()}")
        self._now = instant


class ClockMovedBack(ValueError):
    """A script asked for an instant before the present one."""


def micros(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z, the form in which the log stores an instant."""
    return (instant - EPOCH) // MICROSECOND


def instant(micros: int) -> datetime:
    """The inverse of `micros`."""
    return EPOCH + timedelta(microseconds=micros)
