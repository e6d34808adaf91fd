"""Where messages leave the house for those outside, and each unit's stream as such messages."""

from collections.abc import Sequence
from typing import Protocol


class TopicMissing(Exception):
    """Nobody made the topic yet: `doithoai topics apply --units` does."""


class Outlet(Protocol):
    """Where messages leave."""

    async def put(self, topic: str, key: bytes, value: bytes, headers: Sequence[tuple[str, bytes]]) -> None:
        """Return when the message is acknowledged; of those put one after another under one topic the order stays.

        Raises:
            TopicMissing

        """
        ...


def topic_of_unit(tenant: str, unit: str) -> str:
    """The topic that only the unit's own systems read; consumer groups of theirs begin with the same name."""
    return f"tasks.{tenant}.{unit}"
