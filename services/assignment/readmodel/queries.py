"""Answers questions about cases and tasks from the read side; asks permission first and never writes."""

import base64
import binascii
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any, Final

import orjson
from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignment.readmodel.access import (
    FOLLOW_TASKS,
    LIST_OFFICE_CASES,
    LIST_UNIT_CASES,
    READ_RESTRICTED_WORDS,
    READ_WORDS,
    SEE_CASE,
    SEE_TASK,
    case_resource,
    task_resource,
)
from services.assignment.readmodel.tables import (
    cases_case,
    cases_draft,
    cases_home,
    unit_tasks_item,
    unit_tasks_task,
)
from services.assignment.readmodel.views import (
    NO_FILTERS,
    CaseDetail,
    CasePage,
    CaseRow,
    Draft,
    Filters,
    Opened,
    TaskDetail,
    TaskItem,
)
from shared.calendar import local_day
from shared.clock import Clock, instant
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Action
from shared.database import Database
from shared.directory.queries import Directories
from shared.permit import Resource, Subject, permit
from shared.vault.port import Erased, Vault

MAX_PAGE: Final = 200
MAX_CURSOR: Final = 400
PARTS: Final = ("answer", "solution", "direction", "legal_basis")


class Queries:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, vault: Vault, directories: Directories) -> None:
        self._database, self._tenant, self._clock = database, tenant, clock
        self._vault, self._directories = vault, directories

    async def case(self, subject: Subject, case_id: str) -> CaseDetail:
        """One case with its drafts.

        Raises:
            Unknown

        """
        async with self._database.read() as connection:
            row = await self._visible(connection, subject, case_id, SEE_CASE)
            drafts = await self._drafts(connection, row)
        shown = _row(row, local_day(self._clock.now()))
        return CaseDetail(
            **{name: getattr(shown, name) for name in shown.__slots__},
            derivation=orjson.loads(row["due"]),
            words={"ref": row["words_ref"], "digest": row["words_digest"]},
            drafts=tuple(_draft(draft) for draft in drafts),
        )

    async def office_cases(
        self,
        subject: Subject,
        office: str,
        filters: Filters = NO_FILTERS,
        *,
        cursor: str | None = None,
        limit: int = 50,
    ) -> CasePage:
        """The cases of an office, those due first ahead.

        Raises:
            Unknown: not the asker's office.
            Invalid: the cursor was not made here.

        """
        self._allow(subject, LIST_OFFICE_CASES, Resource(tenant=self._tenant, office=office))
        return await self._page(office, filters, cursor, limit)

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
        return await self._page(office, narrowed, cursor, limit)

    async def task(self, subject: Subject, task_id: str) -> TaskDetail:
        """One task.

        Raises:
            Unknown

        """
        table = unit_tasks_task
        asked = select(table).where(table.c.tenant == self._tenant, table.c.task_id == task_id)
        async with self._database.read() as connection:
            row = (await connection.execute(asked)).mappings().first()
        if row is None:
            raise Unknown("task")
        self._allow(subject, SEE_TASK, task_resource(self._tenant, row["office"], row["unit"], row["person"]), "task")
        return TaskDetail(
            id=row["task_id"],
            version=row["version"],
            type=row["type"],
            unit=row["unit"],
            office=row["office"],
            person=row["person"],
            case=row["case_id"],
            episode=row["episode"],
            stage=row["stage"],
            due=date.fromisoformat(row["due_day"]),
        )

    def may_follow(self, subject: Subject, unit: str) -> None:
        """Whether the asker may follow the unit's stream of tasks.

        Raises:
            Unknown: another unit's stream looks as if it were not there.

        """
        self._allow(subject, FOLLOW_TASKS, Resource(tenant=self._tenant, leads=frozenset({unit})), "unit")

    async def unit_tasks(self, subject: Subject, unit: str, *, after: int = 0, limit: int = MAX_PAGE) -> tuple[TaskItem, ...]:
        """The unit's items beyond position `after`, in order.

        Raises:
            Unknown: another unit's.

        """
        self.may_follow(subject, unit)
        table = unit_tasks_item
        asked = (
            select(table)
            .where(table.c.tenant == self._tenant, table.c.unit == unit, table.c.position > after)
            .order_by(table.c.position)
            .limit(min(limit, MAX_PAGE))
        )
        async with self._database.read() as connection:
            return tuple(_item(dict(row)) for row in (await connection.execute(asked)).mappings())

    async def words(self, subject: Subject, case_id: str) -> Opened:
        """What the opinion says, opened in the vault in the asker's name.

        Raises:
            Unknown

        """
        async with self._database.read() as connection:
            row = await self._readable(connection, subject, case_id)
        return await self._open(subject, {"words": row["words_ref"]}, f"read_words {case_id}")

    async def answer(self, subject: Subject, case_id: str, draft: int, episode: str | None = None) -> Opened:
        """The parts of a draft of the present episode, or of the one named, opened in the vault in the asker's name.

        Raises:
            Unknown: no such case or draft, or not the asker's to read.

        """
        async with self._database.read() as connection:
            row = await self._readable(connection, subject, case_id)
            drafts = await self._drafts(connection, row)
        wanted = (episode or row["episode"], draft)
        found = next((each for each in drafts if (each["episode"], each["draft"]) == wanted), None)
        if found is None:
            raise Unknown("draft")
        return await self._open(subject, _draft(found).refs, f"read_answer {case_id}")

    async def _open(self, subject: Subject, refs: Mapping[str, str], purpose: str) -> Opened:
        texts = await self._vault.open_many(tuple(refs.values()), reader=subject.person, purpose=purpose)
        opened = {part: texts.get(ref) for part, ref in refs.items()}
        return Opened(
            parts={part: text for part, text in opened.items() if isinstance(text, str)},
            erased=tuple(part for part, text in opened.items() if text is None or isinstance(text, Erased)),
        )

    async def _readable(self, connection: AsyncConnection, subject: Subject, case_id: str) -> Mapping[str, Any]:
        row = await self._visible(connection, subject, case_id, READ_WORDS)
        known = (await self._directories.at(local_day(self._clock.now()))).field(row["field"])
        if known is not None and known.restricted:
            self._allow(subject, READ_RESTRICTED_WORDS, self._resource(row), "case")
        return row

    async def _visible(self, connection: AsyncConnection, subject: Subject, case_id: str, asked: Action) -> Mapping[str, Any]:
        joined = (
            select(cases_case)
            .join(
                cases_home,
                and_(
                    cases_home.c.tenant == cases_case.c.tenant,
                    cases_home.c.office == cases_case.c.office,
                    cases_home.c.case_id == cases_case.c.case_id,
                ),
            )
            .where(cases_home.c.tenant == self._tenant, cases_home.c.case_id == case_id)
        )
        row = (await connection.execute(joined)).mappings().first()
        if row is None:
            raise Unknown("case")
        found = dict(row)
        self._allow(subject, asked, self._resource(found), "case")
        return found

    def _resource(self, row: Mapping[str, Any]) -> Resource:
        return case_resource(self._tenant, row["office"], row["unit"], row["lead"])

    def _allow(self, subject: Subject, asked: Action, resource: Resource, field: str | None = None) -> None:
        if not permit(subject, asked, resource).allowed:
            raise Unknown(field)

    async def _drafts(self, connection: AsyncConnection, case: Mapping[str, Any]) -> list[dict[str, Any]]:
        table = cases_draft
        asked = (
            select(table)
            .where(table.c.tenant == self._tenant, table.c.office == case["office"], table.c.case_id == case["case_id"])
            .order_by(table.c.submitted_at, table.c.episode, table.c.draft)
        )
        return [dict(row) for row in (await connection.execute(asked)).mappings()]

    async def _page(self, office: str, filters: Filters, cursor: str | None, limit: int) -> CasePage:
        today = local_day(self._clock.now())
        limit = max(1, min(limit, MAX_PAGE))
        table = cases_case
        asked: Select[Any] = select(table).where(table.c.tenant == self._tenant, table.c.office == office)
        asked = asked.where(*_conditions(filters, today))
        if cursor is not None:
            day, case_id = _decoded(cursor)
            asked = asked.where(or_(table.c.due_day > day, and_(table.c.due_day == day, table.c.case_id > case_id)))
        asked = asked.order_by(table.c.due_day, table.c.case_id).limit(limit + 1)
        async with self._database.read() as connection:
            rows = [dict(row) for row in (await connection.execute(asked)).mappings()]
        more = len(rows) > limit
        shown = rows[:limit]
        return CasePage(
            cases=tuple(_row(row, today) for row in shown),
            cursor=_encoded(shown[-1]["due_day"], shown[-1]["case_id"]) if more else None,
        )


