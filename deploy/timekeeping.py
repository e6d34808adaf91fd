"""How a script's time passes: every job that falls due on the way runs at its own instant, in order."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True, order=True, kw_only=True)
class Due:
    """A job that is waiting: when, then by service and name, so that two runs have one order."""

    at: datetime
    service: str
    name: str


class Timed(Protocol):
    """A house whose clock a script moves."""

    async def now(self) -> datetime: ...

    async def move(self, instant: datetime) -> None:
        """Set the clock on to `instant`."""
        ...

    async def due(self) -> Sequence[Due]:
        """Every job that is waiting for an instant."""
        ...

    async def run(self, job: Due) -> int:
        """Do what is due now; how much was done."""
        ...

    async def drain(self) -> None:
        """All subscriptions reach their heads."""
        ...


async def reach(house: Timed, instant: datetime) -> None:
    """Let time pass until `instant`; subscriptions are drained after every job and at the end."""
    idle: set[Due] = set()
    await house.drain()
    while waiting := [job for job in await house.due() if job.at <= instant and job not in idle]:
        job = min(waiting)
        await house.move(max(job.at, await house.now()))
        if not await house.run(job):
            idle.add(job)  # it says it is due and finds nothing to do: once is enough
        await house.drain()
    await house.move(max(instant, await house.now()))
