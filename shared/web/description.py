"""The OpenAPI description, completed in one place: every answer of every route, and no reference that leads nowhere."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any, Final

from fastapi import FastAPI

from shared.web.problems import MEDIA_TYPE, kinds_by_status

PROBLEM: Final = "Problem"
_TEXTS: Final = {"type": "object", "required": ["vi", "en"], "properties": {"vi": {"type": "string"}, "en": {"type": "string"}}}
_PROBLEM: Final[dict[str, Any]] = {
    "title": PROBLEM,
    "description": "A refusal or fault (RFC 9457), in both languages; it repeats nothing of what was sent.",
    "type": "object",
    "required": ["type", "title", "status", "detail", "code", "titles", "advice", "trace_id"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": "What to do."},
        "code": {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "titles": _TEXTS,
        "advice": _TEXTS,
        "trace_id": {"type": "string"},
        "rule": {"type": "array", "items": {"type": "string"}, "description": "The rules that say no."},
        "field": {"type": "string"},
        "facts": {"type": "object"},
        "errors": {
            "type": "array",
            "description": "Every field that cannot be, where there are several.",
            "items": {
                "type": "object",
                "required": ["field", "message", "messages"],
                "properties": {"field": {"type": ["string", "null"]}, "message": {"type": "string"}, "messages": _TEXTS},
            },
        },
    },
}
_ANYWHERE: Final = (400, 404, 406, 409, 422, 429, 500, 503)
_SIGNED_IN: Final = (401, 403)
_SENDING: Final = (408, 413, 415)
_CHANGING: Final = (412, 428)
_CHALLENGED: Final = {401: "WWW-Authenticate", 429: "Retry-After", 503: "Retry-After"}


def describe(app: FastAPI) -> None:
    """Let `app.openapi()` answer the whole description, made once."""
    plain = app.openapi

    def whole() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = completed(plain())
        return app.openapi_schema

    app.openapi = whole  # type: ignore[method-assign]


def completed(description: dict[str, Any]) -> dict[str, Any]:
    """A description with every answer told, every definition where references look for it, and its operations grouped."""
    components = description.setdefault("components", {})
    schemas: dict[str, Any] = components.setdefault("schemas", {})
    for _, path, operation in operations(description):
        operation["tags"] = [_group(path)]
        for body in operation.get("requestBody", {}).get("content", {}).values():
            body["schema"] = _hoisted(body.get("schema", {}), schemas)
        for each in operation.get("parameters", ()):
            each["schema"] = _hoisted(each["schema"], schemas)
        answers = operation["responses"]
        for status in _answered(operation):
            answers[str(status)] = {"$ref": f"#/components/responses/Problem{status}"}
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas[PROBLEM] = _PROBLEM
    told = kinds_by_status()
    components["responses"] = {f"Problem{status}": _told(status, told.get(status, ())) for status in _statuses(description)}
    return description


def operations(description: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Method, path and operation of everything described."""
    for path, item in description["paths"].items():
        for method, operation in item.items():
            yield method, path, operation


def _group(path: str) -> str:
    """Service and thing that a path begins with: `intake: opinions`."""
    service, _, thing = path.strip("/").split("/")[:3]
    return f"{service}: {thing}"


def _answered(operation: dict[str, Any]) -> list[int]:
    statuses = [*_ANYWHERE]
    if operation.get("security"):
        statuses += _SIGNED_IN
    if "requestBody" in operation:
        statuses += _SENDING
    if any(each["name"] == "If-Match" for each in operation.get("parameters", ())):
        statuses += _CHANGING
    return sorted(statuses)


def _statuses(description: dict[str, Any]) -> list[int]:
    return sorted({status for _, _, operation in operations(description) for status in _answered(operation)})


def _told(status: int, codes: tuple[str, ...]) -> dict[str, Any]:
    said = f"{HTTPStatus(status).phrase}: {', '.join(f'`{code}`' for code in codes)}" if codes else HTTPStatus(status).phrase
    told: dict[str, Any] = {
        "description": said,
        "content": {MEDIA_TYPE: {"schema": {"$ref": f"#/components/schemas/{PROBLEM}"}}},
    }
    if status in _CHALLENGED:
        told["headers"] = {_CHALLENGED[status]: {"schema": {"type": "string"}}}
    return told


def _hoisted(schema: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    """A schema without definitions of its own: they stand among all `schemas`, under another name where one is taken."""
    own = schema.get("$defs", {})
    called = {name: _name(name, definition, schemas) for name, definition in own.items()}
    for name, definition in own.items():
        schemas[called[name]] = _led(definition, called)
    found: dict[str, Any] = _led({key: value for key, value in schema.items() if key != "$defs"}, called)
    return found


def _name(name: str, definition: dict[str, Any], schemas: dict[str, Any]) -> str:
    """A name that nothing else has, nor the same thing otherwise described."""
    called, number = name, 1
    while called in schemas and schemas[called] != _led(definition, {}):
        number += 1
        called = f"{name}{number}"
    return called


def _led(value: Any, called: dict[str, str]) -> Any:
    """A schema whose references lead to where the definitions are `called`."""
    if isinstance(value, list):
        return [_led(each, called) for each in value]
    if not isinstance(value, dict):
        return value
    found = {key: _led(each, called) for key, each in value.items()}
    reference = found.get("$ref")
    if isinstance(reference, str) and reference.startswith("#/$defs/"):
        name = reference.removeprefix("#/$defs/")
        found["$ref"] = f"#/components/schemas/{called.get(name, name)}"
    return found