def _conditions(filters: Filters, today: date) -> list[ColumnElement[bool]]:
    table = cases_case
    found = [
        table.c[name] == value for name in ("stage", "field", "lead", "unit") if (value := getattr(filters, name)) is not None
    ]
    if filters.resolved is not None:
        found.append(table.c.resolved_at.is_not(None) if filters.resolved else table.c.resolved_at.is_(None))
    if filters.overdue is not None:
        late = and_(table.c.resolved_at.is_(None), table.c.due_day < today.isoformat())
        found.append(late if filters.overdue else ~late)
    return found


def _encoded(day: str, case_id: str) -> str:
    return base64.urlsafe_b64encode(orjson.dumps([day, case_id])).decode().rstrip("=")


def _decoded(cursor: str) -> tuple[str, str]:
    try:
        if len(cursor) > MAX_CURSOR:
            raise ValueError("too long")
        day, case_id = orjson.loads(base64.b64decode(cursor + "=" * (-len(cursor) % 4), altchars=b"-_", validate=True))
        return date.fromisoformat(day).isoformat(), str(case_id)
    except (ValueError, TypeError, binascii.Error):
        raise Invalid("cursor") from None


def _row(row: Mapping[str, Any], today: date) -> CaseRow:
    due = date.fromisoformat(row["due_day"])
    resolved = row["resolved_at"]
    return CaseRow(
        id=row["case_id"],
        version=row["version"],
        opinion=row["opinion"],
        episode=row["episode"],
        office=row["office"],
        unit=row["unit"],
        lead=row["lead"],
        task=row["task_id"],
        stage=row["stage"],
        field=row["field"],
        kind=row["kind"],
        source_group=row["source_group"],
        channel=row["channel"],
        locality=row["locality"],
        flags=tuple(row["flags"].split()),
        hidden=bool(row["hidden"]),
        due=due,
        overdue=resolved is None and today > due,
        received_at=instant(row["received_at"]),
        resolved_at=None if resolved is None else instant(resolved),
    )


def _draft(row: Mapping[str, Any]) -> Draft:
    delivered = row["delivered_at"]
    return Draft(
        episode=row["episode"],
        draft=row["draft"],
        drafter=row["drafter"],
        reviewer=row["reviewer"],
        outcome=row["outcome"],
        submitted_at=instant(row["submitted_at"]),
        delivered_at=None if delivered is None else instant(delivered),
        means=row["means"],
        refs={part: row[f"{part}_ref"] for part in (*PARTS, "reason") if row[f"{part}_ref"] is not None},
    )


def _item(row: Mapping[str, Any]) -> TaskItem:
    return TaskItem(
        position=row["position"],
        previous=row["previous_position"],
        type=row["type"],
        task=row["task_id"],
        case=row["case_id"],
        due=date.fromisoformat(row["due_day"]),
        at=instant(row["at"]),
    )
