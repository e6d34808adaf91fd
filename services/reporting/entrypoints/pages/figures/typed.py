"""Days as people type them into an address or the form that makes one."""

import re
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Final

from fastapi import Query

from shared.contracts.refusals import Invalid
from shared.identity.pages import Working
from shared.web.typed import DayUnclear, day_of

LONGEST: Final = 20
ISO: Final = re.compile(r"\d{4}-\d{2}-\d{2}")


class DayMissing(Invalid):
    """Figures are of days: the first and the last are named."""

    code = "day-missing"
    title_vi = "Chưa nêu đủ ngày đầu và ngày cuối"
    title_en = "The first and the last day are to be named"
    advice_vi = "Nhập từ ngày và đến hết ngày, ví dụ 04/01/2023 và 31/05/2023."
    advice_en = "Type both, such as 04/01/2023 and 31/05/2023."


@dataclass(frozen=True, slots=True, kw_only=True)
class Days:
    """An office and days as they were typed."""

    office: str
    first: str
    last: str

    @property
    def stated(self) -> bool:
        return bool(self.first.strip() or self.last.strip())

    def named(self, today: date) -> tuple[date, date]:
        """The first and the last day.

        Raises:
            DayMissing, DayUnclear

        """
        found = [_day(name, typed, today) for name, typed in (("from", self.first), ("to", self.last))]
        first, last = found
        if first is None or last is None:
            raise DayMissing("from" if first is None else "to")
        return first, last


async def days(
    session: Working,
    office: Annotated[str, Query(max_length=32)] = "",
    first: Annotated[str, Query(alias="from", max_length=LONGEST)] = "",
    last: Annotated[str, Query(alias="to", max_length=LONGEST)] = "",
) -> Days:
    """Read them of an address; the office is the asker's own where none is named."""
    return Days(office=office or session.subject.office, first=first, last=last)


def _day(name: str, typed: str, today: date) -> date | None:
    if ISO.fullmatch(typed.strip()):
        typed = "/".join(reversed(typed.strip().split("-")))
    try:
        return day_of(typed, today)
    except ValueError:
        raise DayUnclear(name) from None
