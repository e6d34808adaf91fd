"""Canonical JSON bytes: what is stored, hashed and compared."""

from typing import Any, Final

import orjson

_SORTED: Final = orjson.OPT_SORT_KEYS | orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


class NotCanonical(ValueError):
    """A value that has no single byte form here, such as a float."""


def canonical(value: Any) -> bytes:
    """Bytes of `value` with sorted keys, no spaces, UTF-8; dataclasses, dates and UUIDs allowed, floats refused.

    orjson sorts the keys of mappings but not the fields of dataclasses, so the value passes through plain JSON once.
    """
    plain = orjson.loads(orjson.dumps(value, option=_SORTED))
    _refuse_floats(plain)
    return orjson.dumps(plain, option=_SORTED)


def canonical_event(value: Any) -> bytes:
    """Canonical bytes of an event whose class is known to hold no float (a test of the contracts keeps it so)."""
    return orjson.dumps(orjson.loads(orjson.dumps(value, option=_SORTED)), option=_SORTED)


def _refuse_floats(value: Any) -> None:
    if isinstance(value, float):
        raise NotCanonical("a float has no canonical form here: use whole units or a decimal string")
    if isinstance(value, dict):
        for item in value.values():
            _refuse_floats(item)
    elif isinstance(value, list):
        for item in value:
            _refuse_floats(item)
