"""A file as the body of a request: taken in whole, within its time, and only so many at once."""

import asyncio
from typing import Any, Final

from fastapi import Request

from shared.web.problems import TooSlow

UPLOAD_SECONDS: Final = 120
UPLOADS_AT_ONCE: Final = 2  # each is held in memory whole: in clear it touches no disk


async def body_of(request: Request) -> bytes:
    """The bytes of the body; its bound is the route's (`shared.web.limits.takes`).

    Raises:
        TooSlow

    """
    content = bytearray()
    try:
        async with asyncio.timeout(UPLOAD_SECONDS):
            async for chunk in request.stream():
                content += chunk
    except TimeoutError:
        raise TooSlow from None
    return bytes(content)


def described(*headers: dict[str, Any]) -> dict[str, Any]:
    """The description of a route that takes a file, with further headers that it needs."""
    key = {"name": "Idempotency-Key", "in": "header", "required": True, "schema": {"type": "string"}}
    content = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
    return {"requestBody": {"required": True, "content": content}, "parameters": [*headers, key]}
