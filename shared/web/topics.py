"""What open pages can be told of: which events concern a topic, and whom each of them may be told to."""

from collections.abc import Awaitable, Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from shared.eventlog.records import Record
from shared.permit import Subject

Concerned = Callable[[Any], bool]  # whether somebody may be told of something with these facts


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """Something that moves while a page is open.

    `about` says of records of the service's own log, a batch at a time, what is to be known of each to tell whom it concerns:
    by position; what is left out concerns nobody. It is asked once for all who listen, when the read models have come so far.
    `listener` makes of a subject the question whether such facts concern him: asked once, when he begins to listen.
    """

    name: str
    about: Callable[[Sequence[Record]], Awaitable[Mapping[int, Hashable]]]
    listener: Callable[[Subject], Awaitable[Concerned]]
