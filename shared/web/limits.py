"""Rate limits of public routes, by the caller's address; per process, moving window."""

from collections.abc import Awaitable, Callable

from fastapi import Request
from limits import parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from shared.web.problems import TooOften

_limiter = MovingWindowRateLimiter(MemoryStorage())


def limited(name: str, rate: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets `rate` (such as `30/minute`) requests of one address pass under `name`.

    Raises (from the dependency):
        TooOften
    """
    window = parse(rate)

    async def check(request: Request) -> None:
        caller = request.client.host if request.client else "-"
        if not await _limiter.hit(window, name, caller):
            raise TooOften

    return check
