"""Time and ids as inputs."""

from datetime import UTC, datetime, timedelta

import pytest

from shared.clock import ClockMovedBack, ScriptClock, SystemClock, instant, micros
from shared.ids import RandomIds, SeededIds, base32, uuid_of
from shared.keys import KeyedHash


def test_a_script_clock_goes_only_forward() -> None:
    clock = ScriptClock(datetime(2023, 1, 4, tzinfo=UTC))
    clock.move_to(datetime(2023, 1, 5, tzinfo=UTC))
    clock.move_to(datetime(2023, 1, 5, tzinfo=UTC))
    with pytest.raises(ClockMovedBack):
        clock.move_to(datetime(2023, 1, 4, 23, 59, tzinfo=UTC))
    assert clock.now() == datetime(2023, 1, 5, tzinfo=UTC)


def test_the_system_clock_is_in_utc_and_moves() -> None:
    now = SystemClock().now()
    assert now.utcoffset() == timedelta(0)
    assert SystemClock().now() >= now


def test_microseconds_and_instants_are_inverse() -> None:
    at = datetime(2023, 1, 30, 16, 59, 59, 999_999, tzinfo=UTC)
    assert instant(micros(at)) == at


def test_seeded_ids_are_equal_for_equal_commands_and_differ_otherwise() -> None:
    one, two = SeededIds("sonla"), SeededIds("sonla")
    assert one.bytes("event", "c-1", 0) == two.bytes("event", "c-1", 0)
    others = {
        one.bytes("event", "c-1", 1),
        one.bytes("task", "c-1", 0),
        one.bytes("event", "c-2", 0),
        SeededIds("x").bytes("event", "c-1"),
    }
    assert len(others) == 4
    assert len(one.bytes("key", "c-1", 0, 80)) == 80


def test_random_ids_do_not_repeat() -> None:
    assert RandomIds().bytes("event", "c-1") != RandomIds().bytes("event", "c-1")
    assert uuid_of(RandomIds(), "event", "c-1").version == 4


def test_codes_use_no_letter_that_is_read_for_another() -> None:
    assert base32(bytes([0xFF] * 9), 13) == "Z" * 13
    assert not set(base32(SeededIds("s").bytes("receipt", "c", 0, 20), 32)) & set("ILOU")
    with pytest.raises(ValueError, match="fewer"):
        base32(b"1234", 7)


def test_keyed_hashes_tell_purposes_and_parts_apart() -> None:
    keyed = KeyedHash(b"k" * 32)
    assert keyed.hex("receipt", "a", "bc") != keyed.hex("receipt", "ab", "c")
    assert keyed.hex("receipt", "a") != keyed.hex("opinion", "a")
    assert keyed.hex("receipt", "a") != KeyedHash(b"l" * 32).hex("receipt", "a")
    with pytest.raises(ValueError, match="32 bytes"):
        KeyedHash(b"short")
