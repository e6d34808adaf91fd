"""What the pages of the descriptions show: routes and messages with their fields, as plain rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

DEEPEST: Final = 4  # values within values that are shown field by field


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A parameter, header or field: where it stands, what it takes."""

    name: str
    place: str
    needed: bool
    takes: str
    told: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a route answers under a status."""

    status: str
    media: tuple[str, ...]
    told: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One method of one path."""

    id: str
    method: str
    path: str
    summary: str
    told: str
    signed_in: bool
    fields: tuple[Field, ...]
    media: tuple[str, ...]
    answers: tuple[Answer, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """What is carried by a channel."""

    id: str
    name: str
    told: str
    headers: tuple[Field, ...]
    fields: tuple[Field, ...]


def groups(description: Mapping[str, Any]) -> dict[str, list[Route]]:
    """The routes of an OpenAPI description by group, in the order of their paths."""
    found: dict[str, list[Route]] = {}
    for path, item in sorted(description["paths"].items()):
        for method, operation in item.items():
            found.setdefault(operation["tags"][0], []).append(_route(method, path, operation, description))
    return dict(sorted(found.items()))


def _route(method: str, path: str, operation: Mapping[str, Any], whole: Mapping[str, Any]) -> Route:
    content = operation.get("requestBody", {}).get("content", {})
    parameters = [
        Field(
            name=each["name"],
            place=each["in"],
            needed=each.get("required", False),
            takes=takes(each["schema"], whole),
            told=each.get("description", ""),
        )
        for each in operation.get("parameters", ())
    ]
    body = [field for each in content.values() for field in fields(each["schema"], whole)]
    return Route(
        id=operation["operationId"],
        method=method.upper(),
        path=path,
        summary=operation["summary"],
        told=operation.get("description", ""),
        signed_in=bool(operation.get("security")),
        fields=(*parameters, *body),
        media=tuple(content),
        answers=tuple(_answers(operation["responses"], whole)),
    )


def _answers(responses: Mapping[str, Any], whole: Mapping[str, Any]) -> Iterator[Answer]:
    for status, answer in sorted(responses.items()):
        found = _at(answer["$ref"], whole) if "$ref" in answer else answer
        yield Answer(status=status, media=tuple(found.get("content", {})), told=found["description"])


def messages(document: Mapping[str, Any]) -> list[Message]:
    """Every message of an AsyncAPI document, by name."""
    return [
        Message(
            id=key,
            name=each["name"],
            told=each["summary"],
            headers=tuple(fields(each["headers"], document, place="header")),
            fields=tuple(fields(each["payload"], document)),
        )
        for key, each in sorted(document["components"]["messages"].items())
    ]


def fields(schema: Mapping[str, Any], whole: Mapping[str, Any], *, place: str = "body", within: str = "") -> Iterator[Field]:
    """The fields of an object, those of values within it as `parts[].words`."""
    led = _led(schema, whole)
    needed = led.get("required", ())
    for name, each in led.get("properties", {}).items():
        called = f"{within}{name}"
        yield Field(
            name=called,
            place=place,
            needed=name in needed,
            takes=takes(each, whole),
            told=_led(each, whole).get("description", ""),
        )
        inner, step = _inner(each, whole)
        if inner is not None and called.count(".") < DEEPEST:
            yield from fields(inner, whole, place=place, within=f"{called}{step}.")


def _inner(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> tuple[Mapping[str, Any] | None, str]:
    """The object within a field, and how a step into it is written."""
    led = _led(schema, whole)
    for each in led.get("anyOf", (led,)):
        option = _led(each, whole)
        if option.get("type") == "array":
            item = _led(option.get("items", {}), whole)
            return (item, "[]") if "properties" in item else (None, "")
        if "properties" in option:
            return option, ""
    return None, ""


def takes(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> str:
    """What a value may be, in a line: `string, 1 to 100`, `a | b`, `list of integer`."""
    led = _led(schema, whole)
    if "anyOf" in led:
        return " | ".join(dict.fromkeys(takes(each, whole) for each in led["anyOf"]))
    if "const" in led:
        return f"{led['const']}"
    if "enum" in led:
        return " | ".join(map(str, led["enum"]))
    kind = led.get("type", "any")
    if kind == "array":
        items = led.get("items", {})
        most = f", up to {led['maxItems']}" if "maxItems" in led else ""
        return f"list of {takes(items, whole)}{most}"
    bounds = [f"{name} {led[key]}" for key, name in _BOUNDS.items() if key in led]
    return ", ".join([" | ".join(kind) if isinstance(kind, list) else kind, *bounds])


_BOUNDS: Final = {
    "format": "as",
    "minLength": "from length",
    "maxLength": "up to length",
    "minimum": "from",
    "maximum": "to",
    "pattern": "like",
}


def _led(schema: Mapping[str, Any], whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a reference leads to."""
    return _at(schema["$ref"], whole) if "$ref" in schema else schema


def _at(reference: str, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    found: Any = whole
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    assert isinstance(found, Mapping)
    return found
