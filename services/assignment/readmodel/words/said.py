"""All that was ever said of a case, wherever it stands: what is erased when it may hold a state secret."""

from collections.abc import Iterator, Sequence
from typing import Any, Final

from services.assignment.readmodel.words.pieces import sealed_in
from shared.eventlog import codec
from shared.eventlog.port import EventLog

ITS_OWN: Final = "task-"  # streams that speak of this case alone; the others are searched for what is of it


async def said_of(log: EventLog, case: str) -> tuple[str, ...]:
    """References of every text of the case, of its tasks, and of what dialogues and notices say of it.

    What it was split off holds its words too, and goes with it.
    """
    found: dict[str, None] = {}
    whole: str | None = case
    while whole is not None:
        facts = await _read(log, whole)
        found |= dict.fromkeys(ref for event in facts for _, ref, _ in sealed_in(event))
        for stream in dict.fromkeys(named for event in facts for named in _named(event)):
            there = await _read(log, stream)
            found |= dict.fromkeys(ref for event in there for ref in _of(whole, event, own=stream.startswith(ITS_OWN)))
        whole = getattr(facts[0], "parent", None) if facts else None
    return tuple(found)


async def _read(log: EventLog, stream: str) -> Sequence[Any]:
    return [codec.read(record).event for record in await log.read_stream(stream)]


def _named(event: Any) -> Iterator[str]:
    """The tasks, the dialogue and the notice that a fact of a case names."""
    for each in (event, *getattr(event, "coordinating", ())):
        for name in ("task", "session", "notice"):
            named = getattr(each, name, None)
            if named is not None:
                yield named


def _of(case: str, event: Any, *, own: bool) -> Iterator[str]:
    for _, ref, line in sealed_in(event):
        if own or case in (getattr(line, "case", None), getattr(getattr(line, "item", None), "case", None)):
            yield ref
