"""What goes into a log and what comes out, and the hashes that tie it together."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256 as _sha256
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson

from shared.clock import instant

ZERO: Final = bytes(32)  # the predecessor of a stream's or a log's first event


class NewEvent(NamedTuple):
    """An event about to be appended: everything but its place. `occurred` in microseconds since 1970 UTC."""

    event_id: UUID
    type: str
    schema_version: int
    data: bytes
    metadata: bytes
    occurred: int


class Record(NamedTuple):
    """One stored event, column by column. `occurred` and `recorded` in microseconds since 1970 UTC."""

    log: str
    position: int
    stream: str
    version: int
    event_id: UUID
    type: str
    schema_version: int
    data: bytes
    metadata: bytes
    occurred: int
    recorded: int
    prev_hash: bytes
    hash: bytes

    @property
    def service(self) -> str:
        return self.log.partition("/")[0]

    @property
    def tenant(self) -> str:
        return self.log.partition("/")[2]


class Recorded(NamedTuple):
    """A stored event and what it says."""

    record: Record
    event: Any

    @property
    def stream(self) -> str:
        return self.record.stream

    @property
    def position(self) -> int:
        return self.record.position

    @property
    def occurred_at(self) -> datetime:
        return instant(self.record.occurred)

    @property
    def recorded_at(self) -> datetime:
        return instant(self.record.recorded)

    @property
    def metadata(self) -> dict[str, Any]:
        """Who, in what capacity, for which unit, because of what."""
        parsed: dict[str, Any] = orjson.loads(self.record.metadata)
        return parsed


@dataclass(frozen=True, slots=True)
class Write:
    """Events for one stream that is expected to stand at `expected` (0: not there yet) with head hash `prev_hash`."""

    stream: str
    expected: int
    events: tuple[NewEvent, ...]
    prev_hash: bytes = ZERO


@dataclass(frozen=True, slots=True)
class Guard:
    """A stream that must stand at `expected` although nothing is written to it."""

    stream: str
    expected: int


@dataclass(frozen=True, slots=True)
class Append:
    """One command's writes: all of them or none. `fingerprint` is 32 bytes that tell one body from another."""

    command_id: str
    fingerprint: bytes
    writes: tuple[Write, ...]
    guards: tuple[Guard, ...] = ()


@dataclass(frozen=True, slots=True)
class Appended:
    """Where a command's events stand. `replayed`: they stood there before this call."""

    command_id: str
    fingerprint: bytes
    first: int
    last: int
    recorded: int
    replayed: bool = False


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a log: its last position (0: empty), that event's hash, and when it was recorded."""

    incarnation: str
    position: int
    hash: bytes
    recorded: int


@dataclass(frozen=True, slots=True)
class Page:
    """Records in a row, the first at `after + 1`; `previous_hash` is the hash of the event at `after` (ZERO at 0)."""

    incarnation: str
    after: int
    previous_hash: bytes
    records: tuple[Record, ...]


def event_hash(
    log: str,
    stream: str,
    version: int,
    event: NewEvent,
    prev_hash: bytes,
) -> bytes:
    """SHA-256 over the canonical JSON list of an event's identity, the digests of its bytes, and its predecessor.

    The stored bytes are hashed, never a re-encoding; position and recorded time are the tree leaf's (see `leaf_hash`).
    """
    return _event_hash(log, stream, version, event, _sha256(event.metadata).hexdigest(), prev_hash)


def chain(log: str, write: Write) -> list[bytes]:
    """The hashes of a write's events, each over its predecessor."""
    hashes = []
    previous, version, stream = write.prev_hash, write.expected, write.stream
    metadata, digest = None, ""
    for event in write.events:
        version += 1
        if event.metadata is not metadata:  # one command's events share it
            metadata = event.metadata
            digest = _sha256(metadata).hexdigest()
        previous = _event_hash(log, stream, version, event, digest, previous)
        hashes.append(previous)
    return hashes


def _event_hash(log: str, stream: str, version: int, event: NewEvent, metadata: str, prev_hash: bytes) -> bytes:
    event_id, type_name, schema_version, data, _, occurred = event
    head = orjson.dumps(
        [
            "doithoai/event/1",
            log,
            stream,
            version,
            event_id.hex,
            type_name,
            schema_version,
            occurred,
            _sha256(data).hexdigest(),
            metadata,
            prev_hash.hex(),
        ]
    )
    return _sha256(head).digest()


def leaf_data(position: int, recorded: int, hash: bytes) -> bytes:
    """What a log's RFC 6962 tree holds for an event: position and recorded time (8 bytes each, big endian), then its hash."""
    return position.to_bytes(8, "big") + recorded.to_bytes(8, "big") + hash
