"""The event that is measured: twelve fields, about 450 bytes with its metadata, in our form and in the peer's."""

import uuid
from datetime import UTC, datetime
from typing import Any, Final

from eventsourcing.domain import Aggregate

from shared.canonical import canonical
from shared.contracts.registry import event
from shared.eventlog import codec
from shared.eventlog.port import EventLog
from shared.eventlog.records import ZERO, Append, Appended, NewEvent, Write, chain

RECEIVED: Final = datetime(2023, 1, 18, 7, 30, tzinfo=UTC)
FINGERPRINT: Final = b"f" * 32


@event("bench.measured")
class Measured:
    """Fields such as the events of a life cycle carry."""

    episode: str
    office: str
    unit: str
    local_id: str
    channel: str
    source_group: str
    locality: str
    words: str
    digest: str
    hidden: bool
    attempt: int
    received_at: datetime


def fields(number: int) -> dict[str, Any]:
    """The twelve values of the `number`th event."""
    return {
        "episode": f"{number:016X}/1",
        "office": "VPUB",
        "unit": "TCHCQT",
        "local_id": f"CV-{number}/2023",
        "channel": "van_ban",
        "source_group": "nhan_dan",
        "locality": "MSO",
        "words": f"{number:032x}",
        "digest": f"{number:064x}",
        "hidden": False,
        "attempt": number % 7,
        "received_at": RECEIVED,
    }


New = tuple[uuid.UUID, Measured]


def events(count: int, first: int = 1) -> list[New]:
    """So many events in our form with their ids, as a decision hands them on."""
    return [(uuid.uuid4(), Measured(**fields(number))) for number in range(first, first + count)]


class Stream:
    """One client's stream: appends to it as a service does, knowing where it stands."""

    def __init__(self, log: EventLog, name: str = "") -> None:
        self.name = name or f"bench-{uuid.uuid4().hex[:20]}"
        self._log, self._version, self._head = log, 0, ZERO

    def writing(self, new: list[New]) -> Append:
        """Encode the events and the command around them."""
        command = uuid.uuid4().hex
        metadata = canonical({"actor": "p-0001", "capacity": "clerk", "command": command, "office": "VPUB", "unit": "TCHCQT"})
        made = tuple(NewEvent(event_id, *codec.encode(one), metadata, 1_674_000_000_000_000) for event_id, one in new)
        return Append(command, FINGERPRINT, (Write(self.name, self._version, made, self._head),))

    async def append(self, new: list[New]) -> tuple[Append, Appended]:
        """Encode, hash, store: the part that is measured."""
        append = self.writing(new)
        return append, await self._log.append(append)

    def moved(self, append: Append) -> None:
        """The stream stands behind these events now."""
        (write,) = append.writes
        self._version += len(write.events)
        self._head = chain(self._log.name, write)[-1]


class PeerAggregate(Aggregate):
    """The same events as an aggregate of the peer's."""

    class Measured(Aggregate.Event):
        episode: str
        office: str
        unit: str
        local_id: str
        channel: str
        source_group: str
        locality: str
        words: str
        digest: str
        hidden: bool
        attempt: int
        received_at: datetime

        def apply(self, aggregate: "PeerAggregate") -> None:
            aggregate.folded += 1
            aggregate.attempts += self.attempt

    def __init__(self) -> None:
        self.folded = 0
        self.attempts = 0

    def grow(self, count: int, first: int = 1) -> None:
        """Trigger so many events, not yet saved."""
        for number in range(first, first + count):
            self.trigger_event(self.Measured, **fields(number))


def evolve(state: tuple[int, int], event: Measured) -> tuple[int, int]:
    """Our fold of the same events: how many, and the sum of the attempts."""
    return state[0] + 1, state[1] + event.attempt
