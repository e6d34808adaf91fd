"""Instants and days from outside: what cannot be counted with stops at the edge."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from shared.calendar import day_starts, local_day
from shared.instants import FIRST, LAST, Day, Instant, countable

INSTANT: TypeAdapter[datetime] = TypeAdapter(Instant)
DAY: TypeAdapter[date] = TypeAdapter(Day)


def refusal(adapter: TypeAdapter[Any], sent: object) -> str:
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(sent)
    return refused.value.errors()[0]["type"]


@pytest.mark.parametrize(
    "sent", ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "1899-12-31T23:59:59Z", "2200-01-01T00:00:00Z"]
)
def test_an_instant_in_years_that_nobody_counts_with_is_refused(sent: str) -> None:
    assert refusal(INSTANT, sent) == "years_outside"
    assert not countable(datetime.fromisoformat(sent))


@pytest.mark.parametrize("sent", ["1900-01-01T00:00:00Z", "1900-01-01T07:00:00+07:00", "2199-12-31T23:59:59.999999Z"])
def test_the_first_and_the_last_instant_have_a_day_in_vietnam(sent: str) -> None:
    instant = INSTANT.validate_python(sent)
    assert FIRST <= local_day(instant) <= LAST + timedelta(days=1)
    assert day_starts(local_day(instant)) <= instant


@pytest.mark.parametrize("sent", ["2023-01-04", "2023-01-04T08:00:00", 1672800000, 16728.5, True, "yesterday", None, {}])
def test_an_instant_is_written_with_its_zone(sent: object) -> None:
    refusal(INSTANT, sent)


def test_an_instant_keeps_the_zone_it_was_written_with() -> None:
    assert INSTANT.validate_python("2023-01-04T08:00:00+07:00").isoformat() == "2023-01-04T08:00:00+07:00"
    assert INSTANT.validate_python(datetime(2023, 1, 4, tzinfo=UTC)) == datetime(2023, 1, 4, tzinfo=UTC)


@pytest.mark.parametrize("sent", ["0001-01-01", "9999-12-31"])
def test_a_day_in_years_that_nobody_counts_with_is_refused(sent: str) -> None:
    assert refusal(DAY, sent) == "years_outside"


def test_a_day_is_written_not_counted_from_1970() -> None:
    assert DAY.validate_python("2023-01-04") == date(2023, 1, 4)
    assert {DAY.validate_python(str(day)) for day in (FIRST, LAST)} == {FIRST, LAST}
    assert refusal(DAY, 19361) == "date_type"
