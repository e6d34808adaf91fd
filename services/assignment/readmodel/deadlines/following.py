"""Answers whom to remind and urge today and what comes next, of all open work of an office; now, or as it was known then."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import select

from services.assignment.readmodel.cases.reading import not_listed_to
from services.assignment.readmodel.deadlines.access import LIST_URGING
from services.assignment.readmodel.deadlines.projections import DEADLINES_PROJECTION, TASK
from services.assignment.readmodel.deadlines.tables import deadlines_home, deadlines_open
from services.assignment.readmodel.deadlines.views import Board, Followed, Ladder, Load, Step
from services.assignment.readmodel.folding import MOST_FOLDED, day_of, facts_until
from shared.asof import Moment, position_at
from shared.calendar import ESCALATE, REMIND, URGE, Calendar, OutsideCalendar, Rules, local_day
from shared.clock import Clock, instant
from shared.contracts.refusals import Unknown
from shared.contracts.task import Rung
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.eventlog.port import EventLog
from shared.nearness import Nearness, left_until
from shared.permit import Resource, Subject, permit
from shared.subscriptions.folded import folded

MOST: Final = 2_000  # pieces of open work that are looked at
SOON_DAYS: Final = 5  # working days
OPEN: Final = deadlines_open.c


class Following:
    """The questions of one tenant."""

    def __init__(self, *, database: Database, tenant: str, clock: Clock, log: EventLog, directories: Directories) -> None:
        self._database, self._tenant, self._clock = database, tenant, clock
        self._log, self._directories = log, directories

    async def board(self, subject: Subject, office: str, *, as_of: Moment = None) -> Board:
        """All open work of an office by its day, what of the ladder is due of each, and how much each unit has.

        Nothing about him or his unit is among it (R16).

        As of a moment, what was known then is judged by that day; who may ask is asked of today.

        Raises:
            Unknown: not the asker's office.
            AsOfAhead, NoCalendar
            TooManyToFold: more work than is folded while somebody waits.

        """
        if not permit(subject, LIST_URGING, Resource(tenant=self._tenant, office=office)).allowed:
            raise Unknown("office")
        if as_of is None:
            day, until, rows = local_day(self._clock.now()), None, await self._open(office)
        else:
            until = await position_at(self._log, as_of, self._clock.now())
            day, rows = await day_of(self._log, as_of, until), await self._opened_by(office, until)
        directory = await self._directories.at(day)
        today = await self._directories.at(local_day(self._clock.now()))
        apart = await not_listed_to(self._database, self._tenant, subject, office, today)
        rows = [row for row in rows if row["case_id"] not in apart]
        rows.sort(key=lambda row: (row["due_day"], row["about"]))
        return board_of(rows[:MOST], directory, office, until=until, cut=len(rows) > MOST)

    async def _open(self, office: str) -> list[Mapping[str, Any]]:
        asked = select(deadlines_open).where(OPEN.tenant == self._tenant, OPEN.office == office, OPEN.kind == TASK)
        async with self._database.read() as connection:
            found = await connection.execute(asked.order_by(OPEN.due_day, OPEN.about).limit(MOST + 1))
            return [dict(row) for row in found.mappings()]

    async def _opened_by(self, office: str, until: int) -> list[Mapping[str, Any]]:
        """The same rows as the projection makes them of the facts up to a position."""
        home = deadlines_home.c
        asked = select(home.about).where(home.tenant == self._tenant, home.office == office, home.about.startswith("task-"))
        async with self._database.read() as connection:
            tasks = (await connection.execute(asked.order_by(home.about).limit(MOST_FOLDED + 1))).scalars().all()
        rows = await folded(DEADLINES_PROJECTION, await facts_until(self._log, tasks, until))
        return [row for row in rows.of(deadlines_open) if row["kind"] == TASK]


def board_of(
    rows: Sequence[Mapping[str, Any]], directory: Directory, office: str, *, until: int | None = None, cut: bool = False
) -> Board:
    """The board of these rows on the directory's day. Pure."""
    rules, calendar = directory.rules_of(office), directory.calendar
    work = tuple(_followed(row, directory, rules, calendar) for row in rows)
    by_unit: dict[str, list[Followed]] = defaultdict(list)
    for each in work:
        by_unit[each.unit].append(each)
    loads = [
        Load(unit, directory.label(unit), len(held), sum(each.left.nearness is Nearness.OVERDUE for each in held))
        for unit, held in by_unit.items()
    ]
    days = {name: rules.deadline(name).days for name in (REMIND, URGE, ESCALATE)}
    return Board(
        today=directory.day,
        work=work,
        loads=tuple(sorted(loads, key=lambda load: (-load.overdue, -load.open, load.label))),
        ladder=Ladder(rules=rules.version, calendar=calendar.version, **days),
        until=until,
        cut=cut,
    )


def _followed(row: Mapping[str, Any], directory: Directory, rules: Rules, calendar: Calendar) -> Followed:
    due, today = date.fromisoformat(row["due_day"]), directory.day
    left = left_until(calendar, today, due)
    steps, following = _steps(row, rules, calendar, due, today)
    return Followed(
        task=row["about"],
        type=row["type"],
        case=row["case_id"],
        unit=row["unit"],
        unit_label=directory.label_today(row["unit"], begun=local_day(instant(row["begun_at"])), first=row["first_unit"]),
        left=left,
        soon=left.nearness is not Nearness.OVERDUE and left.days is not None and left.days <= SOON_DAYS,
        reminded=row["reminded_for"] == row["due_day"],
        urged=row["urged"],
        urged_at=_at(row["urged_at"]),
        rung=Rung(row["rung"]) if row["rung"] else None,
        escalated_at=_at(row["escalated_at"]),
        steps=steps,
        next_rung=Rung.CHIEF if row["rung"] in (Rung.DEPUTY, Rung.CHIEF) else Rung.DEPUTY,
        following=following,
    )


def _steps(
    row: Mapping[str, Any], rules: Rules, calendar: Calendar, due: date, today: date
) -> tuple[tuple[Step, ...], date | None]:
    """What is due of the ladder today, the highest first, and the day of the next step where none is."""
    try:
        if today <= due:
            begins = rules.before(calendar, REMIND, due)
            late = row["held_since"] is not None and local_day(instant(row["held_since"])) >= begins
            if row["reminded_for"] == row["due_day"] or late:  # whoever got it later than that needs no reminder
                return (), rules.due(calendar, URGE, due).day
            return ((Step.REMIND,), None) if today >= begins else ((), begins)
        # What was done once is due again after as long as it took to climb: urging again, or the next rung.
        urged, higher = row["urged_at"], row["escalated_at"]
        urge = rules.due(calendar, URGE if urged is None else ESCALATE, due if urged is None else _day(urged)).day
        climb = rules.due(calendar, ESCALATE, due if higher is None else _day(higher)).day
        top = row["rung"] == Rung.CHIEF
        steps = tuple(
            step for step, day in ((Step.ESCALATE, None if top else climb), (Step.URGE, urge)) if day is not None and today >= day
        )
        return steps, None if steps else min(urge, urge if top else climb)
    except OutsideCalendar:
        return (), None


def _day(at: int) -> date:
    return local_day(instant(at))


def _at(value: int | None) -> datetime | None:
    return None if value is None else instant(value)
