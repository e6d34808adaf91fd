"""A projection is built anew beside the live one and takes its place in one step, or is compared and leaves no trace."""

import asyncio
from dataclasses import replace
from typing import Final

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, inspect, select

from shared.subscriptions import rebuild as rebuilding
from shared.subscriptions.declared import Projection, Rows
from shared.subscriptions.rebuild import NotRebuilt, builder_of
from tests.support.tallying import STREAMS, Stage, postgres_stage, tally
from tests.support.topic_reading import until

NEXT: Final = MetaData()
LENGTHS = Table("tally_stream", NEXT, Column("stream", Text, primary_key=True), Column("length", Integer, nullable=False))
LIVE = {"tally_stream", "tally_report"}


async def tables(stage: Stage) -> set[str]:
    async with stage.database.read() as connection:
        found = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    return {name for name in found if name.startswith("tally")}


async def told(stage: Stage, events: int = 30) -> None:
    for n in range(events):
        await stage.say(f"fence-{'ABCD'[n % 4]}", str(n))
    await stage.follow().drain()


async def spoil(stage: Stage) -> None:
    await stage.as_app("update tally_stream set events = events + 1, reports = reports || ' x' where stream = 'fence-A'")


async def test_a_rebuild_equals_what_was_projected_event_by_event(either: Stage) -> None:
    await told(either)
    before, following = await either.hash(), either.follow()
    checked = await following.rebuild("tally", check=True)
    assert (checked.equal, checked.swapped, checked.events) == (True, False, 30)
    assert checked.rows == {"tally_stream": 4, "tally_report": 30}
    swapped = await following.rebuild("tally")
    assert (swapped.equal, swapped.swapped) == (None, True)
    assert await either.hash() == before
    assert await tables(either) == LIVE


async def test_a_check_says_that_the_live_tables_differ_and_changes_nothing(either: Stage) -> None:
    await told(either)
    await spoil(either)
    spoilt, following = await either.hash(), either.follow()
    assert (await following.rebuild("tally", check=True)).equal is False
    assert await either.hash() == spoilt
    await following.rebuild("tally")
    assert await either.hash() != spoilt
    assert (await following.rebuild("tally", check=True)).equal is True
    assert await tables(either) == LIVE


async def test_following_goes_on_after_the_swap(either: Stage) -> None:
    await told(either, 6)
    following = either.follow()
    await following.drain()
    await following.rebuild("tally")
    await either.say("fence-A", "new")
    await following.drain()
    assert (await either.streams())["fence-A"] == "0 4 new"
    await following.rebuild("tally")
    assert (await either.streams())["fence-A"] == "0 4 new"


