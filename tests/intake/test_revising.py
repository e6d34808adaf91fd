"""A new calendar counts anew what intake still has to sort: once, in parts, never into the past."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from shared.contracts.calendar import CalendarPublished, DayOff
from shared.contracts.opinion import OpinionClassified, OpinionDueSet
from shared.contracts.refusals import Forbidden, Unknown
from shared.contracts.roles import Role
from shared.eventlog import codec
from tests.intake.house import HUB, House, published
from tests.support.hosting import START, subject

HOUSE_ITSELF = subject("jobs", "VPUB", Role.SYSTEM)


async def again(house: House, version: str, *more: date, worked: tuple[date, ...] = ()) -> None:
    known = published()
    off = (*known.days_off, *(DayOff(day=day, name="Nghỉ thêm") for day in more))
    days: dict[str, Any] = {"days_off": off, "workdays": (*known.workdays, *worked)}
    renewed: CalendarPublished = replace(known, version=version, **days)
    await house.happen("assignment", {"calendar-VN": [renewed]})
    await house.follow()


async def run(house: House) -> list[int]:
    """The job until it says that nothing is left."""
    (job,) = house.service.jobs
    done = []
    while await job.next_due(house.clock.now()) is not None:
        done.append(await job.run(house.clock.now()))
        await house.follow()
    return done


async def due(house: House, opinion: str) -> Any:
    events = [codec.read(record).event for record in await house.log.read_stream(opinion)]
    return [event.due for event in events if isinstance(event, OpinionClassified | OpinionDueSet)][-1]


async def test_what_is_classified_and_not_referred_is_counted_anew(house: House) -> None:
    opinion, waiting, referred = await house.classified(), (await house.receive()).stream, await house.classified()
    await house.ask("refer_opinion", HUB, opinion=referred)
    await house.follow()
    assert await run(house) == []
    before = await due(house, opinion)
    await again(house, "VN-next", before.day)
    assert await run(house) == [1]
    after = await due(house, opinion)
    assert (after.calendar, after.start, after.days) == ("VN-next", before.start, before.days)
    assert after.day > before.day
    assert before.day in after.skipped
    assert "opinion.due_set" not in await house.types(waiting)
    assert "opinion.due_set" not in await house.types(referred)
    assert await run(house) == []


async def test_nothing_is_counted_into_the_past(house: House) -> None:
    opinion = await house.classified()
    await house.follow()
    before = await due(house, opinion)
    house.clock.move_to(START + (before.day - START.date()) - timedelta(hours=1))
    worked = tuple(START.date() + timedelta(days=n) for n in range(1, 10) if (START.date() + timedelta(days=n)).weekday() > 4)
    await again(house, "VN-earlier", worked=worked)
    assert await run(house) == [1]
    assert (await due(house, opinion)).day == before.day


async def test_only_the_house_itself_counts_anew(house: House) -> None:
    opinion = await house.classified()
    await again(house, "VN-next")
    with pytest.raises(Forbidden):
        await house.ask("revise_opinion_due", HUB, opinion=opinion)
    with pytest.raises(Unknown):
        await house.ask("revise_opinion_due", HOUSE_ITSELF, opinion="opinion-NEVER0000000000000")
    assert (await house.ask("revise_opinion_due", HOUSE_ITSELF, opinion=opinion)).position > 0
    assert (await house.ask("revise_opinion_due", HOUSE_ITSELF, opinion=opinion)).position == 0
