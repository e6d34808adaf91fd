"""A register that was sent to be looked at and never taken in is destroyed after a day."""

from datetime import UTC, datetime, timedelta

from tests.intake.desk_pages import Clerks
from tests.intake.house import HUB, House
from tests.intake.test_batch_page import GOOD, sent, settled


async def test_a_register_that_nobody_took_in_goes_after_a_day(house: House, clerks: Clerks) -> None:
    hub = await clerks.of(HUB)
    where = await sent(hub, GOOD)
    await settled(hub, where)
    [job] = [each for each in house.service.jobs if each.name == "sweep-imports"]
    now = datetime.now(UTC)  # files carry the time of the disk that they lie on
    assert await job.next_due(now) == now
    assert await job.run(now) == 0
    assert await job.next_due(now) == now + timedelta(hours=1)
    assert await job.run(now + timedelta(days=1, minutes=1)) == 1
    assert await job.run(now + timedelta(days=1, minutes=2)) == 0
