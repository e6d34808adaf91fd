"""Bounds of single routes: how often a caller may ask, and how large a body may be where it is larger than elsewhere."""

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from fastapi import Request
from limits import RateLimitItem, parse
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from shared.web.gateway import address_of
from shared.web.problems import TooOften

E = TypeVar("E", bound=Callable[..., Any])
_limiter = MovingWindowRateLimiter(MemoryStorage())


def limited(name: str, rate: str) -> Callable[[Request], Awaitable[None]]:
    """A dependency that lets `rate` (such as `30/minute`) requests of one address pass under `name`, counted per process.

    Raises (from the dependency):
        TooOften
    """
    window = parse(rate)

    async def check(request: Request) -> None:
        if not await within(request, name, window):
            raise TooOften

    return check


async def within(request: Request, name: str, *windows: RateLimitItem) -> bool:
    """Count a request of its address under `name`, per process: whether it is within all of `windows`."""
    caller = address_of(request)
    return all([await _limiter.hit(window, name, caller) for window in windows])


def takes(limit_bytes: int) -> Callable[[E], E]:
    """Let a route take bodies of up to `limit_bytes`, whatever the bound of the others; its path has no parameters."""

    def bounded(endpoint: E) -> E:
        endpoint.body_limit = limit_bytes  # type: ignore[attr-defined]
        return endpoint

    return bounded
