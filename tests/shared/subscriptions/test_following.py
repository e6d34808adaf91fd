"""A projection holds each event of its logs once and in order, whatever is delivered; where histories differ it stops."""

import asyncio

import pytest

from shared.eventlog.port import LogReader
from shared.eventlog.records import Page
from shared.feeds import Delivery, Gap, Halted, Hint
from shared.subscriptions.follower import Follower
from shared.subscriptions.following import Following
from tests.support.tallying import Stage, tally

SOURCE = "source/sonla"


def the_only(following: Following) -> Follower:
    (follower,) = following.followers
    return follower


async def part(log: LogReader, first: int, last: int) -> Page:
    """Positions `first` to `last` as a feed hands them over."""
    return await log.read(first - 1, last - first + 1)


async def prepared(stage: Stage) -> Follower:
    following = stage.follow()
    await following.prepare()
    return the_only(following)


async def ten(stage: Stage) -> Follower:
    """Ten reports in three streams, and a projection that has read nothing yet."""
    for n in range(1, 11):
        await stage.say(f"fence-{'ABC'[n % 3]}", str(n))
    return await prepared(stage)


ALL_TEN = {"fence-A": "3 6 9", "fence-B": "1 4 7 10", "fence-C": "2 5 8"}


async def test_a_projection_holds_every_event_of_its_log_in_order(either: Stage) -> None:
    await ten(either)
    following = either.follow()
    assert await following.drain()
    assert await either.streams() == ALL_TEN
    assert (await either.cursor()).position == 10
    assert not await following.drain()


async def test_what_comes_twice_is_dropped(either: Stage) -> None:
    follower = await ten(either)
    for first, last in ((1, 4), (1, 4), (3, 7), (2, 5), (6, 10)):
        await follower.deliver(Delivery(SOURCE, await part(either.logs["source"], first, last)))
    assert await either.streams() == ALL_TEN
    assert follower.gap_pulls == 0


async def test_a_gap_is_pulled_from_the_source(either: Stage) -> None:
    follower = await ten(either)
    for first, last in ((1, 3), (8, 10)):
        await follower.deliver(Delivery(SOURCE, await part(either.logs["source"], first, last)))
    assert await either.streams() == ALL_TEN
    assert follower.gap_pulls == 1


async def test_a_gap_is_not_jumped_while_the_source_is_away(stage: Stage) -> None:
    follower = await ten(stage)
    await follower.deliver(Delivery(SOURCE, await part(stage.logs["source"], 1, 3)))
    stage.reaching.away = True
    with pytest.raises(Gap):
        await follower.deliver(Delivery(SOURCE, await part(stage.logs["source"], 8, 10)))
    assert (follower.status().state, follower.status().reason) == ("degraded", "gap-and-source-away")
    assert (await stage.cursor()).position == 3
    stage.reaching.away = False
    await follower.deliver(Delivery(SOURCE, await part(stage.logs["source"], 8, 10)))
    assert await stage.streams() == ALL_TEN
    assert follower.status().state == "running"


async def test_a_page_with_a_hole_is_read_anew_from_the_source(stage: Stage) -> None:
    follower = await ten(stage)
    page = await part(stage.logs["source"], 1, 10)
    holed = Page(page.incarnation, page.after, page.previous_hash, (*page.records[:4], *page.records[5:]))
    await follower.deliver(Delivery(SOURCE, holed))
    assert await stage.streams() == ALL_TEN


async def test_a_source_that_leaves_out_an_event_stops_the_subscription(stage: Stage) -> None:
    follower = await ten(stage)
    stage.reaching.without = {5}
    await follower.catch_up()
    assert (follower.status().state, follower.status().reason) == ("halted", "hole-in-source")
    assert (await stage.cursor()).position < 5


async def test_the_place_in_a_topic_is_kept_beside_the_cursor(either: Stage) -> None:
    follower = await ten(either)
    await follower.deliver(Delivery(SOURCE, await part(either.logs["source"], 1, 4), Hint(2, 77)))
    await follower.deliver(Delivery(SOURCE, await part(either.logs["source"], 5, 6)))
    assert (await either.cursor()).hint == Hint(2, 77)
    assert (await (await prepared(either)).resume(SOURCE)).hint == Hint(2, 77)


async def test_two_members_apply_each_event_once(either: Stage) -> None:
    await ten(either)
    first, second = await prepared(either), await prepared(either)
    page = await part(either.logs["source"], 1, 10)
    outcomes = await asyncio.gather(
        first.deliver(Delivery(SOURCE, page)), second.deliver(Delivery(SOURCE, page)), return_exceptions=True
    )
    # The slower one is told to go back to its place, where the faster one has brought it.
    assert sorted(type(each).__name__ for each in outcomes) == ["Gap", "NoneType"]
    assert first.cursor.position == second.cursor.position == 10
    assert await either.streams() == ALL_TEN


