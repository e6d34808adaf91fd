"""What stands around a page: the office's letterhead, who acts in which capacity, what waits, how far it is complete."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, Protocol, TypeVar

import structlog
from sqlalchemy.exc import SQLAlchemyError

from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.roles import Role
from shared.directory.queries import Directories, DirectoryNotYet
from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.vault.port import Vault
from shared.web.rooms import Room, Waiting

PATIENCE_SECONDS: Final = 0.5  # for all that waits: a page is not late for its menu
KEPT_SECONDS: Final = 60.0  # counts that no event has changed; a day that ends changes them too
NAMED_SECONDS: Final = 600.0
MOST_KEPT: Final = 2_000
PURPOSE: Final = "frame"
K = TypeVar("K")
V = TypeVar("V")
_log = structlog.get_logger()


class Stand(Protocol):
    """How far the read models of a service have come in its log."""

    @property
    def incarnation(self) -> str: ...

    @property
    def position(self) -> int: ...


class Signed(Protocol):
    """Who is signed in."""

    @property
    def name(self) -> str: ...

    @property
    def subject(self) -> Subject: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What a page shows around what it is about; `stands` by service, `posts` he holds in his unit by capacity.

    `label` names a unit or field by its key.
    """

    name: str
    unit: str
    capacities: tuple[Role, ...] = ()
    posts: Mapping[Role, str] = field(default_factory=dict)
    parent: str = ""  # of the letterhead; both empty where nothing is known of the office
    issuer: str = ""
    called: str = ""
    label: Callable[[str], str] = str
    waiting: Mapping[str, Waiting] = field(default_factory=dict)
    stands: Mapping[str, Stand] = field(default_factory=dict)


def plain(session: Signed) -> Around:
    """What can be said of a session by itself."""
    held = tuple(role for role in Role if role in session.subject.capacities)
    return Around(name=session.name, unit=session.subject.unit, capacities=held)


class Surroundings:
    """Finds it out, within bounds: nothing of it keeps a page waiting, and what cannot be found out is left out."""

    def __init__(
        self,
        *,
        directories: Directories,
        vault: Vault,
        clock: Clock,
        stands: Mapping[str, Callable[[], Awaitable[Stand]]],
        rooms: Sequence[Room],
        ticks: Callable[[], float] = time.monotonic,
    ) -> None:
        self._directories, self._vault, self._clock = directories, vault, clock
        self._stands, self._rooms, self._ticks = stands, rooms, ticks
        self._names: dict[str, tuple[float, str]] = {}
        self._waiting: dict[Subject, tuple[float, Mapping[str, Stand], Mapping[str, Waiting]]] = {}

    async def of(self, session: Signed) -> Around:
        """What stands around the pages of whoever is signed in."""
        around = plain(session)
        try:
            async with asyncio.timeout(PATIENCE_SECONDS):
                around = await self._named(session, around)
                around = replace(around, stands={name: await stand() for name, stand in self._stands.items()})
                return replace(around, waiting=await self._waits(session.subject, around.stands))
        except (TimeoutError, SQLAlchemyError, OSError, DirectoryNotYet) as error:
            _log.warning("page.surroundings_left_out", error=type(error).__name__)
        return around

    def count_anew(self, subject: Subject) -> None:
        """What waits for him has changed without an event: it is counted again for his next page."""
        self._waiting.pop(subject, None)

    async def _named(self, session: Signed, around: Around) -> Around:
        subject = session.subject
        directory = await self._directories.at(local_day(self._clock.now()))
        head = directory.letterhead(subject.office)
        name = await self._name(subject, directory)
        return replace(
            around,
            name=name or around.name,
            unit=directory.label(subject.unit),
            posts={post.role: post.name for post in directory.posts_of(subject.person) if post.unit == subject.unit},
            parent=head.parent,
            issuer=head.issuer,
            called=head.called,
            label=directory.label,
        )

    async def _name(self, subject: Subject, directory: Directory) -> str:
        """What he is called; the reading is logged, so it is kept a while."""
        kept = self._names.get(subject.person)
        if kept is not None and kept[0] > self._ticks():
            return kept[1]
        ref = directory.name_refs.get(subject.person)
        opened = await self._vault.open_many([ref], reader=subject.person, purpose=PURPOSE) if ref is not None else {}
        found = opened.get(ref) if ref is not None else None
        name = found if isinstance(found, str) else ""
        _keep(self._names, subject.person, (self._ticks() + NAMED_SECONDS, name))
        return name

    async def _waits(self, subject: Subject, stands: Mapping[str, Stand]) -> Mapping[str, Waiting]:
        kept = self._waiting.get(subject)
        if kept is not None and kept[0] > self._ticks() and kept[1] == stands:
            return kept[2]
        counted: dict[str, Waiting] = {}
        for room in self._rooms:
            counted |= await room.waiting(subject)
        _keep(self._waiting, subject, (self._ticks() + KEPT_SECONDS, stands, counted))
        return counted


def _keep(kept: dict[K, V], key: K, value: V) -> None:
    if len(kept) >= MOST_KEPT:
        kept.clear()
    kept[key] = value
