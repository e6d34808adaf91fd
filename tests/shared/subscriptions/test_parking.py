"""What fails for good is parked with what follows on it, and nothing else waits; what passes by itself is waited out."""

from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client import REGISTRY
from sqlalchemy.exc import OperationalError

from shared.eventlog.port import LogUnavailable, StreamConflict
from shared.subscriptions.deadletters import DeadLetter, DeadLetters, NotACode, NotParked
from shared.subscriptions.faults import LONGEST_SECONDS, MOST_ATTEMPTS, wait_seconds
from shared.subscriptions.follower import TRIES_OF_ONE_DELIVERY
from shared.subscriptions.parking import BEHIND, DISCARDED, PARKED, REQUEUED
from tests.support.tallying import START, Stage, tally

SOURCE = "source/sonla"


async def parked(letters: DeadLetters, state: str = PARKED) -> list[tuple[int, str]]:
    return [(letter.position, letter.error) for letter in await letters.list(state=state)]


async def poisoned(stage: Stage) -> DeadLetters:
    """The second report of A fails for good; B and C have nothing to do with it."""
    stage.faults.always("report-a2", KeyError("the words of a letter"))
    for report in ("a1", "b1", "a2", "c1", "a3", "b2", "a4"):
        await stage.say(f"fence-{report[0].upper()}", report)
    await stage.follow().drain()
    return stage.letters()


async def test_poison_parks_its_stream_and_everything_else_flows_on(either: Stage) -> None:
    letters = await poisoned(either)
    assert await either.streams() == {"fence-A": "a1", "fence-B": "b1 b2", "fence-C": "c1"}
    assert await parked(letters) == [(3, "KeyError"), (5, BEHIND), (7, BEHIND)]
    assert (await either.cursor()).position == 7


async def test_parked_events_are_counted_in_the_status(stage: Stage) -> None:
    await poisoned(stage)
    following = stage.follow()
    await following.prepare()
    assert following.status()[0].parked == 3
    await stage.say("fence-A", "a5")
    await following.drain()
    assert following.status()[0].parked == 4


async def test_later_batches_park_behind_it_too(either: Stage) -> None:
    letters = await poisoned(either)
    either.faults.mend()
    await either.say("fence-A", "a5")
    await either.say("fence-B", "b3")
    await either.follow().drain()
    assert await either.streams() == {"fence-A": "a1", "fence-B": "b1 b2 b3", "fence-C": "c1"}
    assert [position for position, _ in await parked(letters)] == [3, 5, 7, 8]


async def test_requeue_does_them_in_their_order(either: Stage) -> None:
    letters = await poisoned(either)
    either.faults.mend()
    assert await letters.requeue("tally", by="th-01") == 3
    assert (await either.streams())["fence-A"] == "a1 a2 a3 a4"
    assert await parked(letters) == []
    assert [position for position, _ in await parked(letters, REQUEUED)] == [3, 5, 7]
    await either.say("fence-A", "a5")
    await either.follow().drain()
    assert (await either.streams())["fence-A"] == "a1 a2 a3 a4 a5"


async def test_what_fails_again_stays_with_all_that_waits_behind_it(either: Stage) -> None:
    letters = await poisoned(either)
    either.faults.always("report-a2", ValueError("another reason"))
    assert await letters.requeue("tally", by="th-01") == 0
    assert await parked(letters) == [(3, "ValueError"), (5, BEHIND), (7, BEHIND)]
    assert (await letters.list())[0].attempts == 2
    assert (await either.streams())["fence-A"] == "a1"


async def test_one_that_waits_behind_another_is_not_tried_before_it(stage: Stage) -> None:
    letters = await poisoned(stage)
    stage.faults.mend()
    with pytest.raises(NotParked, match="position 3"):
        await letters.requeue("tally", SOURCE, 5, by="th-01")
    assert await letters.requeue("tally", SOURCE, 3, by="th-01") == 1
    assert (await stage.streams())["fence-A"] == "a1 a2"
    # The others still wait: what comes now waits behind them.
    await stage.say("fence-A", "a5")
    await stage.follow().drain()
    assert (await stage.streams())["fence-A"] == "a1 a2"
    assert await letters.requeue("tally", by="th-01") == 3
    assert (await stage.streams())["fence-A"] == "a1 a2 a3 a4 a5"


