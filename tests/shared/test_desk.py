"""The desk: when something happened is the office's word, within what clocks may differ."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from shared.clock import AHEAD_LIMIT, instant
from shared.commands import model_of
from shared.contracts.facts import Facts
from shared.contracts.refusals import Forbidden, Unknown
from shared.desk import Asked, Asking, Desk, OccurredAhead
from tests.support.tallying import HOUSE, START, Echo, Repeat, Stage, sqlite_stage

MOMENT = timedelta(microseconds=1)


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    async with sqlite_stage(tmp_path) as made:
        yield made


async def stored(stage: Stage, occurred_at: datetime | None) -> tuple[datetime, datetime]:
    """What is asked now, as it is stored: when it happened, and when it was recorded."""
    body = model_of(Repeat).model_validate({"stream": "echo-1", "report": "report-1"})
    desk = stage.service().desk
    await desk.handle(Asked(command="repeat", body=body, subject=HOUSE, command_id="c-1", occurred_at=occurred_at))
    (record,) = (await stage.logs["reading"].read(0, 10)).records
    return instant(record.occurred), instant(record.recorded)


@pytest.mark.parametrize("first", [False, True])
async def test_what_a_look_up_finds_is_told_only_to_whoever_may_ask(stage: Stage, first: bool) -> None:
    looked: list[str] = []

    async def look_up(asking: Asking, facts: Facts) -> Facts:
        looked.append(asking.subject.person)
        raise Echo

    kernel, handler = stage.service().kernel, stage.service().desk.handlers["repeat"]
    desk = Desk(
        [replace(handler, facts=look_up, permitted_first=first)],
        log=kernel.log,
        vault=kernel.vault,
        clock=kernel.clock,
        ids=kernel.ids,
        keyed=kernel.keyed,
    )
    body = model_of(Repeat).model_validate({"stream": "echo-1", "report": "report-1"})
    nobody, stranger = replace(HOUSE, person="p-1", capacities=frozenset()), replace(HOUSE, person="p-2", tenant="elsewhere")
    for subject, refusal in ((HOUSE, Echo), (nobody, Forbidden), (stranger, Unknown)):
        with pytest.raises(refusal):
            await desk.handle(Asked(command="repeat", body=body, subject=subject, command_id="c-1"))
    assert looked == ([HOUSE.person] if first else [HOUSE.person, "p-1", "p-2"])


async def test_what_is_asked_without_a_time_happened_now(stage: Stage) -> None:
    assert await stored(stage, None) == (START, START)


@pytest.mark.parametrize("ahead", [MOMENT, timedelta(minutes=2), AHEAD_LIMIT])
async def test_a_sender_s_clock_that_is_up_to_five_minutes_fast_is_stored_as_now(stage: Stage, ahead: timedelta) -> None:
    assert await stored(stage, START + ahead) == (START, START)


async def test_what_lies_further_ahead_cannot_have_happened(stage: Stage) -> None:
    with pytest.raises(OccurredAhead) as refused:
        await stored(stage, START + AHEAD_LIMIT + MOMENT)
    assert refused.value.field == "occurred_at"
    assert (await stage.logs["reading"].read(0, 10)).records == ()


@pytest.mark.parametrize("ago", [timedelta(0), MOMENT, timedelta(days=400)])
async def test_what_was_entered_late_keeps_the_time_at_which_it_happened(stage: Stage, ago: timedelta) -> None:
    assert await stored(stage, START - ago) == (START - ago, START)
