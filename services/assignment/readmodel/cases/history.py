"""What happened to a case and to the work on it, as one: its timeline and its tasks', with what a page says of each fact."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.assignment.readmodel.cases.queries import Cases
from services.assignment.readmodel.folding import Then, then
from services.assignment.readmodel.people import People
from services.assignment.readmodel.tasks.queries import Tasks
from services.assignment.readmodel.words.pieces import sealed_in
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.due import Due
from shared.contracts.roles import Role
from shared.contracts.task import TaskDelegated
from shared.directory.queries import Directories
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.eventlog.records import Recorded
from shared.permit import Subject
from shared.timeline import Entry, Timelines
from shared.vault.beside import beside

UNITS: Final = ("lead", "to", "unit", "into")  # by which a fact names the unit it is about, the nearest first


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One entry of a timeline, and what else a page says of it."""

    stream: str
    entry: Entry
    command: str | None  # that it came of; facts of one command were recorded together
    unit_name: str | None  # of the unit that it is about, on that day
    to: str | None  # the person whom the work was given to
    to_name: str | None  # on that day
    day: date | None  # that it names: a due date
    number: int | None  # of a draft
    refs: tuple[str, ...]  # of its words

    @property
    def type(self) -> str:
        """The event's name on disk."""
        return self.entry.fact

    @property
    def at(self) -> datetime:
        return self.entry.at

    @property
    def position(self) -> int:
        return self.entry.position

    @property
    def version(self) -> int:
        return self.entry.version

    @property
    def person(self) -> str | None:
        """Who did it, by name where it is known; the house itself is nobody."""
        by = self.entry.by
        return None if by.capacity in (None, Role.SYSTEM) else by.name or by.person

    @property
    def post(self) -> str | None:
        return self.entry.by.post_name


class Histories:
    """The histories of one tenant's cases and tasks. Whoever sees no timeline of a case sees no history of it either."""

    def __init__(
        self,
        *,
        cases: Cases,
        tasks: Tasks,
        timelines: Timelines,
        log: EventLog,
        clock: Clock,
        directories: Directories,
        people: People,
    ) -> None:
        self._cases, self._tasks, self._timelines, self._log = cases, tasks, timelines, log
        self._clock, self._directories, self._people = clock, directories, people

    async def head(self) -> int:
        """The position of the last fact there is."""
        return (await self._log.head()).position

    async def then(self, case: str, as_of: datetime | int) -> Then:
        """What was known of a case at an instant or a position.

        Raises:
            AsOfAhead

        """
        return await then(self._log, case, as_of, self._clock.now())

    async def of(self, subject: Subject, thing: str, *, until: int | None = None) -> tuple[Happened, ...]:
        """What happened to a task, or to a case and the work on it, in the order it was recorded, up to a position.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        await self._refuse_unless_told(subject, thing)
        facts = await self._facts(thing)
        tasks = tasks_named(each.event for each in facts) if thing.startswith("case-") else []
        for task in tasks:
            facts += await self._facts(task)
        shown = [each for each in facts if until is None or each.position <= until]
        return await self._told(subject, thing, sorted(shown, key=lambda each: each.position), [thing, *tasks])

    async def work_on(self, case: str, until: int) -> tuple[Recorded, ...]:
        """The facts of every task that a case named up to a position, in the order they were recorded."""
        known = [each for each in await self._facts(case) if each.position <= until]
        work = [fact for task in tasks_named(each.event for each in known) for fact in await self._facts(task)]
        return tuple(sorted((each for each in work if each.position <= until), key=lambda each: each.position))

    async def since(self, subject: Subject, thing: str, version: int) -> tuple[Happened, ...]:
        """What happened to a case or task after a version that he has read.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        await self._refuse_unless_told(subject, thing)
        facts = [each for each in await self._facts(thing) if each.record.version > version]
        return await self._told(subject, thing, facts, [thing])

    async def _refuse_unless_told(self, subject: Subject, thing: str) -> None:
        """It is for whom the timeline of the case is that it belongs to."""
        case: str | None = thing
        if not thing.startswith("case-"):
            case = (await self._tasks.task(subject, thing)).case
        if case is not None:
            await self._cases.refuse_unless_told(subject, case)

    async def _whole(self, subject: Subject, stream: str) -> dict[int, Entry]:
        found: dict[int, Entry] = {}
        after: int | None = 0
        today = local_day(self._clock.now())
        while after is not None:
            page = await self._timelines.of(subject, stream, today, after=after)
            found |= {each.position: each for each in page.items}
            after = page.after
        return found

    async def _facts(self, stream: str) -> list[Recorded]:
        return [codec.read(record) for record in await self._log.read_stream(stream)]

    async def _told(
        self, subject: Subject, thing: str, facts: Sequence[Recorded], streams: Sequence[str]
    ) -> tuple[Happened, ...]:
        """What was recorded while this was read is left for the next time; names are opened in one access."""
        given = {to: each for each in facts if (to := _given_to(each.event)) is not None}
        then = {to: await self._directories.at(local_day(each.occurred_at)) for to, each in given.items()}
        purpose = f"read_history {thing}"
        names, *entered = await beside(
            self._people.named(subject, then, purpose=purpose),
            *(self._whole(subject, stream) for stream in streams),
            reader=subject.person,
            purpose=purpose,
        )
        entries: dict[int, Entry] = {position: each for found in entered for position, each in found.items()}
        return tuple(_happened(each, entries[each.position], names) for each in facts if each.position in entries)


def tasks_named(events: Iterable[Any]) -> list[str]:
    """The tasks that facts of a case name: its lead's, of whoever co-ordinates, of whoever was asked, of its conclusion."""
    found: dict[str, None] = {}
    for event in events:
        for each in (event, *getattr(event, "coordinating", ())):
            task = getattr(each, "task", None)
            if isinstance(task, str):
                found[task] = None
    return list(found)


def _happened(recorded: Recorded, entry: Entry, names: Mapping[str, str]) -> Happened:
    event = recorded.event
    units = {unit.key: unit.name for unit in entry.units}
    about = next((units[key] for name in UNITS if (key := getattr(event, name, None)) in units), None)
    to = _given_to(event)
    return Happened(
        stream=recorded.stream,
        entry=entry,
        command=recorded.metadata.get("command"),
        unit_name=about,
        to=to,
        to_name=names.get(to) if to is not None else None,
        day=_day(event),
        number=event.draft if isinstance(getattr(event, "draft", None), int) else None,
        refs=tuple(ref for _, ref, _ in sealed_in(event)),
    )


def _given_to(event: Any) -> str | None:
    """The person whom a leader passed work on to."""
    return event.to if isinstance(event, TaskDelegated) else None


def _day(event: Any) -> date | None:
    named = next((value for name in ("until", "due") if (value := getattr(event, name, None)) is not None), None)
    return named.day if isinstance(named, Due) else named
