"""Which event class carries which name and version on disk, and how old shapes become today's."""

from collections.abc import Callable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, TypeVar, dataclass_transform

T = TypeVar("T")
Upcaster = Callable[[dict[str, Any]], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class EventType:
    """One event of the published language: its name on disk, its version today, its class, and its stream's kind."""

    name: str
    version: int
    cls: type
    upcasters: Mapping[int, Upcaster]

    @property
    def stream_kind(self) -> str:
        """The stream the event belongs to: `opinion` of `opinion.received`."""
        return self.name.split(".", 1)[0]


_BY_NAME: dict[str, EventType] = {}
_BY_CLASS: dict[type, EventType] = {}
_STREAM_KINDS: set[str] = set()


@dataclass_transform(kw_only_default=True, frozen_default=True)
def event(name: str, version: int = 1, upcasters: Mapping[int, Upcaster] | None = None) -> Callable[[type[T]], type[T]]:
    """Declare an event: a frozen, keyword-only dataclass, stored under `name` and `version`.

    Without slots: its fields are then a mapping already, which is what it is written from and read into.
    `upcasters[v]` turns the JSON of version `v` into that of `v + 1`; every version below `version` needs one.
    """

    def declare(cls: type[T]) -> type[T]:
        made = dataclass(frozen=True, kw_only=True)(cls)
        steps = dict(upcasters or {})
        if sorted(steps) != list(range(1, version)):
            raise TypeError(f"{name}.v{version} needs an upcaster for each version below {version}, has {sorted(steps)}")
        if name in _BY_NAME:
            raise TypeError(f"two events are named {name}")
        declared = EventType(name, version, made, steps)
        _BY_NAME[name] = declared
        _BY_CLASS[made] = declared
        _STREAM_KINDS.add(declared.stream_kind)
        return made

    return declare


def event_type(name: str) -> EventType | None:
    """The event stored under `name`, or None when the contracts have never known it."""
    return _BY_NAME.get(name)


def type_of(event: object) -> EventType:
    """The declaration of an event's class."""
    return _BY_CLASS[type(event)]


def declared_as(cls: type) -> EventType:
    """The declaration of an event class."""
    return _BY_CLASS[cls]


def name_of_event(cls: type) -> str:
    """The name on disk of an event's class."""
    return _BY_CLASS[cls].name


def all_events() -> Iterator[EventType]:
    """Every declared event, by name."""
    yield from (_BY_NAME[name] for name in sorted(_BY_NAME))


def stream_kinds() -> AbstractSet[str]:
    """The kinds of streams that there are: `opinion`, `case`, …; the id of a thing begins with its kind."""
    return _STREAM_KINDS
