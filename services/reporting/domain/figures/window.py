"""The window of a report: inclusive local dates, and the instants between which a fact falls into it."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from shared.calendar import day_starts
from shared.contracts.refusals import Invalid

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST: Final = date(1970, 1, 2)
LATEST: Final = date(9999, 12, 30)


class WindowBackwards(Invalid):
    """A window ends no earlier than it begins, within the days that can be told as instants."""

    code = "window-backwards"
    rule = ()
    title_vi = "Kỳ số liệu không hợp lệ: từ {first} đến {last}"
    title_en = "The window from {first} to {last} holds no days"
    advice_vi = "Ngày đầu phải trước hoặc trùng ngày cuối, ví dụ 2023-01-04 đến 2023-05-31."
    advice_en = "The first day comes no later than the last, such as 2023-01-04 to 2023-05-31."


@dataclass(frozen=True, slots=True)
class Window:
    """From 00:00 of `first` until 00:00 of the day after `last`, in Vietnam (domain brief, corrections).

    `begin` and `end` are microseconds since 1970 UTC; what happens at `begin` falls into the window, at `end` no more.
    """

    first: date
    last: date
    begin: int
    end: int


def window(first: date, last: date) -> Window:
    """The window of the days `first` to `last`, both counted.

    Raises:
        WindowBackwards

    """
    if not EARLIEST <= first <= last <= LATEST:
        raise WindowBackwards("to", first=first.isoformat(), last=last.isoformat())
    return Window(first, last, begins(first), begins(last + timedelta(days=1)))


def begins(day: date) -> int:
    """The instant at which `day` begins in Vietnam, in microseconds since 1970 UTC."""
    return moment(day_starts(day))


def moment(instant: datetime) -> int:
    """An instant in microseconds since 1970 UTC."""
    return (instant - EPOCH) // timedelta(microseconds=1)
