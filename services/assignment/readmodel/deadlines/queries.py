"""Answers questions about open work by its due date: those of people, with permission, and those of the house's jobs."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, or_, select

from services.assignment.readmodel.cases.reading import not_listed_to
from services.assignment.readmodel.deadlines.access import LIST_URGING, SEE_CALENDAR, SEE_QUEUE
from services.assignment.readmodel.deadlines.projections import CASE, TASK
from services.assignment.readmodel.deadlines.tables import deadlines_home, deadlines_open, deadlines_queue
from services.assignment.readmodel.deadlines.views import Late, OpenWork, Waiting
from shared.calendar import ESCALATE, URGE, Calendar, Deadline, Rules, day_starts, local_day
from shared.clock import Clock, instant, micros
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Action
from shared.contracts.rules import Counting
from shared.contracts.task import Rung
from shared.database import Database
from shared.derivation import Derivation, derive, derive_before
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Resource, Subject, permit

MOST: Final = 200  # of any list here
ASKED: Final = "asked"  # stands for the rule where days were asked for by number
MOST_DAYS: Final = 1_000
TABLE: Final = deadlines_open


class Deadlines:
    """The questions of one tenant. `Unknown` is raised for what is not there and for what is not the asker's to see."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, directories: Directories) -> None:
        self._database, self._tenant, self._clock, self._directories = database, tenant, clock, directories

    async def urging(self, subject: Subject, office: str) -> tuple[Late, ...]:
        """The open tasks of `office` whose day has passed, the oldest first, and what of the ladder is due now.

        Raises:
            Unknown: not the asker's office.

        """
        self._allow(subject, LIST_URGING, office)
        today = local_day(self._clock.now())
        directory = await self._directories.at(today)
        asked = self._open(TABLE.c.office == office, TABLE.c.kind == TASK, TABLE.c.due_day < today.isoformat())
        apart = await not_listed_to(self._database, self._tenant, subject, office, directory)
        if apart:
            asked = asked.where(or_(TABLE.c.case_id.is_(None), TABLE.c.case_id.not_in(sorted(apart))))
        rows = await self._rows(asked.order_by(TABLE.c.due_day, TABLE.c.about).limit(MOST))
        rules, calendar = directory.rules_of(office), directory.calendar
        return tuple(_late(row, directory, rules, calendar) for row in rows)

    async def queue(self, subject: Subject, office: str) -> tuple[Waiting, ...]:
        """The work of `office` that waits for somebody to name who takes it after a reorganisation.

        Raises:
            Unknown: not the asker's office.

        """
        self._allow(subject, SEE_QUEUE, office)
        directory = await self._directories.at(local_day(self._clock.now()))
        table = deadlines_queue
        asked = select(table).where(table.c.tenant == self._tenant, table.c.office == office)
        return tuple(
            Waiting(
                about=row["about"],
                unit=row["unit"],
                unit_label=directory.label_today(row["unit"], row["field"]),
                field=row["field"],
                may_take=directory.successors(row["unit"], row["field"]) or directory.successors(row["unit"]),
                queued_at=instant(row["queued_at"]),
            )
            for row in await self._rows(asked.order_by(table.c.queued_at, table.c.about).limit(MOST))
        )

    async def due(
        self,
        subject: Subject,
        start: date,
        *,
        rule: str | None = None,
        working_days: int | None = None,
        days: int | None = None,
        office: str | None = None,
    ) -> Derivation:
        """When a deadline falls that is counted from `start`, by rule or by number of days, and how it was counted.

        Raises:
            Unknown
            Invalid: not exactly one of `rule`, `working_days`, `days`; no such rule.
            OutsideCalendar, NoCalendar

        """
        rules, calendar = await self._counting(subject, start, office)
        if sum(each is not None for each in (rule, working_days, days)) != 1:
            raise Invalid("rule")
        if rule is not None:
            try:
                return derive(calendar, start, rules.deadline(rule), rule=rule, rules=rules.version)
            except KeyError:
                raise Invalid("rule") from None
        given = Deadline(working_days) if working_days is not None else Deadline(days or 0, Counting.CALENDAR_DAYS)
        if not 0 <= given.days <= MOST_DAYS:
            raise Invalid("working_days" if working_days is not None else "days")
        return derive(calendar, start, given, rule=ASKED, rules=rules.version)

    async def before(self, subject: Subject, deadline: date) -> Derivation:
        """The last working day before `deadline`, which never rolls forward.

        Raises:
            Unknown, OutsideCalendar, NoCalendar

        """
        rules, calendar = await self._counting(subject, deadline, None)
        return derive_before(calendar, deadline, rules=rules.version)

    async def first_unnoticed(self) -> date | None:
        """The earliest due day of an open task that has not been noticed to have passed."""
        return await self._earliest(self._unnoticed())

    async def unnoticed(self, before: date) -> Sequence[OpenWork]:
        """Open tasks whose day lies before `before` and has not been noticed to have passed."""
        asked = self._open(self._unnoticed(), TABLE.c.due_day < before.isoformat())
        return await self._work(asked.order_by(TABLE.c.due_day, TABLE.c.about))

    async def days_to_remind_of(self, office: str, today: date) -> Sequence[date]:
        """The due days from today on, in order, of which some open task of `office` was not reminded."""
        c = TABLE.c
        asked = (
            select(c.due_day)
            .where(c.tenant == self._tenant, c.office == office, c.due_day >= today.isoformat(), self._fresh())
            .distinct()
            .order_by(c.due_day)
            .limit(MOST)
        )
        return [date.fromisoformat(row["due_day"]) for row in await self._rows(asked)]

    async def unreminded(self, office: str, due: date, reminded_on: date) -> Sequence[OpenWork]:
        """Open tasks of `office` due on `due` that are to be reminded on a day: whoever got them later needs no reminder."""
        c = TABLE.c
        before = c.held_since < micros(day_starts(reminded_on))
        asked = self._open(c.office == office, c.due_day == due.isoformat(), before, self._fresh())
        return await self._work(asked.order_by(c.about))

    async def offices(self) -> Sequence[str]:
        """The offices that have open tasks."""
        asked = select(TABLE.c.office).where(TABLE.c.tenant == self._tenant, TABLE.c.kind == TASK).distinct()
        return [row["office"] for row in await self._rows(asked.order_by(TABLE.c.office))]

    async def outdated(self, calendar: str) -> Sequence[OpenWork]:
        """Open work whose due date was counted by another calendar than the one of this version."""
        c = TABLE.c
        asked = self._open(c.kind.in_((TASK, CASE)), or_(c.calendar < calendar, c.calendar > calendar))
        return await self._work(asked.order_by(c.about))

    async def held_by(self, unit: str) -> Sequence[OpenWork]:
        """The open work of a unit, of whichever office."""
        return await self._work(self._open(TABLE.c.unit == unit).order_by(TABLE.c.about))

    async def orphaned(self, directory: Directory) -> Sequence[OpenWork]:
        """Open work of units that were succeeded or ended by the directory's day, and that nobody was asked about yet.

        Work given to a unit after it gave the field away was meant for it, and stays.
        """
        c, home = TABLE.c, deadlines_home.c
        gone: list[ColumnElement[bool]] = [c.unit.in_(sorted(directory.ended))] if directory.ended else []
        for unit, steps in directory.succeeded.items():
            for step in steps if unit not in directory.ended else ():
                taken = None if step.rest else home.field.in_(sorted(step.by_field))
                before = and_(c.unit == unit, c.held_since < micros(day_starts(step.since)))
                gone.append(before if taken is None else and_(before, taken))
        if not gone:
            return ()
        asked = (
            select(TABLE)
            .outerjoin(deadlines_home, and_(home.tenant == c.tenant, home.about == c.case_id))
            .where(c.tenant == self._tenant, c.queued.is_(False), or_(*gone))
            .where(or_(c.kind == TASK, and_(c.kind == CASE, self._leads_without_its_task())))
        )
        return await self._work(asked.order_by(c.about))

    def _leads_without_its_task(self) -> ColumnElement[bool]:
        """A case moves with the task it is answered by, where the lead unit still has that."""
        other = TABLE.alias()
        return (
            ~select(other.c.about)
            .where(
                other.c.tenant == TABLE.c.tenant,
                other.c.office == TABLE.c.office,
                other.c.about == TABLE.c.task_id,
                other.c.unit == TABLE.c.unit,
            )
            .exists()
        )

    def _fresh(self) -> ColumnElement[bool]:
        c = TABLE.c
        return and_(c.kind == TASK, or_(c.reminded_for.is_(None), c.reminded_for != c.due_day))

    def _unnoticed(self) -> ColumnElement[bool]:
        c = TABLE.c
        return and_(c.kind == TASK, or_(c.noticed_for.is_(None), c.noticed_for != c.due_day))

    def _open(self, *conditions: ColumnElement[bool]) -> Select[Any]:
        return select(TABLE).where(TABLE.c.tenant == self._tenant, *conditions)

    async def _earliest(self, condition: ColumnElement[bool]) -> date | None:
        rows = await self._rows(self._open(condition).order_by(TABLE.c.due_day).limit(1))
        return date.fromisoformat(rows[0]["due_day"]) if rows else None

    async def _work(self, asked: Select[Any]) -> Sequence[OpenWork]:
        return [
            OpenWork(
                about=row["about"],
                office=row["office"],
                kind=row["kind"],
                unit=row["unit"],
                due=date.fromisoformat(row["due_day"]),
                held_since=instant(row["held_since"]),
            )
            for row in await self._rows(asked.limit(MOST))
        ]

    async def _rows(self, asked: Select[Any]) -> list[dict[str, Any]]:
        async with self._database.read() as connection:
            return [dict(row) for row in (await connection.execute(asked)).mappings()]

    async def _counting(self, subject: Subject, day: date, office: str | None) -> tuple[Rules, Calendar]:
        if not permit(subject, SEE_CALENDAR, Resource(tenant=self._tenant)).allowed:
            raise Unknown("calendar")
        directory = await self._directories.at(local_day(self._clock.now()))
        return directory.rules_of(office or subject.office, day), directory.calendar

    def _allow(self, subject: Subject, asked: Action, office: str) -> None:
        if not permit(subject, asked, Resource(tenant=self._tenant, office=office)).allowed:
            raise Unknown("office")


