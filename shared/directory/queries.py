"""Reads a service's copy of the directory: one row when nothing changed, everything when something did."""

import json
from datetime import date
from typing import Any, Final

from sqlalchemy import Select, Table, select
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.calendar import Calendar
from shared.contracts.directory import UnitKind
from shared.database import Database
from shared.directory.projection import tables_of
from shared.directory.snapshot import Directory, Field, History, Lasting

DAYS_KEPT: Final = 64  # directories of so many days are kept ready


class DirectoryNotYet(Exception):
    """Nothing of the directory has arrived here so far: a new service, or one whose source is away. Ask again soon."""


class Directories:
    """The directory of any day, for one tenant: cheap enough to be asked for every command."""

    def __init__(self, database: Database, name: str, tenant: str) -> None:
        self._database, self._tables, self._tenant = database, tables_of(name), tenant
        self._history = History()
        self._days: dict[date, Directory] = {}

    async def at(self, day: date) -> Directory:
        """The directory of `day`, as far as the copy has come.

        Raises:
            DirectoryNotYet: before its first event: to say then that a unit is unknown would refuse what is right.

        """
        history = await self._latest()
        if history.position == 0:
            raise DirectoryNotYet
        found = self._days.get(day)
        if found is None or found.position != history.position:
            if len(self._days) >= DAYS_KEPT:
                self._days.clear()
            found = self._days[day] = history.at(day)
        return found

    async def _latest(self) -> History:
        async with self._database.read() as connection:
            mark = self._tables.mark
            position = (await connection.execute(self._of(mark, mark.c.position))).scalar() or 0
            if position != self._history.position:
                self._history = await self._load(connection, position)
            return self._history

    async def _load(self, connection: AsyncConnection, position: int) -> History:
        tables = self._tables

        async def rows(table: Table, *order: str) -> list[dict[str, Any]]:
            found = await connection.execute(self._of(table, *table.c).order_by(*(table.c[name] for name in order)))
            return [dict(row) for row in found.mappings()]

        calendars = await rows(tables.calendar, "position")
        return History(
            position=position,
            units=tuple(_unit(row) for row in await rows(tables.unit, "position", "unit")),
            names=tuple(
                (row["unit"], date.fromisoformat(row["valid_from"]), (row["code"], row["name"]))
                for row in await rows(tables.unit_name, "valid_from")
            ),
            fields=tuple(
                (Field(row["field"], row["name"], row["restricted"]), date.fromisoformat(row["valid_from"]))
                for row in await rows(tables.field, "position", "field")
            ),
            leads=tuple(
                ((row["field"], row["office"]), date.fromisoformat(row["valid_from"]), row["lead"])
                for row in await rows(tables.lead, "valid_from")
            ),
            people=tuple(
                (row["person"], date.fromisoformat(row["valid_from"]), row["unit"])
                for row in await rows(tables.person, "valid_from")
            ),
            calendar=_calendar(calendars[-1]) if calendars else None,
        )

    def _of(self, table: Table, *columns: Any) -> Select[Any]:
        return select(*columns).where(table.c.tenant == self._tenant)


def _unit(row: dict[str, Any]) -> Lasting:
    end = row["dissolved_from"]
    return Lasting(
        row["unit"],
        UnitKind(row["kind"]),
        row["office"],
        row["parent"],
        date.fromisoformat(row["valid_from"]),
        date.fromisoformat(end) if end else None,
    )


def _calendar(row: dict[str, Any]) -> Calendar:
    return Calendar(
        version=row["version"],
        first=date.fromisoformat(row["first"]),
        last=date.fromisoformat(row["last"]),
        days_off={date.fromisoformat(day): name for day, name in json.loads(row["days_off"]).items()},
        workdays=frozenset(map(date.fromisoformat, json.loads(row["workdays"]))),
    )
