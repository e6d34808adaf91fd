"""The contract of a log, and what can go wrong with it."""

from typing import Protocol

from shared.eventlog.records import Append, Appended, Head, Page, Record

MAX_EVENTS_PER_APPEND = 5_000
MAX_EVENT_BYTES = 256 * 1024  # data and metadata together; Kafka refuses records of a megabyte


class StreamConflict(Exception):
    """A stream did not stand where the append expected it; nothing of the append was written. Load, decide again."""

    def __init__(self, stream: str, expected: int, actual: int) -> None:
        self.stream, self.expected, self.actual = stream, expected, actual
        super().__init__(f"{stream} was expected at version {expected} and stands at {actual}")


class CommandIdReused(Exception):
    """The command id stands in the log with another fingerprint; the first append stands."""


class AppendRefused(ValueError):
    """The append cannot be stored whatever the state: too many events, too large, malformed."""


class LogUnavailable(Exception):
    """The store did not answer in time or is away. Nothing is known to be lost; try again with the same command id."""


class LogReader(Protocol):
    """Reading a log by position: one's own, or another service's over HTTP."""

    @property
    def name(self) -> str:
        """`<service>/<tenant>`."""
        ...

    async def read(self, after: int, limit: int) -> Page:
        """Up to `limit` records with positions after + 1, after + 2, ... without a hole; empty at the end."""
        ...

    async def head(self) -> Head: ...

    async def hash_at(self, position: int) -> bytes | None:
        """The hash of the event at `position`, ZERO at 0, None beyond the end."""
        ...


class EventLog(LogReader, Protocol):
    """The truth of one service and tenant, and its outbox."""

    async def append(self, append: Append) -> Appended:
        """Write all events of `append` at the next positions, durably, or none.

        Appends that arrive while a commit runs share the next one. A command id seen before answers with its first
        outcome (`replayed`). Events of one append stand at consecutive positions, writes in their order.

        Raises:
            StreamConflict: a write or guard found its stream elsewhere.
            CommandIdReused: the command id was used with another fingerprint.
            AppendRefused: cannot be stored at all.
            LogUnavailable: outcome not reached in time; the same command id tells later what became of it.

        """
        ...

    async def find_command(self, command_id: str) -> Appended | None:
        """What became of a command: its events' place, or None when it never was appended."""
        ...

    async def read_stream(self, stream: str, after: int = 0, until_position: int | None = None) -> list[Record]:
        """The stream's records with version > `after`, in order, none beyond `until_position`."""
        ...

    async def read_streams(self, streams: tuple[str, ...]) -> dict[str, list[Record]]:
        """Several whole streams in one round trip; absent ones are empty."""
        ...

    async def streams(self, prefix: str = "", after: str = "", limit: int = 1_000) -> list[str]:
        """Stream ids in order, for listing and verification."""
        ...

    async def wait_beyond(self, position: int, timeout: float) -> bool:
        """Wait at most `timeout` seconds until the head lies beyond `position`; whether it does. Local appends wake it."""
        ...
