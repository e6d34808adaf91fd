"""Lists of an office's cases: narrowed, found by words, in an order, a page at a time; now, or as they were known then."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from services.assignment.readmodel.access import LIST_OFFICE_CASES, LIST_UNIT_CASES, READ_WORDS, words_resource
from services.assignment.readmodel.cases.projections import CASES_PROJECTION, CaseStage
from services.assignment.readmodel.cases.reading import Reader, helping, is_head_of, listed_to
from services.assignment.readmodel.cases.rows import PENDING, row_of, wishes_of
from services.assignment.readmodel.cases.tables import cases_case, cases_home
from services.assignment.readmodel.cases.views import NO_FILTERS, CaseOrder, CasePage, Filters, View, Viewed
from services.assignment.readmodel.folding import MOST_FOLDED, day_of, facts_until
from shared import cursors
from shared.asof import NotAsOf, position_at
from shared.calendar import day_starts, local_day
from shared.clock import Clock, micros
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Action
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.eventlog.port import EventLog
from shared.permit import Resource, Subject, permit
from shared.subscriptions.folded import folded
from shared.vault.port import Vault

MAX_PAGE: Final = 200
MOST_FOUND: Final = 1_000  # texts that a search by words looks at: what else was said of cases is among them
# What a pointer does not say is not found out by asking for it either.
UNSAID: Final = ("field", "lead", "unit", "source", "flagged", "resolved")
EQUALS: Final = {"stage": "stage", "field": "field", "lead": "lead", "unit": "unit", "source": "source_group"}
C: Final = cases_case.c


class CaseLists:
    """The lists of one tenant. `Unknown` is raised for whatever is not the asker's to list."""

    def __init__(
        self, *, database: Database, tenant: str, clock: Clock, vault: Vault, log: EventLog, directories: Directories
    ) -> None:
        self._database, self._tenant, self._clock = database, tenant, clock
        self._vault, self._log, self._directories = vault, log, directories

    async def office_cases(
        self,
        subject: Subject,
        office: str,
        filters: Filters = NO_FILTERS,
        *,
        order: CaseOrder = CaseOrder.DUE,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CasePage:
        """The cases of an office; `filters.words` finds those whose words he may read and that hold all these syllables.

        Raises:
            Unknown: not the asker's office.
            Invalid: the cursor was not made here.

        """
        self._allow(subject, LIST_OFFICE_CASES, Resource(tenant=self._tenant, office=office))
        return await self._page(subject, office, filters, order, cursor, limit)

    async def unit_cases(
        self,
        subject: Subject,
        unit: str,
        filters: Filters = NO_FILTERS,
        *,
        office: str,
        leading: bool,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CasePage:
        """The cases of `office` that a unit leads, or those whose opinions it took in.

        Raises:
            Unknown: neither the asker's unit nor one of the office he heads.
            Invalid: the cursor was not made here.

        """
        concerned = frozenset({unit})
        resource = Resource(
            tenant=self._tenant,
            office=office,
            leads=concerned if leading else frozenset(),
            units=frozenset() if leading else concerned,
        )
        self._allow(subject, LIST_UNIT_CASES, resource)
        narrowed = replace(filters, lead=unit) if leading else replace(filters, unit=unit)
        return await self._page(subject, office, narrowed, CaseOrder.DUE, cursor, limit)

    async def views(self, subject: Subject, office: str) -> tuple[Viewed, ...]:
        """How many cases of an office lie in each of the usual views.

        Raises:
            Unknown: not the asker's office.

        """
        self._allow(subject, LIST_OFFICE_CASES, Resource(tenant=self._tenant, office=office))
        directory = await self._directories.at(local_day(self._clock.now()))
        counted = [
            func.coalesce(func.sum(case((and_(True, *_told(subject, office, filters, directory)), 1), else_=0)), 0)
            for filters in VIEWS.values()
        ]
        asked = select(*counted).where(C.tenant == self._tenant, C.office == office)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).one()
        return tuple(Viewed(view, int(found)) for view, found in zip(VIEWS, row, strict=True))

    async def known_as_of(
        self,
        subject: Subject,
        office: str,
        as_of: datetime | int,
        filters: Filters = NO_FILTERS,
        *,
        order: CaseOrder = CaseOrder.DUE,
        cursor: str | None = None,
        limit: int = 50,
    ) -> tuple[CasePage, int]:
        """The list as it was known then, and the position up to which; what is overdue and what units are called is of that day.

        Each case is folded from its own stream by the projection itself. Who may list them is asked of today.

        Raises:
            Unknown, Invalid
            NotAsOf: words are searched, and wishes listed, only as they stand now.
            AsOfAhead
            TooManyToFold

        """
        self._allow(subject, LIST_OFFICE_CASES, Resource(tenant=self._tenant, office=office))
        for name in ("words", "wished"):
            if getattr(filters, name) is not None:
                raise NotAsOf(name)
        until = await position_at(self._log, as_of, self._clock.now())
        home = cases_home.c
        asked = select(home.case_id).where(home.tenant == self._tenant, home.office == office)
        async with self._database.read() as connection:
            cases = (await connection.execute(asked.order_by(home.case_id).limit(MOST_FOLDED + 1))).scalars().all()
        facts = await facts_until(self._log, cases, until)
        told = await self._told_today(subject, office)
        day = await day_of(self._log, as_of, until)
        head, narrowed = is_head_of(subject, office), _asks_unsaid(filters)
        known = [
            row if head or not told[row["case_id"]] else {**row, **DIVERTED}
            for row in (await folded(CASES_PROJECTION, facts)).of(cases_case)
            if row["case_id"] in told and not (told[row["case_id"]] and narrowed and not head)
        ]
        rows = [row for row in known if matches(row, filters, day)]
        shown, onward = _paged(rows, order, cursor, _within(limit))
        directory = await self._directories.at(day)
        return CasePage(cases=tuple(row_of(row, directory, {}, head=head) for row in shown), cursor=onward), until

    async def _page(
        self, subject: Subject, office: str, filters: Filters, order: CaseOrder, cursor: str | None, limit: int
    ) -> CasePage:
        directory = await self._directories.at(local_day(self._clock.now()))
        limit = _within(limit)
        head, told = is_head_of(subject, office), _told(subject, office, filters, directory)
        asked = select(cases_case).where(C.tenant == self._tenant, C.office == office, *told)
        if filters.words is not None:
            refs = await self._vault.search(filters.words, limit=MOST_FOUND)
            asked = asked.where(C.words_ref.in_(refs))
            async with self._database.read() as connection:
                found = [dict(row) for row in (await connection.execute(asked)).mappings()]
                reader = Reader(subject, directory)
                shown, onward = _paged([row for row in found if self._reads(subject, reader, row)], order, cursor, limit)
                wishes = await wishes_of(connection, self._tenant, shown)
            return CasePage(cases=tuple(row_of(row, directory, wishes, head=head) for row in shown), cursor=onward)
        if cursor is not None:
            asked = asked.where(_beyond(order, cursor))
        by = (C.received_at.desc(), C.case_id.desc()) if order is CaseOrder.NEWEST else (C.due_day, C.case_id)
        async with self._database.read() as connection:
            rows = [dict(row) for row in (await connection.execute(asked.order_by(*by).limit(limit + 1))).mappings()]
            wishes = await wishes_of(connection, self._tenant, rows[:limit])
        last = rows[limit - 1] if len(rows) > limit else None
        return CasePage(
            cases=tuple(row_of(row, directory, wishes, head=head) for row in rows[:limit]),
            cursor=cursors.encoded(*_place(last, order)) if last is not None else None,
        )

    async def _told_today(self, subject: Subject, office: str) -> dict[str, bool]:
        """The cases that he is told of today, and whether each is diverted by now."""
        directory = await self._directories.at(local_day(self._clock.now()))
        here = (C.tenant == self._tenant, C.office == office, *listed_to(subject, office, directory))
        async with self._database.read() as connection:
            found = await connection.execute(select(C.case_id, C.diverted).where(*here))
            return {case_id: bool(diverted) for case_id, diverted in found}

    def _reads(self, subject: Subject, reader: Reader, row: Mapping[str, Any]) -> bool:
        """Whoever may not read its words does not find a case by them either."""
        resource = words_resource(self._tenant, row["office"], row["lead"], helping(row))
        allowed = reader.stands_behind(row, resource) or permit(subject, READ_WORDS, resource).allowed
        return allowed and not reader.is_kept_from(row, resource)

    def _allow(self, subject: Subject, asked: Action, resource: Resource) -> None:
        if not permit(subject, asked, resource).allowed:
            raise Unknown


VIEWS: Final[Mapping[View, Filters]] = {
    View.OPEN: Filters(open=True),
    View.OVERDUE: Filters(overdue=True),
    View.FLAGGED: Filters(open=True, flagged=True),
    View.WISHED: Filters(wished=True),
    View.OVER: Filters(open=False),
    View.ALL: NO_FILTERS,
}


DIVERTED: Final = {"diverted": True, "open": False, "stage": CaseStage.DIVERTED.value}


def _told(subject: Subject, office: str, filters: Filters, directory: Directory) -> list[ColumnElement[bool]]:
    """Which rows of an office these filters find for him: none about him, and of what a pointer hides only for the head."""
    pointed = [] if is_head_of(subject, office) or not _asks_unsaid(filters) else [~C.diverted]
    return [*_conditions(filters, directory.day), *listed_to(subject, office, directory), *pointed]


def _asks_unsaid(filters: Filters) -> bool:
    return any(getattr(filters, name) is not None for name in UNSAID)


def matches(row: Mapping[str, Any], filters: Filters, today: date) -> bool:
    """What `_conditions` asks of a row in the database, of one in memory; wishes and words stand in none."""
    late = bool(row["open"]) and row["due_day"] < today.isoformat()
    asked: list[tuple[Any, Callable[[Any], bool]]] = [
        (filters.open, lambda wanted: bool(row["open"]) is wanted),
        (filters.resolved, lambda wanted: (row["resolved_at"] is not None) is wanted),
        (filters.overdue, lambda wanted: late is wanted),
        (filters.flagged, lambda wanted: bool(row["flags"]) is wanted),
        (filters.due_by, lambda day: bool(row["open"]) and row["due_day"] <= day.isoformat()),
        (filters.older_than, lambda days: bool(row["open"]) and row["episode_at"] < _begun(today, days)),
    ]
    same = all(value is None or row[column] == value for name, column in EQUALS.items() for value in (getattr(filters, name),))
    return same and all(wanted is None or holds(wanted) for wanted, holds in asked)


def _conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    found = [C[column] == value for name, column in EQUALS.items() if (value := getattr(filters, name)) is not None]
    late = and_(C.open, C.due_day < today.isoformat())
    for wanted, condition in (
        (filters.open, C.open.is_(True)),
        (filters.resolved, C.resolved_at.is_not(None)),
        (filters.wished, exists().where(PENDING)),
        (filters.overdue, late),
        (filters.flagged, C.flags != ""),
    ):
        if wanted is not None:
            found.append(condition if wanted else ~condition)
    if filters.due_by is not None:
        found.append(and_(C.open, C.due_day <= filters.due_by.isoformat()))
    if filters.older_than is not None:
        found.append(and_(C.open, C.episode_at < _begun(today, filters.older_than)))
    return found


def _begun(today: date, days: int) -> int:
    return micros(day_starts(today - timedelta(days=days)))


def _within(limit: int) -> int:
    return max(1, min(limit, MAX_PAGE))


def _place(row: Mapping[str, Any], order: CaseOrder) -> tuple[str | int, str]:
    """Where a row stands in its list."""
    return (row["received_at"] if order is CaseOrder.NEWEST else row["due_day"], row["case_id"])


def _from(cursor: str, order: CaseOrder) -> tuple[Any, str]:
    """The place a cursor stands for; Invalid for one of another list."""
    try:
        value, case_id = cursors.decoded(cursor)
        return (int(value) if order is CaseOrder.NEWEST else date.fromisoformat(value).isoformat()), str(case_id)
    except (ValueError, TypeError):
        raise Invalid("cursor") from None


def _beyond(order: CaseOrder, cursor: str) -> ColumnElement[bool]:
    value, case_id = _from(cursor, order)
    if order is CaseOrder.NEWEST:
        return or_(C.received_at < value, and_(C.received_at == value, C.case_id < case_id))
    return or_(C.due_day > value, and_(C.due_day == value, C.case_id > case_id))


def _paged(
    rows: Sequence[Mapping[str, Any]], order: CaseOrder, cursor: str | None, limit: int
) -> tuple[list[Mapping[str, Any]], str | None]:
    """The same order and the same pages, of rows in memory."""
    down = order is CaseOrder.NEWEST
    found = sorted(rows, key=lambda row: _place(row, order), reverse=down)
    if cursor is not None:
        last = _from(cursor, order)
        found = [row for row in found if (_place(row, order) < last if down else _place(row, order) > last)]
    shown = found[:limit]
    return shown, cursors.encoded(*_place(shown[-1], order)) if len(found) > limit else None
