"""A process asks for each command once, a dispatch sends each message once, whatever breaks in between; neither is ever reset."""

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import select

from shared.eventlog.port import LogUnavailable
from shared.subscriptions import checkpoints
from shared.subscriptions.checkpoints import Cursor
from shared.subscriptions.declared import Message
from shared.subscriptions.parking import BEHIND, PARKED
from shared.subscriptions.rebuild import NotRebuilt
from shared.subscriptions.schema import LEDGER
from tests.support.tallying import Stage, echo, mail


class Crash(BaseException):
    """As if the process died there."""


async def test_a_process_turns_events_into_commands_in_the_order_of_each_stream(either: Stage) -> None:
    for n in range(90):
        await either.say(f"fence-{'ABC'[n % 3]}", str(n))
    await either.follow(echo(either.faults)).drain()
    found = await either.echoes()
    assert sorted(found, key=int) == [str(n) for n in range(90)]
    for rest in range(3):
        mine = [int(each) for each in found if int(each) % 3 == rest]
        assert mine == sorted(mine)


async def test_a_command_is_known_by_the_event_that_asked_for_it(stage: Stage) -> None:
    await stage.say("fence-A", "1")
    await stage.follow(echo(stage.faults)).drain()
    source = (await stage.logs["source"].read(0, 1)).records[0]
    done = await stage.logs["reading"].find_command(f"echo/source/sonla/{source.event_id.hex}/0")
    assert done is not None
    own = (await stage.logs["reading"].read(0, 1)).records[0]
    assert source.event_id.hex.encode() in own.metadata  # its cause


async def test_a_crash_between_the_commands_and_the_cursor_doubles_nothing(
    either: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await either.say("fence-A", "1", "2")
    await either.say("fence-B", "3")
    with monkeypatch.context() as broken:
        broken.setattr(checkpoints, "save", _crash)
        with pytest.raises(Crash):
            await either.follow(echo(either.faults)).drain()
    assert sorted(await either.echoes()) == ["1", "2", "3"]
    assert (await either.cursor("echo")).position == 0
    await either.follow(echo(either.faults)).drain()
    assert sorted(await either.echoes()) == ["1", "2", "3"]
    assert (await either.cursor("echo")).position == 3


async def _crash(connection: object, subscription: str, source: str, cursor: Cursor, now: int) -> None:
    raise Crash


async def test_two_members_of_a_process_ask_for_each_command_once(either: Stage) -> None:
    for n in range(20):
        await either.say(f"fence-{n % 4}", str(n))
    first, second = either.follow(echo(either.faults)), either.follow(echo(either.faults))
    await first.prepare()
    await second.prepare()
    await second.one()
    await first.drain()
    await second.drain()
    assert sorted(await either.echoes(), key=int) == [str(n) for n in range(20)]


async def test_a_refused_command_parks_its_stream_until_a_person_decides(either: Stage) -> None:
    await either.say("fence-A", "1", "refused", "3")
    await either.say("fence-B", "4")
    await either.follow(echo(either.faults)).drain()
    assert sorted(await either.echoes()) == ["1", "4"]
    letters = either.letters(echo(either.faults))
    assert [(each.error, each.state) for each in await letters.list()] == [("Echo not-echoed", PARKED), (BEHIND, PARKED)]
    assert await letters.requeue("echo", by="th-01") == 0
    await letters.discard("echo", "source/sonla", 2, "NOT_FOR_US", by="th-01")
    assert await letters.requeue("echo", by="th-01") == 1
    assert sorted(await either.echoes()) == ["1", "3", "4"]


async def test_a_process_waits_out_a_store_that_is_away(stage: Stage) -> None:
    stage.faults.once("report-1", LogUnavailable("away"), LogUnavailable("away"))
    await stage.say("fence-A", "1", "2")
    await stage.follow(echo(stage.faults)).drain()
    assert await stage.echoes() == ["1", "2"]
    assert await stage.letters(echo(stage.faults)).list() == []


async def test_a_dispatch_sends_each_message_once(either: Stage) -> None:
    dispatch = mail(either.faults, either.sent)
    either.faults.once("report-2 to b", LogUnavailable("the mail server is away"))
    await either.say("fence-A", "1", "2")
    await either.say("fence-B", "3")
    await either.follow(dispatch).drain()
    assert sorted(either.sent) == [f"report-{n} to {name}" for n in (1, 2, 3) for name in "ab"]
    async with either.database.read() as connection:
        lines = (await connection.execute(select(LEDGER))).all()
    assert {line.state for line in lines} == {"sent"}
    assert len(lines) == 6


async def test_a_message_on_its_way_is_not_cut_short_by_the_failure_of_another(either: Stage) -> None:
    dispatch = mail(either.faults, either.sent)
    failed = asyncio.Event()

    async def slowly(message: Message) -> None:
        if message.body["report"] == "report-2" and not failed.is_set():
            failed.set()
            raise LogUnavailable("the mail server is away")
        await dispatch.send(message)
        await failed.wait()
        await asyncio.sleep(0.05)  # sent, and not yet written down, while the other has failed

    await either.say("fence-A", "1")
    await either.say("fence-B", "2")
    await either.follow(replace(dispatch, send=slowly)).drain()
    assert sorted(either.sent) == [f"report-{n} to {name}" for n in (1, 2) for name in "ab"]


async def test_a_dispatch_that_died_before_its_cursor_moved_sends_nothing_again(
    either: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await either.say("fence-A", "1", "2")
    with monkeypatch.context() as broken:
        broken.setattr(checkpoints, "save", _crash)
        with pytest.raises(Crash):
            await either.follow(mail(either.faults, either.sent)).drain()
    assert len(either.sent) == 4
    await either.follow(mail(either.faults, either.sent)).drain()
    assert len(either.sent) == 4


async def test_neither_is_ever_run_again_from_the_start(stage: Stage) -> None:
    following = stage.follow(echo(stage.faults), mail(stage.faults, stage.sent))
    for name in ("echo", "mail"):
        with pytest.raises(NotRebuilt, match="never run again"):
            await following.rebuild(name)
    with pytest.raises(KeyError):
        await following.rebuild("nobody")
