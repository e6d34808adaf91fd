"""As of when the logs are looked at: a moment as people type it; a day alone means its end."""

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from shared.asof import AsOfAhead, instant_of
from shared.calendar import local_day
from shared.clock import VIETNAM
from shared.config import SERVICES
from shared.web.typed import MomentUnclear, day_of, moment_of

_MIDNIGHT: Final = re.compile(r"(.+?)[ ,]+(?:24[:hg](?:00)?)", re.DOTALL)
LONGEST: Final = 60


@dataclass(frozen=True, slots=True)
class Asked:
    """An instant, and how it is written in an address and on a page."""

    at: datetime
    written: str


def asked(name: str, typed: str, now: datetime) -> Asked | None:
    """The instant in `31/05/2023 16:30`, `31/05/2023` or `31/05/2023 24:00` (its end), or ISO 8601; None where nothing is typed.

    The end of today, which is not there yet, is now.

    Raises:
        MomentUnclear, AsOfAhead

    """
    text = typed.strip()
    if not text:
        return None
    found = _of_iso(text) if "T" in text else _typed(name, text, now)
    if found.at > now:
        raise AsOfAhead(written(now))
    return found


def written(at: datetime) -> str:
    """As people here write it: `31/05/2023 16:30`."""
    return f"{at.astimezone(VIETNAM):%d/%m/%Y %H:%M}"


def _of_iso(text: str) -> Asked:
    at = instant_of(text, SERVICES)
    return Asked(at, written(at) if at == at.replace(second=0, microsecond=0) else at.isoformat())


def _typed(name: str, text: str, now: datetime) -> Asked:
    today = local_day(now)
    ended = _MIDNIGHT.fullmatch(text)
    try:
        day = day_of(ended[1] if ended else text, today)
    except ValueError:
        day = None
    if day is None:
        if ended:
            raise MomentUnclear(name)
        moment = moment_of(name, text, today)
        assert moment is not None  # there is something typed
        at = datetime.fromisoformat(moment)
        return Asked(at, written(at))
    if day == today:
        return Asked(now, written(now))
    end = datetime.combine(day + timedelta(days=1), time(), VIETNAM) - timedelta(microseconds=1)
    return Asked(end, f"{day:%d/%m/%Y} 24:00")
