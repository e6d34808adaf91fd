"""JSON responses, rendered by orjson."""

from typing import Any

import orjson
from fastapi.responses import Response


class Json(Response):
    """A JSON response: dates, tuples and dataclasses allowed."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)


def etag(version: int) -> dict[str, str]:
    """The header of a thing at that version: whoever changes it sends it back in If-Match."""
    return {"ETag": f'"{version}"'}
