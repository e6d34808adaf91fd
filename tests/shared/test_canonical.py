"""Canonical bytes and the hashes over them: fixed for ever, because every stored hash depends on them."""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.canonical import NotCanonical, canonical, canonical_event
from shared.eventlog.records import ZERO, NewEvent, Write, chain, event_hash, leaf_data

EVENT = NewEvent(
    UUID("12345678-1234-4678-9234-567812345678"),
    "opinion.received",
    1,
    b'{"channel":"paper"}',
    b'{"actor":"p-1"}',
    1_672_800_000_000_000,
)

PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@dataclass(frozen=True)
class Fields:
    unit: str
    at: datetime
    day: date
    id: UUID


@dataclass(frozen=True)
class Outer:
    second: Fields
    first: tuple[Fields, ...]
    plain: object


def test_keys_are_sorted_nothing_is_spaced_and_letters_stay_letters() -> None:
    assert canonical({"b": 1, "a": {"ư": "Sơn La", "z": None}}) == '{"a":{"z":null,"ư":"Sơn La"},"b":1}'.encode()


def test_fields_of_a_dataclass_are_sorted_too() -> None:
    fields = Fields("TCHCQT", datetime(2023, 1, 4, tzinfo=UTC), date(2023, 1, 4), UUID(int=1))
    expected = b'{"at":"2023-01-04T00:00:00Z","day":"2023-01-04","id":"00000000-0000-0000-0000-000000000001","unit":"TCHCQT"}'
    assert canonical(fields) == canonical_event(fields) == expected


@given(st.builds(Fields, st.text(max_size=4), st.datetimes(timezones=st.just(UTC)), st.dates(), st.uuids()), PLAIN)
def test_an_event_has_the_same_bytes_both_ways(fields: Fields, plain: object) -> None:
    nested = Outer(fields, (fields,), plain)
    assert canonical_event(nested) == canonical(nested)


def test_composed_and_decomposed_letters_stay_as_they_came() -> None:
    assert canonical("Sơn") != canonical("So\u031bn")


@pytest.mark.parametrize("value", [1.0, {"a": [1, {"b": 0.5}]}])
def test_a_float_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical(value)


@given(PLAIN)
def test_reading_and_writing_again_gives_the_same_bytes(value: object) -> None:
    import orjson

    written = canonical(value)
    assert canonical(orjson.loads(written)) == written


@given(st.dictionaries(st.text(max_size=4), st.integers(0, 9), min_size=2, max_size=6))
def test_the_order_in_which_keys_were_put_does_not_matter(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_the_hash_of_an_event_never_changes() -> None:
    assert (
        event_hash("intake/sonla", "opinion-A", 1, EVENT, ZERO).hex()
        == "532c707fa8e0f2bfe5097740d3211a35dd113c097e5589289460fafd2481e573"
    )


def test_the_hash_covers_every_part_and_the_predecessor() -> None:
    original = event_hash("intake/sonla", "opinion-A", 1, EVENT, ZERO)
    changed = [
        event_hash("intake/sontay", "opinion-A", 1, EVENT, ZERO),
        event_hash("intake/sonla", "opinion-B", 1, EVENT, ZERO),
        event_hash("intake/sonla", "opinion-A", 2, EVENT, ZERO),
        event_hash("intake/sonla", "opinion-A", 1, EVENT, b"\x01" * 32),
    ]
    others = [
        EVENT._replace(event_id=UUID(int=2)),
        EVENT._replace(type="opinion.referred"),
        EVENT._replace(schema_version=2),
        EVENT._replace(data=b"{}"),
        EVENT._replace(metadata=b"{}"),
        EVENT._replace(occurred=EVENT.occurred + 1),
    ]
    changed += [event_hash("intake/sonla", "opinion-A", 1, other, ZERO) for other in others]
    assert len({original, *changed}) == len(changed) + 1


def test_events_of_one_write_hang_on_one_another() -> None:
    first, second = chain("intake/sonla", Write("opinion-A", 0, (EVENT, EVENT)))
    assert first == event_hash("intake/sonla", "opinion-A", 1, EVENT, ZERO)
    assert second == event_hash("intake/sonla", "opinion-A", 2, EVENT, first)


def test_a_leaf_is_position_recorded_time_and_hash() -> None:
    assert leaf_data(1, 2, b"h" * 32) == bytes(7) + b"\x01" + bytes(7) + b"\x02" + b"h" * 32
