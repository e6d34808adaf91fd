"""Processes killed under load: nothing that was acknowledged is lost, nothing is done twice."""

import asyncio
import json
import random
from typing import Any, Final

import asyncpg
import pytest

from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import PostgresAbsent, temporary_directory
from shared.contracts.roles import Role
from tests.support.absent import absent
from tests.support.http import Wire
from tests.support.installation import DESK, Installation, installation
from tests.support.life import Desk

ROUNDS: Final = 20
CLERKS: Final = 6
SERVICES: Final = ("intake", "assignment", "reporting")


@pytest.mark.servers
@pytest.mark.faults
@pytest.mark.timeout(600)
async def test_twenty_kills_under_load_lose_nothing_acknowledged_and_double_nothing() -> None:
    try:
        async with installation(temporary_directory()) as house:
            await house.start()
            await house.directory_known()
            lived = await _live_through_kills(house, random.Random(2023))
            await _caught_up(house)
            await _nothing_lost_nothing_doubled(house, lived)
            await house.verb("verify")  # which fails where a hash, a chain, a root or a reader does not agree
    except (KafkaAbsent, PostgresAbsent) as reason:
        absent(reason)


async def _live_through_kills(house: Installation, choose: random.Random) -> list[str]:
    """Lives by several clerks while services are killed in turn; the opinions whose every step was acknowledged."""
    clerk = await house.token("th-01", "TCHCQT", *DESK)
    chief = await house.token("cvp-01", "CVP", Role.CHIEF)
    over = asyncio.Event()
    lived: list[str] = []

    async def work() -> None:
        desk = Desk(Wire(house.ports["intake"]), Wire(house.ports["assignment"]), clerk, chief, patient=True)
        try:
            while not over.is_set():
                lived.append(await desk.live())
        finally:
            await desk.close()

    async with asyncio.TaskGroup() as clerks:
        for _ in range(CLERKS):
            clerks.create_task(work())
        for n in range(ROUNDS):
            await asyncio.sleep(choose.uniform(0.2, 1.0))
            service = SERVICES[n % len(SERVICES)]
            house.kill(service)
            await asyncio.sleep(choose.uniform(0.0, 0.3))
            await house.start(service)
        over.set()
    return lived


async def _caught_up(house: Installation) -> None:
    headers = {"Authorization": f"Bearer {house.environment['DOITHOAI_SERVICE_TOKEN']}"}
    wires = [Wire(port) for port in house.ports.values()]
    async with asyncio.timeout(120):
        while True:
            standings: list[Any] = [(await wire.ask("GET", "/internal/subscriptions", headers)).json() for wire in wires]
            heads = {name: head for standing in standings for name, head in standing["heads"].items()}
            following = [each for standing in standings for each in standing["subscriptions"]]
            assert not [each for each in following if each["state"] == "halted"], following
            if all(each["position"] == heads[each["source"]] for each in following):
                break
            await asyncio.sleep(0.2)
    for wire in wires:
        await wire.close()


async def _nothing_lost_nothing_doubled(house: Installation, lived: list[str]) -> None:
    assert len(lived) > ROUNDS
    received = await _rows(house, "intake", "select stream, count(*) from event where type = 'opinion.received' group by stream")
    opened = await _rows(house, "assignment", "select stream, count(*) from event where type = 'case.opened' group by stream")
    resolved = await _rows(house, "assignment", "select stream, count(*) from event where type = 'case.resolved' group by stream")
    for opinion in lived:
        case = f"case-{opinion.removeprefix('opinion-')}"
        assert received[opinion] == opened[case] == resolved[case] == 1
    assert set(received.values()) | set(opened.values()) | set(resolved.values()) == {1}
    local_ids = await _rows(house, "intake", "select local_id, count(*) from opinions_opinion group by local_id")
    assert set(local_ids.values()) == {1}
    assert len(local_ids) == len(received)
    counted = json.loads(
        await house.verb("figures", "--office", "VPUB", "--from", "2026-01-01", "--to", "2027-12-31", "--by", "total", "--json")
    )
    assert counted["total"]["B1"] == len(received)
    assert counted["total"]["I"] == len(resolved)
    parked = await _rows(house, "assignment", "select subscription, count(*) from dead_letter group by subscription")
    assert parked == {}


async def _rows(house: Installation, database: str, query: str) -> dict[str, int]:
    connection = await asyncpg.connect(f"{house.servers.postgres.replace('+asyncpg', '')}/{database}")
    rows = await connection.fetch(query)
    await connection.close()
    return {row[0]: row[1] for row in rows}
