"""Appends for the tests of event logs."""

from uuid import uuid4

from shared.clock import ScriptClock, instant
from shared.eventlog.port import (
    EventLog,
)
from shared.eventlog.records import ZERO, Append, Appended, Guard, NewEvent, Write

TENANT = "sonla"
NAME = f"intake/{TENANT}"
CLOCK = ScriptClock(instant(1_672_800_000_000_000))


def event(text: str = "{}") -> NewEvent:
    return NewEvent(uuid4(), "opinion.received", 1, text.encode(), b"{}", 1_672_800_000_000_000)


def append(
    stream: str, n: int = 1, *, at: int = 0, prev: bytes = ZERO, command: str = "", guards: tuple[Guard, ...] = ()
) -> Append:
    events = tuple(event(f'{{"n":{i}}}') for i in range(n))
    return Append(command or uuid4().hex, b"f" * 32, (Write(stream, at, events, prev),), guards)


async def grow(log: EventLog, stream: str, n: int = 1) -> Appended:
    """Append `n` events to whatever the stream holds."""
    held = await log.read_stream(stream)
    return await log.append(append(stream, n, at=len(held), prev=held[-1].hash if held else ZERO))
