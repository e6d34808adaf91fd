"""What the registry fills in on a paper, its number and symbol, its day: cited in appendices, and read off a file."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from shared.documents.days import ROOM_FOR_DAY
from shared.documents.layout.composition import Composition

NUMBER: Final = "Số:"
ROOM_FOR_NUMBER: Final = "       "
# 45/BC-VPUB, 12/2023/QĐ-UBND; before it has its number, /BC-VPUB (Nghị định 30/2020/NĐ-CP, Phụ lục I).
_SYMBOL: Final = re.compile(r"(?:\d{1,5}[a-zđ]?(?:/\d{4})?)?/[^\W\d_][\w.-]{0,39}")
_DAY: Final = re.compile(r"ngày (?:(?P<day>0[1-9]|[12]\d|3[01]) )?tháng (?P<month>0[12]|[1-9]|1[0-2]) năm (?P<year>\d{4})")
_DAY_WORDS: Final = 6


def cited(symbol: str, day: str) -> str:
    """`số 45/BC-VPUB ngày 09 tháng 6 năm 2023` from the symbol and the line of place and day; `…` where there is room."""
    number = f"…{symbol.strip()}" if symbol.startswith(ROOM_FOR_NUMBER) else symbol
    on = day[day.rindex("ngày ") :]
    return f"số {number} {on if ROOM_FOR_DAY not in on else f'ngày … tháng … năm {on[-4:]}'}"


def as_filled_in(paper: Composition, words: Sequence[str]) -> Composition:
    """The paper under the number and day that a file has in its head, whose words these are; nothing else of it is read.

    A file that has none where a paper has them leaves the paper as it is.
    """
    symbol = _symbol(paper.symbol, words) if paper.symbol is not None else None
    day = _day(paper.day, words) if paper.day is not None else None
    filled = replace(paper, symbol=symbol, day=day)
    if paper.symbol is None or symbol is None or paper.day is None or day is None:
        return filled
    was, now = cited(paper.symbol, paper.day), cited(symbol, day)
    return replace(filled, appendices=tuple(replace(each, belongs=each.belongs.replace(was, now)) for each in paper.appendices))


def _symbol(known: str, words: Sequence[str]) -> str:
    at = words.index(NUMBER) + 1 if NUMBER in words else len(words)
    own = known.split()
    if list(words[at : at + len(own)]) == own:
        return known  # whatever a register's pattern makes of it
    found = words[at] if at < len(words) else ""
    if not _SYMBOL.fullmatch(found):
        return known
    return f"{ROOM_FOR_NUMBER}{found}" if found.startswith("/") else found


def _day(known: str, words: Sequence[str]) -> str:
    place = known[: known.rindex("ngày ")]
    begins = place.split()
    at = next((n for n in range(len(words)) if list(words[n : n + len(begins)]) == begins), len(words)) + len(begins)
    found = _DAY.match(" ".join(words[at : at + _DAY_WORDS]))
    if found is None:
        return known
    return f"{place}ngày {found['day'] or ROOM_FOR_DAY} tháng {found['month']} năm {found['year']}"
