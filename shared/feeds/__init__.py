"""How records reach a subscription: in order from the logs it follows, read directly or carried by Kafka."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Final, Literal, NamedTuple, Protocol

from shared.eventlog.port import LogReader
from shared.eventlog.records import Page

State = Literal["ok", "degraded"]

# A reader that has just read to the end looks again after this long. Each page costs a transaction or a round to the
# broker whatever its size, and under load events gather meanwhile; whoever was idle is not kept waiting.
GATHER_SECONDS: Final = 0.02


class Hint(NamedTuple):
    """Where to go on reading a topic: a place to seek to, never the truth. `offset` is the next one to read."""

    partition: int
    offset: int


class Place(NamedTuple):
    """Where a subscription stands in one log: the position it has applied, and the hint stored beside it."""

    position: int
    hint: Hint | None = None


class Delivery(NamedTuple):
    """Records in a row of one log. `hint` is what to store beside the cursor once they are applied; None from a log."""

    log: str
    page: Page
    hint: Hint | None = None


class Gap(Exception):
    """A delivery begins beyond the cursor and what lies between could not be had. Nothing of it was applied."""


class Halted(Exception):
    """The subscription has stopped for good until a person acts; the feed hands over nothing more."""


# Applies a delivery and moves the cursor in one transaction; what lies at or below the cursor is dropped. When it
# returns, the feed acknowledges. Gap: the feed goes back to the place. Halted: the feed stops. Anything else is
# taken as a passing fault and the same delivery is offered again.
Deliver = Callable[[Delivery], Awaitable[None]]

# Where the subscription stands in the log of that name; asked at start, on every assignment and after a gap.
Resume = Callable[[str], Awaitable[Place]]


class Feed(Protocol):
    """Hands the records of some logs to one subscription, each log in order, one delivery of a log at a time."""

    @property
    def state(self) -> State:
        """`degraded` while what it reads from cannot be reached."""
        ...

    async def start(self, sources: Sequence[LogReader], deliver: Deliver, resume: Resume) -> None:
        """Begin in the background. A source or broker that is away is no error: the feed goes on trying."""
        ...

    async def stop(self) -> None:
        """Finish the delivery in hand and end, within bounded time."""
        ...
