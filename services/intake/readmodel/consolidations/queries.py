"""Answers questions about units' rounds, and who has not handed in; asks permission first and never writes (R30)."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, cast, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.intake.readmodel import access
from services.intake.readmodel.consolidations.projections import Stage
from services.intake.readmodel.consolidations.tables import consolidations_asked, consolidations_cancelled
from services.intake.readmodel.consolidations.views import (
    ConsolidationView,
    EndedUnit,
    Filters,
    MissingUnit,
    RoundView,
    consolidation_view,
    ended_unit,
    missing_unit,
)
from services.intake.readmodel.opening import Texts, opened
from services.intake.readmodel.paging import Page, beyond, paged
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.refusals import Unknown
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Resource, Subject
from shared.vault.port import Vault

WORDS: Final[Mapping[str, str]] = {"note": "note_ref", "amendment": "amendment_ref", "return": "return_ref"}
NO_FILTERS: Final = Filters()
_CANCELLED: Final = consolidations_cancelled.c.about.label("cancelled")
_MISSING: Final = and_(consolidations_asked.c.submitted_at.is_(None), consolidations_cancelled.c.about.is_(None))


class Consolidations:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(self, *, database: Database, tenant: str, vault: Vault, clock: Clock, directories: Directories) -> None:
        self._database, self._tenant, self._vault = database, tenant, vault
        self._clock, self._directories = clock, directories

    async def consolidation(self, subject: Subject, consolidation: str) -> ConsolidationView:
        """One unit's round.

        Raises:
            Unknown

        """
        return consolidation_view(await self._seen(subject, consolidation), await self._directory())

    async def words(self, subject: Subject, consolidation: str) -> Texts:
        """What was said beside the list: the unit's note, why it amended, why the hub returned it; None where nothing is.

        Opened in the vault in the asker's name.

        Raises:
            Unknown, Forbidden

        """
        row = await self._seen(subject, consolidation)
        access.refuse_unless_read(subject, access.READ_CONSOLIDATION_WORDS, self._resource(row))
        return await opened(self._vault, subject, f"{access.READ_CONSOLIDATION_WORDS.name} {consolidation}", row, WORDS)

    async def asked(
        self,
        subject: Subject,
        filters: Filters = NO_FILTERS,
        *,
        office: str,
        unit: str | None = None,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Page[ConsolidationView]:
        """The rounds of all units of an office, or of one, those of the latest date first.

        Raises:
            Unknown: neither the asker's office nor his unit.
            Invalid: the cursor was not made here.

        """
        access.refuse_unless_seen(subject, access.LIST_CONSOLIDATIONS, access.listed(self._tenant, office, unit))
        table, directory = consolidations_asked.c, await self._directory()
        wanted: list[ColumnElement[bool]] = [table.tenant == self._tenant, table.office == office]
        wanted += _narrowed(filters, directory.ended)
        if unit is not None:
            wanted.append(table.unit == unit)
        if cursor is not None:
            wanted.append(beyond(cursor, str, table.due_day, table.consolidation))
        query = (
            select(consolidations_asked, _CANCELLED)
            .select_from(_asked())
            .where(*wanted)
            .order_by(table.due_day.desc(), table.consolidation)
            .limit(limit + 1)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        return paged(rows, limit, "due_day", "consolidation", lambda row: consolidation_view(row, directory))

    async def rounds(
        self, subject: Subject, *, office: str, about: str | None = None, cursor: str | None = None, limit: int = 50
    ) -> Page[RoundView]:
        """An office's rounds by meeting or session, the latest date first, each with the units that have not handed in.

        Raises:
            Unknown: not the asker's office.
            Invalid: the cursor was not made here.

        """
        access.refuse_unless_seen(subject, access.LIST_CONSOLIDATIONS, access.listed(self._tenant, office, None))
        table = consolidations_asked.c
        due = func.max(table.due_day)
        query = (
            select(
                table.about,
                due.label("due"),
                func.count().label("asked"),
                _count(table.nil).label("nil"),
                _count(table.submitted_at.is_not(None)).label("submitted"),
                _count(table.stage == Stage.REPORTED.value).label("reported"),
                func.max(consolidations_cancelled.c.about).label("cancelled"),
            )
            .select_from(_asked())
            .where(table.tenant == self._tenant, table.office == office)
        )
        if about is not None:
            query = query.where(table.about == about)
        query = query.group_by(table.about).order_by(due.desc(), table.about).limit(limit + 1)
        if cursor is not None:
            query = query.having(beyond(cursor, str, due, table.about))
        directory = await self._directory()
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
            silent = await self._silent(connection, office, [row["about"] for row in rows[:limit]])

        def shown(row: Mapping[Any, Any]) -> RoundView:
            left = silent[row["about"]]
            missing = [missing_unit(each, directory) for each in left if each["unit"] not in directory.ended]
            return _round(row, office, missing, [ended_unit(each, directory) for each in left if each["unit"] in directory.ended])

        return paged(rows, limit, "due", "about", shown)

    async def _silent(
        self, connection: AsyncConnection, office: str, about: Sequence[str]
    ) -> Mapping[str, list[Mapping[Any, Any]]]:
        """Who was asked and handed in nothing, by meeting or session."""
        table = consolidations_asked.c
        query = (
            select(consolidations_asked, _CANCELLED)
            .select_from(_asked())
            .where(table.tenant == self._tenant, table.office == office, table.about.in_(about), _MISSING)
            .order_by(table.due_day, table.unit)
        )
        found: dict[str, list[Mapping[Any, Any]]] = defaultdict(list)
        for row in (await connection.execute(query)).mappings():
            found[row["about"]].append(row)
        return found

    async def _seen(self, subject: Subject, consolidation: str) -> Mapping[Any, Any]:
        table = consolidations_asked.c
        query = (
            select(consolidations_asked, _CANCELLED)
            .select_from(_asked())
            .where(table.tenant == self._tenant, table.consolidation == consolidation)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).mappings().first()
        if row is None:
            raise Unknown("consolidation")
        access.refuse_unless_seen(subject, access.SEE_CONSOLIDATION, self._resource(row), "consolidation")
        return row

    def _resource(self, row: Mapping[Any, Any]) -> Resource:
        return access.listed(self._tenant, row["office"], row["unit"])

    async def _directory(self) -> Directory:
        return await self._directories.at(local_day(self._clock.now()))


def _asked() -> Any:
    asked, cancelled = consolidations_asked.c, consolidations_cancelled.c
    same = and_(cancelled.tenant == asked.tenant, cancelled.about == asked.about)
    return consolidations_asked.outerjoin(consolidations_cancelled, same)


def _narrowed(filters: Filters, gone: Collection[str]) -> list[ColumnElement[bool]]:
    table = consolidations_asked.c
    found: list[ColumnElement[bool]] = []
    if filters.about is not None:
        found.append(table.about == filters.about)
    if filters.stage is not None:
        found.append(table.stage == filters.stage.value)
    if filters.missing is not None:
        missing = and_(_MISSING, table.unit.not_in(gone))
        found.append(missing if filters.missing else table.submitted_at.is_not(None))
    return found


def _count(condition: ColumnElement[bool]) -> Any:
    return func.sum(cast(condition, Integer))


def _round(row: Mapping[Any, Any], office: str, missing: Sequence[MissingUnit], ended: Sequence[EndedUnit]) -> RoundView:
    return RoundView(
        about=row["about"],
        office=office,
        cancelled=row["cancelled"] is not None,
        due=date.fromisoformat(row["due"]),
        asked=row["asked"],
        with_opinions=row["submitted"] - row["nil"],
        nil=row["nil"],
        reported=row["reported"],
        missing=tuple(missing),
        ended=tuple(ended),
    )
