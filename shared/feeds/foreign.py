"""A topic that others write, as a service declares it: its records as they come, and what is done with them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.ext.asyncio import AsyncConnection


class ForeignRecord(NamedTuple):
    """A record as it came: nothing of it is decoded, anything may be in it. `timestamp` in milliseconds since 1970 UTC."""

    topic: str
    partition: int
    offset: int
    timestamp: int
    key: bytes | None
    value: bytes | None
    headers: tuple[tuple[str, bytes | None], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ForeignTopic:
    """A topic and what is done with its records.

    `handle` decodes and does what they ask, in order; what it does outside `connection` must bear to be done again.
    `park` keeps one record that `handle` cannot bear, with the kind of the failure, in `connection`.
    """

    topic: str
    group: str
    handle: Callable[[Sequence[ForeignRecord], AsyncConnection], Awaitable[None]]
    park: Callable[[ForeignRecord, str, AsyncConnection], Awaitable[None]]
