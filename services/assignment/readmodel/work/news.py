"""Whose work an event moves: what is known of its task or case, against what somebody's piles reach."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import select

from services.assignment.readmodel.cases.tables import cases_case
from services.assignment.readmodel.tasks.tables import unit_tasks_task
from services.assignment.readmodel.work.piles import Pile, Reach, piles_of, reach, takes_what_nobody_has
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.case import Authority
from shared.contracts.roles import Role
from shared.database import Database
from shared.directory.queries import Directories
from shared.eventlog.records import Record
from shared.permit import Subject
from shared.web.topics import Topic

NAME: Final = "assignment.work"
OF_CASES: Final = (Pile.ASSIGN, Pile.PROPOSE, Pile.PROPOSED, Pile.PARTY, Pile.CLEAR, Pile.DELIVER)
T: Final = unit_tasks_task.c
C: Final = cases_case.c


@dataclass(frozen=True, slots=True, kw_only=True)
class OfTask:
    """A piece of work as it stands after the event."""

    office: str
    unit: str
    person: str | None
    authority: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OfCase:
    """A case as it stands after the event; `units` and `posts` are those that it is about."""

    office: str
    lead: str | None
    authority: str | None
    units: frozenset[str]
    posts: frozenset[str]


Moved = OfTask | OfCase


def topic(database: Database, tenant: str, clock: Clock, directories: Directories) -> Topic:
    """What waits for people, told as it moves."""

    async def about(records: Sequence[Record]) -> Mapping[int, tuple[Moved, ...]]:
        named = {record.stream for record in records}
        found = await _rows(database, tenant, named)
        return {record.position: found[record.stream] for record in records if record.stream in found}

    async def listener(subject: Subject) -> Callable[[Any], bool]:
        directory = await directories.at(local_day(clock.now()))
        his = frozenset(directory.stands_for(subject.unit)), frozenset(post.key for post in directory.posts_of(subject.person))
        reaches = {pile: reach(subject, pile) for pile in piles_of(subject)}
        return lambda moved: any(_concerns(each, pile, at, subject, *his) for each in moved for pile, at in reaches.items())

    return Topic(name=NAME, about=about, listener=listener)


async def _rows(database: Database, tenant: str, streams: set[str]) -> Mapping[str, tuple[Moved, ...]]:
    found: dict[str, tuple[Moved, ...]] = {}
    tasks = [stream for stream in streams if stream.startswith("task-")]
    cases = [stream for stream in streams if stream.startswith("case-")]
    async with database.read() as connection:
        if tasks:
            asked = select(T.task_id, T.office, T.unit, T.person, T.authority).where(T.tenant == tenant, T.task_id.in_(tasks))
            for row in (await connection.execute(asked)).mappings():
                given = {name: row[name] for name in ("office", "unit", "person", "authority")}
                found[row["task_id"]] = (*found.get(row["task_id"], ()), OfTask(**given))
        if cases:
            columns = (C.case_id, C.office, C.lead, C.authority, C.concerns_units, C.concerns_posts)
            for row in (await connection.execute(select(*columns).where(C.tenant == tenant, C.case_id.in_(cases)))).mappings():
                units, posts = (frozenset(row[name].split()) for name in ("concerns_units", "concerns_posts"))
                case = OfCase(office=row["office"], lead=row["lead"], authority=row["authority"], units=units, posts=posts)
                found[row["case_id"]] = (*found.get(row["case_id"], ()), case)
    return found


def _concerns(moved: Moved, pile: Pile, at: Reach, subject: Subject, units: frozenset[str], posts: frozenset[str]) -> bool:
    """Whether a pile of his may hold it, by the conditions of the pile but for its stage, which an event may end."""
    if isinstance(moved, OfCase):
        return pile in OF_CASES and _case_concerns(
            moved, pile, at, subject, about_him=bool(moved.units & units or moved.posts & posts)
        )
    mine, whole = moved.person == subject.person, takes_what_nobody_has(subject)
    match pile:
        case Pile.MINE:
            return moved.unit in at.units and (mine or (whole and moved.person is None))
        case Pile.PASSED_ON:
            return moved.unit in at.units and moved.person is not None
        case Pile.PUT_FORWARD:
            return moved.unit in at.units and (whole or mine)
        case Pile.EXTEND | Pile.CONFIRM | Pile.GIVEN:
            return _in_the_name_of(at, moved.office, moved.authority)
    return False


def _case_concerns(moved: OfCase, pile: Pile, at: Reach, subject: Subject, *, about_him: bool) -> bool:
    roles = [role for office, role in at.offices if office == moved.office]
    match pile:
        case Pile.DELIVER:
            around = {subject.office, *(each.office for each in subject.delegated)}
            return moved.office in around and (bool(roles) or moved.lead in at.units)
        case Pile.ASSIGN:
            return Role.CHIEF in roles
        case Pile.PROPOSE | Pile.PROPOSED | Pile.PARTY:
            return bool(roles) and not about_him
    head = any(role is Role.CHIEF for _, role in at.offices)
    return _in_the_name_of(at, moved.office, moved.authority) and (head or not about_him)


def _in_the_name_of(at: Reach, office: str, authority: str | None) -> bool:
    chairman = authority == Authority.CHAIRMAN.value
    return any(where == office and (role is Role.CHAIRMAN) == chairman for where, role in at.offices)
