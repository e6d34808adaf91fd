"""Answers what the figures of an office are, for a window, by a breakdown, as known at a position."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from services.reporting.domain.figures.window import Window, window
from services.reporting.readmodel.access import READ_FIGURES, office_resource
from services.reporting.readmodel.asof import AsOf, Vector, resolve
from services.reporting.readmodel.breakdown import By, shown
from services.reporting.readmodel.counting import counted_by, dimensions_of
from services.reporting.readmodel.forms import TITLES, Asked, Table, Units, read_table
from services.reporting.readmodel.reading import Reading
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.refusals import Forbidden, Unknown
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Subject, permit


class Queries:
    """What can be asked of reporting, by one tenant's people."""

    def __init__(self, database: Database, directories: Directories, tenant: str, clock: Clock) -> None:
        self._database, self._directories, self._tenant, self._clock = database, directories, tenant, clock

    async def figures(
        self,
        subject: Subject,
        *,
        office: str,
        first: date,
        last: date,
        by: By = By.TOTAL,
        as_of: AsOf = None,
    ) -> dict[str, Any]:
        """Biểu 02's columns for `office` from `first` to `last`, both counted, as JSON values.

        `{office, from, to, by, as_of, rows: [{key, label, A, A1, ..., T3}], total}`: A1 is A′, rates are per cent as
        strings or None, `as_of` is the position vector the answer holds for. Where identities do not hold, `broken`
        says in which row and names the episodes that are told two ways.

        Raises:
            Unknown: no such office, or not the asker's.
            WindowBackwards

        """
        asked, directory = await self._asked(subject, office, first, last)
        async with self._reading(office, asked, as_of) as reading:
            read = await reading.matters(dimensions_of([by]))
        [counted] = await asyncio.to_thread(counted_by, read, asked, [by])  # a second's work at 100,000 episodes
        head = {"office": office, "from": first.isoformat(), "to": last.isoformat(), "by": by.value}
        return {**head, "as_of": reading.positions, **shown(counted, by, directory)}

    async def table(
        self,
        subject: Subject,
        *,
        table: Table,
        office: str,
        first: date,
        last: date,
        by: By | None = None,
        as_of: AsOf = None,
        units: Units = Units.WAS,
    ) -> dict[str, Any]:
        """One table of the report, with its Vietnamese headings, as JSON values.

        `{table, title, office, from, to, as_of, units, columns: [{key, heading}], rows, total}` and, by table, `by`,
        `subtotals`, `sources`, `outside`; `rolled` where units stand under their successors; `broken` where identities
        do not hold.

        Raises:
            Unknown: no such office, or not the asker's.
            WindowBackwards

        """
        asked, then = await self._asked(subject, office, first, last)
        today = await self._directories.at(local_day(self._clock.now())) if units is Units.NOW else None
        async with self._reading(office, asked, as_of) as reading:
            make = await read_table(table, Asked(asked, then, today, by), reading)
        head = {"table": table.value, "title": TITLES[table], "office": office}
        days = {"from": first.isoformat(), "to": last.isoformat()}
        return {**head, **days, "as_of": reading.positions, "units": units.value, **await asyncio.to_thread(make)}

    async def _asked(self, subject: Subject, office: str, first: date, last: date) -> tuple[Window, Directory]:
        self._permit(subject, office)
        asked = window(first, last)
        directory = await self._directories.at(last)
        if directory.office(office) is None:
            raise Unknown("office")
        return asked, directory

    @asynccontextmanager
    async def _reading(self, office: str, asked: Window, as_of: AsOf) -> AsyncIterator[Reading]:
        async with self._database.read() as connection:
            positions: Vector = await resolve(connection, self._tenant, as_of)
            yield Reading(connection, self._tenant, office, asked.end, positions)

    def _permit(self, subject: Subject, office: str) -> None:
        decision = permit(subject, READ_FIGURES, office_resource(self._tenant, office))
        if not decision.allowed:
            if subject.tenant == self._tenant and subject.office == office:
                raise Forbidden(rule=decision.rule)
            raise Unknown("office")
