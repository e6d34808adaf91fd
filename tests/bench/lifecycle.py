"""Whole lives of opinions a second, over HTTP on PostgreSQL and Kafka, with an empty store and with 100,000 opinions in it."""

import asyncio
import tempfile
import time
from pathlib import Path
from typing import Final

from shared.contracts.roles import Role
from tests.bench.rows import Place, Row
from tests.bench.stored import store
from tests.support.http import Wire
from tests.support.installation import DESK, Installation, installation
from tests.support.life import Desk

CLERKS: Final = 12
WARM_SECONDS: Final = 3.0
SECONDS: Final = 15.0
STORED: Final = 100_000


async def measure(place: Place) -> list[Row]:
    """`lifecycle_0` and `lifecycle_100k`: nine requests a life, by twelve clerks at once."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="doithoai-bench-") as directory:
        async with installation(Path(directory)) as house:
            await house.start()
            rows.append(Row("lifecycle_0", "lives/s", await _lives(house, SECONDS * place.scale)))
            await house.stop()
            await store(house, place.events(STORED))
            await house.start()
            await _caught_up(house)
            rows.append(Row("lifecycle_100k", "lives/s", await _lives(house, SECONDS * place.scale)))
    return rows


async def _lives(house: Installation, seconds: float) -> float:
    clerk = await house.token("th-01", "TCHCQT", *DESK)
    chief = await house.token("cvp-01", "CVP", Role.CHIEF)
    desks = [Desk(Wire(house.ports["intake"]), Wire(house.ports["assignment"]), clerk, chief) for _ in range(CLERKS)]
    await asyncio.gather(*(_work(desk, time.perf_counter() + WARM_SECONDS) for desk in desks))
    begun = time.perf_counter()
    lived = await asyncio.gather(*(_work(desk, begun + seconds) for desk in desks))
    took = time.perf_counter() - begun
    for desk in desks:
        await desk.intake.close()
        await desk.assignment.close()
    return sum(lived) / took


async def _work(desk: Desk, until: float) -> int:
    lived = 0
    while time.perf_counter() < until:
        await desk.live()
        lived += 1
    return lived


async def _caught_up(house: Installation) -> None:
    """Wait until every service's subscriptions hold what was stored."""
    wires = {service: Wire(port) for service, port in house.ports.items()}
    headers = {"Authorization": f"Bearer {house.environment['DOITHOAI_SERVICE_TOKEN']}"}
    while True:
        standings = [(await wire.ask("GET", "/internal/subscriptions", headers)).json() for wire in wires.values()]
        heads = {name: head for standing in standings for name, head in standing["heads"].items()}
        if all(each["position"] == heads[each["source"]] for standing in standings for each in standing["subscriptions"]):
            break
        await asyncio.sleep(0.5)
    for wire in wires.values():
        await wire.close()
