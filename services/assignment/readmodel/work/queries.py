"""Answers what waits for whoever asks, pile by pile, from the rows of tasks and cases; his own reach is the permission."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, and_, case, exists, false, func, literal, or_, select, union_all

from services.assignment.readmodel.cases.projections import CaseStage
from services.assignment.readmodel.cases.queries import Cases
from services.assignment.readmodel.cases.reading import not_about
from services.assignment.readmodel.cases.tables import cases_case, cases_draft
from services.assignment.readmodel.people import People, by_given_name
from services.assignment.readmodel.tasks.projections import TaskStage
from services.assignment.readmodel.tasks.tables import unit_tasks_task
from services.assignment.readmodel.work import news
from services.assignment.readmodel.work.piles import Pile, Reach, piles_of, reach, takes_what_nobody_has
from services.assignment.readmodel.work.views import Count, Load, Order, Piled, UnitWork, Waiting
from shared import cursors
from shared.calendar import ASSIGN, DAY, OutsideCalendar, day_starts, local_day
from shared.clock import Clock, instant, micros
from shared.contracts.case import Authority
from shared.contracts.refusals import Invalid, Unknown
from shared.contracts.roles import Role
from shared.contracts.task import TaskType
from shared.database import Database
from shared.derivation import after
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.nearness import left_until
from shared.permit import Subject
from shared.web.topics import Topic

MAX_PAGE: Final = 100
LONGEST_TO_ASSIGN: Final = timedelta(days=60)
IN_HAND: Final = (TaskStage.ASSIGNED.value, TaskStage.ACCEPTED.value, TaskStage.REVISION.value)
OPEN: Final = (*IN_HAND, TaskStage.SUBMITTED.value)
STAGES: Final[Mapping[Pile, CaseStage]] = {
    Pile.ASSIGN: CaseStage.WAITING,
    Pile.PROPOSE: CaseStage.WAITING,
    Pile.PROPOSED: CaseStage.WAITING,
    Pile.CLEAR: CaseStage.SUBMITTED,
    Pile.DELIVER: CaseStage.APPROVED,
}
OF_CASES: Final = frozenset({*STAGES, Pile.PARTY})
T: Final = unit_tasks_task.c
C: Final = cases_case.c


class Work:
    """What waits for the people of one tenant."""

    def __init__(
        self, *, database: Database, tenant: str, clock: Clock, directories: Directories, cases: Cases, people: People
    ) -> None:
        self._database, self._tenant, self._clock = database, tenant, clock
        self._directories, self._cases, self._people = directories, cases, people

    async def waiting(
        self,
        subject: Subject,
        pile: Pile | None = None,
        *,
        order: Order = Order.DUE,
        cursor: str | None = None,
        limit: int = 50,
    ) -> Piled:
        """One pile of his, the first that holds anything unless one is named; titles and names are opened in one access each.

        Raises:
            Unknown: a pile that his capacities do not reach.
            Invalid: the cursor was not made here.

        """
        directory = await self._directories.at(local_day(self._clock.now()))
        piles = piles_of(subject)
        if pile is not None and pile not in piles:
            raise Unknown("pile")
        counts = await self._counts(subject, piles, directory)
        chosen = pile or next((each.pile for each in counts if each.all), next(iter(piles), None))
        if chosen is None:
            return Piled(pile=None, counts=(), waiting=(), cursor=None, today=directory.day)
        limit = max(1, min(limit, MAX_PAGE))
        rows = await self._rows(subject, chosen, directory, order, cursor, limit)
        shown, key = rows[:limit], _Sorted(chosen, order)
        return Piled(
            pile=chosen,
            counts=counts,
            waiting=await self._shown(subject, chosen, shown, directory),
            cursor=cursors.encoded(shown[-1][key.column.name], shown[-1]["id"]) if len(rows) > limit else None,
            today=directory.day,
        )

    async def of_unit(
        self, subject: Subject, *, person: str | None = None, nobody: bool = False, cursor: str | None = None, limit: int = 50
    ) -> UnitWork:
        """The open work of the units whose work he passes on: all, that of one person, or what `nobody` has by name.

        Raises:
            Unknown: he passes on no unit's work.
            Invalid: the cursor was not made here.

        """
        units = reach(subject, Pile.PASSED_ON).units
        if not units:
            raise Unknown("unit")
        directory = await self._directories.at(local_day(self._clock.now()))
        here = (T.tenant == self._tenant, T.unit.in_(units), T.stage.in_(OPEN))
        held = T.person == person if person is not None else T.person.is_(None)
        asked = _selected(Pile.PASSED_ON).where(*here, *([held] if nobody or person is not None else []))
        named = case((T.person.is_(None), 0), else_=1)
        if cursor is not None:
            asked = asked.where(_beyond_in_unit(named, cursor))
        late = func.sum(case((T.due_day < directory.day.isoformat(), 1), else_=0))
        counted = select(T.person, func.count(), late).where(*here).group_by(T.person)
        limit = max(1, min(limit, MAX_PAGE))
        async with self._database.read() as connection:
            rows = [
                dict(row)
                for row in (await connection.execute(asked.order_by(named, T.due_day, T.task_id).limit(limit + 1))).mappings()
            ]
            loads = {each: (int(count), int(overdue)) for each, count, overdue in await connection.execute(counted)}
        staff = [each for each in directory.people if set(units) & set(directory.units_of(each))]
        people = {*staff, *(each for each in loads if each is not None)}
        names = await self._people.names(subject, directory, people, purpose="unit_work")
        shown = rows[:limit]
        return UnitWork(
            units=units,
            labels=tuple(directory.label(unit) for unit in units),
            loads=_loads(loads, people, names),
            waiting=await self._shown(subject, Pile.PASSED_ON, shown, directory),
            cursor=cursors.encoded(int(shown[-1]["person"] is not None), shown[-1]["due_day"], shown[-1]["task_id"])
            if len(rows) > limit
            else None,
            today=directory.day,
        )

    def news(self) -> Topic:
        """What tells open pages that something of theirs moved."""
        return news.topic(self._database, self._tenant, self._clock, self._directories)

    async def counts(self, subject: Subject) -> tuple[Count, ...]:
        """How much lies in each pile of his."""
        directory = await self._directories.at(local_day(self._clock.now()))
        return await self._counts(subject, piles_of(subject), directory)

    async def _counts(self, subject: Subject, piles: Collection[Pile], directory: Directory) -> tuple[Count, ...]:
        if not piles:
            return ()
        asked = union_all(*(self._count(subject, pile, directory) for pile in piles))
        async with self._database.read() as connection:
            found = {
                pile: Count(Pile(pile), int(every), int(overdue)) for pile, every, overdue in await connection.execute(asked)
            }
        return tuple(found[pile] for pile in piles)

    def _count(self, subject: Subject, pile: Pile, directory: Directory) -> Select[Any]:
        late = case((self._overdue(subject, pile, directory), 1), else_=0)
        counted = (literal(pile.value), func.count(), func.coalesce(func.sum(late), 0))
        return select(*counted).where(*self._in(subject, pile, directory))

    def _overdue(self, subject: Subject, pile: Pile, directory: Directory) -> ColumnElement[bool]:
        if pile is not Pile.ASSIGN:
            passed: ColumnElement[bool] = _columns(pile)["due_day"] < directory.day.isoformat()
            return passed
        first = _first_still_in_time(directory, subject.office)
        return false() if first is None else C.episode_at < micros(day_starts(first))

    async def _rows(
        self, subject: Subject, pile: Pile, directory: Directory, order: Order, cursor: str | None, limit: int
    ) -> list[Mapping[str, Any]]:
        key = _Sorted(pile, order)
        asked = _selected(pile).where(*self._in(subject, pile, directory))
        if cursor is not None:
            asked = asked.where(key.beyond(cursor))
        async with self._database.read() as connection:
            return [dict(row) for row in (await connection.execute(asked.order_by(*key.by).limit(limit + 1))).mappings()]

    def _in(self, subject: Subject, pile: Pile, directory: Directory) -> tuple[ColumnElement[bool], ...]:
        found = reach(subject, pile)
        if pile in OF_CASES:
            return self._cases_in(subject, pile, found, directory)
        return self._tasks_in(subject, pile, found)

    def _tasks_in(self, subject: Subject, pile: Pile, found: Reach) -> tuple[ColumnElement[bool], ...]:
        mine, nobody = T.person == subject.person, T.person.is_(None)
        own = or_(mine, nobody) if takes_what_nobody_has(subject) else mine
        here = (T.tenant == self._tenant, T.unit.in_(found.units))
        match pile:
            case Pile.MINE:
                return (*here, T.stage.in_(IN_HAND), own)
            case Pile.PASSED_ON:
                return (*here, T.stage.in_(IN_HAND), T.person.is_not(None), ~mine)
            case Pile.PUT_FORWARD:
                whole = takes_what_nobody_has(subject)
                return (*here, T.stage == TaskStage.SUBMITTED.value, *([] if whole else [mine]))
        there = (T.tenant == self._tenant, _in_the_name_of(found, T.office, T.authority))
        if pile is Pile.GIVEN:
            return (*there, T.stage.in_(OPEN))
        if pile is Pile.EXTEND:
            return (*there, T.stage.in_(OPEN), T.asked_until.is_not(None))
        others = T.type != TaskType.ANSWER.value  # an answer is cleared with its case
        return (*there, T.stage == TaskStage.SUBMITTED.value, others, or_(nobody, ~mine))

    def _cases_in(self, subject: Subject, pile: Pile, found: Reach, directory: Directory) -> tuple[ColumnElement[bool], ...]:
        offices = [office for office, _ in found.offices]
        if pile is Pile.PARTY:
            led = (C.open, C.field.in_(sorted(directory.party_fields)), ~C.party_heard, C.paper.is_(None))
            return (C.tenant == self._tenant, C.office.in_(offices), *led, *not_about(subject, directory))
        here = (C.tenant == self._tenant, C.stage == STAGES[pile].value)
        if pile is Pile.DELIVER:
            around = [subject.office, *(each.office for each in subject.delegated)]  # work of another office is shown there
            return (*here, C.office.in_(around), or_(C.office.in_(offices), C.lead.in_(found.units)))
        if pile is Pile.ASSIGN:
            heads = [office for office, role in found.offices if role is Role.CHIEF]  # the Chairman gives work at his dialogue
            return (*here, C.office.in_(heads))
        apart = not_about(subject, directory)
        if pile in (Pile.PROPOSE, Pile.PROPOSED):
            wanted = C.proposed == "" if pile is Pile.PROPOSE else C.proposed != ""
            return (*here, C.office.in_(offices), wanted, *apart)
        own = exists().where(
            cases_draft.c.tenant == C.tenant,
            cases_draft.c.office == C.office,
            cases_draft.c.case_id == C.case_id,
            cases_draft.c.episode == C.episode,
            cases_draft.c.outcome == CaseStage.SUBMITTED.value,
            cases_draft.c.drafter == subject.person,
        )
        head = any(role is Role.CHIEF for _, role in found.offices)
        return (*here, _in_the_name_of(found, C.office, C.authority), ~own, *(() if head else apart))

    async def _shown(
        self, subject: Subject, pile: Pile, rows: Sequence[Mapping[str, Any]], directory: Directory
    ) -> tuple[Waiting, ...]:
        titles = await self._cases.said(subject, [row["case_id"] for row in rows if row["case_id"]], purpose="my_work")
        names = await self._people.names(
            subject, directory, {row["person"] for row in rows if row.get("person")}, purpose="my_work"
        )
        back = [row["case_id"] for row in rows if row["case_id"] and row["stage"] == TaskStage.REVISION.value]
        words = await self._cases.sent_back(subject, back, purpose="my_work")
        return tuple(_waiting(pile, row, directory, titles, names, words) for row in rows)


def _beyond_in_unit(named: ColumnElement[int], cursor: str) -> ColumnElement[bool]:
    """Raises Invalid for a cursor of another list."""
    try:
        rank, day, task = cursors.decoded(cursor)
        rank, day = int(rank), date.fromisoformat(day).isoformat()
    except (ValueError, TypeError):
        raise Invalid("cursor") from None
    later = or_(T.due_day > day, and_(T.due_day == day, T.task_id > str(task)))
    return or_(named > rank, and_(named == rank, later))


def _loads(loads: Mapping[str | None, tuple[int, int]], people: Collection[str], names: Mapping[str, str]) -> tuple[Load, ...]:
    """What nobody has ahead, then everybody by given name, those with nothing too."""
    ordered = sorted(people, key=lambda each: by_given_name(names.get(each, each)))
    return tuple(
        Load(person=each, name=names.get(each) if each else None, open=found[0], overdue=found[1])
        for each in (None, *ordered)
        for found in (loads.get(each, (0, 0)),)
    )


class _Sorted:
    """By what a pile is sorted, so that a page begins where the one before ended."""

    def __init__(self, pile: Pile, order: Order) -> None:
        columns = _columns(pile)
        # A case is to be assigned within so many days of its beginning: that is the order of those dates too.
        begun = pile in (Pile.ASSIGN, Pile.PROPOSE, Pile.PROPOSED) or order is Order.NEWEST
        self.column: ColumnElement[Any] = columns["at"] if begun else columns["due_day"]
        self.id: ColumnElement[Any] = columns["id"]
        self.down = order is Order.NEWEST
        self._text = not begun

    @property
    def by(self) -> tuple[ColumnElement[Any], ...]:
        return (self.column.desc(), self.id.desc()) if self.down else (self.column, self.id)

    def beyond(self, cursor: str) -> ColumnElement[bool]:
        """Raises Invalid for a cursor of another list."""
        try:
            value, last = cursors.decoded(cursor)
            value = date.fromisoformat(value).isoformat() if self._text else int(value)
        except (ValueError, TypeError):
            raise Invalid("cursor") from None
        column, id = self.column, self.id
        if self.down:
            return or_(column < value, and_(column == value, id < str(last)))
        return or_(column > value, and_(column == value, id > str(last)))


def _columns(pile: Pile) -> Mapping[str, Any]:
    """The columns that lists of cases and lists of tasks have in common, by one name."""
    if pile in OF_CASES:
        return {"id": C.case_id, "at": C.episode_at, "due_day": C.due_day}
    return {"id": T.task_id, "at": T.given_at, "due_day": T.due_day}


def _selected(pile: Pile) -> Select[Any]:
    """The rows of a pile; tasks with what their case is about."""
    if pile in OF_CASES:
        return select(cases_case, C.case_id.label("id"))
    about: list[Any] = [C[name] for name in ("field", "kind", "received_at", "first_lead")]
    same = and_(C.tenant == T.tenant, C.office == T.office, C.case_id == T.case_id)
    joined: Table = unit_tasks_task
    return select(joined, T.task_id.label("id"), *about).outerjoin(cases_case, same)


def _in_the_name_of(found: Reach, office: Any, authority: Any) -> ColumnElement[bool]:
    """What the Chairman gave is his to decide, all else the head's of the office."""
    chairman = Authority.CHAIRMAN.value
    each = [
        and_(office == where, authority == chairman if role is Role.CHAIRMAN else or_(authority.is_(None), authority != chairman))
        for where, role in found.offices
    ]
    return or_(false(), *each)


