"""Records that hang together, for tests that need a log's content and not the log."""

from typing import Any
from uuid import UUID

from shared.eventlog import codec
from shared.eventlog.records import ZERO, NewEvent, Page, Record, Recorded, event_hash

RECORDED = 1_674_000_000_000_000  # 2023-01-18, in microseconds


def event(number: int, data: bytes = b"") -> NewEvent:
    """The `number`th event; its data says so unless given."""
    return NewEvent(
        event_id=UUID(int=number),
        type="log.fenced",
        schema_version=1,
        data=data or f'{{"report":"report-{number}"}}'.encode(),
        metadata=b'{"actor":"p-0001","trace":"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"}',
        occurred=RECORDED + number,
    )


def records(log: str, count: int, first: int = 1, streams: int = 3) -> tuple[Record, ...]:
    """`count` records from position `first` on, over some streams, each with its true hash."""
    made: list[Record] = []
    heads: dict[str, tuple[int, bytes]] = {}
    for position in range(1, first + count):
        stream = f"opinion-{position % streams}"
        version, previous = heads.get(stream, (0, ZERO))
        new = event(position)
        hash = event_hash(log, stream, version + 1, new, previous)
        made.append(Record(log, position, stream, version + 1, *new, RECORDED + position, previous, hash))
        heads[stream] = (version + 1, hash)
    return tuple(made[first - 1 :])


def page(log: str, count: int, incarnation: str = "first") -> Page:
    """The first page of such a log."""
    return Page(incarnation, 0, ZERO, records(log, count))


def recorded(event: Any, *, stream: str, version: int = 1, position: int = 1, log: str = "intake/sonla") -> Recorded:
    """A fact as a subscription is handed it; its hashes are of no account."""
    name, schema_version, data = codec.encode(event)
    at = UUID(int=position)
    return Recorded(Record(log, position, stream, version, at, name, schema_version, data, b"{}", 0, 0, ZERO, ZERO), event)
