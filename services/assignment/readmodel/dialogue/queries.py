"""Questions about an office's dialogue work: lists from the read model, one thing folded from its stream."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from functools import reduce
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, false, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.assignment.domain.case import states as case_states
from services.assignment.domain.directory import checklist, party
from services.assignment.domain.meeting import decider as meeting_decider
from services.assignment.domain.meeting.decider import Hanging
from services.assignment.domain.session import states as session_states
from services.assignment.domain.session.commands import APPROVE_PROGRAMME
from services.assignment.domain.session.room import blocks
from services.assignment.domain.session.states import AFTER, BEFORE, Stage
from services.assignment.readmodel.access import SEE_CASE, case_resource
from services.assignment.readmodel.cases.tables import cases_case
from services.assignment.readmodel.dialogue.projections import DIALOGUE_PROJECTION
from services.assignment.readmodel.dialogue.tables import dialogue_planned, dialogue_put, dialogue_thing
from services.assignment.readmodel.dialogue.whole import WHOLE, blocked, checklist_of, lines_with
from services.assignment.readmodel.folding import MOST_FOLDED, facts_until
from services.assignment.readmodel.tasks.projections import TaskStage
from services.assignment.readmodel.tasks.tables import unit_tasks_task
from shared.asof import Moment, position_at
from shared.calendar import MINUTES, NOTICE, REPORT_ANSWERS, local_day
from shared.clock import Clock, instant
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role, Scope, action, grants
from shared.contracts.session import Track
from shared.contracts.task import TaskType
from shared.database import Database
from shared.decider import Fold
from shared.derivation import Derivation, after, ahead
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.eventlog.records import Recorded
from shared.permit import Resource, Subject, permit
from shared.subscriptions.folded import folded
from shared.timeline import Timeline, Timelines

STAFF: Final = (
    Role.CHIEF,
    Role.DEPUTY,
    Role.HUB,
    Role.CONTENT_DIVISION,
    Role.SECRETARY,
    Role.REGISTRY,
    Role.PARTY_COMMITTEE,
    Role.UNIT_LEADER,
    Role.UNIT_DEPUTY,
    Role.SPECIALIST,
    Role.CHAIRMAN,
    Role.AUDITOR,
)
SEE_DIALOGUE: Final = action("see_dialogue", grants(Scope.OFFICE, *STAFF))
# Whoever proposed it completes it, and whoever was asked appraises it: both need its version.
SEE_OWN_PROPOSAL: Final = action("see_own_proposal", grants(Scope.UNIT, Role.PROPOSER, Role.APPRAISER))
MOST: Final = 500
SESSION: Final = "session"
PROPOSAL: Final = "proposal"
PLAN: Final = "plan"
MEETING: Final = "meeting"
_BECAME: Final[Mapping[str, str]] = {"session": "thing", "stage": "stage", "day": "day"}
_OF_TASK: Final[Mapping[str, str]] = {"unit": "unit", "stage": "stage", "due": "due_day"}
# What the opening of a dialogue is decided by, beside its own facts.
_FOLDS: Final[Mapping[str, Fold[Any]]] = {
    "case": Fold("case", case_states.INITIAL, case_states.evolve),
    "meeting": Fold("meeting", meeting_decider.INITIAL, meeting_decider.evolve),
    "party_fields": Fold("party_fields", party.NO_LIST, party.evolve_party_fields),
}
_CHECKLISTS: Final = Fold("checklist", checklist.NO_CHECKLIST, checklist.evolve_checklists)
OVER: Final = AFTER | {Stage.CLOSED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Thing:
    """A line of the office's work."""

    id: str
    kind: str
    stage: str
    day: date | None
    label: str | None
    track: Track | None
    unit: str | None
    unit_label: str | None  # of today, with what it was called when the thing began
    about: str | None
    number: str | None
    at: datetime
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Put:
    """An opinion put to a session, and what became of it."""

    case: str
    raised: bool
    outcome: str | None


class Standing(StrEnum):
    """Whether a date that a session sets still runs."""

    RUNS = "dang_tinh"
    MET = "da_thuc_hien"
    FELL_AWAY = "khong_con"


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionDate(Derivation):
    """A date that a session sets, and what has become of it; `met_on`: when it was done, in time or not."""

    standing: Standing
    met_on: date | None


