"""Kafka away, at start and later: services start, take in, answer, say so, and catch up by themselves."""

import asyncio
from typing import Any, Final

import httpx2
import pytest

from shared.contracts.roles import Role
from tests.support.absent import absent
from tests.support.http import Wire
from tests.support.installation import DESK, Installation, installation
from tests.support.kafka_jars import KafkaAbsent
from tests.support.life import Desk
from tests.support.postgres import PostgresAbsent, temporary_directory

PATIENCE_SECONDS: Final = 60.0


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(300)
async def test_without_kafka_opinions_are_taken_in_and_their_cases_open_once_it_is_there() -> None:
    try:
        async with installation(temporary_directory()) as house:
            await house.servers.broker.stop()
            await house.start()
            await _said_to_be(house, "degraded")
            desk = await _desk(house)
            living = [asyncio.create_task(desk_.live()) for desk_ in desk]
            await _handed_in(house, len(living))
            assert not any(life.done() for life in living)

            await house.servers.broker.start()
            await _said_to_be(house, "ok")
            assert len(set(await asyncio.gather(*living))) == len(living)

            await house.servers.broker.kill()
            await _said_to_be(house, "degraded")
            later = asyncio.create_task(desk[0].live())
            await _handed_in(house, len(living) + 1)
            await house.servers.broker.start()
            await later
            await _said_to_be(house, "ok")
            for each in desk:
                await each.intake.close()
                await each.assignment.close()
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)


async def _desk(house: Installation) -> list[Desk]:
    clerk = await house.token("th-01", "TCHCQT", *DESK)
    chief = await house.token("cvp-01", "CVP", Role.CHIEF)
    ports = house.ports
    return [Desk(Wire(ports["intake"]), Wire(ports["assignment"]), clerk, chief, patient=True) for _ in range(3)]


async def _said_to_be(house: Installation, state: str) -> None:
    """Every service answers as ready, and says `state`."""
    async with httpx2.AsyncClient(timeout=5) as client, asyncio.timeout(PATIENCE_SECONDS):
        for service in house.ports:
            while True:
                answer = await client.get(f"{house.url(service)}/readyz")
                assert answer.status_code == 200
                if answer.json()["state"] == state:
                    break
                await asyncio.sleep(0.2)


async def _handed_in(house: Installation, opinions: int) -> None:
    """So many opinions stand in the intake service, referred and readable there."""
    token = await house.token("th-01", "TCHCQT", *DESK)
    headers = {"Authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(timeout=5, headers=headers) as client, asyncio.timeout(PATIENCE_SECONDS):
        while True:
            answer = await client.get(f"{house.url('intake')}/intake/api/offices/VPUB/opinions")
            items: list[Any] = answer.json()["items"]
            if len(items) == opinions and all(item["stage"] == "da_chuyen" for item in items):
                return
            await asyncio.sleep(0.1)
