"""JSON responses, rendered by orjson."""

from typing import Any

import orjson
from fastapi.responses import Response


class Json(Response):
    """A JSON response: dates, tuples and dataclasses allowed."""

    media_type = "application/json"

    def render(self, content: Any) -> bytes:
        return orjson.dumps(content)
