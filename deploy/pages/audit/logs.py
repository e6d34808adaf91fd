"""The logs as an auditor reads them: where they stood, and events found from the newest back, without a word of what was said."""

from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import orjson

from deploy.house import House
from shared.asof import position_at
from shared.clock import Clock
from shared.config import SERVICES
from shared.contracts.refusals import Unknown
from shared.eventlog.port import LogReader, LogUnavailable
from shared.eventlog.records import Record
from shared.eventlog.tree import root_within

CHUNK: Final = 1_000
MOST_LOOKED: Final = 50_000  # events looked at for one page: more is read on from where it ended

Fits = Callable[[Record], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One event: its place, its type, when it was and when it was recorded (microseconds), who did it, its hash."""

    service: str
    position: int
    stream: str
    version: int
    type: str
    occurred: int
    recorded: int
    actor: str
    capacity: str
    unit: str
    command: str
    hash: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Events that fit, newest first; `further`: below which position to look on, None where all were looked at."""

    lines: tuple[Line, ...]
    looked: int
    further: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stood:
    """Where a log stood at an instant, where it ends now, and the newest root stored of what stood there.

    `position` is None where the log does not answer; roots are known of this process's own logs.
    """

    service: str
    position: int | None
    head: int
    root_size: int = 0
    root: str = ""


class Logs:
    """Every log of one tenant: those of this process, and others' through their owners."""

    def __init__(self, house: House) -> None:
        self._house = house
        kernel = next(iter(house.services.values())).kernel
        self._readers: Mapping[str, LogReader] = kernel.logs
        self.clock: Clock = kernel.clock

    def of(self, service: str) -> LogReader:
        """The log of a service.

        Raises:
            Unknown

        """
        if service not in self._readers:
            raise Unknown("log")
        return self._readers[service]

    async def positions(self, at: datetime | None) -> dict[str, Stood]:
        """Where each log stood at an instant, or stands now."""
        return {service: await self._stood(service, at) for service in SERVICES}

    async def _stood(self, service: str, at: datetime | None) -> Stood:
        reader = self._readers[service]
        try:
            head = (await reader.head()).position
            position = await position_at(reader, at, self.clock.now())
        except LogUnavailable:
            return Stood(service=service, position=None, head=0)
        if service not in self._house.services:
            return Stood(service=service, position=position, head=head)
        size, root = await root_within(self._house.stores.databases[service], reader.name, position)
        return Stood(service=service, position=position, head=head, root_size=size, root=root.hex())

    async def find(
        self, service: str, fits: Fits, *, first: int = 1, last: int | None = None, limit: int, looked: int = MOST_LOOKED
    ) -> Found:
        """Up to `limit` events at positions `first` to `last` that fit, the newest first.

        Raises:
            Unknown: no such log.
            LogUnavailable

        """
        reader = self.of(service)
        top = (await reader.head()).position
        top = top if last is None else min(last, top)
        lines: list[Line] = []
        seen = 0
        async for record in _back(reader, max(first, 1), top):
            if len(lines) == limit or seen == looked:
                return Found(lines=tuple(lines), looked=seen, further=record.position)
            seen += 1
            if fits(record):
                lines.append(line_of(service, record))
        return Found(lines=tuple(lines), looked=seen, further=None)

    async def between(self, service: str, after: int, last: int) -> AsyncIterator[Record]:
        """The events beyond `after` up to `last`, in order.

        Raises:
            LogUnavailable

        """
        reader = self.of(service)
        while after < last:
            records = (await reader.read(after, min(CHUNK, last - after))).records
            if not records:
                return
            for record in records:
                yield record
            after = records[-1].position

    async def one(self, service: str, position: int) -> Record:
        """The event at a position.

        Raises:
            Unknown: nothing stands there.
            LogUnavailable

        """
        records = (await self.of(service).read(position - 1, 1)).records if position > 0 else ()
        if not records:
            raise Unknown("position")
        return records[0]


def line_of(service: str, record: Record) -> Line:
    """An event without what it says."""
    by = envelope_of(record)
    return Line(
        service=service,
        position=record.position,
        stream=record.stream,
        version=record.version,
        type=f"{record.type}.v{record.schema_version}",
        occurred=record.occurred,
        recorded=record.recorded,
        hash=record.hash.hex(),
        **{name: str(by.get(name) or "") for name in ("actor", "capacity", "unit", "command")},
    )


def envelope_of(record: Record) -> dict[str, Any]:
    """Who did it and why, as stored; nothing where that cannot be read any more, which the verification names."""
    try:
        found = orjson.loads(record.metadata)
    except orjson.JSONDecodeError:
        return {}
    return found if isinstance(found, dict) else {}


async def _back(reader: LogReader, first: int, last: int) -> AsyncIterator[Record]:
    while last >= first:
        after = max(first - 1, last - CHUNK)
        records = (await reader.read(after, last - after)).records
        for record in reversed(records):
            yield record
        last = after
