"""What stands around a page: the office, who acts, what waits; asked anew only when something moved, and never waited for."""

import asyncio
from collections.abc import Mapping
from typing import Any

from shared.calendar import local_day
from shared.identity.sessions import Session
from shared.permit import Subject
from shared.subscriptions.following import Following
from shared.web.rooms import Room, Waiting
from shared.web.surroundings import Surroundings
from tests.assignment.browsing import with_a_unit
from tests.assignment.house import LEADER, House


class Counting:
    """A room that says how often it was asked."""

    def __init__(self, seconds: float = 0.0) -> None:
        self.asked, self._seconds = 0, seconds

    async def waiting(self, subject: Subject) -> Mapping[str, Waiting]:
        self.asked += 1
        await asyncio.sleep(self._seconds)
        return {"/counted": Waiting(self.asked)}


def session() -> Session:
    return Session(id="s", name="sample-leader", subject=LEADER, must_change=False, begun_at=0, seen_at=0)


def surroundings(house: House, *rooms: Any, ticks: Any = lambda: 0.0) -> Surroundings:
    kernel, following = house.service.kernel, Following(house.service)
    return Surroundings(
        directories=house.service.directories,
        vault=kernel.vault,
        clock=kernel.clock,
        stands={"assignment": following.stand},
        rooms=rooms,
        ticks=ticks,
    )


async def test_a_page_names_the_office_the_unit_and_how_far_it_is_complete(house: House) -> None:
    await house.follow()
    around = await surroundings(house, *house.service.rooms()).of(session())
    directory = await house.service.directories.at(local_day(house.service.kernel.clock.now()))
    assert (around.unit, around.issuer) == (directory.label(LEADER.unit), directory.letterhead(LEADER.office).issuer)
    assert around.issuer
    assert around.label is not str
    assert around.stands["assignment"].position == (await house.service.kernel.log.head()).position


async def test_what_waits_is_counted_and_what_is_only_waited_for_is_not(house: House) -> None:
    await with_a_unit(house)
    around = await surroundings(house, *house.service.rooms()).of(session())
    assert around.waiting["/my-work"] == Waiting(1, 0)


async def test_counts_are_asked_anew_when_something_moved_or_after_a_while(house: House) -> None:
    await house.follow()
    now, counting = 0.0, Counting()
    around = surroundings(house, Room(package="shared.web", waiting=counting.waiting), ticks=lambda: now)
    for _ in range(3):
        await around.of(session())
    assert counting.asked == 1
    await with_a_unit(house)
    assert (await around.of(session())).waiting == {"/counted": Waiting(2)}
    now = 61.0
    await around.of(session())
    assert counting.asked == 3


async def test_a_page_is_not_late_for_its_menu(house: House) -> None:
    await house.follow()
    slow = Counting(seconds=30.0)
    async with asyncio.timeout(5):
        around = await surroundings(house, Room(package="shared.web", waiting=slow.waiting)).of(session())
    assert around.waiting == {}
    assert around.issuer
