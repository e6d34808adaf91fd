"""Reading what was written, draining, stepping, and starting and stopping: all subscriptions of a service together."""

import asyncio
from dataclasses import replace

import pytest

from shared.subscriptions import following as whole
from shared.subscriptions.declared import Projection
from shared.subscriptions.following import Following
from tests.support.tallying import REPORTS, STREAMS, Stage, echo, tally
from tests.support.topic_reading import until


def echoed(stage: Stage) -> Projection:
    """Of our own log, that is: of what the process asked for."""
    return tally(stage.faults, ("reading",))


async def holds(following: Following, source: str, position: int) -> None:
    assert await following.wait({source: position}, 10)


async def test_what_was_written_can_be_read_once_it_was_waited_for(either: Stage) -> None:
    following = either.follow()
    await following.start()
    for n in range(5):
        position = await either.say("fence-A", str(n))
        assert await following.wait({"source": position}, 10)
        assert (await either.streams())["fence-A"].split()[-1] == str(n)
    await following.stop()


async def test_a_wait_ends_with_its_time(stage: Stage) -> None:
    following = stage.follow()
    await following.start()
    assert not await following.wait({"source": 1}, 0.05)
    assert await following.wait({"source": 0, "elsewhere": 99}, 0.05)
    await following.stop()


async def test_a_process_that_only_answers_waits_for_the_one_that_follows(either: Stage) -> None:
    answering, working = either.follow(), either.follow()
    await answering.prepare()
    position = await either.say("fence-A", "1")
    waiting = asyncio.create_task(answering.wait({"source": position}, 10))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    await working.drain()
    assert await waiting


async def test_a_process_that_only_answers_says_where_the_one_that_follows_stands(either: Stage) -> None:
    answering, working = either.follow(), either.follow()
    await answering.prepare()
    position = await either.say("fence-A", "1")
    await working.drain()
    assert [status.position for status in await answering.standing()] == [position]


async def test_a_process_that_only_answers_notices_a_source_that_was_put_back(either: Stage) -> None:
    answering, working = either.follow(), either.follow()
    await either.say("fence-A", "1", "2")
    await working.drain()
    await either.put_back(1)
    await answering.watch()
    await until(lambda: answering.state == "degraded")
    assert [status.reason for status in answering.status()] == ["source-shorter-than-cursor"]
    await answering.stop()


async def test_a_member_that_stands_by_hears_of_what_another_applied(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both follow, and only one is given the partition."""
    working, idle = stage.follow(), stage.follow()
    monkeypatch.setattr(idle, "_follow_others", _nothing)
    await idle.start()
    position = await stage.say("fence-A", "1")
    waiting = asyncio.create_task(idle.wait({"source": position}, 10))
    await working.drain()
    assert await waiting
    await idle.stop()


async def _nothing() -> None: ...


async def test_what_a_process_made_of_a_position_is_waited_for_too(either: Stage) -> None:
    following = either.follow(echoed(either), echo(either.faults))
    await following.start()
    for n in range(5):
        position = await either.say("fence-A", str(n))
        assert await following.wait({"source": position}, 10)
        assert (await either.streams())["echo-fence-A"].split()[-1] == str(n)
    await following.stop()


async def test_draining_goes_on_until_what_it_caused_is_read_too(either: Stage) -> None:
    """The projection of our own log is asked before the process that makes it grow."""
    following = either.follow(echoed(either), echo(either.faults))
    for n in range(7):
        await either.say("fence-A", str(n))
    assert await following.drain()
    assert await either.streams() == {"echo-fence-A": "0 1 2 3 4 5 6"}
    assert not await following.drain()


async def test_one_step_moves_one_subscription_by_one_event(either: Stage) -> None:
    following = either.follow(echoed(either), echo(either.faults))
    for n in range(3):
        await either.say("fence-A", str(n))
    steps = 0
    while await following.one():
        steps += 1
        assert sum(status.position for status in following.status()) == steps
    assert steps == 6
    assert await either.streams() == {"echo-fence-A": "0 1 2"}


async def test_a_service_at_work_echoes_and_reads_by_itself(either: Stage) -> None:
    following = either.follow(echo(either.faults), echoed(either))
    await following.start()
    async with asyncio.TaskGroup() as group:
        for n in range(4):
            group.create_task(either.say(f"fence-{n}", *(f"{n}-{m}" for m in range(5))))
    await holds(following, "reading", 20)
    assert len(await either.streams()) == 4
    assert following.state == "ok"
    assert [status.lag for status in following.status()] == [0, 0]
    await following.stop()


async def test_stopping_finishes_the_batch_in_hand(either: Stage) -> None:
    inside, go_on = asyncio.Event(), asyncio.Event()
    base = tally(either.faults)

    async def slowly(recorded: object, rows: object) -> None:
        inside.set()
        await go_on.wait()
        await base.apply(recorded, rows)  # type: ignore[arg-type]

    following = either.follow(replace(base, apply=slowly))
    await either.say("fence-A", "1")
    await following.start()
    await inside.wait()
    stopping = asyncio.create_task(following.stop())
    await asyncio.sleep(0.02)
    assert not stopping.done()
    go_on.set()
    await stopping
    assert await either.streams() == {"fence-A": "1"}
    assert (await either.cursor()).position == 1


async def test_a_source_that_is_away_is_followed_again_when_it_is_back(stage: Stage) -> None:
    following = stage.follow()
    stage.reaching.away = True
    await stage.say("fence-A", "1")
    await following.start()
    await until(lambda: following.state != "ok")
    stage.reaching.away = False
    await holds(following, "source", 1)
    await until(lambda: following.state == "ok")
    await following.stop()


async def test_a_source_put_back_under_a_running_service_is_noticed_within_the_interval(either: Stage) -> None:
    following = either.follow()
    await following.start()
    position = await either.say("fence-A", "1", "2", "3")
    await holds(following, "source", position)
    await either.put_back(1)
    await until(lambda: following.followers[0].halted)
    assert whole.CHECK_SECONDS in either.naps.seconds
    assert following.status()[0].reason == "source-shorter-than-cursor"
    assert following.state == "degraded"
    await following.stop()


async def test_a_database_that_fails_for_a_moment_ends_no_watch(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    following = stage.follow()
    await following.start()
    follower, failed = following.followers[0], asyncio.Event()
    check = follower.check

    async def fails() -> bool:
        monkeypatch.setattr(follower, "check", check)
        failed.set()
        raise OSError("for a moment")

    monkeypatch.setattr(follower, "check", fails)
    await failed.wait()
    await holds(following, "source", await stage.say("fence-A", "1", "2"))
    await stage.put_back(1)
    await until(lambda: follower.halted)
    await following.stop()


def test_the_tables_of_a_projection_are_named_after_it() -> None:
    assert {STREAMS.name, REPORTS.name} == {"tally_stream", "tally_report"}
