"""A record through Kafka and back: nothing is lost, and nothing strange passes for a record."""

from dataclasses import dataclass

import pytest

from shared.eventlog.records import Page
from shared.feeds.headers import NotARecord, headers_of, partition_of, record_of, topic_of
from shared.feeds.kafka import runs
from shared.feeds.relay import messages_of
from tests.support.records import page, records

LOG = "intake/sonla"
KEY = LOG.encode()


def published(position: int = 2) -> tuple[bytes, list[tuple[str, bytes | None]]]:
    value, headers = messages_of(page(LOG, position))[-1]
    return value, list(headers)


def with_header(name: str, value: bytes | None) -> list[tuple[str, bytes | None]]:
    return [(known, value if known == name else kept) for known, kept in published()[1]]


def test_a_record_comes_back_exactly() -> None:
    first = page(LOG, 5)
    for (value, headers), record, before in zip(messages_of(first), first.records, (None, *first.records), strict=False):
        arrived = record_of(KEY, value, headers)
        assert arrived.record == record
        assert arrived.incarnation == "first"
        assert arrived.previous_hash == (before.hash if before else first.previous_hash)


def test_headers_are_cloudevents_in_binary_mode() -> None:
    _, headers = published(1)
    named = dict(headers)
    assert named["ce_specversion"] == b"1.0"
    assert named["ce_type"] == b"log.fenced.v1"
    assert named["ce_source"] == b"/intake/sonla"
    assert named["ce_time"] == b"2023-01-18T00:00:00.000001Z"
    assert named["content-type"] == b"application/json"
    assert named["traceparent"] == b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_log_goes_to_its_services_topic() -> None:
    assert topic_of(LOG) == "intake.log"


def test_a_log_stays_in_one_partition() -> None:
    # Kafka's own tests give murmur2("foobar") = -790332482, made positive by its lowest 31 bits.
    assert partition_of(b"foobar", 12) == (-790332482 & 0x7FFFFFFF) % 12
    assert len({partition_of(f"intake/province{n}".encode(), 12) for n in range(34)}) > 6


@pytest.mark.parametrize("name", sorted(dict(published()[1]).keys() - {"traceparent"}))
def test_a_missing_header_is_refused(name: str) -> None:
    value, headers = published()
    with pytest.raises(NotARecord, match=f"{name} is missing"):
        record_of(KEY, value, [(known, kept) for known, kept in headers if known != name])


@pytest.mark.parametrize("name", sorted(dict(published()[1]).keys() - {"traceparent"}))
def test_a_null_header_is_refused(name: str) -> None:
    with pytest.raises(NotARecord, match=f"{name} is null"):
        record_of(KEY, published()[0], with_header(name, None))


@pytest.mark.parametrize("name", sorted(dict(published()[1]).keys() - {"traceparent"}))
def test_bytes_that_are_no_text_are_refused_in_any_header(name: str) -> None:
    with pytest.raises(NotARecord):
        record_of(KEY, published()[0], with_header(name, b"\xff\xfe"))


def test_a_repeated_header_is_refused() -> None:
    value, headers = published()
    with pytest.raises(NotARecord, match="ce_position is repeated"):
        record_of(KEY, value, [*headers, ("ce_position", b"3")])


def test_strange_headers_beside_ours_do_no_harm() -> None:
    value, headers = published()
    strange: list[tuple[str, bytes | None]] = [("reply_to", b"somewhere"), ("x", None), ("y", b"\xff"), ("y", b"\xff")]
    assert record_of(KEY, value, [*headers, *strange]).record.position == 2


@pytest.mark.parametrize("number", [b"0", b"01", b"-1", b"1_0", b" 2", b"2.0", b"", "２".encode(), b"9" * 19])
def test_a_position_is_a_plain_number(number: bytes) -> None:
    with pytest.raises(NotARecord):
        record_of(KEY, published()[0], with_header("ce_position", number))


@pytest.mark.parametrize("value", [b"", b"{}", b"not json", b"\xff\xfe"])
def test_other_data_under_the_same_headers_is_refused(value: bytes) -> None:
    with pytest.raises(NotARecord, match="hash"):
        record_of(KEY, value, published()[1])


def test_a_tombstone_is_refused() -> None:
    with pytest.raises(NotARecord, match="no value"):
        record_of(KEY, None, published()[1])


def test_a_record_under_another_logs_key_is_refused() -> None:
    with pytest.raises(NotARecord, match="ce_source"):
        record_of(b"intake/laichau", *published())


@dataclass
class Malformed:
    name: str
    value: bytes


@pytest.mark.parametrize(
    "malformed",
    [
        Malformed("ce_time", b"yesterday"),
        Malformed("ce_time", b"2023-01-18T00:00:00"),
        Malformed("ce_id", b"17"),
        Malformed("ce_type", b"log.fenced"),
        Malformed("ce_hash", b"abc"),
        Malformed("ce_previoushash", b"ab " * 21 + b"a"),
        Malformed("ce_specversion", b"0.3"),
        Malformed("ce_tenant", b"laichau"),
        Malformed("content-type", b"text/plain"),
    ],
    ids=lambda malformed: malformed.name,
)
def test_a_malformed_header_is_refused(malformed: Malformed) -> None:
    with pytest.raises(NotARecord):
        record_of(KEY, published()[0], with_header(malformed.name, malformed.value))


def test_a_page_sent_twice_is_two_runs() -> None:
    five = page(LOG, 5)
    sent = [*messages_of(five)[:3], *messages_of(five)]
    arrived = [(offset, record_of(KEY, *message)) for offset, message in enumerate(sent)]
    found = [[(offset, one.record.position) for offset, one in run] for run in runs(arrived)]
    assert found == [[(0, 1), (1, 2), (2, 3)], [(3, 1), (4, 2), (5, 3), (6, 4), (7, 5)]]


def test_a_hole_ends_a_run() -> None:
    five = messages_of(page(LOG, 5))
    arrived = [(offset, record_of(KEY, *message)) for offset, message in enumerate([*five[:2], *five[3:]])]
    assert [[one.record.position for _, one in run] for run in runs(arrived)] == [[1, 2], [4, 5]]


def test_another_incarnation_ends_a_run() -> None:
    old, new = page(LOG, 2), Page("second", 2, records(LOG, 2)[-1].hash, records(LOG, 1, first=3))
    sent = [*messages_of(old), *messages_of(new)]
    arrived = [(offset, record_of(KEY, *message)) for offset, message in enumerate(sent)]
    assert [len(run) for run in runs(arrived)] == [2, 1]


def test_metadata_without_a_trace_sends_none() -> None:
    plain = records(LOG, 1)[0]._replace(metadata=b"{}")
    assert "traceparent" not in dict(headers_of(plain, "first", bytes(32)))
