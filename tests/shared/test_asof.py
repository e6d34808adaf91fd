"""As of when something is asked: an instant is the last position recorded until then, and that asks the same again."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.asof import AsOfAhead, UnreadableAsOf, moment_of, position_at
from shared.clock import micros

START = datetime(2023, 1, 9, 2, tzinfo=UTC)
NOW = START + timedelta(seconds=60)


class Log:
    """A log whose positions were recorded so many seconds after the start."""

    name = "intake/sonla"

    def __init__(self, recorded: Sequence[int]) -> None:
        self._recorded = [micros(START + timedelta(seconds=each)) for each in recorded]

    async def head(self) -> Any:
        return SimpleNamespace(position=len(self._recorded))

    async def read(self, after: int, limit: int) -> Any:
        found = self._recorded[after : after + limit]
        return SimpleNamespace(records=[SimpleNamespace(position=after + 1, recorded=each) for each in found])


@given(recorded=st.lists(st.integers(0, 50), max_size=40).map(sorted), seconds=st.integers(-5, 60))
async def test_an_instant_is_the_last_position_recorded_until_then(recorded: list[int], seconds: int) -> None:
    found = await position_at(cast(Any, Log(recorded)), START + timedelta(seconds=seconds), NOW)
    assert found == sum(1 for each in recorded if each <= seconds)


async def test_now_is_the_head_and_a_position_is_itself() -> None:
    log = cast(Any, Log([1, 2, 3]))
    assert [await position_at(log, each, NOW) for each in (None, 0, 2, 3)] == [3, 0, 2, 3]


@pytest.mark.parametrize(
    ("asked", "last"), [(4, "intake=3"), (10**18, "intake=3"), (NOW + timedelta(microseconds=1), NOW.isoformat())]
)
async def test_nothing_is_told_as_of_a_position_or_an_instant_that_is_still_to_come(asked: Any, last: str) -> None:
    """What will stand there nobody knows: the present in its place would be answered otherwise later."""
    with pytest.raises(AsOfAhead) as refused:
        await position_at(cast(Any, Log([1, 2, 3])), asked, NOW)
    assert (refused.value.field, refused.value.facts) == ("as_of", {"last": last})
    assert await position_at(cast(Any, Log([1, 2, 3])), NOW, NOW) == 3


def test_a_moment_is_an_instant_with_its_zone_or_a_position_of_the_log() -> None:
    assert moment_of(None, "intake") is None
    assert moment_of("", "intake") is None
    assert moment_of("12", "intake") == moment_of("intake=12", "intake") == 12
    assert moment_of("2023-01-09T02:00:00+00:00", "intake") == moment_of("2023-01-09T02:00:00 00:00", "intake") == START


@pytest.mark.parametrize(
    "text", ["yesterday", "2023-01-09", "2023-01-09T02:00:00", "assignment=12", "-1", "9" * 19, "١٢", "0001-01-01T00:00:00+00:00"]
)
def test_what_says_no_moment_is_refused(text: str) -> None:
    with pytest.raises(UnreadableAsOf):
        moment_of(text, "intake")
