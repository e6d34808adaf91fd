"""The three kinds of subscription, as a service declares them (design decision 10)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import MetaData, Table

from shared.eventlog.records import Recorded
from shared.permit import Subject


class Rows(Protocol):
    """A projection's writes of one batch, kept until its end and then sent in few statements.

    Values put before the flush are seen by `get` of the same batch. Keys are the table's primary key columns.
    """

    def put(self, table: Table, values: Mapping[str, Any]) -> None:
        """Insert the row or replace its given columns (all primary key columns are in `values`)."""
        ...

    def patch(self, table: Table, key: Mapping[str, Any], values: Mapping[str, Any]) -> None:
        """Change columns of one row by its whole primary key; nothing happens where it is not there."""
        ...

    def delete(self, table: Table, key: Mapping[str, Any]) -> None:
        """Remove one row by its whole primary key."""
        ...

    async def get(self, table: Table, key: Mapping[str, Any]) -> Mapping[str, Any] | None:
        """The row as this batch leaves it, or None."""
        ...


Keys = Callable[[Recorded], Iterable[str]]
Reads = Callable[[Recorded], Iterable[tuple[Table, Mapping[str, Any]]]]  # rows, each by its whole primary key


def by_stream(recorded: Recorded) -> Iterable[str]:
    """Sequence by stream: what a poisoned event parks is its stream."""
    return (recorded.record.stream,)


def nothing(_recorded: Recorded) -> Iterable[tuple[Table, Mapping[str, Any]]]:
    """No row is known beforehand."""
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Projection:
    """Writes only its own `tables`, and can be rebuilt beside the live ones and swapped. A new `version` is a rebuild."""

    name: str
    version: int
    sources: tuple[str, ...]  # services whose logs it follows
    tables: MetaData
    events: frozenset[str]  # names on disk it reads; others move the checkpoint and nothing else
    apply: Callable[[Recorded, Rows], Awaitable[None]]
    keys: Keys = by_stream
    reads: Reads = nothing  # what `apply` will mostly get, asked for a whole page at once; whatever is left out is got singly


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """A command that an event asks for. `subject` acts as the house itself, for the office and unit concerned."""

    command: str
    body: Mapping[str, Any]
    subject: Subject


@dataclass(frozen=True, slots=True, kw_only=True)
class Process:
    """Events in, commands out, with deterministic ids; never reset."""

    name: str
    sources: tuple[str, ...]
    events: frozenset[str]
    react: Callable[[Recorded], Sequence[Reaction]]
    keys: Keys = by_stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something to leave the house once: `recipient` and `channel` with the event make it unique."""

    recipient: str
    channel: str
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispatch:
    """Sends messages out, each once by its ledger; never reset."""

    name: str
    sources: tuple[str, ...]
    events: frozenset[str]
    messages: Callable[[Recorded], Sequence[Message]]
    send: Callable[[Message], Awaitable[None]]
    keys: Keys = by_stream


Subscription = Projection | Process | Dispatch
