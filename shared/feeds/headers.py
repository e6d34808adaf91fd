"""A record as a Kafka record and back: CloudEvents 1.0 in binary mode, from which its hash can be computed again."""

from binascii import hexlify
from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, Final, NamedTuple
from uuid import UUID

import orjson
from aiokafka.partitioner import murmur2

from shared.clock import instant, micros
from shared.eventlog.records import NewEvent, Record, event_hash

Headers = list[tuple[str, bytes]]

SPECVERSION: Final = b"1.0"
CONTENT_TYPE: Final = b"application/json"
REQUIRED: Final = frozenset(
    {
        "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_subject", "ce_time", "ce_tenant", "ce_position", "ce_incarnation",
        "ce_version", "ce_hash", "ce_previoushash", "ce_streamprevious", "ce_recordedat", "ce_metadata", "content-type",
    }
)  # fmt: skip


class NotARecord(ValueError):
    """What stands on a log's topic and is no record of a log; the message says why, without repeating what was in it."""


class Arrived(NamedTuple):
    """A record that came through Kafka, with what ties it to its log. `previous_hash`: of the event at `position - 1`."""

    record: Record
    incarnation: str
    previous_hash: bytes


def topic_of(log: str) -> str:
    """The topic that carries a log and its sisters of other tenants: `<service>.log`."""
    return f"{log.partition('/')[0]}.log"


def partition_of(key: bytes, partitions: int) -> int:
    """Where records of that key stand among `partitions`, as Kafka's own clients place them."""
    hashed: int = murmur2(key)
    return (hashed & 0x7FFFFFFF) % partitions


def headers_of(record: Record, incarnation: str, previous_hash: bytes) -> Headers:
    """The headers of `record`; key and value are the log's name and the stored bytes, unchanged."""
    recorded = _rfc3339(record.recorded)
    headers = [
        *_of_the_log(record.log, incarnation),
        _of_the_type(record.type, record.schema_version),
        ("ce_id", str(record.event_id).encode()),
        ("ce_subject", record.stream.encode()),
        ("ce_time", recorded if record.occurred == record.recorded else _rfc3339(record.occurred)),
        ("ce_position", b"%d" % record.position),
        ("ce_version", b"%d" % record.version),
        ("ce_hash", hexlify(record.hash)),
        ("ce_previoushash", hexlify(previous_hash)),
        ("ce_streamprevious", hexlify(record.prev_hash)),
        ("ce_recordedat", recorded),
        ("ce_metadata", record.metadata),
    ]
    trace = _trace(record.metadata)
    if trace:
        headers.append(("traceparent", trace))
    return headers


def record_of(key: bytes | None, value: bytes | None, headers: Sequence[tuple[str, bytes | None]]) -> Arrived:
    """The record, its hash computed again over what arrived.

    Raises:
        NotARecord: a header is missing, null, repeated or malformed, the value is missing, or the hash does not agree.

    """
    if value is None or key is None:
        raise NotARecord("no value" if value is None else "no key")
    try:
        return _checked(_rebuilt(key.decode(), value, _Fields(headers)))
    except NotARecord:
        raise
    except (ValueError, OverflowError) as error:
        raise NotARecord(f"malformed ({type(error).__name__})") from error


class _Fields:
    """Our headers by name, each exactly once and with a value; strange headers beside them do no harm."""

    def __init__(self, headers: Sequence[tuple[str, bytes | None]]) -> None:
        self._values: dict[str, bytes] = {}
        for name, value in headers:
            if name not in REQUIRED:
                continue
            if name in self._values:
                raise NotARecord(f"{name} is repeated")
            if value is None:
                raise NotARecord(f"{name} is null")
            self._values[name] = value
        if len(self._values) < len(REQUIRED):
            raise NotARecord(f"{min(REQUIRED - self._values.keys())} is missing")

    def raw(self, name: str) -> bytes:
        return self._values[name]

    def text(self, name: str) -> str:
        return self._values[name].decode()

    def number(self, name: str) -> int:
        raw = self._values[name]
        if not raw.isdigit() or len(raw) > 18 or raw.startswith(b"0"):
            raise NotARecord(f"{name} is not a number from 1 on")
        return int(raw)

    def digest(self, name: str) -> bytes:
        raw = self._values[name]
        digest = bytes.fromhex(raw.decode())
        if len(raw) != 64 or len(digest) != 32:
            raise NotARecord(f"{name} is not a SHA-256 in hex")
        return digest

    def time(self, name: str) -> int:
        when = datetime.fromisoformat(self.text(name))
        if when.tzinfo is None:
            raise NotARecord(f"{name} has no offset from UTC")
        return micros(when)

    def is_exactly(self, name: str, expected: str) -> None:
        if self._values[name] != expected.encode():
            raise NotARecord(f"{name} does not agree with the rest")


def _rebuilt(log: str, value: bytes, fields: _Fields) -> Arrived:
    fields.is_exactly("ce_specversion", SPECVERSION.decode())
    fields.is_exactly("content-type", CONTENT_TYPE.decode())
    fields.is_exactly("ce_source", f"/{log}")
    fields.is_exactly("ce_tenant", log.partition("/")[2])
    type_name, dot, version = fields.text("ce_type").rpartition(".v")
    if not dot or not version.isdecimal():
        raise NotARecord("ce_type is not name.vN")
    record = Record(
        log=log,
        position=fields.number("ce_position"),
        stream=fields.text("ce_subject"),
        version=fields.number("ce_version"),
        event_id=UUID(fields.text("ce_id")),
        type=type_name,
        schema_version=int(version),
        data=value,
        metadata=fields.raw("ce_metadata"),
        occurred=fields.time("ce_time"),
        recorded=fields.time("ce_recordedat"),
        prev_hash=fields.digest("ce_streamprevious"),
        hash=fields.digest("ce_hash"),
    )
    return Arrived(record, fields.text("ce_incarnation"), fields.digest("ce_previoushash"))


def _checked(arrived: Arrived) -> Arrived:
    record = arrived.record
    event = NewEvent(record.event_id, record.type, record.schema_version, record.data, record.metadata, record.occurred)
    if event_hash(record.log, record.stream, record.version, event, record.prev_hash) != record.hash:
        raise NotARecord("the hash does not agree with what arrived")
    return arrived


@lru_cache(maxsize=256)
def _of_the_log(log: str, incarnation: str) -> tuple[tuple[str, bytes], ...]:
    """The headers that all records of a log have in common."""
    return (
        ("ce_specversion", SPECVERSION),
        ("ce_source", f"/{log}".encode()),
        ("ce_tenant", log.partition("/")[2].encode()),
        ("ce_incarnation", incarnation.encode()),
        ("content-type", CONTENT_TYPE),
    )


@lru_cache(maxsize=1_024)
def _of_the_type(type: str, version: int) -> tuple[str, bytes]:
    return ("ce_type", f"{type}.v{version}".encode())


def _rfc3339(moment: int) -> bytes:
    seconds, rest = divmod(moment, 1_000_000)
    return b"%s.%06dZ" % (_second(seconds), rest)


@lru_cache(maxsize=4_096)  # neighbours in a log were recorded in the same seconds
def _second(seconds: int) -> bytes:
    return instant(seconds * 1_000_000).isoformat()[: len("2023-01-09T07:30:00")].encode()


def _trace(metadata: bytes) -> bytes | None:
    try:
        known: Any = orjson.loads(metadata)
    except orjson.JSONDecodeError:
        return None
    trace = known.get("trace") if isinstance(known, dict) else None
    return trace.encode() if isinstance(trace, str) and trace else None
