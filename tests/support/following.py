"""A subscription with no tables: a cursor and what was applied, to see what a feed hands over."""

from collections import Counter
from collections.abc import Sequence

from shared.eventlog.records import ZERO, Record
from shared.feeds import Delivery, Gap, Hint, Place


class Follower:
    """Applies by the rule of the cursor: at or below it dropped, next to it applied, beyond it a gap."""

    def __init__(self) -> None:
        self.applied: list[Record] = []
        self.hints: dict[str, Hint] = {}
        self.resumed: Counter[str] = Counter()
        self.dropped = 0
        self.fail: Sequence[Exception] = ()

    def __len__(self) -> int:
        return len(self.applied)

    async def deliver(self, delivery: Delivery) -> None:
        if self.fail:
            error, *self.fail = self.fail
            raise error
        new = [record for record in delivery.page.records if record.position > len(self.applied)]
        self.dropped += len(delivery.page.records) - len(new)
        if new and new[0].position > len(self.applied) + 1:
            raise Gap
        if new and delivery.page.after == len(self.applied):
            assert delivery.page.previous_hash == (self.applied[-1].hash if self.applied else ZERO)
        self.applied += new
        if new and delivery.hint is not None:
            self.hints[delivery.log] = delivery.hint

    async def resume(self, log: str) -> Place:
        self.resumed[log] += 1
        return Place(len(self.applied), self.hints.get(log))
