"""Responses: JSON rendered by orjson, and files to keep."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import orjson
from fastapi.responses import Response

SECURITY_HEADERS: Final = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


class Json(Response):
    """A JSON response: dates, tuples and dataclasses allowed."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


class Attachment(Response):
    """A file to keep under an ASCII `name`, never shown inline."""

    def __init__(self, content: bytes, name: str, media_type: str, more: Mapping[str, str] | None = None) -> None:
        named = {"Content-Disposition": f'attachment; filename="{name}"', **(more or {})}
        super().__init__(content, media_type=media_type, headers=named)


def etag(version: int) -> dict[str, str]:
    """The header of a thing at that version: whoever changes it sends it back in If-Match."""
    return {"ETag": f'"{version}"'}


def hardened_headers(headers: Sequence[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers of an answer with those that every answer has; a page has rules of its own, which stay."""
    own = {name for name, _ in headers}
    return [*headers, *(each for each in SECURITY_HEADERS if each[0] not in own)]


def told_of(content: str, issued: str | None) -> dict[str, str]:
    """The headers of a paper's file: the digest of what it says; the SHA-256 of its bytes, where they are those issued."""
    return {"Paper-Content": content, **({"Paper-Issued": issued} if issued is not None else {})}


def given_as(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """The description of a route whose answer is a file of one of these types."""
    whole = {"type": "string", "format": "binary"}
    return {200: {"description": "The file, to be saved.", "content": {media: {"schema": whole} for media in media_types}}}
