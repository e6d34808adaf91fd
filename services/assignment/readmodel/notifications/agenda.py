"""What stands in somebody's own calendar: days by which his work is due, and the dialogues and meetings he goes to. No words."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import or_, select

from services.assignment.domain.session.states import Stage
from services.assignment.readmodel.dialogue.tables import dialogue_thing
from services.assignment.readmodel.notifications.audiences import audiences_of, of_unit
from services.assignment.readmodel.tasks.queries import OVER
from services.assignment.readmodel.tasks.tables import unit_tasks_task
from services.assignment.readmodel.work.piles import Pile, reach
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.task import TaskType
from shared.database import Database
from shared.permit import Resource, Subject, permit

# Whoever holds them or writes them down goes to all of an office; others go where they are sent, by a task.
GO_TO_DIALOGUES: Final = action(
    "go_to_dialogues", grants(Scope.OFFICE, Role.CHIEF, Role.DEPUTY, Role.HUB, Role.SECRETARY, Role.CHAIRMAN)
)
BACK: Final = timedelta(days=30)
AHEAD: Final = timedelta(days=400)
MOST: Final = 500
T: Final = unit_tasks_task.c
D: Final = dialogue_thing.c


class EntryKind(StrEnum):
    """What a day is for."""

    DUE = "due"
    ATTEND = "attend"
    SESSION = "session"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A day of somebody's calendar, and what to open for it."""

    id: str
    kind: EntryKind
    day: date
    opens: str


class Agenda:
    """The calendars of the people of one tenant."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock) -> None:
        self._database, self._tenant, self._clock = database, tenant, clock

    async def of(self, posts: Sequence[Subject]) -> tuple[Entry, ...]:
        """The days of somebody who acts from these posts, in order: a month back, at most 500 of each kind."""
        today = local_day(self._clock.now())
        first, last = (today - BACK).isoformat(), (today + AHEAD).isoformat()
        units = {unit for each in posts for unit in reach(each, Pile.MINE).units if of_unit(unit) in audiences_of(each)}
        people = {each.person for each in posts}
        offices = {office for each in posts for office in _offices(each)}
        work = (
            select(T.task_id, T.case_id, T.type, T.due_day)
            .where(T.tenant == self._tenant, or_(T.unit.in_(sorted(units)), T.person.in_(sorted(people))))
            .where(T.stage.not_in(sorted(OVER)), T.due_day.between(first, last))
            .order_by(T.due_day, T.task_id)
            .limit(MOST)
        )
        held = (
            select(D.thing, D.kind, D.day)
            .where(D.tenant == self._tenant, D.office.in_(sorted(offices)), D.day.between(first, last))
            .where(D.kind.in_((EntryKind.SESSION.value, EntryKind.MEETING.value)), D.stage != Stage.CANCELLED.value)
            .order_by(D.day, D.thing)
            .limit(MOST)
        )
        async with self._database.read() as connection:
            tasks = (await connection.execute(work)).all()
            things = (await connection.execute(held)).all()
        found = [_of_task(row.task_id, row.case_id, row.type, row.due_day) for row in tasks]
        found += [
            Entry(id=row.thing, kind=EntryKind(row.kind), day=date.fromisoformat(row.day), opens=row.thing) for row in things
        ]
        return tuple(sorted(found, key=lambda each: (each.day, each.id)))


def _offices(subject: Subject) -> list[str]:
    offices = dict.fromkeys((subject.office, *(each.office for each in subject.delegated)))
    return [each for each in offices if permit(subject, GO_TO_DIALOGUES, Resource(tenant=subject.tenant, office=each)).allowed]


def _of_task(task: str, case: str | None, type: str, due: str) -> Entry:
    kind = EntryKind.ATTEND if type == TaskType.ATTEND.value else EntryKind.DUE
    return Entry(id=task, kind=kind, day=date.fromisoformat(due), opens=case or task)
