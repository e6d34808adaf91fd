"""Others' logs are read once for all subscriptions that follow them; what befalls one of these holds up none of the rest."""

import asyncio
from collections.abc import Sequence

import pytest

from shared.eventlog.port import LogReader
from shared.feeds import Deliver, Delivery, Gap, Halted, Hint, Resume
from shared.feeds import State as FeedState
from shared.subscriptions.declared import Subscription
from shared.subscriptions.follower import TRIES_OF_ONE_DELIVERY
from shared.subscriptions.following import Following
from tests.support.tallying import Stage, echo, mail, tally

SOURCE = "source/sonla"


class Handed:
    """A feed that hands over what the test tells it to."""

    state: FeedState = "ok"
    deliver: Deliver
    resume: Resume

    def __init__(self) -> None:
        self.started = 0

    async def start(self, sources: Sequence[LogReader], deliver: Deliver, resume: Resume) -> None:
        self.started += 1
        self.sources = [source.name for source in sources]
        self.deliver, self.resume = deliver, resume

    async def stop(self) -> None: ...


async def followed(stage: Stage, *subscriptions: Subscription) -> tuple[Following, Handed]:
    feed = Handed()
    following = Following(stage.service(*subscriptions), foreign=lambda: feed, sleep=stage.naps)
    await following.start()
    return following, feed


async def page(stage: Stage, first: int, last: int) -> Delivery:
    return Delivery(SOURCE, await stage.logs["source"].read(first - 1, last - first + 1), Hint(0, last + 1))


async def four(stage: Stage) -> None:
    for n in range(1, 5):
        await stage.say("fence-A", str(n))


async def test_one_feed_brings_a_log_to_all_that_follow_it(either: Stage) -> None:
    await four(either)
    following, feed = await followed(either, tally(either.faults), echo(either.faults), mail(either.faults, either.sent))
    assert (feed.started, feed.sources) == (1, [SOURCE])
    await feed.deliver(await page(either, 1, 4))
    assert await either.streams() == {"fence-A": "1 2 3 4"}
    assert await either.echoes() == ["1", "2", "3", "4"]
    assert len(either.sent) == 8
    for name in ("tally", "echo", "mail"):
        assert (await either.cursor(name)).hint == Hint(0, 5)
    await following.stop()


async def test_what_fails_for_one_is_offered_again_and_the_others_hold_it_once(stage: Stage) -> None:
    await four(stage)
    following, feed = await followed(stage, tally(stage.faults), mail(stage.faults, stage.sent))
    stage.faults.once("report-3 to a", *[TimeoutError("away")] * TRIES_OF_ONE_DELIVERY)
    with pytest.raises(TimeoutError):
        await feed.deliver(await page(stage, 1, 4))
    await feed.deliver(await page(stage, 1, 4))
    assert await stage.streams() == {"fence-A": "1 2 3 4"}
    assert sorted(stage.sent) == [f"report-{n} to {name}" for n in (1, 2, 3, 4) for name in "ab"]
    assert not any(status.gap_pulls for status in following.status())
    await following.stop()


async def test_one_that_halted_stops_none_of_the_others(stage: Stage) -> None:
    await four(stage)
    following, feed = await followed(stage, tally(stage.faults), echo(stage.faults))
    following.followers[1].stop_for("newer-event")
    await feed.deliver(await page(stage, 1, 4))
    assert await stage.streams() == {"fence-A": "1 2 3 4"}
    assert await stage.echoes() == []
    following.followers[0].stop_for("newer-event")
    with pytest.raises(Halted, match="newer-event"):
        await feed.deliver(await page(stage, 1, 4))
    await following.stop()


async def test_reading_goes_on_where_the_last_of_them_stands(stage: Stage) -> None:
    await four(stage)
    following, feed = await followed(stage, tally(stage.faults), echo(stage.faults))
    assert (await feed.resume(SOURCE)).position == 0
    await feed.deliver(await page(stage, 1, 2))
    await following.followers[0].deliver(await page(stage, 3, 4))
    place = await feed.resume(SOURCE)
    assert (place.position, place.hint) == (2, Hint(0, 3))
    following.followers[1].stop_for("newer-event")
    assert (await feed.resume(SOURCE)).position == 4
    await following.stop()


async def test_one_that_stands_behind_fetches_what_it_missed(stage: Stage) -> None:
    await four(stage)
    following, feed = await followed(stage, tally(stage.faults), echo(stage.faults))
    await following.followers[0].deliver(await page(stage, 1, 3))
    await feed.deliver(await page(stage, 4, 4))
    assert await stage.echoes() == ["1", "2", "3", "4"]
    assert [status.gap_pulls for status in following.status()] == [0, 1]
    await following.stop()


async def test_a_gap_of_one_sends_the_feed_back_when_the_others_have_applied(stage: Stage) -> None:
    await four(stage)
    following, feed = await followed(stage, tally(stage.faults), echo(stage.faults))
    await following.followers[0].deliver(await page(stage, 1, 3))
    stage.reaching.away = True
    with pytest.raises(Gap):
        await feed.deliver(await page(stage, 4, 4))
    assert await stage.streams() == {"fence-A": "1 2 3 4"}
    stage.reaching.away = False
    place = await feed.resume(SOURCE)
    await feed.deliver(await page(stage, place.position + 1, 4))
    assert await stage.echoes() == ["1", "2", "3", "4"]
    await following.stop()


async def test_a_slow_one_keeps_no_projection_waiting(stage: Stage) -> None:
    """Commands take their time: what is only written down is there meanwhile."""
    await four(stage)
    following, feed = await followed(stage, tally(stage.faults), echo(stage.faults))
    async with following.followers[1].turn:
        delivering = asyncio.ensure_future(feed.deliver(await page(stage, 1, 4)))
        async with asyncio.timeout(5):
            while not await stage.streams():  # noqa: ASYNC110 - it moves in the database
                await asyncio.sleep(0.01)
        assert not delivering.done()
    await delivering
    assert await stage.echoes() == ["1", "2", "3", "4"]
    await following.stop()