async def test_what_comes_to_wait_while_others_are_requeued_is_not_forgotten(stage: Stage) -> None:
    letters = await poisoned(stage)
    stage.faults.mend()
    following, again = stage.follow(), letters._again
    more = iter(["a5", "a6"])

    async def slowly(letter: DeadLetter, by: str) -> bool:
        if report := next(more, None):
            await stage.say("fence-A", report)
            await following.drain()
        return await again(letter, by)

    letters._again = slowly  # type: ignore[method-assign]
    assert await letters.requeue("tally", by="th-01") == 5
    assert (await stage.streams())["fence-A"] == "a1 a2 a3 a4 a5 a6"
    assert await parked(letters) == []


async def test_a_discard_gives_up_one_event_and_keeps_its_reason(either: Stage) -> None:
    letters = await poisoned(either)
    await letters.discard("tally", SOURCE, 3, "DUPLICATE_OF_1", by="th-01")
    assert await letters.requeue("tally", by="th-01") == 2
    assert (await either.streams())["fence-A"] == "a1 a3 a4"
    (discarded,) = await letters.list(state=DISCARDED)
    assert (discarded.position, discarded.reason) == (3, "DUPLICATE_OF_1")
    with pytest.raises(NotParked):
        await letters.discard("tally", SOURCE, 3, "AGAIN", by="th-01")
    with pytest.raises(NotParked):
        await letters.requeue("tally", SOURCE, 3, by="th-01")


async def test_what_was_decided_is_kept_with_who_decided_it_and_when(stage: Stage) -> None:
    letters = await poisoned(stage)
    waiting, _ = await letters.show("tally", SOURCE, 3)
    assert (waiting.decided_by, waiting.decided_at) == (None, None)
    stage.clock.move_to(START + timedelta(hours=1))
    await letters.discard("tally", SOURCE, 3, "DUPLICATE_OF_1", by="th-01")
    stage.clock.move_to(START + timedelta(hours=2))
    await letters.requeue("tally", SOURCE, 5, by="cvp-02")
    decided = [(await letters.show("tally", SOURCE, position))[0] for position in (3, 5)]
    assert [(each.state, each.decided_by, each.decided_at) for each in decided] == [
        (DISCARDED, "th-01", "2023-01-09T03:00:00+00:00"),
        (REQUEUED, "cvp-02", "2023-01-09T04:00:00+00:00"),
    ]


@pytest.mark.parametrize("reason", ["trùng đơn của Lò Văn A", "duplicate of 1", "0912345678", "", "X" * 41])
async def test_a_reason_is_a_code_because_it_is_kept_in_clear(stage: Stage, reason: str) -> None:
    letters = await poisoned(stage)
    with pytest.raises(NotACode) as refused:
        await letters.discard("tally", SOURCE, 3, reason, by="th-01")
    assert refused.value.field == "reason"
    assert len(await parked(letters)) == 3


@pytest.mark.parametrize("actor", ["Lò Văn A", "Lan", "", "a" * 41])
async def test_whoever_decides_is_named_by_an_id(stage: Stage, actor: str) -> None:
    letters = await poisoned(stage)
    with pytest.raises(NotACode):
        await letters.discard("tally", SOURCE, 3, "DUPLICATE_OF_1", by=actor)
    with pytest.raises(NotACode):
        await letters.requeue("tally", by=actor)
    assert len(await parked(letters)) == 3


async def test_the_metrics_tell_what_is_parked_and_how_far_behind_a_subscription_is(stage: Stage) -> None:
    def measured(name: str, **labels: str) -> float | None:
        return REGISTRY.get_sample_value(name, {"service": "reading", "subscription": "tally", **labels})

    letters = await poisoned(stage)
    following = stage.follow()
    await following.prepare()
    await following.measure()
    assert measured("doithoai_parked_events") == 3
    assert measured("doithoai_subscription_lag_events", source=SOURCE) == 0
    await stage.say("fence-B", "b3")
    await following.followers[0].check()
    await letters.discard("tally", SOURCE, 3, "DUPLICATE_OF_1", by="th-01")
    await following.measure()
    assert measured("doithoai_parked_events") == 2
    assert measured("doithoai_subscription_lag_events", source=SOURCE) == 1


