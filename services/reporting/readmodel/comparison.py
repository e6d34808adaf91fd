"""Answers how a table stands beside the same days of the year before ("cùng kỳ"), and what has added up ("lũy kế").

Neither is a sum of older reports: both are windows counted from the events, by the code of the table and up to its positions.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Any, Final

from sqlalchemy import func, select

from services.reporting.domain.figures.columns import RATES
from services.reporting.domain.figures.comparison import CumulativeBeginsLate, grown, points, year_before
from services.reporting.readmodel.asof import AsOf, Basis
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.figures import Figures
from services.reporting.readmodel.forms import Table
from services.reporting.readmodel.reports.tables import reports_report
from shared.database import Database
from shared.permit import Subject

GROUPS: Final = ("rows", "outside", "sources", "subtotals")
Row = Mapping[str, Any]


class Comparison:
    """What can be asked about figures beside others, by one tenant's people."""

    def __init__(self, database: Database, figures: Figures, tenant: str) -> None:
        self._database, self._figures, self._tenant = database, figures, tenant

    async def compared(
        self,
        subject: Subject,
        *,
        table: Table,
        office: str,
        first: date,
        last: date,
        by: By | None = None,
        as_of: AsOf = None,
        since: date | None = None,
    ) -> dict[str, Any]:
        """A table with every cell beside that of the year before and what has added up since, as JSON values.

        The answer of `Figures.table` with `same_days` {from, to} (None where they begin before the office's first report, so that
        nothing or not all was recorded of them), `cumulative` {from, to}, and in its rows `{key, label, figures: {column: {now,
        before, change, per_cent, cumulative}}}`: `change` is a count, or of a rate its percentage points as a string; `per_cent`
        of a base of 10 or more. `since` is the first day of the office's first report where none is given.

        Raises:
            CumulativeBeginsLate
            Unknown: no such office, or not the asker's.
            WindowBackwards

        """
        now = await self._figures.table(subject, table=table, office=office, first=first, last=last, by=by, as_of=as_of)
        if since is not None and since > first:
            raise CumulativeBeginsLate("since", since=since.isoformat(), first=first.isoformat())
        counted = partial(self._figures.table, subject, table=table, office=office, by=by, as_of=now["as_of"])
        begun, same = await self._begun(office, first), year_before(first)
        before = await counted(first=same, last=year_before(last)) if same >= begun else None
        since = since or begun
        cumulative = await counted(first=since, last=last) if since < first else now
        tables = (now, before, cumulative)
        return {
            **{name: value for name, value in now.items() if name not in (*GROUPS, "total", "broken")},
            "same_days": _days(before) if before else None,
            "cumulative": _days(cumulative),
            **{group: _beside(tables, group) for group in GROUPS if group in now},
            "total": _row("total", tables, [each and each["total"] for each in tables]),
        }

    async def of_report(self, subject: Subject, one: Mapping[str, Any]) -> dict[str, Any]:
        """Biểu 02 of the locked report `one`, as `Reports.report` tells it, beside other days as known at its lock."""
        first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        known, office = Basis.locked(one["lock"]), one["office"]
        return await self.compared(subject, table=Table.OPINIONS, office=office, first=first, last=last, as_of=known)

    async def cumulative(
        self, subject: Subject, *, table: Table, office: str, first: date, last: date, as_of: AsOf
    ) -> dict[str, Any] | None:
        """The table of all days from the office's first report to `last`; None where `first` is that day.

        Raises:
            Unknown: no such office, or not the asker's.

        """
        begun = await self._begun(office, first)
        if begun == first:
            return None
        return await self._figures.table(subject, table=table, office=office, first=begun, last=last, as_of=as_of)

    async def _begun(self, office: str, first: date) -> date:
        """The first day of the office's first report, or `first`: of what came before, not everything need be recorded."""
        of_office = (reports_report.c.tenant == self._tenant, reports_report.c.office == office)
        async with self._database.read() as connection:
            found = (await connection.execute(select(func.min(reports_report.c.first)).where(*of_office))).scalar()
        return min(date.fromisoformat(found), first) if found else first


def _days(found: Row) -> dict[str, str]:
    return {"from": found["from"], "to": found["to"]}


def _beside(tables: Sequence[Row | None], group: str) -> list[dict[str, Any]]:
    """The rows of all three, those of the window itself ahead: what one of them does not have counts nought there."""
    rows = [{row["key"]: row for row in each[group]} if each else None for each in tables]
    keys = dict.fromkeys(key for each in rows if each for key in each)
    return [_row(key, tables, [None if each is None else each.get(key, {}) for each in rows]) for key in keys]


def _row(key: str, tables: Sequence[Row | None], found: Sequence[Row | None]) -> dict[str, Any]:
    named = next(row for row in found if row)
    columns = [column["key"] for column in tables[0]["columns"]] if tables[0] else []
    return {"key": key, "label": named["label"], "figures": {column: _cell(column, found) for column in columns}}


def _cell(column: str, found: Sequence[Row | None]) -> dict[str, Any]:
    nought = None if column in RATES else 0
    now, before, cumulative = (None if row is None else row.get(column, nought) for row in found)
    told: dict[str, Any] = {"now": now, "before": before, "change": None, "per_cent": None, "cumulative": cumulative}
    if isinstance(now, int) and isinstance(before, int):
        told |= {"change": now - before, "per_cent": grown(now, before)}
    elif column in RATES and now is not None and before is not None:
        told["change"] = f"{points(now, before) / 10:+.1f}"
    return told
