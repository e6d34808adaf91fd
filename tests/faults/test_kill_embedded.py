"""Everything in one process on SQLite, killed under load: nothing that was acknowledged is lost, nothing is done twice."""

import asyncio
import random
from pathlib import Path
from typing import Final

import pytest

from tests.support.clerks import at_work, caught_up, desks, nothing_lost_nothing_doubled
from tests.support.installation import Embedded, embedded

ROUNDS: Final = 20
CLERKS: Final = 6


@pytest.mark.faults
@pytest.mark.timeout(600)
async def test_twenty_kills_of_the_one_process_lose_nothing_acknowledged_and_double_nothing(tmp_path: Path) -> None:
    async with embedded(tmp_path) as house:
        await house.start()
        async with desks(house, CLERKS) as clerks, at_work(clerks) as lived:
            await _kill(house, random.Random(2023))
        assert len(lived) > ROUNDS
        await caught_up(house)
        await nothing_lost_nothing_doubled(house, lived)
        await house.stop()
        await house.verb("verify")  # which fails where a hash, a chain, a root or a reader does not agree


async def _kill(house: Embedded, choose: random.Random) -> None:
    """Kill it at a random point, every fourth time before it has come up again."""
    for n in range(ROUNDS):
        await asyncio.sleep(choose.uniform(0.2, 1.5))
        house.kill("serve")
        if n % 4 == 3:
            house.spawn_serve()
        else:
            await house.start()
    if house.ended():
        raise AssertionError(f"{house.ended()} ended by itself")
