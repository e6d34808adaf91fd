"""Answers questions about tasks from the read side; asks permission first and never writes."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import select

from services.assignment.readmodel.access import FOLLOW_TASKS, SEE_TASK, task_resource
from services.assignment.readmodel.tasks.projections import UNIT_TASKS_PROJECTION, TaskStage
from services.assignment.readmodel.tasks.tables import unit_tasks_item, unit_tasks_task
from services.assignment.readmodel.tasks.views import TaskDetail, TaskItem
from shared.calendar import local_day
from shared.clock import Clock, instant
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Action
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.eventlog.records import Recorded
from shared.permit import Resource, Subject, permit
from shared.subscriptions.folded import folded

MAX_ITEMS: Final = 200
# Nothing more is done about these.
OVER: Final = frozenset(
    each.value for each in (TaskStage.RETURNED, TaskStage.COMPLETED, TaskStage.TRANSFERRED, TaskStage.CANCELLED)
)


class Tasks:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, directories: Directories) -> None:
        self._database, self._tenant, self._clock, self._directories = database, tenant, clock, directories

    async def task(self, subject: Subject, task_id: str) -> TaskDetail:
        """One task.

        Raises:
            Unknown

        """
        table = unit_tasks_task
        held = table.c.stage != TaskStage.TRANSFERRED.value  # whoever passed it on has a row of it too
        asked = select(table).where(table.c.tenant == self._tenant, table.c.task_id == task_id, held)
        async with self._database.read() as connection:
            found = (await connection.execute(asked)).mappings().first()
        if found is None:
            raise Unknown("task")
        row = dict(found)
        self._allow(subject, SEE_TASK, self._resource(row), "task")
        return _detail(row, await self._directories.at(local_day(self._clock.now())))

    async def of_case(self, subject: Subject, case: str) -> tuple[TaskDetail, ...]:
        """The tasks of a case that are his to see, in the order in which they were given."""
        table = unit_tasks_task
        held = table.c.stage != TaskStage.TRANSFERRED.value
        asked = select(table).where(table.c.tenant == self._tenant, table.c.case_id == case, held)
        async with self._database.read() as connection:
            ordered = asked.order_by(table.c.given_at, table.c.task_id).limit(MAX_ITEMS)
            rows = [dict(row) for row in (await connection.execute(ordered)).mappings()]
        directory = await self._directories.at(local_day(self._clock.now()))
        return tuple(_detail(row, directory) for row in rows if permit(subject, SEE_TASK, self._resource(row)).allowed)

    async def seen(self, subject: Subject, tasks: Sequence[str]) -> dict[str, str | None]:
        """Those of these tasks that are his to see, each with the case that it belongs to."""
        table = unit_tasks_task
        held = table.c.stage != TaskStage.TRANSFERRED.value
        asked = select(table).where(table.c.tenant == self._tenant, table.c.task_id.in_(tasks[:MAX_ITEMS]), held)
        async with self._database.read() as connection:
            rows = [dict(row) for row in (await connection.execute(asked)).mappings()]
        return {row["task_id"]: row["case_id"] for row in rows if permit(subject, SEE_TASK, self._resource(row)).allowed}

    async def of_case_then(self, subject: Subject, case: str, facts: Sequence[Recorded], on: date) -> tuple[TaskDetail, ...]:
        """The tasks of a case as these facts of theirs leave them; whose they are to see is asked of today."""
        rows = (await folded(UNIT_TASKS_PROJECTION, facts)).of(unit_tasks_task)
        held = [row for row in rows if row["stage"] != TaskStage.TRANSFERRED.value and row["case_id"] == case]
        directory = await self._directories.at(on)
        seen = {each.id for each in await self.of_case(subject, case)}
        ordered = sorted(held, key=lambda row: (row["given_at"], row["task_id"]))
        return tuple(_detail(row, directory) for row in ordered if row["task_id"] in seen)

    def _resource(self, row: Mapping[str, Any]) -> Resource:
        return task_resource(self._tenant, row["office"], row["unit"], row["person"])

    def may_follow(self, subject: Subject, unit: str) -> None:
        """Whether the asker may follow the unit's stream of tasks.

        Raises:
            Unknown: another unit's stream looks as if it were not there.

        """
        self._allow(subject, FOLLOW_TASKS, Resource(tenant=self._tenant, leads=frozenset({unit})), "unit")

    async def unit_tasks(
        self, subject: Subject, unit: str, *, after: int = 0, until: int | None = None, limit: int = MAX_ITEMS
    ) -> tuple[TaskItem, ...]:
        """The unit's items beyond position `after` and not beyond `until`, in order.

        Raises:
            Unknown: another unit's.

        """
        self.may_follow(subject, unit)
        return await self._items(unit, after=after, until=until, limit=limit)

    async def item(self, unit: str, position: int) -> TaskItem | None:
        """What the unit's stream has at a position, for the house itself, which puts it out."""
        found = await self._items(unit, after=position - 1, until=position, limit=1)
        return found[0] if found else None

    async def _items(self, unit: str, *, after: int, until: int | None, limit: int) -> tuple[TaskItem, ...]:
        table = unit_tasks_item
        asked = (
            select(table)
            .where(table.c.tenant == self._tenant, table.c.unit == unit, table.c.position > after)
            .where(*(() if until is None else (table.c.position <= until,)))
            .order_by(table.c.position)
            .limit(min(limit, MAX_ITEMS))
        )
        async with self._database.read() as connection:
            rows = [dict(row) for row in (await connection.execute(asked)).mappings()]
        if not rows:
            return ()
        directory = await self._directories.at(local_day(self._clock.now()))
        return tuple(_item(row, directory.label_on(unit, local_day(instant(row["at"])))) for row in rows)

    def _allow(self, subject: Subject, asked: Action, resource: Resource, field: str | None = None) -> None:
        if not permit(subject, asked, resource).allowed:
            raise Unknown(field)


def _detail(row: Mapping[str, Any], directory: Directory) -> TaskDetail:
    given = local_day(instant(row["given_at"]))
    return TaskDetail(
        id=row["task_id"],
        version=row["version"],
        type=row["type"],
        unit=row["unit"],
        unit_label=directory.label_today(row["unit"], begun=given, first=row["first_unit"]),
        office=row["office"],
        person=row["person"],
        about=row["about"],
        case=row["case_id"],
        episode=row["episode"],
        authority=row["authority"],
        stage=row["stage"],
        due=date.fromisoformat(row["due_day"]),
        urged=row["urged"],
        asked_until=date.fromisoformat(row["asked_until"]) if row["asked_until"] else None,
        proofs=row["proofs"],
        rung=row["rung"],
    )


def _item(row: Mapping[str, Any], unit_label: str) -> TaskItem:
    return TaskItem(
        position=row["position"],
        previous=row["previous_position"],
        type=row["type"],
        unit=row["unit"],
        unit_label=unit_label,
        task=row["task_id"],
        work=row["work"],
        about=row["about"],
        case=row["case_id"],
        due=date.fromisoformat(row["due_day"]),
        at=instant(row["at"]),
    )
