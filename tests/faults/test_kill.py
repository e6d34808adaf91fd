"""Processes killed under load: nothing that was acknowledged is lost, nothing is done twice."""

import asyncio
import random
from collections.abc import Sequence
from typing import Final

import pytest

from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import PostgresAbsent, temporary_directory
from shared.config import PARTS, SERVICES
from tests.support.absent import absent
from tests.support.clerks import at_work, caught_up, desks, nothing_lost_nothing_doubled
from tests.support.installation import Installation, installation, parts_of

ROUNDS: Final = 20
TIMES: Final = 2  # that each part of each service is killed
CLERKS: Final = 6


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(600)
async def test_twenty_kills_under_load_lose_nothing_acknowledged_and_double_nothing() -> None:
    await _killed_in_turn(SERVICES, ROUNDS)


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(600)
async def test_every_part_of_every_service_in_a_process_of_its_own_can_be_killed() -> None:
    names = parts_of(SERVICES, PARTS)
    await _killed_in_turn(names, TIMES * len(names))


async def _killed_in_turn(names: Sequence[str], rounds: int) -> None:
    """Whole lives of opinions, while the processes of those names are killed one after the other and started again."""
    try:
        async with installation(temporary_directory()) as house:
            for name in names:  # one by one: the API is up before the other parts take the processors
                await house.start(name)
            await house.directory_known()
            async with desks(house, CLERKS) as clerks, at_work(clerks) as lived:
                await _kill(house, names, rounds, random.Random(2023))
            assert len(lived) > rounds
            assert house.ended() == []
            await caught_up(house)
            await nothing_lost_nothing_doubled(house, lived)
            await house.verb("verify")  # which fails where a hash, a chain, a root or a reader does not agree
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)


async def _kill(house: Installation, names: Sequence[str], rounds: int, choose: random.Random) -> None:
    for n in range(rounds):
        await asyncio.sleep(choose.uniform(0.2, 1.0))
        name = names[n % len(names)]
        house.kill(name)
        await asyncio.sleep(choose.uniform(0.0, 0.3))
        await house.start(name)
