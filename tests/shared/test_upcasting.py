"""An old fact is read through its upcasters: the bytes stay as they were written, today's code sees today's shape."""

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest
from pydantic import ValidationError

from shared.canonical import canonical
from shared.contracts import registry
from shared.contracts.registry import event
from shared.contracts.types import FieldKey, UnitKey
from shared.eventlog import codec
from shared.eventlog.records import ZERO, Record

NAME = "bell.rung"
Declare = Callable[[], type[Any]]


def _in_one_unit(data: dict[str, Any]) -> dict[str, Any]:
    """Version 1 said where by one word: `place`."""
    return {"unit": data["place"], **{name: value for name, value in data.items() if name != "place"}}


def _with_times(data: dict[str, Any]) -> dict[str, Any]:
    """Versions 1 and 2 were rung once."""
    return {**data, "times": 1}


def rung_v2() -> type[Any]:
    @event(NAME, version=2, upcasters={1: _in_one_unit})
    class BellRung:
        unit: UnitKey
        field: FieldKey | None

    return BellRung


def rung_v3() -> type[Any]:
    @event(NAME, version=3, upcasters={1: _in_one_unit, 2: _with_times})
    class BellRung:
        unit: UnitKey
        field: FieldKey | None
        times: int

    return BellRung


@pytest.fixture(autouse=True)
def _declared_for_these_tests_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_BY_NAME", dict(registry._BY_NAME))
    monkeypatch.setattr(registry, "_BY_CLASS", dict(registry._BY_CLASS))


V1 = canonical({"place": "TH", "field": "dat-dai"})
V2 = canonical({"unit": "TH", "field": "dat-dai"})


def test_a_fact_of_the_former_version_is_read_as_today_s_class() -> None:
    rung = rung_v2()
    read = codec.decode(NAME, 1, V1)
    assert type(read) is rung
    assert read == codec.decode(NAME, 2, V2) == rung(unit="TH", field="dat-dai")
    assert codec.encode(read) == (NAME, 2, V2)


def test_an_older_fact_goes_through_every_step_up_to_today() -> None:
    rung = rung_v3()
    once = rung(unit="TH", field="dat-dai", times=1)
    assert codec.decode(NAME, 1, V1) == codec.decode(NAME, 2, V2) == once


def test_a_record_keeps_the_version_and_the_bytes_it_was_stored_under() -> None:
    rung_v2()
    record = Record(
        log="intake/sonla",
        position=1,
        stream="bell-1",
        version=1,
        event_id=UUID(int=1),
        type=NAME,
        schema_version=1,
        data=V1,
        metadata=b"{}",
        occurred=0,
        recorded=0,
        prev_hash=ZERO,
        hash=ZERO,
    )
    recorded = codec.read(record)
    assert recorded.event.unit == "TH"
    assert (recorded.record.schema_version, recorded.record.data) == (1, V1)


def test_what_an_upcaster_leaves_must_still_be_today_s_shape() -> None:
    rung_v3()
    with pytest.raises(ValidationError):
        codec.decode(NAME, 1, canonical({"place": "TH"}))


@pytest.mark.parametrize(("declare", "newer"), [(rung_v2, 3), (rung_v3, 4)])
def test_a_version_beyond_today_s_is_not_guessed_from_below(declare: Declare, newer: int) -> None:
    declare()
    with pytest.raises(codec.NewerEvent):
        codec.decode(NAME, newer, V2)


def test_an_event_of_a_test_is_no_event_of_the_house() -> None:
    assert registry.event_type(NAME) is None
