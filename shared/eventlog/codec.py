"""Events to stored bytes and back: names on disk, versions, upcasters."""

from functools import cache, lru_cache
from typing import Any

import orjson
from pydantic import TypeAdapter

from shared.canonical import canonical_event
from shared.contracts.registry import EventType, declared_as, event_type, type_of
from shared.eventlog.records import Record, Recorded


class UnknownEvent(Exception):
    """A type the contracts have never known: an error for whoever folds it, passed over by projections."""


class NewerEvent(Exception):
    """A version newer than this code knows: whoever meets it stops, because guessing would lose facts."""


def encode(event: object) -> tuple[str, int, bytes]:
    """Name on disk, version, canonical bytes."""
    declared = type_of(event)
    return declared.name, declared.version, canonical_event(event)


def decode(type_name: str, schema_version: int, data: bytes) -> Any:
    """The event as today's class.

    Raises:
        UnknownEvent: no such type.
        NewerEvent: stored by newer code.
        pydantic.ValidationError: the bytes are not of that type.

    """
    declared = event_type(type_name)
    if declared is None:
        raise UnknownEvent(type_name)
    if schema_version > declared.version:
        raise NewerEvent(f"{type_name}.v{schema_version}: this code knows v{declared.version}")
    return _decoded(declared.cls, schema_version, data)


@lru_cache(maxsize=4_096)  # events are values: what one subscription has read, the next one and the deciders read again
def _decoded(cls: type, schema_version: int, data: bytes) -> Any:
    declared = declared_as(cls)
    if schema_version == declared.version:
        return _validator(cls).validate_json(data)
    return _validator(cls).validate_python(_upcast(declared, schema_version, orjson.loads(data)), strict=False)


def read(record: Record) -> Recorded:
    """The record with what it says."""
    return Recorded(record, decode(record.type, record.schema_version, record.data))


def _upcast(declared: EventType, version: int, data: dict[str, Any]) -> dict[str, Any]:
    for step in range(version, declared.version):
        data = declared.upcasters[step](data)
    return data


@cache
def _validator(cls: type) -> Any:
    # The adapter's own validator: what the adapter puts around it costs a tenth of reading an event.
    return TypeAdapter(cls).validator
