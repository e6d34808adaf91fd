"""Kafka away, at start and later: services start, take in, answer, say so, and go on by asking one another."""

import asyncio
from typing import Final

import httpx2
import pytest

from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import PostgresAbsent, temporary_directory
from tests.support.absent import absent
from tests.support.clerks import desks
from tests.support.installation import Installation, installation

PATIENCE_SECONDS: Final = 60.0


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(300)
async def test_without_kafka_opinions_are_taken_in_and_answered_more_slowly() -> None:
    try:
        async with installation(temporary_directory()) as house:
            await house.servers.broker.stop()
            await house.start()
            await _said_to_be(house, "degraded")
            await house.directory_known()
            async with desks(house, 3) as desk:
                assert len(set(await asyncio.gather(*(each.live() for each in desk)))) == len(desk)
                await _said_to_be(house, "degraded")

                await house.servers.broker.start()
                await _said_to_be(house, "ok")
                await desk[0].live()

                await house.servers.broker.kill()
                await _said_to_be(house, "degraded")
                await desk[0].live()
                await house.servers.broker.start()
                await _said_to_be(house, "ok")
                await desk[0].live()
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)


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
