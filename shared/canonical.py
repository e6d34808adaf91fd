"""Canonical JSON bytes: what is stored, hashed and compared."""

import re
from collections.abc import Callable
from dataclasses import fields
from functools import cache
from operator import attrgetter
from typing import Any, Final

import orjson

_SORTED: Final = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC
_MAPPED: Final = _SORTED | orjson.OPT_PASSTHROUGH_DATACLASS
_PERHAPS_A_FLOAT: Final = re.compile(rb"[0-9][.eE]")  # in a text it may be anything else: only then is it worth a look


class NotCanonical(ValueError):
    """A value that has no single byte form here, such as a float."""


def canonical(value: Any) -> bytes:
    """Bytes of `value` with sorted keys, no spaces, UTF-8; dataclasses, dates and UUIDs allowed, floats refused."""
    written = canonical_event(value)
    if _PERHAPS_A_FLOAT.search(written):
        _refuse_floats(orjson.loads(written))
    return written


def canonical_event(value: Any) -> bytes:
    """`canonical` of an event whose class is known to hold no float (a test of the contracts keeps it so)."""
    # orjson sorts the keys of mappings but not the fields of dataclasses: they reach it as mappings.
    return orjson.dumps(value, default=_mapping, option=_MAPPED)


def _mapping(value: Any) -> dict[str, Any] | list[Any]:
    if isinstance(value, frozenset):
        return sorted(value)  # a set has no order of its own; folded states hold some
    cls: type = type(value)
    return _fields(cls)(value)


@cache
def _fields(cls: type) -> Callable[[Any], dict[str, Any]]:
    names = tuple(field.name for field in fields(cls))
    if not hasattr(cls, "__slots__"):
        return attrgetter("__dict__")  # an event: nothing has to be gathered
    return lambda value: {name: getattr(value, name) for name in names}


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise NotCanonical("a float has no canonical form here: use whole units or a decimal string")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_floats(item)