async def test_a_dead_letter_points_and_quotes_nothing(stage: Stage) -> None:
    letters = await poisoned(stage)
    letter, record = await letters.show("tally", SOURCE, 3)
    assert record.event_id.hex == letter.event_id
    assert "words of a letter" not in repr(letter)
    with pytest.raises(NotParked):
        await letters.show("tally", SOURCE, 2)


async def test_another_event_that_a_restored_log_holds_there_is_not_taken_for_it(stage: Stage) -> None:
    letters = await poisoned(stage)
    stage.faults.mend()
    await stage.put_back(2)
    await stage.say("fence-A", "x", "y", "z")
    with pytest.raises(NotParked, match="another event"):
        await letters.requeue("tally", by="th-01")
    assert (await stage.streams())["fence-A"] == "a1"


async def test_bytes_that_are_no_event_park_their_stream_whatever_the_keys(either: Stage) -> None:
    """Keys cannot be had from what cannot be read: later events of its stream wait, whichever keys they have."""
    projection = replace(tally(either.faults), keys=lambda recorded: (recorded.event.report,))
    await either.say("fence-A", "a1")
    await either.append("fence-A", ("log.fenced", 1, b'{"rapport":"report-a2"}'))
    await either.say("fence-A", "a3")
    await either.say("fence-B", "b1")
    await either.follow(projection).drain()
    assert await either.streams() == {"fence-A": "a1", "fence-B": "b1"}
    letters = either.letters(projection)
    found = await parked(letters)
    assert found[0][1].startswith("ValidationError report:missing")
    assert found[1] == (3, BEHIND)
    with pytest.raises(NotParked, match="goes first"):
        await letters.requeue("tally", SOURCE, 3, by="th-01")
    await letters.discard("tally", SOURCE, 2, "NEVER_AN_EVENT", by="th-01")
    assert await letters.requeue("tally", by="th-01") == 1
    assert (await either.streams())["fence-A"] == "a1 a3"


async def test_a_key_parked_in_one_source_blocks_it_in_the_other(stage: Stage) -> None:
    projection = tally(stage.faults, ("source", "other"))
    stage.faults.always("report-s1", ValueError())
    await stage.say("fence-A", "s1")
    await stage.follow(projection).drain()
    await stage.say("fence-A", "o1", service="other")
    await stage.say("fence-B", "o2", service="other")
    await stage.follow(projection).drain()
    assert await stage.streams() == {"fence-B": "o2"}
    letters = stage.letters(projection)
    stage.faults.mend()
    with pytest.raises(NotParked, match="goes first"):
        await letters.requeue("tally", "other/sonla", 1, by="th-01")
    assert await letters.requeue("tally", by="th-01") == 2
    assert (await stage.streams())["fence-A"] == "s1 o1"


async def test_a_passing_fault_is_waited_out_and_nothing_is_parked(either: Stage) -> None:
    either.faults.once("report-2", LogUnavailable("away"), OperationalError("select", {}, Exception()), TimeoutError())
    await either.say("fence-A", "1", "2", "3")
    await either.follow().drain()
    assert await either.streams() == {"fence-A": "1 2 3"}
    assert await parked(either.letters()) == []
    assert len(either.naps.seconds) == 3


async def test_a_fault_that_never_passes_although_the_database_is_well_is_parked(stage: Stage) -> None:
    stage.faults.always("report-2", StreamConflict("fence-A", 1, 2))
    await stage.say("fence-A", "1", "2", "3")
    await stage.say("fence-B", "4")
    following = stage.follow()
    with pytest.raises(StreamConflict):
        await following.drain()  # the feed has its turn in between, and offers the same again
    assert following.status()[0].state == "degraded"
    assert len(stage.naps.seconds) == TRIES_OF_ONE_DELIVERY - 1
    await following.drain()
    assert await stage.streams() == {"fence-A": "1", "fence-B": "4"}
    assert await parked(stage.letters()) == [(2, "StreamConflict"), (3, BEHIND)]
    assert following.status()[0].state == "running"


def test_waits_double_within_bounds_and_no_two_are_alike() -> None:
    waits = [[wait_seconds(attempt) for _ in range(50)] for attempt in range(1, MOST_ATTEMPTS + 20)]
    assert all(len(set(each)) > 40 for each in waits)
    assert max(map(max, waits)) <= LONGEST_SECONDS
    assert max(waits[0]) < min(waits[2])