# What is done by each of a session's dates, in the order of its life.
DONE: Final[Mapping[str, str]] = {REPORT_ANSWERS: "answers_on", MINUTES: "minutes_on", NOTICE: "concluded_on"}


class Tied:
    """What the house itself asks of the dialogues that are tied to a meeting."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database, self._tenant = database, tenant

    async def to(self, office: str, meeting: str) -> tuple[Hanging, ...]:
        """The office's dialogues at the meeting that were not cancelled."""
        table = dialogue_thing.c
        mine = (table.tenant == self._tenant, table.office == office, table.kind == SESSION, table.about == meeting)
        asked = select(table.thing, table.day, table.stage).where(*mine, table.stage != Stage.CANCELLED.value)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked.order_by(table.thing))).mappings().all()
        return tuple(
            Hanging(
                session=row["thing"],
                on=date.fromisoformat(row["day"]) if row["day"] else None,
                held=Stage(row["stage"]) in OVER,
            )
            for row in rows
        )


def appraisers_of(tenant: str, proposal: str) -> Select[Any]:
    """The units that were asked to appraise a proposal."""
    table = unit_tasks_task.c
    return select(table.unit).where(table.tenant == tenant, table.about == proposal, table.type == TaskType.APPRAISE.value)


class DialogueQueries:
    """The questions of one tenant."""

    def __init__(
        self,
        *,
        database: Database,
        tenant: str,
        log: EventLog,
        clock: Clock,
        directories: Directories,
        timelines: Timelines,
    ) -> None:
        self._database, self._tenant, self._log = database, tenant, log
        self._clock, self._directories, self._timelines = clock, directories, timelines

    async def known_as_of(
        self,
        subject: Subject,
        office: str,
        kind: str,
        as_of: datetime | int,
        *,
        first: date | None = None,
        last: date | None = None,
    ) -> tuple[list[Thing], int]:
        """The same list as it was known then, and the position up to which; its units are called as they are today.

        Each thing is folded from its own stream by the projection itself: whatever the line shows, its own facts say.

        Raises:
            Unknown, Forbidden
            AsOfAhead
            TooManyToFold: the office has more than can be folded while somebody waits.

        """
        self._allow(subject, office)
        until = await position_at(self._log, as_of, self._clock.now())
        table = dialogue_thing.c
        mine = (table.tenant == self._tenant, table.office == office, table.kind == kind)
        async with self._database.read() as connection:
            things = (await connection.execute(select(table.thing).where(*mine).limit(MOST_FOLDED + 1))).scalars().all()
        facts = await facts_until(self._log, things, until)
        found = (await folded(DIALOGUE_PROJECTION, facts)).of(dialogue_thing)
        days = (first.isoformat() if first else "", last.isoformat() if last else "9999-12-31")
        bounded = first is not None or last is not None
        rows = [row for row in found if not bounded or (row["day"] is not None and days[0] <= row["day"] <= days[1])]
        rows.sort(key=lambda row: (row["day"] is None, row["day"] or "", row["thing"]))
        directory = await self._directories.at(local_day(self._clock.now()))
        return [thing_of(row, directory) for row in rows[:MOST]], until

    async def of_office(
        self,
        subject: Subject,
        office: str,
        kind: str,
        *,
        first: date | None = None,
        last: date | None = None,
        undated: bool = False,
    ) -> list[Thing]:
        """The office's things of one kind by day, those without one last (or those alone, `undated`); at most 500.

        Raises:
            Unknown, Forbidden

        """
        self._allow(subject, office)
        table = dialogue_thing
        asked = select(table).where(table.c.tenant == self._tenant, table.c.office == office, table.c.kind == kind)
        if first is not None:
            asked = asked.where(table.c.day >= first.isoformat())
        if last is not None:
            asked = asked.where(table.c.day <= last.isoformat())
        if undated:
            asked = asked.where(table.c.day.is_(None))
        async with self._database.read() as connection:
            rows = (
                (await connection.execute(asked.order_by(table.c.day.nulls_last(), table.c.thing).limit(MOST))).mappings().all()
            )
        directory = await self._directories.at(local_day(self._clock.now()))
        return [thing_of(row, directory) for row in rows]

    async def to_approve(self, subject: Subject) -> list[Thing]:
        """The dialogues whose programme waits for his approval, by day: the Chairman's for him, the office's for its heads."""
        c = dialogue_thing.c
        asked = select(dialogue_thing).where(*self._to_approve(subject)).order_by(c.day.nulls_last(), c.thing).limit(MOST)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).mappings().all()
        directory = await self._directories.at(local_day(self._clock.now()))
        return [thing_of(row, directory) for row in rows]

    async def how_many_to_approve(self, subject: Subject) -> int:
        """How many these are."""
        asked = select(func.count()).select_from(dialogue_thing).where(*self._to_approve(subject))
        async with self._database.read() as connection:
            return (await connection.execute(asked)).scalar_one()

    def _to_approve(self, subject: Subject) -> tuple[ColumnElement[bool], ...]:
        found = permit(subject, APPROVE_PROGRAMME, Resource(tenant=self._tenant, office=subject.office))
        if not found.allowed:
            return (false(),)
        c = dialogue_thing.c
        his = c.track == Track.CHAIRMAN if found.capacity is Role.CHAIRMAN else c.track != Track.CHAIRMAN
        return (c.tenant == self._tenant, c.office == subject.office, c.kind == SESSION, c.stage == Stage.PROPOSED, his)

    async def one(self, subject: Subject, kind: str, thing: str) -> tuple[Thing, Sequence[Put], Sequence[SessionDate]]:
        """A thing's line, and of a session what was put to it and the dates it sets.

        Raises:
            Unknown: not there, not of this kind, or not his to see.

        """
        table, puts = dialogue_thing, dialogue_put
        async with self._database.read() as connection:
            asked = select(table).where(table.c.tenant == self._tenant, table.c.thing == thing)
            row = (await connection.execute(asked)).mappings().first()
            if row is None or row["kind"] != kind or not await self._is_seen(connection, subject, row):
                raise Unknown("id")
            at = (puts.c.tenant == self._tenant, puts.c.office == row["office"], puts.c.session == thing)
            found = (await connection.execute(select(puts).where(*at).order_by(puts.c.case_id))).mappings().all()
        line = thing_of(row, await self._directories.at(local_day(self._clock.now())))
        dates = await self._dates(row) if kind == SESSION else ()
        return line, [Put(case=each["case_id"], raised=bool(each["raised"]), outcome=each["outcome"]) for each in found], dates

    async def timeline(self, subject: Subject, kind: str, thing: str, *, as_of: Moment, after: int, limit: int) -> Timeline:
        """What happened to a thing of the office, and who did it.

        Raises:
            Unknown: not there, not of this kind, or not of the asker's office.

        """
        table = dialogue_thing.c
        asked = select(table.office).where(table.tenant == self._tenant, table.thing == thing, table.kind == kind)
        async with self._database.read() as connection:
            office = (await connection.execute(asked)).scalar()
        if office is None or not permit(subject, SEE_DIALOGUE, self._resource(office)).allowed:
            raise Unknown("id")
        today = local_day(self._clock.now())
        return await self._timelines.of(subject, thing, today, as_of=as_of, after=after, limit=limit)

    async def whole(self, subject: Subject, kind: str, thing: str, version: int) -> Mapping[str, Any]:
        """All that a thing of the office's work holds but words, as of a version that `one` showed.

        Of a meeting the dialogues that are tied to it are named too. Of a case put to a session stage and lead are shown to
        whoever sees that case; a proposer or appraiser is shown no appraisal but its own.
        """
        records = await self._log.read_stream(thing)
        facts = [codec.read(record) for record in records if record.version <= version]
        found = WHOLE[kind](facts)
        directory = await self._directories.at(local_day(self._clock.now()))
        office = facts[0].event.office
        if kind == SESSION:
            found["blocks"] = await self._blocks(facts)
            await self._show_cases(subject, office, found["cases"], directory)
        if kind == MEETING:
            found["dialogues"] = await self._tied(office, thing)
        if kind == PROPOSAL:
            lists = _CHECKLISTS.over(await self._log.read_stream(checklist.STREAM))
            found["checklist"] = checklist_of(found["checklist"], lists)
            if not permit(subject, SEE_DIALOGUE, self._resource(office)).allowed:
                found["appraisals"] = [
                    each for each in found["appraisals"] if subject.unit in directory.in_places_of({each["unit"]})
                ]
        if kind == PLAN:
            await self._show_held(office, thing, facts[0].event.year, found["dialogues"])
        await self._show_tasks(found)
        begun = local_day(facts[0].occurred_at)
        for key in ("unit", "proposer", "division", "to", "task_unit"):
            for line in list(lines_with(found, key)):
                line[f"{key}_label"] = directory.label_today(line[key], begun=begun)
        return found

    async def _blocks(self, facts: Sequence[Recorded]) -> list[dict[str, Any]]:
        """What keeps a dialogue that has not begun from opening today, by the rules that its opening is decided by."""
        state = reduce(session_states.evolve, (fact.event for fact in facts), session_states.INITIAL)
        if not isinstance(state, session_states.Session) or state.stage not in BEFORE:
            return []
        streams = (*state.puts, party.STREAM, *((state.was.meeting,) if state.was.meeting else ()))
        stored = await self._log.read_streams(streams)
        states = {name: _FOLDS[name.partition("-")[0]].over(records) for name, records in stored.items()}
        return [blocked(each) for each in blocks(state, states, local_day(self._clock.now()))]

    async def _show_cases(self, subject: Subject, office: str, lines: list[dict[str, Any]], directory: Directory) -> None:
        table = cases_case
        asked = select(table).where(
            table.c.tenant == self._tenant, table.c.office == office, table.c.case_id.in_([each["case"] for each in lines])
        )
        async with self._database.read() as connection:
            known = {row["case_id"]: row for row in (await connection.execute(asked)).mappings()}
        for line in lines:
            row = known.get(line["case"])
            helping = () if row is None else (*row["coordinating"].split(), *row["consulting"].split())
            resource = case_resource(self._tenant, office, row["unit"], row["lead"], helping) if row is not None else None
            shown = resource is not None and permit(subject, SEE_CASE, resource).allowed
            line |= {"stage": row["stage"] if row and shown else None, "lead": row["lead"] if row and shown else None}
            line["lead_label"] = directory.label_today(line["lead"]) if line["lead"] else None

    async def _show_tasks(self, found: dict[str, Any]) -> None:
        lines, table = list(lines_with(found, "task")), unit_tasks_task
        asked = select(table.c.task_id, table.c.unit, table.c.stage, table.c.due_day).where(
            table.c.tenant == self._tenant,
            table.c.task_id.in_([each["task"] for each in lines]),
            table.c.stage != TaskStage.TRANSFERRED.value,  # a line that stays with whoever had it before
        )
        async with self._database.read() as connection:
            known = {row["task_id"]: row for row in (await connection.execute(asked)).mappings()}
        for line in lines:
            row = known.get(line["task"])
            line |= {f"task_{name}": row[column] if row else None for name, column in _OF_TASK.items()}

    async def _tied(self, office: str, meeting: str) -> list[dict[str, Any]]:
        """The dialogues that are or were to be held at a meeting, by what became of each (R23)."""
        table = dialogue_thing.c
        mine = (table.tenant == self._tenant, table.office == office, table.kind == SESSION, table.about == meeting)
        asked = select(table.thing, table.stage, table.day).where(*mine).order_by(table.thing)
        async with self._database.read() as connection:
            rows = (await connection.execute(asked)).mappings().all()
        return [{"session": row["thing"], "stage": row["stage"], "day": row["day"]} for row in rows]

    async def _show_held(self, office: str, plan: str, year: int, planned: list[dict[str, Any]]) -> None:
        """Which dialogue of the year became of each that was planned.

        The one that was proposed as it; else of those that stand for no other line, by track and trigger in the order of days.
        """
        table = dialogue_thing.c
        mine = (table.tenant == self._tenant, table.office == office, table.kind == SESSION)
        asked = select(table.thing, table.track, table.label, table.stage, table.day).where(
            *mine, table.last_day.between(f"{year}-01-01", f"{year}-12-31")
        )
        used = dialogue_planned.c
        named = select(used.number, table.thing, table.track, table.label, table.stage, table.day).where(
            *mine, used.tenant == self._tenant, used.plan == plan, used.session == table.thing
        )
        async with self._database.read() as connection:
            rows = list((await connection.execute(asked.order_by(table.last_day, table.thing))).mappings())
            known = {row["number"]: row for row in (await connection.execute(named)).mappings()}
        taken = {row["thing"] for row in known.values()}
        rows = [row for row in rows if row["thing"] not in taken]
        for line in sorted(planned, key=lambda each: (each["planned"] or date.max, each["number"])):
            fits = (row for row in rows if (row["track"], row["label"]) == (line["track"], line["trigger"]))
            took = known.get(line["number"]) or next(fits, None)
            if took in rows:
                rows.remove(took)
            line |= {name: took[column] if took else None for name, column in _BECAME.items()}

    async def _is_seen(self, connection: AsyncConnection, subject: Subject, row: Mapping[Any, Any]) -> bool:
        """Whether the thing is of the asker's office, or a proposal that his unit made or was asked to appraise."""
        if permit(subject, SEE_DIALOGUE, self._resource(row["office"])).allowed:
            return True
        if row["kind"] != PROPOSAL:
            return False
        appraisers = (await connection.execute(appraisers_of(self._tenant, row["thing"]))).scalars().all()
        directory = await self._directories.at(local_day(self._clock.now()))
        units = directory.in_places_of({row["unit"], *appraisers})
        return permit(subject, SEE_OWN_PROPOSAL, Resource(tenant=self._tenant, office=row["office"], units=units)).allowed

    async def _dates(self, session: Mapping[Any, Any]) -> tuple[SessionDate, ...]:
        """By when the answers lie before the head, and the minutes and the notice follow, by the rules of the session's day.

        Of one whose day is open again, by its last day. None of a session that no calendar reaches.
        """
        day = date.fromisoformat(session["last_day"])
        directory = await self._directories.at(local_day(self._clock.now()))
        rules, calendar = directory.rules_of(session["office"], day), directory.published
        found = (
            ahead(rules, calendar, REPORT_ANSWERS, day),
            *(after(rules, calendar, rule, day) for rule in (MINUTES, NOTICE)),
        )
        return tuple(_stands(each, session) for each in found if each is not None)

    def _allow(self, subject: Subject, office: str) -> None:
        decision = permit(subject, SEE_DIALOGUE, self._resource(office))
        if not decision.allowed:
            if subject.tenant == self._tenant and subject.office == office:
                raise Forbidden(rule=decision.rule)
            raise Unknown("office")

    def _resource(self, office: str) -> Resource:
        return Resource(tenant=self._tenant, office=office)


