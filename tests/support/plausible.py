"""A body for every command that passes its form, made from its schema: so that what is refused is who asks, not how."""

import re
from collections.abc import Mapping
from typing import Any, Final

from shared.commands import model_of

# Tried in this order where a value has a pattern.
TRIED: Final = ("TH", "th", "opinion-1", "a", "A", "7a" * 32, "7a" * 16)
DAY: Final = "2023-02-28"


def body_for(command: type, known: Mapping[str, str]) -> dict[str, Any]:
    """Of what the command requires; `known` are values by the name of the field."""
    schema = model_of(command).model_json_schema()
    return dict(_value(schema, schema.get("$defs", {}), known, ""))


def _value(schema: Mapping[str, Any], parts: Mapping[str, Any], known: Mapping[str, str], name: str) -> Any:
    if "$ref" in schema:
        return _value(parts[schema["$ref"].rpartition("/")[2]], parts, known, name)
    for either in ("anyOf", "oneOf", "allOf"):
        if either in schema:
            return _value(schema[either][0], parts, known, name)
    if "const" in schema or "enum" in schema:
        return schema.get("const", schema.get("enum", [None])[0])
    match schema.get("type"):
        case "object":
            required = schema.get("required", ())
            return {each: _value(schema["properties"][each], parts, known, each) for each in required}
        case "array":
            return [_value(schema["items"], parts, known, name)] if schema.get("items") else []
        case "integer":
            return max(1, schema.get("minimum", schema.get("exclusiveMinimum", 0) + 1))
        case "boolean":
            return True
    return _text(schema, known, name)


def _text(schema: Mapping[str, Any], known: Mapping[str, str], name: str) -> str:
    if schema.get("format") == "date":
        return DAY
    if schema.get("format") == "date-time":
        return f"{DAY}T08:00:00+07:00"
    pattern = schema.get("pattern", "")
    tried = (*([known[name]] if name in known else ()), *TRIED)
    found: str = next(each for each in tried if re.search(pattern, each))
    return found
