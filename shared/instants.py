"""Instants and days as they come from outside: with a zone, in years that calendars, zones and databases can count with."""

from datetime import UTC, date, datetime
from typing import Annotated, Any, Final, TypeVar

from pydantic import AfterValidator, AwareDatetime, BeforeValidator
from pydantic_core import PydanticCustomError, PydanticKnownError

FIRST: Final = date(1900, 1, 1)
LAST: Final = date(2199, 12, 31)
_EARLIEST: Final = datetime(FIRST.year, 1, 1, tzinfo=UTC)
_BEYOND: Final = datetime(LAST.year + 1, 1, 1, tzinfo=UTC)

D = TypeVar("D", bound=date)


def countable(moment: date) -> bool:
    """Whether a day, or an instant with its zone, lies in the years that the house counts with."""
    return _EARLIEST <= moment < _BEYOND if isinstance(moment, datetime) else FIRST <= moment <= LAST


def _countable(moment: D) -> D:
    if countable(moment):
        return moment
    years = {"first": FIRST.year, "last": LAST.year}
    raise PydanticCustomError("years_outside", "lies outside the years {first} to {last}", years)


def _written_day(value: Any) -> Any:
    if isinstance(value, str | date):
        return value
    raise PydanticKnownError("date_type")


def _written_instant(value: Any) -> Any:
    if isinstance(value, str | datetime):
        return value
    raise PydanticKnownError("datetime_type")


Instant = Annotated[AwareDatetime, AfterValidator(_countable), BeforeValidator(_written_instant)]
Day = Annotated[date, AfterValidator(_countable), BeforeValidator(_written_day)]