def _late(row: dict[str, Any], directory: Directory, rules: Rules, calendar: Calendar) -> Late:
    today, due = directory.day, date.fromisoformat(row["due_day"])
    begun = local_day(instant(row["begun_at"]))
    urged_at, escalated_at = row["urged_at"], row["escalated_at"]
    urge_from = _from(rules, calendar, URGE, due)
    escalate_from = _from(rules, calendar, ESCALATE, due)
    # What was done once is due again after as long as it took to climb: urging again, or the next rung.
    again_from = urge_from if urged_at is None else _from(rules, calendar, ESCALATE, local_day(instant(urged_at)))
    higher_from = escalate_from
    if escalated_at is not None:
        higher_from = _from(rules, calendar, ESCALATE, local_day(instant(escalated_at)))
    due_now = [URGE] if today >= again_from else []
    if row["rung"] != Rung.CHIEF and today >= higher_from:
        due_now.append(ESCALATE)
    return Late(
        task=row["about"],
        type=row["type"],
        unit=row["unit"],
        unit_label=directory.label_today(row["unit"], begun=begun, first=row["first_unit"]),
        case=row["case_id"],
        due=due,
        working_days_late=calendar.working_days(due, today),
        urged=row["urged"],
        urged_at=None if urged_at is None else instant(urged_at),
        urge_from=urge_from,
        rung=row["rung"],
        escalated_at=None if escalated_at is None else instant(escalated_at),
        escalate_from=escalate_from,
        due_now=tuple(due_now),
    )


def _from(rules: Rules, calendar: Calendar, rule: str, day: date) -> date:
    return rules.due(calendar, rule, day).day
