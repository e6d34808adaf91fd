"""The feed through Kafka: the logs of other services, as their relays publish them."""

import asyncio
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

import structlog
from aiokafka import ConsumerRecord

from shared.eventlog.port import LogReader
from shared.eventlog.records import Page
from shared.feeds import Deliver, Delivery, Gap, Hint, Resume, State
from shared.feeds.consumer import TopicConsumer
from shared.feeds.headers import Arrived, NotARecord, partition_of, record_of, topic_of
from shared.telemetry import UNREADABLE

KEPT: Final = 100

_log = structlog.get_logger()


class Unreadable(NamedTuple):
    """A record of a log's topic that is no record of a log: where it stands, and why."""

    topic: str
    partition: int
    offset: int
    reason: str


class KafkaFeed:
    """One subscription's members of consumer groups, one group for each source topic: `<group>.<topic>`.

    What cannot be read is counted, kept for whoever asks, and passed over: if it stood in the place of a record, that
    record's position is missing, and the subscription fetches it from the source's log.
    """

    def __init__(self, bootstrap: str, group: str) -> None:
        self._bootstrap, self._group = bootstrap, group
        self._consumers: list[TopicConsumer] = []
        self._readers: list[_LogReading] = []

    @property
    def state(self) -> State:
        return "ok" if all(consumer.state == "ok" for consumer in self._consumers) else "degraded"

    @property
    def unreadable(self) -> Sequence[Unreadable]:
        """The latest hundred of each topic."""
        return [found for reader in self._readers for found in reader.unreadable]

    @property
    def assigned(self) -> Mapping[str, frozenset[int]]:
        """Partitions that this member reads, by group."""
        return {consumer.group: consumer.assigned for consumer in self._consumers}

    async def start(self, sources: Sequence[LogReader], deliver: Deliver, resume: Resume) -> None:
        by_topic: dict[str, list[str]] = defaultdict(list)
        for source in sources:
            by_topic[topic_of(source.name)].append(source.name)
        for topic, logs in by_topic.items():
            reader = _LogReading(topic, logs, deliver, resume)
            self._readers.append(reader)
            self._consumers.append(TopicConsumer(self._bootstrap, topic, f"{self._group}.{topic}", reader))
        for consumer in self._consumers:
            await consumer.start()

    async def stop(self) -> None:
        await asyncio.gather(*(consumer.stop() for consumer in self._consumers))


class _LogReading:
    """Some logs among those of one topic; the partitions and records of the others are not looked at."""

    def __init__(self, topic: str, logs: Iterable[str], deliver: Deliver, resume: Resume) -> None:
        self._topic, self._deliver, self._resume = topic, deliver, resume
        self._logs = {log.encode(): log for log in logs}
        self._sisters = topic.removesuffix("log").replace(".", "/").encode()  # the service's logs of other tenants
        self.unreadable: list[Unreadable] = []
        self._expected: dict[int, tuple[int, bytes]] = {}  # by partition: the offset of a log's last applied record
        self._made_anew: set[int] = set()

    async def places(self, partitions: Collection[int], of: int) -> Mapping[int, int | None]:
        """The last record that was applied, not the one after it: whether it is still there tells if the topic is the one
        that the hint is of. One made anew may have grown to the hint, and its reader would wait there for what lies before.
        """
        hints: dict[int, list[tuple[int, bytes] | None]] = defaultdict(list)
        for key, log in self._logs.items():
            partition = partition_of(key, of)
            if partition in partitions:
                hint = (await self._resume(log)).hint
                hints[partition].append((hint.offset - 1, key) if hint is not None and hint.partition == partition else None)
        earliest = {partition: _earliest(lasts) for partition, lasts in hints.items() if partition not in self._made_anew}
        self._expected = {each: last for each, last in self._expected.items() if each not in partitions}
        self._expected |= {partition: last for partition, last in earliest.items() if last}
        return {partition: last[0] if (last := earliest.get(partition)) else None for partition in hints}

    def go_on(self, partition: int, offset: int, low: int, high: int) -> int:
        if low <= offset < high:
            return offset
        # The offset is only a hint: from the beginning nothing is missed, and positions drop what was applied.
        self._expected.pop(partition, None)
        return low

    async def handle(self, partition: int, records: Sequence[ConsumerRecord]) -> None:
        if partition in self._expected:
            self._compare(partition, records)
        for log, arrived in self._readable(records).items():
            for run in runs(arrived):
                await self._deliver(_delivery(log, partition, run))
        self._made_anew.discard(partition)

    def _compare(self, partition: int, records: Sequence[ConsumerRecord]) -> None:
        """Hold the last record that was applied, once it comes, to whose it was.

        Raises:
            Gap: the topic is another one, and is read from the beginning.

        """
        offset, key = self._expected[partition]
        found = next((record for record in records if record.offset == offset), None)
        if found is None:
            return
        del self._expected[partition]
        if found.key != key:
            _log.error("feed.topic_made_anew", topic=self._topic, partition=partition, offset=offset)
            self._made_anew.add(partition)
            raise Gap(f"{self._topic} is another one")

    def _readable(self, records: Sequence[ConsumerRecord]) -> Mapping[str, list[tuple[int, Arrived]]]:
        by_log: dict[str, list[tuple[int, Arrived]]] = defaultdict(list)
        for record in records:
            key = record.key or b""
            if key not in self._logs and key.startswith(self._sisters):
                continue
            try:
                by_log[self._log_of(key)].append((record.offset, record_of(key, record.value, record.headers)))
            except NotARecord as error:
                self._report(Unreadable(self._topic, record.partition, record.offset, str(error)))
        return by_log

    def _log_of(self, key: bytes) -> str:
        if key not in self._logs:
            raise NotARecord("the key is no log of this topic")
        return self._logs[key]

    def _report(self, found: Unreadable) -> None:
        UNREADABLE.labels(self._topic).inc()
        _log.error("feed.unreadable", **found._asdict())
        self.unreadable = [*self.unreadable, found][-KEPT:]


def runs(arrived: Iterable[tuple[int, Arrived]]) -> Iterator[list[tuple[int, Arrived]]]:
    """Offsets with records, cut wherever one does not follow the one before: a page sent again, or a hole."""
    run: list[tuple[int, Arrived]] = []
    for offset, found in arrived:
        if run and not _follows(run[-1][1], found):
            yield run
            run = []
        run.append((offset, found))
    if run:
        yield run


def _follows(last: Arrived, found: Arrived) -> bool:
    return (
        found.record.position == last.record.position + 1
        and found.previous_hash == last.record.hash
        and found.incarnation == last.incarnation
    )


def _delivery(log: str, partition: int, run: Sequence[tuple[int, Arrived]]) -> Delivery:
    first, last_offset = run[0][1], run[-1][0]
    records = tuple(arrived.record for _, arrived in run)
    page = Page(first.incarnation, first.record.position - 1, first.previous_hash, records)
    return Delivery(log, page, Hint(partition, last_offset + 1))


def _earliest(lasts: Sequence[tuple[int, bytes] | None]) -> tuple[int, bytes] | None:
    known = [last for last in lasts if last is not None]
    return min(known) if len(known) == len(lasts) else None
