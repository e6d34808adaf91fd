"""A figure beside that of the same days a year before, and the days that "lũy kế" adds up (domain brief, corrections)."""

from calendar import monthrange
from datetime import date
from typing import Final

from services.reporting.domain.figures.columns import rate
from shared.contracts.refusals import Invalid

FEBRUARY: Final = 2
SMALL: Final = 10  # of a base below it a per cent says nothing


class CumulativeBeginsLate(Invalid):
    """What is added up begins no later than the window itself."""

    code = "cumulative-begins-late"
    rule = ()
    title_vi = "Lũy kế tính từ {since} là sau ngày đầu kỳ {first}"
    title_en = "The cumulative figures begin on {since}, after the window's first day {first}"
    advice_vi = "Chọn ngày bắt đầu lũy kế trước hoặc trùng ngày đầu kỳ."
    advice_en = "Let them begin on the window's first day or before it."


def year_before(day: date) -> date:
    """The same day a year before; the last day of February stays the last."""
    if day.month == FEBRUARY and day.day == monthrange(day.year, FEBRUARY)[1]:
        return date(day.year - 1, FEBRUARY, monthrange(day.year - 1, FEBRUARY)[1])
    return day.replace(year=day.year - 1)


def grown(now: int, then: int) -> str | None:
    """By how many per cent a count is another than it was, without a sign; None of a small base."""
    return rate(abs(now - then), then) if then >= SMALL else None


def points(now: str, then: str) -> int:
    """By how many tenths of a percentage point a rate is another than it was."""
    return int(now.replace(".", "")) - int(then.replace(".", ""))
