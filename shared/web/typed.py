"""Days and moments as people here type them."""

import re
from datetime import date, datetime, time, timedelta
from typing import Final

from shared.clock import VIETNAM
from shared.contracts.refusals import Invalid
from shared.text import fold

_DAY: Final = re.compile(r"(\d{1,2})[/.\- ](\d{1,2})[/.\- ](\d{4}|\d{2})")
_DIGITS: Final = re.compile(r"(\d{2})(\d{2})(\d{4})")
_AHEAD: Final = re.compile(r"\+(\d{1,3})")
_TIME: Final = re.compile(r"(?:(.*?)[ ,]+)?(\d{1,2})[:hg](\d{2})?", re.DOTALL)
TODAY: Final = "hom nay"


class DayUnclear(Invalid):
    """A day is typed as people here write it."""

    code = "day-unclear"
    title_vi = "Chưa đọc được ngày vừa nhập"
    title_en = "The day cannot be read"
    advice_vi = "Nhập ngày/tháng/năm, ví dụ 20/03/2023; “hôm nay”; hoặc +5 là năm ngày nữa."
    advice_en = "Type day/month/year such as 20/03/2023, “hôm nay” for today, or +5 for five days from now."


class MomentUnclear(Invalid):
    """A moment is a day and a time of day."""

    code = "moment-unclear"
    title_vi = "Chưa đọc được ngày giờ vừa nhập"
    title_en = "The day and time cannot be read"
    advice_vi = "Nhập ngày rồi giờ, ví dụ 20/03/2023 08:30; chỉ có giờ là giờ của hôm nay."
    advice_en = "Type the day, then the time, such as 20/03/2023 08:30; a time alone is one of today."


def day_of(typed: str, today: date) -> date | None:
    """The day in `20/03/2023`, `20/3/23`, `20032023`, `hôm nay` or `+5`; None where nothing was typed.

    Raises:
        ValueError: it is none of these, or no day of the calendar.

    """
    text = fold(typed).strip()
    if not text:
        return None
    if text == TODAY:
        return today
    if found := _AHEAD.fullmatch(text):
        return today + timedelta(days=int(found[1]))
    found = _DAY.fullmatch(text) or _DIGITS.fullmatch(text)
    if found is None:
        raise ValueError(typed)
    day, month, year = (int(each) for each in found.groups())
    return date(year + 2000 if year < 100 else year, month, day)


def moment_of(name: str, typed: str, today: date) -> str | None:
    """The instant, in Vietnam, of `20/03/2023 08:30` or `8h30`; None where nothing was typed.

    Raises:
        MomentUnclear: naming the field `name`.

    """
    text = typed.strip()
    if not text:
        return None
    found = _TIME.fullmatch(text)
    try:
        if found is None:
            raise ValueError(typed)
        day = day_of(found[1] or "", today) or today
        at = datetime.combine(day, time(int(found[2]), int(found[3] or 0)), VIETNAM)
    except ValueError:
        raise MomentUnclear(name) from None
    return at.isoformat()
