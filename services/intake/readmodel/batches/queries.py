"""Answers questions about imported files and their rows; asks permission first and never writes (R30)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from services.intake.readmodel import access
from services.intake.readmodel.batches.tables import batches_imported, batches_row
from services.intake.readmodel.paging import Page, beyond, paged
from shared.calendar import local_day
from shared.clock import Clock, instant
from shared.contracts.refusals import Unknown
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchView:
    """A file that a unit handed in: rows = taken + refused; `known` of those taken met their first copy."""

    id: str
    office: str
    unit: str
    unit_label: str  # of today, with what it was called when it handed the file in
    source: str
    file: str
    rows: int
    taken: int
    known: int
    refused: int
    imported_at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RowView:
    """A row: the opinion it stands for, or the code of its refusal and the column that it is about."""

    row: int
    opinion: str | None
    code: str | None
    field: str | None


class Batches:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, directories: Directories) -> None:
        self._database, self._tenant, self._clock, self._directories = database, tenant, clock, directories

    async def batch(self, subject: Subject, batch: str) -> BatchView:
        """One file.

        Raises:
            Unknown

        """
        return _view(await self._seen(subject, batch), await self._directory())

    async def rows(
        self, subject: Subject, batch: str, *, refused: bool | None = None, after: int = 0, limit: int = 50
    ) -> list[RowView]:
        """The rows of a file beyond the one numbered `after`, in order; only those refused, or taken, if asked so.

        Raises:
            Unknown

        """
        await self._seen(subject, batch)
        table = batches_row.c
        query = select(batches_row).where(table.tenant == self._tenant, table.batch == batch, table.row > after)
        if refused is not None:
            query = query.where(table.code.is_not(None) if refused else table.code.is_(None))
        async with self._database.read() as connection:
            found = (await connection.execute(query.order_by(table.row).limit(limit))).mappings().all()
        return [RowView(row=row["row"], opinion=row["opinion"], code=row["code"], field=row["field"]) for row in found]

    async def of_office(
        self, subject: Subject, *, office: str, unit: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[BatchView]:
        """The files handed in for an office, or of them those of a unit, the latest first.

        Raises:
            Unknown: neither the asker's office nor his unit.
            Invalid: the cursor was not made here.

        """
        access.refuse_unless_seen(subject, access.LIST_BATCHES, access.listed(self._tenant, office, unit))
        table = batches_imported.c
        wanted: list[ColumnElement[bool]] = [table.tenant == self._tenant, table.office == office]
        if unit is not None:
            wanted.append(table.unit == unit)
        if cursor is not None:
            wanted.append(beyond(cursor, int, table.imported_at, table.batch))
        query = select(batches_imported).where(*wanted).order_by(table.imported_at.desc(), table.batch).limit(limit + 1)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        directory = await self._directory()
        return paged(rows, limit, "imported_at", "batch", lambda row: _view(row, directory))

    async def _directory(self) -> Directory:
        return await self._directories.at(local_day(self._clock.now()))

    async def _seen(self, subject: Subject, batch: str) -> Mapping[Any, Any]:
        table = batches_imported.c
        query = select(batches_imported).where(table.tenant == self._tenant, table.batch == batch)
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Unknown("batch")
        access.refuse_unless_seen(subject, access.SEE_BATCH, access.listed(self._tenant, row["office"], row["unit"]), "batch")
        return row


def _view(row: Mapping[Any, Any], directory: Directory) -> BatchView:
    imported = instant(row["imported_at"])
    return BatchView(
        id=row["batch"],
        office=row["office"],
        unit=row["unit"],
        unit_label=directory.label_today(row["unit"], begun=local_day(imported)),
        source=row["source"],
        file=row["file"],
        rows=row["rows"],
        taken=row["taken"],
        known=row["known"],
        refused=row["refused"],
        imported_at=imported,
        version=row["version"],
    )