async def test_two_sources_of_a_projection_never_overwrite_each_other_s_rows(either: Stage) -> None:
    for n in range(40):
        await either.say("fence-A", f"s{n}")
        await either.say("fence-A", f"o{n}", service="other")
    following = either.follow(tally(either.faults, ("source", "other")))
    await following.prepare()
    async with asyncio.TaskGroup() as group:
        for follower in following.followers:
            group.create_task(steps(follower))
    reports = (await either.streams())["fence-A"].split()
    assert len(reports) == 80
    assert [each for each in reports if each[0] == "s"] == [f"s{n}" for n in range(40)]
    assert [each for each in reports if each[0] == "o"] == [f"o{n}" for n in range(40)]


async def steps(follower: Follower) -> None:
    while await follower.step(3):
        pass


async def test_another_incarnation_of_the_source_stops_the_subscription(either: Stage) -> None:
    follower = await ten(either)
    await follower.catch_up()
    await either.new_incarnation("second")
    with pytest.raises(Halted):
        await follower.deliver(Delivery(SOURCE, await part(either.logs["source"], 8, 10)))
    assert follower.status().reason == "another-incarnation"


async def test_what_a_former_incarnation_published_is_passed_over(stage: Stage) -> None:
    follower = await ten(stage)
    page = await part(stage.logs["source"], 1, 10)
    await follower.deliver(Delivery(SOURCE, Page("before", 0, page.previous_hash, page.records[:5])))
    assert (await stage.cursor()).position == 0
    await follower.deliver(Delivery(SOURCE, page))
    assert await stage.streams() == ALL_TEN


async def test_a_source_put_back_to_before_the_cursor_is_noticed(either: Stage) -> None:
    follower = await ten(either)
    await follower.catch_up()
    await either.put_back(6)
    assert not await follower.catch_up()
    assert (follower.status().state, follower.status().reason) == ("halted", "source-shorter-than-cursor")
    assert await either.streams() == ALL_TEN


async def test_a_source_put_back_that_has_grown_past_the_cursor_is_noticed(either: Stage) -> None:
    follower = await ten(either)
    await follower.catch_up()
    await either.put_back(6)
    await either.say("fence-A", "x", "y", "z", "v", "w")
    await follower.catch_up()
    assert (follower.status().state, follower.status().reason) == ("halted", "another-history")
    assert await either.streams() == ALL_TEN
    again = await prepared(either)  # starting anew does not forget it
    await again.resume(SOURCE)
    assert again.status().reason == "another-history"


async def test_a_source_put_back_with_the_very_same_number_of_events_is_noticed(stage: Stage) -> None:
    following = stage.follow()
    await ten(stage)
    await following.drain()
    await stage.put_back(9)
    await stage.say("fence-B", "another")
    assert not await following.drain()
    assert the_only(following).status().reason == "another-history"


async def test_a_subscription_is_compared_with_the_source_as_it_was_when_asked(stage: Stage) -> None:
    """The cursor may move while the source answers; that is no reason to stop."""
    follower = await ten(stage)
    await follower.step(4)
    answer = stage.reaching.hash_at

    async def slow(position: int) -> bytes | None:
        found = await answer(position)
        await follower.step(4)
        return found

    stage.reaching.hash_at = slow  # type: ignore[method-assign]
    assert await follower.check()
    assert follower.status().state == "running"
    assert follower.cursor.position == 8


async def test_an_absent_source_proves_nothing(stage: Stage) -> None:
    follower = await ten(stage)
    await follower.catch_up()
    stage.reaching.away = True
    assert not await follower.check()
    assert not follower.halted


async def test_a_newer_event_halts_its_subscription_right_before_it(either: Stage) -> None:
    await either.say("fence-A", "1", "2")
    await either.append("fence-B", ("log.fenced", 2, b'{"report":"report-3","since":"then"}'))
    await either.say("fence-A", "4")
    following = either.follow()
    await following.drain()
    status = the_only(following).status()
    assert (status.state, status.reason, status.position) == ("halted", "newer-event", 2)
    assert await either.streams() == {"fence-A": "1 2"}


async def test_a_newer_event_that_it_does_not_read_halts_nothing(stage: Stage) -> None:
    await stage.append("unit-TH", ("unit.dissolved", 99, b"{}"))
    await stage.say("fence-A", "2")
    await stage.follow().drain()
    assert await stage.streams() == {"fence-A": "2"}


async def test_types_that_nobody_knows_are_passed_over_and_counted(stage: Stage) -> None:
    await stage.append("fence-A", ("fence.painted", 1, b"{}"), ("fence.painted", 1, b"not even JSON"))
    await stage.say("fence-A", "3")
    following = stage.follow()
    await following.drain()
    assert await stage.streams() == {"fence-A": "3"}
    assert the_only(following).status().unknown == 2
    assert the_only(following).status().lag == 0
