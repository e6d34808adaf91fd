"""Ending a background task within bounded time."""

import asyncio
from typing import Any, Final

import structlog

ONCE_MORE_SECONDS: Final = 20.0

_log = structlog.get_logger()


async def end(task: "asyncio.Task[Any]") -> None:
    """Cancel `task` and wait for it; where a library has lost the cancellation, once more after 20 s."""
    for _ in range(2):
        task.cancel()
        done, _pending = await asyncio.wait([task], timeout=ONCE_MORE_SECONDS)
        if done:
            break
    else:
        _log.error("task.not_ended", reason=task.get_name())
    if task.done() and not task.cancelled() and task.exception() is not None:
        _log.error("task.ended", exc_info=task.exception())
