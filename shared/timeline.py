"""What happened to one thing, fact by fact: who did it, in which post, for which unit, called as on that day (R46, R49)."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from typing import Annotated, Any, Final, get_args, get_origin, get_type_hints

from shared.asof import Moment, position_at
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.types import Declared, LocalityKey, UnitKey
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.eventlog.records import Recorded
from shared.permit import Subject
from shared.vault.port import Vault

MOST: Final = 200
NAMES: Final = "timeline"  # what names are opened for
_UNITS: Final = frozenset(get_args(each)[1].what for each in (UnitKey, LocalityKey))


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A unit as it was called on the day, and for a view of today: `Sở B (trước là Sở A)`."""

    key: str
    name: str
    label: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """Who recorded a fact. The house itself is nobody, of no unit; a name is None where it is unknown or was erased."""

    person: str | None
    name: str | None
    post: str | None
    post_name: str | None
    unit: Unit | None
    capacity: str | None
    delegation: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A fact without its words: its place in the thing's stream and in the log, and the units that it names."""

    version: int
    position: int
    fact: str
    at: datetime
    recorded_at: datetime
    by: Actor
    units: tuple[Unit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """Some of what happened, oldest first; `after` leads on (None: these were the last), `as_of` asks the same again."""

    items: tuple[Entry, ...]
    after: int | None
    as_of: dict[str, int]


class Timelines:
    """The timelines of one service and tenant. Whoever asks for one asks permission of the thing first."""

    def __init__(self, *, service: str, log: EventLog, vault: Vault, directories: Directories, clock: Clock) -> None:
        self._service, self._log, self._vault, self._directories, self._clock = service, log, vault, directories, clock

    async def of(
        self, subject: Subject, stream: str, today: date, *, as_of: Moment = None, after: int = 0, limit: int = MOST
    ) -> Timeline:
        """What is recorded of `stream` as of a moment beyond version `after`; names of people are opened in the asker's name.

        Raises:
            AsOfAhead

        """
        until = await position_at(self._log, as_of, self._clock.now())
        limit = max(1, min(limit, MOST))
        records = await self._log.read_stream(stream, after, until)
        shown = [codec.read(record) for record in records[:limit]]
        now = await self._directories.at(today)
        then = {day: await self._directories.at(day) for day in {local_day(each.occurred_at) for each in shown}}
        refs = {each.metadata["actor"]: _name_ref(each, then) for each in shown if each.metadata.get("actor")}
        wanted = [ref for ref in refs.values() if ref]
        texts = await self._vault.open_many(wanted, reader=subject.person, purpose=f"{NAMES} {stream}") if wanted else {}
        names = {person: name for person, ref in refs.items() if ref and isinstance(name := texts.get(ref), str)}
        return Timeline(
            items=tuple(_entry(each, then[local_day(each.occurred_at)], now, names) for each in shown),
            after=shown[-1].record.version if len(records) > limit else None,
            as_of={self._service: until},
        )


def _name_ref(recorded: Recorded, then: dict[date, Directory]) -> str | None:
    return then[local_day(recorded.occurred_at)].name_refs.get(recorded.metadata["actor"])


def _entry(recorded: Recorded, then: Directory, now: Directory, names: dict[str, str]) -> Entry:
    envelope, person = recorded.metadata, recorded.metadata.get("actor")
    post = then.posts.get(envelope.get("post") or "")
    unit = envelope.get("unit")
    return Entry(
        version=recorded.record.version,
        position=recorded.position,
        fact=recorded.record.type,
        at=recorded.occurred_at,
        recorded_at=recorded.recorded_at,
        by=Actor(
            person=person,
            name=names.get(person or ""),
            post=envelope.get("post"),
            post_name=post.name if post is not None else None,
            unit=_unit(unit, then.day, now) if unit else None,
            capacity=envelope.get("capacity"),
            delegation=envelope.get("delegation"),
        ),
        units=tuple(_unit(key, then.day, now) for key in dict.fromkeys(_named(recorded.event))),
    )


def _unit(key: str, day: date, now: Directory) -> Unit:
    return Unit(key=key, name=now.label_on(key, day), label=now.label_today(key, begun=day))


def _named(value: Any) -> Iterator[str]:
    """The keys of units in an event, in the order of its fields."""
    kind: type = type(value)
    of_units = _holding_units(kind)
    for field in fields(value):
        found = getattr(value, field.name)
        for each in found if isinstance(found, tuple) else (found,):
            if is_dataclass(each):
                yield from _named(each)
            elif field.name in of_units and isinstance(each, str):
                yield each


@cache
def _holding_units(cls: type) -> frozenset[str]:
    """The fields of a declared class that hold keys of units."""
    hints = get_type_hints(cls, include_extras=True)
    return frozenset(name for name, hint in hints.items() if any(note.what in _UNITS for note in _declared(hint)))


def _declared(hint: Any) -> Iterator[Declared]:
    if get_origin(hint) is Annotated:
        yield from (note for note in get_args(hint)[1:] if isinstance(note, Declared))
        return
    for inner in get_args(hint):
        yield from _declared(inner)
