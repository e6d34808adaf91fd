"""Load, fold, decide, append: how a command becomes events, with bounded retry when a stream moved meanwhile."""

import asyncio
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import Any, Final, Generic, TypeVar

from shared.canonical import canonical
from shared.clock import micros
from shared.contracts.facts import Dated
from shared.eventlog import codec
from shared.eventlog.port import EventLog, StreamConflict
from shared.eventlog.records import ZERO, Append, Appended, Guard, NewEvent, Record, Write
from shared.ids import Ids, uuid_of

S = TypeVar("S")
ATTEMPTS: Final = 8
RETRY_SECONDS: Final = 0.01
FURTHER_ROUNDS: Final = 3


@dataclass(frozen=True, slots=True)
class Fold(Generic[S]):
    """How one kind of stream becomes a state: `evolve` over its events from `initial`; history is never refused.

    `housekeeping` names facts that the house adds by itself and that change nothing a person has seen and acts upon.
    """

    kind: str
    initial: S
    evolve: Callable[[S, Any], S]
    housekeeping: frozenset[str] = frozenset()

    def over(self, records: Iterable[Record]) -> S:
        """The state after `records`."""
        state = self.initial
        for record in records:
            state = self.evolve(state, codec.decode(record.type, record.schema_version, record.data))
        return state


@dataclass(frozen=True, slots=True)
class Stood:
    """Where a stream stood when it was loaded, and what it folded to; nothing but housekeeping follows version `since`."""

    state: Any
    version: int
    head_hash: bytes
    fold: Fold[Any]
    since: int


@dataclass(frozen=True, slots=True)
class Executed:
    """What a command did: the events it wrote by stream (none where it had been done before), and where they stand."""

    events: Mapping[str, tuple[Any, ...]]
    states: Mapping[str, Any]  # after it
    versions: Mapping[str, int]  # after it
    appended: Appended | None  # None: it changed nothing


# What was folded of each stream by each way of folding it: of several loads that are to see the same, such as rehearsals.
Seen = dict[tuple[str, Callable[[Any, Any], Any]], Stood]
Decide = Callable[[Mapping[str, Stood]], Mapping[str, Sequence[Any]]]
Further = Callable[[Mapping[str, Any]], Mapping[str, Fold[Any]]]


def nothing_further(states: Mapping[str, Any]) -> Mapping[str, Fold[Any]]:
    """The streams named at first are all there is to load."""
    return {}


async def load(
    log: EventLog,
    folds: Mapping[str, Fold[Any]],
    further: Further = nothing_further,
    seen: Seen | None = None,
) -> dict[str, Stood]:
    """Every stream named in `folds`, folded, in one round trip; in further ones those that the states so far name.

    A session names its cases, and those their tasks: `further` is asked again until it names nothing new. What was `seen`
    before is not read again, and what is read is added to it.
    """
    stood = await _load(log, folds, seen)
    for _ in range(FURTHER_ROUNDS):
        named = {stream: fold for stream, fold in further(_states(stood)).items() if stream not in stood}
        if not named:
            break
        stood |= await _load(log, named, seen)
    return stood


def _bare(event: Any) -> Any:
    return event.event if isinstance(event, Dated) else event


def _states(stood: Mapping[str, Stood]) -> dict[str, Any]:
    return {stream: at.state for stream, at in stood.items()}


async def _load(log: EventLog, folds: Mapping[str, Fold[Any]], seen: Seen | None) -> dict[str, Stood]:
    known = {} if seen is None else seen
    stood = {stream: at for stream, fold in folds.items() if (at := known.get((stream, fold.evolve))) is not None}
    wanted = {stream: fold for stream, fold in folds.items() if stream not in stood}
    found = await log.read_streams(tuple(wanted)) if wanted else {}
    for stream, fold in wanted.items():
        records = found[stream]
        last = records[-1] if records else None
        since = max((each.version for each in records if each.type not in fold.housekeeping), default=0)
        stood[stream] = Stood(fold.over(records), last.version if last else 0, last.hash if last else ZERO, fold, since)
        known[stream, fold.evolve] = stood[stream]
    return {stream: stood[stream] for stream in folds}


async def execute(
    log: EventLog,
    folds: Mapping[str, Fold[Any]],
    decide: Decide,
    *,
    ids: Ids,
    command_id: str,
    fingerprint: bytes,
    metadata: Callable[[], Mapping[str, Any]],
    occurred: int,
    before_append: Callable[[], Awaitable[None]] | None = None,
    further: Further = nothing_further,
) -> Executed:
    """Decide over the streams of `folds`, and over those their states name, and append what comes out, all of it or nothing.

    `decide` gets every stream as it stood; whatever it read and does not write to becomes a guard. When a stream moved
    meanwhile, everything is loaded and decided again. `metadata` is asked after each decision. `before_append` is awaited
    once, before the first append (the vault is written before the event).

    Raises:
        Refused: from `decide`, unchanged.
        StreamConflict: the streams kept moving for `ATTEMPTS` attempts.
        CommandIdReused, AppendRefused, LogUnavailable: from the log.

    """
    for attempt in range(ATTEMPTS):
        stood = await load(log, folds, further)
        dated = {stream: tuple(events) for stream, events in decide(stood).items() if events}
        decided = {stream: tuple(map(_bare, events)) for stream, events in dated.items()}
        if not decided:
            return Executed({}, _states(stood), {stream: at.version for stream, at in stood.items()}, None)
        if before_append is not None:
            await before_append()
            before_append = None
        meta = canonical(dict(metadata()))
        n = 0
        writes = []
        for stream, events in dated.items():
            new = []
            for event in events:
                name, version, data = codec.encode(_bare(event))
                at = micros(event.at) if isinstance(event, Dated) else occurred
                new.append(NewEvent(uuid_of(ids, "event", command_id, n), name, version, data, meta, at))
                n += 1
            writes.append(Write(stream, stood[stream].version, tuple(new), stood[stream].head_hash))
        guards = tuple(Guard(stream, at.version) for stream, at in stood.items() if stream not in decided)
        try:
            appended = await log.append(Append(command_id, fingerprint, tuple(writes), guards))
        except StreamConflict:
            if attempt == ATTEMPTS - 1:
                raise
            await asyncio.sleep(random.uniform(0, RETRY_SECONDS * 2**attempt))  # jitter only: it decides nothing
            continue
        versions = {stream: at.version + len(decided.get(stream, ())) for stream, at in stood.items()}
        states = {stream: reduce(at.fold.evolve, decided.get(stream, ()), at.state) for stream, at in stood.items()}
        return Executed(decided, states, versions, appended)
    raise AssertionError("the loop returns or raises")