async def test_whoever_watches_hears_of_every_page_and_of_how_much_there_is(
    either: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    await told(either)
    monkeypatch.setattr(rebuilding, "PAGE", 7)
    monkeypatch.setattr(rebuilding, "MOST_LEFT", 10)
    heard: list[tuple[int, int]] = []
    await either.follow().rebuild("tally", stand=lambda done, total: heard.append((done, total)))
    assert heard == [(7, 30), (14, 30), (21, 30), (28, 30), (30, 30)]


async def test_many_pages_and_events_that_arrive_meanwhile_are_all_in_it(either: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rebuilding, "PAGE", 7)
    monkeypatch.setattr(rebuilding, "MOST_LEFT", 3)
    await told(either, 40)
    page, live = rebuilding._Building.page, either.follow()
    number = iter(range(40, 60))

    async def meanwhile(building: rebuilding._Building) -> None:
        await page(building)
        if (n := next(number, None)) is not None:
            await either.say(f"fence-{'ABCD'[n % 4]}", str(n))
            await live.drain()

    monkeypatch.setattr(rebuilding._Building, "page", meanwhile)
    done = await either.follow().rebuild("tally", check=True)
    assert done.equal is True
    assert done.events > 40


async def test_two_sources_are_rebuilt_to_the_same_rows(either: Stage) -> None:
    """Rows of different keys, that is: what two logs write to one row has no order of its own."""
    projection = tally(either.faults, ("source", "other"))
    for n in range(12):
        await either.say("fence-A", f"s{n}")
        await either.say("fence-B", f"o{n}", service="other")
    following = either.follow(projection)
    while await following.one():
        pass
    assert (await following.rebuild("tally", check=True)).equal is True


async def test_readers_see_the_old_rows_or_the_new_and_never_none(either: Stage) -> None:
    await told(either, 12)
    following = either.follow()
    await following.prepare()
    rebuilt = asyncio.Event()

    async def read() -> int:
        times = 0
        while not rebuilt.is_set():
            assert len(await either.streams()) == 4
            times += 1
            await asyncio.sleep(0)
        return times

    reading = [asyncio.create_task(read()) for _ in range(3)]
    for _ in range(4):
        await following.rebuild("tally")
    rebuilt.set()
    assert all(times > 1 for times in await asyncio.gather(*reading))


async def test_a_reader_in_a_long_transaction_delays_the_swap_and_keeps_its_view(either: Stage) -> None:
    await told(either, 8)
    following = either.follow()
    await following.prepare()
    async with either.database.read() as connection:
        before = (await connection.execute(select(STREAMS))).all()
        rebuilt = asyncio.create_task(following.rebuild("tally"))
        await asyncio.sleep(0.7)  # longer than the swap waits for a lock at a time
        assert (await connection.execute(select(STREAMS))).all() == before
    assert (await rebuilt).swapped


async def test_parked_and_discarded_events_are_passed_over(either: Stage) -> None:
    either.faults.always("report-5", KeyError())
    await told(either, 16)
    either.faults.mend()
    following = either.follow()
    assert (await following.rebuild("tally", check=True)).equal is True
    letters = either.letters()
    await letters.discard("tally", "source/sonla", 6, "NOT_A_FACT", by="th-01")
    assert await letters.requeue("tally", by="th-01") == 2
    assert (await either.streams())["fence-B"] == "1 9 13"
    assert (await following.rebuild("tally", check=True)).equal is True
    await following.rebuild("tally")
    assert (await either.streams())["fence-B"] == "1 9 13"


async def test_a_decision_about_parked_events_while_it_is_built_is_not_lost(
    either: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rebuilding, "PAGE", 4)
    monkeypatch.setattr(rebuilding, "MOST_LEFT", 0)
    either.faults.always("report-1", KeyError())
    await told(either, 8)
    either.faults.mend()
    page = rebuilding._Building.page

    async def meanwhile(building: rebuilding._Building) -> None:
        await page(building)
        if await either.letters().list():
            await either.letters().requeue("tally", by="th-01")

    monkeypatch.setattr(rebuilding._Building, "page", meanwhile)
    with pytest.raises(NotRebuilt, match="ask again"):
        await either.follow().rebuild("tally")
    assert (await either.streams())["fence-B"] == "1 5"
    assert (await either.follow().rebuild("tally", check=True)).equal is True


async def test_an_event_that_fails_today_leaves_the_live_tables_as_they_are(either: Stage) -> None:
    await told(either, 8)
    before = await either.hash()
    either.faults.always("report-6", KeyError())
    with pytest.raises(NotRebuilt, match="position 7"):
        await either.follow().rebuild("tally")
    assert await either.hash() == before
    assert await tables(either) == LIVE


async def test_a_source_that_was_put_back_is_not_rebuilt_from(stage: Stage) -> None:
    await told(stage, 8)
    await stage.put_back(5)
    with pytest.raises(NotRebuilt, match="ends or differs"):
        await stage.follow().rebuild("tally")
    await stage.say("fence-A", "x", "y", "z")
    with pytest.raises(NotRebuilt, match="not the log"):
        await stage.follow().rebuild("tally")


async def test_what_a_killed_builder_left_is_removed_by_the_next(either: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await told(either, 8)

    async def killed(building: rebuilding._Building) -> None:
        raise asyncio.CancelledError

    async def not_reached(building: rebuilding._Building) -> None: ...

    with monkeypatch.context() as broken:
        broken.setattr(rebuilding._Building, "behind", killed)
        broken.setattr(rebuilding._Building, "clear", not_reached)
        with pytest.raises(asyncio.CancelledError):
            await either.follow().rebuild("tally")
    assert len(await tables(either)) == 4
    await either.follow().rebuild("tally")
    assert await tables(either) == LIVE


async def test_a_new_version_is_built_at_the_start(either: Stage) -> None:
    await told(either, 8)
    following = either.follow(lengths(either))
    await following.prepare()
    assert await tables(either) == {"tally_stream"}
    async with either.database.read() as connection:
        assert dict((await connection.execute(select(LENGTHS))).all()) == dict.fromkeys(("fence-A", "fence-B"), 2) | {
            "fence-C": 2,
            "fence-D": 2,
        }
    await either.say("fence-A", "new")
    await following.drain()
    async with either.database.read() as connection:
        assert (await connection.execute(select(LENGTHS.c.length).where(LENGTHS.c.stream == "fence-A"))).scalar_one() == 3


def lengths(stage: Stage) -> Projection:
    """The next version: other tables, one of them under the old name."""

    async def apply(recorded: object, rows: Rows) -> None:
        stage.faults.meet(recorded.event.report)  # type: ignore[attr-defined]
        key = {"stream": recorded.stream}  # type: ignore[attr-defined]
        found = await rows.get(LENGTHS, key) or {"length": 0}
        rows.put(LENGTHS, {**key, "length": found["length"] + 1})

    return replace(tally(stage.faults, version=2), tables=NEXT, apply=apply)


async def test_two_processes_that_find_a_new_version_build_it_once(either: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    await told(either, 8)
    built = 0
    begin = rebuilding._Building.begin

    async def counted(building: rebuilding._Building) -> None:
        nonlocal built
        built += 1
        await begin(building)

    monkeypatch.setattr(rebuilding._Building, "begin", counted)
    await asyncio.gather(*(either.follow(lengths(either)).prepare() for _ in range(3)))
    assert built == 1


async def test_two_processes_make_the_tables_of_a_new_projection_together(either: Stage) -> None:
    await asyncio.gather(*(either.follow().prepare() for _ in range(4)))
    assert await tables(either) == LIVE


async def test_a_new_version_waits_for_a_source_that_is_away_and_says_so(stage: Stage) -> None:
    await told(stage, 8)
    stage.reaching.away = True
    following = stage.follow(lengths(stage))
    await following.start()
    (status,) = following.status()
    assert (status.state, status.reason) == ("degraded", "not-rebuilt-source-away")
    assert following.state == "degraded"
    assert await tables(stage) == LIVE
    stage.reaching.away = False
    await until(lambda: following.status()[0].state == "running")
    assert await tables(stage) == {"tally_stream"}
    await stage.say("fence-A", "new")
    assert await following.wait({"source": 9}, 10)
    await following.stop()


async def test_a_new_version_that_its_history_forbids_halts_and_the_old_tables_stand(stage: Stage) -> None:
    await told(stage, 8)
    stage.faults.always("report-3", KeyError())
    following = stage.follow(lengths(stage))
    await following.drain()
    (status,) = following.status()
    assert (status.state, status.reason) == ("halted", "not-rebuilt")
    assert await tables(stage) == LIVE


async def test_rows_of_another_tenant_are_never_dropped(stage: Stage) -> None:
    await told(stage, 4)
    await stage.as_owner(
        "insert into checkpoint (subscription, source, incarnation, position, hash, updated_at) "
        "values ('tally', 'source/laichau', 'x', 3, x'00', 0)"
    )
    with pytest.raises(NotRebuilt, match="laichau"):
        await stage.follow().rebuild("tally")


async def test_positions_and_recorded_instants_do_not_count_in_the_hash(either: Stage) -> None:
    await told(either, 4)
    before = await either.hash()
    await either.as_app("update tally_stream set last_position = last_position + 100")
    assert await either.hash() == before
    await either.as_app("update tally_stream set events = 0 where stream = 'fence-A'")
    assert await either.hash() != before


async def test_a_hash_is_the_same_on_both_databases(stage: Stage, postgres: str, database_name: str) -> None:
    async with postgres_stage(postgres, database_name) as other:
        for each in (stage, other):
            await told(each, 12)
        assert await stage.hash() == await other.hash()


async def test_the_indexes_of_the_swapped_tables_are_there(either: Stage) -> None:
    await told(either, 4)
    for _ in range(2):
        await either.follow().rebuild("tally")
    async with either.database.read() as connection:
        indexes = await connection.run_sync(lambda sync: inspect(sync).get_indexes("tally_stream"))
    assert [index["column_names"] for index in indexes] == [["tenant", "events"]]


async def test_one_builder_at_a_time(either: Stage) -> None:
    inside = 0

    async def build() -> None:
        nonlocal inside
        async with builder_of(either.database, "tally"):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.02)
            inside -= 1

    await asyncio.gather(build(), build(), build())