def _stands(derived: Derivation, session: Mapping[Any, Any]) -> SessionDate:
    rule, stage, met = derived.due.rule, session["stage"], session[DONE[derived.due.rule]]
    # Held no more, put off without a day, over; or opened without the answers, which nobody reports after that.
    gone = stage in (Stage.CANCELLED, Stage.CLOSED) or session["day"] is None or (rule == REPORT_ANSWERS and stage not in BEFORE)
    # The short form needs neither answers before it nor minutes of its own.
    gone = gone or (session["short_form"] and rule != NOTICE)
    standing = Standing.MET if met else Standing.FELL_AWAY if gone else Standing.RUNS
    known = {each.name: getattr(derived, each.name) for each in fields(Derivation)}
    return SessionDate(**known, standing=standing, met_on=date.fromisoformat(met) if met else None)


def thing_of(row: Mapping[Any, Any], directory: Directory) -> Thing:
    """The line in a row, its unit called as in that directory."""
    begun = local_day(instant(row["at"]))
    return Thing(
        id=row["thing"],
        kind=row["kind"],
        stage=row["stage"],
        day=date.fromisoformat(row["day"]) if row["day"] else None,
        label=row["label"],
        track=Track(row["track"]) if row["track"] else None,
        unit=row["unit"],
        unit_label=directory.label_today(row["unit"], begun=begun) if row["unit"] else None,
        about=row["about"],
        number=row["number"],
        at=instant(row["at"]),
        version=row["version"],
    )
