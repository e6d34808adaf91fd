"""The JSON object that a body holds, of which every key has one value."""

import json
from typing import Any, Final

import orjson


class NotAnObject(ValueError):
    """No JSON in UTF-8, no object, or one in which a key stands twice: which of its values was meant nobody can tell."""


def object_of(sent: bytes) -> dict[str, Any]:
    """The object in `sent`.

    Raises:
        NotAnObject

    """
    try:
        found = orjson.loads(sent)
        # The first reading keeps the last value of a key that stands twice, in silence; this one only looks at the keys.
        _KEYS.decode(sent.decode())
    except (ValueError, RecursionError):
        raise NotAnObject from None
    if not isinstance(found, dict):
        raise NotAnObject
    return found


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise NotAnObject


_KEYS: Final = json.JSONDecoder(object_pairs_hook=_once, parse_int=str, parse_float=str)
