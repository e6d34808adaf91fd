"""However a log is delivered - twice, out of order, with holes, cut anywhere, by two members - the read model ends the same."""

import asyncio
import contextlib
import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from shared.eventlog.port import LogUnavailable
from shared.feeds import Delivery, Gap
from tests.support.tallying import Stage, sqlite_stage

EVENTS = 18
POISON = 5

cuts = st.lists(
    st.tuples(
        st.integers(1, EVENTS),  # from which position
        st.integers(0, 8),  # how many more
        st.booleans(),  # by the second member
        st.booleans(),  # while the source is away
    ),
    max_size=25,
)
faults = st.dictionaries(st.integers(1, EVENTS).map(lambda n: f"report-{n}"), st.integers(1, 3), max_size=3)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(cuts, faults, st.booleans())
def test_any_delivery_ends_in_the_same_state(
    pieces: list[tuple[int, int, bool, bool]], passing: dict[str, int], poisoned: bool
) -> None:
    asyncio.run(_compare(pieces, passing, poisoned))


async def _compare(pieces: list[tuple[int, int, bool, bool]], passing: dict[str, int], poisoned: bool) -> None:
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as other:
        async with sqlite_stage(Path(one)) as plain, sqlite_stage(Path(other)) as disturbed:
            for stage in (plain, disturbed):
                await _tell(stage)
                if poisoned:
                    stage.faults.always(f"report-{POISON}", KeyError())
            await _drained(plain)
            for report, times in passing.items():
                disturbed.faults.waiting[report] = [
                    *[LogUnavailable("away")] * times,
                    *disturbed.faults.waiting.get(report, []),
                ]
            await _deliver(disturbed, pieces)
            await _drained(disturbed)
            assert await disturbed.streams() == await plain.streams()
            assert await disturbed.hash() == await plain.hash()
            assert [letter.position for letter in await disturbed.letters().list()] == [
                letter.position for letter in await plain.letters().list()
            ]


async def _tell(stage: Stage) -> None:
    for n in range(1, EVENTS + 1, 2):
        await stage.say(f"fence-{'ABC'[n % 3]}", str(n), str(n + 1))


async def _drained(stage: Stage) -> None:
    following = stage.follow()
    for _ in range(3):  # a fault that lasts is handed to whoever asked, who asks again
        with contextlib.suppress(LogUnavailable):
            await following.drain()
    assert not await following.drain()


async def _deliver(stage: Stage, pieces: list[tuple[int, int, bool, bool]]) -> None:
    members = [stage.follow(), stage.follow()]
    for member in members:
        await member.prepare()
    for first, more, by_second, away in pieces:
        page = await stage.logs["source"].read(first - 1, more + 1)
        stage.reaching.away = away
        follower = members[by_second].followers[0]
        try:
            await follower.deliver(Delivery(follower.source, page))
        except (Gap, LogUnavailable):
            await follower.resume(follower.source)  # as a feed does
        stage.reaching.away = False
