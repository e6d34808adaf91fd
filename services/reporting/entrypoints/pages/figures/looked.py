"""How a table is looked at: whose, which days, known up to when and by what, as an address says it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Final
from urllib.parse import quote, urlencode

from fastapi import Query

from services.reporting.readmodel.asof import AsOf, Basis
from services.reporting.readmodel.asof import as_of as read_as_of
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import BREAKDOWN, Table, Units
from shared.clock import VIETNAM

FIGURES: Final = "/figures"
TYPED: Final = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})(?:\s+(\d{1,2}):(\d{2}))?")
LONGEST_AS_OF: Final = 100


def moment_of(text: str | None) -> AsOf:
    """What `as_of` of an address says: as over the API, or a day as people type it; a day alone is the end of that day.

    Raises:
        UnreadableAsOf

    """
    found = TYPED.fullmatch((text or "").strip())
    if found is None:
        return read_as_of((text or "").strip())
    day, month, year, hour, minute = found.groups()
    try:
        on = date(int(year), int(month), int(day))
        at = time(int(hour), int(minute)) if hour else time()
        return datetime.combine(on if hour else on + timedelta(days=1), at, VIETNAM)
    except (OverflowError, ValueError):
        return read_as_of(text)  # refuses it, and says how it is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Ways:
    """What an address may choose about a table."""

    by: By | None
    units: Units
    as_of: str

    @property
    def chosen(self) -> dict[str, str]:
        """As an address says it; what is usual is left out."""
        by, units = self.by.value if self.by else "", self.units.value if self.units is Units.NOW else ""
        return {name: value for name, value in (("by", by), ("units", units), ("as_of", self.as_of)) if value}


def ways(
    by: By | None = None,
    units: Units = Units.WAS,
    as_of: Annotated[str, Query(max_length=LONGEST_AS_OF)] = "",
) -> Ways:
    """Read them of an address."""
    return Ways(by=by, units=units, as_of=as_of.strip())


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """A table as it is asked for: of a report (`one`, as `Reports.report` tells it), or of days that somebody named."""

    where: str
    office: str
    first: date
    last: date
    ways: Ways
    one: Mapping[str, Any] | None = None

    @property
    def as_of(self) -> AsOf:
        """Up to when facts count: as asked; of a locked report what its lock rests on, else all that is known by now.

        Raises:
            UnreadableAsOf

        """
        if self.ways.as_of or self.one is None or self.one["lock"] is None:
            return moment_of(self.ways.as_of)
        return Basis.locked(self.one["lock"])

    @property
    def days(self) -> dict[str, Any]:
        """As the queries ask for them."""
        return {"office": self.office, "first": self.first, "last": self.last}

    @property
    def named(self) -> dict[str, str]:
        """What an address must say beside its path."""
        if self.one is not None:
            return {}
        return {"office": self.office, "from": self.first.isoformat(), "to": self.last.isoformat()}

    def link(self, table: str, part: str = "", **more: str) -> str:
        """The address of a table looked at in the same way, or of a part of it; an empty value leaves a choice out."""
        chosen = {name: value for name, value in {**self.named, **self.ways.chosen, **more}.items() if value}
        path = f"{self.where}/{table}" + (f"/{quote(part, safe='/')}" if part else "")
        return f"{path}?{urlencode(chosen)}" if chosen else path

    def cell(self, cell: str) -> str:
        """The address of what stands behind a cell such as `bieu-03/KT/I2`; it is broken down as its table is."""
        table, _, part = cell.partition("/")
        return self.link(table, part, by="")


def cell_name(table: Table, by: By | None, group: str, key: str, column: str) -> str | None:
    """What a cell is called where a table may be broken down otherwise than its form; None where it cannot be opened."""
    if table in BREAKDOWN:
        table = next((each for each, usual in BREAKDOWN.items() if usual is by), Table.BY_PLACE if by is By.SOURCE else table)
    row = {"outside": f"outside.{key}", "sources": f"source.{key}", "subtotals": f"subtotal.{key}"}.get(group, key)
    if group == "rows" and by is By.SOURCE:
        row = f"source.{key}"
    return f"{table.value}/{row}/{column}"
