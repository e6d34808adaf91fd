"""What goes between the vault and its tables, and what both databases can do with it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

from sqlalchemy.ext.asyncio import AsyncConnection


class PersonRow(NamedTuple):
    """A person's key as stored; no key: it was destroyed."""

    person: str
    master: str
    wrapped_key: bytes | None


class RecordRow(NamedTuple):
    """A sealed text on its way in. `asker` numbers the put it belongs to: a put is stored whole or not at all."""

    asker: int
    ref: str
    purpose: str
    person: str | None
    wrapped_key: bytes
    sealed: bytes
    tokens: list[int] | None
    command_id: str
    kept: bool


class SealedRow(NamedTuple):
    """A sealed text as found, with its person's key beside it; no key: it was erased."""

    ref: str
    purpose: str
    person: str | None
    master: str
    wrapped_key: bytes | None
    sealed: bytes | None
    person_master: str | None
    person_key: bytes | None


class Noted(NamedTuple):
    """A line of the access log."""

    reader: str
    purpose: str
    refs: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a group of puts: nothing was stored if the master key is retired, nor for the askers refused."""

    retired: bool
    refused: frozenset[int] = frozenset()


class Rewrapped(NamedTuple):
    """A record's new wrapping, with the search tokens it had and gets."""

    n: int
    wrapped_key: bytes
    old_tokens: list[int] | None
    tokens: list[int] | None


Seal = Callable[[Mapping[str, PersonRow]], Sequence[RecordRow]]


class Tables(Protocol):
    """The statements that differ between SQLite and PostgreSQL."""

    async def put(self, tenant: str, master: str, now: int, fresh: Sequence[PersonRow], seal: Seal) -> Outcome:
        """Store in one transaction what `seal` makes of the persons' rows; `fresh` are keys for those who have none yet."""
        ...

    async def opened(self, tenant: str, now: int, noted: Sequence[Noted], refs: Sequence[str]) -> list[SealedRow]:
        """The records, and the lines written to the access log, in one transaction."""
        ...

    async def search(self, tenant: str, needed: Sequence[int], pairs: Sequence[int], limit: int) -> list[str]: ...

    async def untoken(self, connection: AsyncConnection, rows: Sequence[tuple[int, Any]]) -> None:
        """Take records (number, stored tokens) out of the search."""
        ...

    async def rewrap(self, connection: AsyncConnection, master: str, rows: Sequence[Rewrapped]) -> None: ...

    def tokens(self, stored: Any) -> list[int] | None:
        """Search tokens as stored."""
        ...

    async def compact(self, *, whole: bool) -> bool:
        """Leave nothing of what was erased in unused pages and write-ahead logs; whether that was possible.

        With `whole`, the file is written anew: pages that were moved about may hold copies.
        """
        ...
