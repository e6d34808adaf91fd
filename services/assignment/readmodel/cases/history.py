"""What happened to a case and to the work on it, from their streams: who, when, in the names of the day. No words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from services.assignment.readmodel.cases.queries import Cases
from services.assignment.readmodel.people import People
from services.assignment.readmodel.tasks.queries import Tasks
from services.assignment.readmodel.words.pieces import sealed_in
from shared.calendar import local_day
from shared.contracts.due import Due
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.eventlog.records import Recorded
from shared.permit import Subject

UNITS: Final = ("lead", "to", "unit", "into")  # by which a fact names the unit it is about, the nearest first
PEOPLE: Final = ("to", "reviewer", "drafter")


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """One fact. `unit_label`, `person_name` and `to_name` are those of the day it happened."""

    stream: str
    version: int
    type: str  # the event's name on disk
    command: str | None  # that it came of; facts of one command were recorded together
    at: datetime
    position: int
    capacity: str | None
    person: str | None  # who did it; None: the house itself
    person_name: str | None
    post: str | None  # of the day
    unit: str | None  # that it is about
    unit_label: str | None
    to: str | None  # the person whom the work was given to
    to_name: str | None
    day: date | None  # that it names: a due date
    number: int | None  # of a draft
    refs: tuple[str, ...]  # of its words


class Histories:
    """The histories of one tenant's cases."""

    def __init__(self, *, cases: Cases, tasks: Tasks, log: EventLog, directories: Directories, people: People) -> None:
        self._cases, self._tasks, self._log = cases, tasks, log
        self._directories, self._people = directories, people

    async def head(self) -> int:
        """The position of the last fact there is."""
        return (await self._log.head()).position

    async def of(self, subject: Subject, thing: str) -> tuple[Happened, ...]:
        """What happened to a task, or to a case and the work on it, in the order it was recorded.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        facts = await self._facts(subject, thing)
        tasks = tasks_named(each.event for each in facts) if thing.startswith("case-") else []
        for records in (await self._log.read_streams(tuple(tasks))).values() if tasks else ():
            facts += [codec.read(record) for record in records]
        return await self._told(subject, thing, sorted(facts, key=lambda each: each.position))

    async def since(self, subject: Subject, thing: str, version: int) -> tuple[Happened, ...]:
        """What happened to a case or task after a version that he has read.

        Raises:
            Unknown: it is not there, or not his to see.

        """
        facts = await self._facts(subject, thing)
        return await self._told(subject, thing, [each for each in facts if each.record.version > version])

    async def _facts(self, subject: Subject, thing: str) -> list[Recorded]:
        if thing.startswith("case-"):
            await self._cases.case(subject, thing)
        else:
            await self._tasks.task(subject, thing)
        return [codec.read(record) for record in await self._log.read_stream(thing)]

    async def _told(self, subject: Subject, thing: str, facts: Sequence[Recorded]) -> tuple[Happened, ...]:
        days = {local_day(each.occurred_at) for each in facts}
        directories = {day: await self._directories.at(day) for day in days}
        named = {
            person: directories[local_day(each.occurred_at)]
            for each in facts
            for person in (each.metadata.get("actor"), _named(each.event, PEOPLE[:1]))
            if person
        }
        names = await self._people.named(subject, named, purpose=f"read_history {thing}")
        return tuple(_happened(each, directories[local_day(each.occurred_at)], names) for each in facts)


def tasks_named(events: Iterable[Any]) -> list[str]:
    """The tasks that facts of a case name: its lead's, of whoever co-ordinates, of whoever was asked, of its conclusion."""
    found: dict[str, None] = {}
    for event in events:
        for each in (event, *getattr(event, "coordinating", ())):
            task = getattr(each, "task", None)
            if isinstance(task, str):
                found[task] = None
    return list(found)


def _happened(recorded: Recorded, directory: Directory, names: Mapping[str, str]) -> Happened:
    event, record = recorded.event, recorded.record
    person, post = recorded.metadata.get("actor"), recorded.metadata.get("post")
    by_the_house = recorded.metadata.get("capacity") in (None, "system")
    unit = _unit(event, directory)
    to = _named(event, PEOPLE[:1])
    to = to if to in directory.people else None
    return Happened(
        stream=recorded.stream,
        version=record.version,
        type=record.type,
        command=recorded.metadata.get("command"),
        at=recorded.occurred_at,
        position=recorded.position,
        capacity=recorded.metadata.get("capacity"),
        person=None if by_the_house else person,
        person_name=None if by_the_house or person is None else names.get(person),
        post=held.name if (held := directory.posts.get(post or "")) is not None else None,
        unit=unit,
        unit_label=directory.label_on(unit, directory.day) if unit is not None else None,
        to=to,
        to_name=names.get(to) if to is not None else None,
        day=_day(event),
        number=event.draft if isinstance(getattr(event, "draft", None), int) else None,
        refs=tuple(ref for _, ref, _ in sealed_in(event)),
    )


def _named(event: Any, names: Sequence[str]) -> str | None:
    return next((value for name in names if isinstance(value := getattr(event, name, None), str)), None)


def _unit(event: Any, directory: Directory) -> str | None:
    values = (getattr(event, name, None) for name in UNITS)
    return next((value for value in values if isinstance(value, str) and value in directory.labels), None)


def _day(event: Any) -> date | None:
    named = next((value for name in ("until", "due") if (value := getattr(event, name, None)) is not None), None)
    return named.day if isinstance(named, Due) else named
