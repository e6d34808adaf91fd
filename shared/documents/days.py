"""How days are written on official papers (Nghị định 30/2020/NĐ-CP, Phụ lục I, II.4)."""

from datetime import date
from typing import Final

ROOM_FOR_DAY: Final = "    "


def day_line(place: str, on: date | None, month: date) -> str:
    """`Sơn La, ngày 09 tháng 6 năm 2023`; without a day, room for it in the month in which it is due."""
    if on is None:
        return f"{place}, ngày {ROOM_FOR_DAY} tháng {_month(month)} năm {month.year}"
    return f"{place}, {full_day(on)}"


def full_day(on: date) -> str:
    """`ngày 09 tháng 6 năm 2023`, as a paper is cited the first time."""
    return f"ngày {on.day:02} tháng {_month(on)} năm {on.year}"


def short_day(on: date) -> str:
    """`09/6/2023`."""
    return f"{on.day:02}/{_month(on)}/{on.year}"


def _month(on: date) -> str:
    """01 and 02 have two digits, so that nobody writes another before them."""
    return f"{on.month:02}" if on.month < 3 else str(on.month)