def _first_still_in_time(directory: Directory, office: str) -> date | None:
    """The first day on which a case may have come in that is to be assigned today or later; None where no calendar says."""
    if directory.published is None:
        return None
    day, rules = directory.day, directory.rules_of(office)
    try:
        while day > directory.day - LONGEST_TO_ASSIGN and rules.due(directory.published, ASSIGN, day - DAY).day >= directory.day:
            day -= DAY
    except OutsideCalendar:
        return None
    return day


def _barred(concerned: str, directory: Directory) -> frozenset[str]:
    about = frozenset(concerned.split())
    return frozenset(unit for unit in directory.units if about & directory.stands_for(unit)) if about else about


def _waiting(
    pile: Pile,
    row: Mapping[str, Any],
    directory: Directory,
    titles: Mapping[str, str],
    names: Mapping[str, str],
    words: Mapping[str, str],
) -> Waiting:
    of_case = pile in OF_CASES
    at = instant(row["episode_at"] if of_case else row["given_at"])
    due = date.fromisoformat(row["due_day"])
    if pile is Pile.ASSIGN:
        counted = after(directory.rules_of(row["office"], local_day(at)), directory.published, ASSIGN, local_day(at))
        due = counted.due.day if counted is not None else due
    unit, first = (row["lead"], row["first_lead"]) if of_case else (row["unit"], row["first_unit"])
    person = row.get("person")
    return Waiting(
        id=row["id"],
        version=row["version"],
        case=row["case_id"],
        task=None if of_case else row["task_id"],
        about=row["case_id"] if of_case else row["about"],
        type=None if of_case else row["type"],
        unit=unit,
        unit_label=directory.label_today(unit, row["field"], begun=local_day(at), first=first) if unit else None,
        person=person,
        person_name=names.get(person) if person else None,
        stage=row["stage"],
        left=left_until(directory.calendar, directory.day, due),
        at=at,
        kind=row["kind"],
        field_label=directory.label(row["field"]) if row["field"] else None,
        asked_until=date.fromisoformat(row["asked_until"]) if row.get("asked_until") else None,
        proposed=tuple(row["proposed"].split()) if of_case else (),
        barred=_barred(row["concerns_units"], directory) if pile in (Pile.ASSIGN, Pile.PROPOSE, Pile.PROPOSED) else frozenset(),
        usual=directory.lead(row["field"], row["office"]) if of_case else None,
        urged=row.get("urged") or 0,
        title=titles.get(row["case_id"]) if row["case_id"] else None,
        sent_back=words.get(row["case_id"]) if row["case_id"] else None,
    )
