"""Whole lives of opinions a second, over HTTP on PostgreSQL and Kafka, with an empty store and with 100,000 lives in it."""

import asyncio
import json
import tempfile
import time
from pathlib import Path
from typing import Final

from shared.contracts.roles import Role
from tests.bench.proving import Unsound
from tests.bench.rows import Place, Row
from tests.bench.stored import store
from tests.support.clerks import caught_up
from tests.support.http import Wire
from tests.support.installation import DESK, Installation, installation
from tests.support.life import Desk

CLERKS: Final = 32  # enough that the machine, not their waiting, is the bound
WARM_SECONDS: Final = 3.0
SECONDS: Final = 15.0
STORED: Final = 100_000


async def measure(place: Place) -> list[Row]:
    """`lifecycle_0` and `lifecycle_100k`: nine requests a life, by 32 clerks at once."""
    rows = []
    with tempfile.TemporaryDirectory(prefix="doithoai-bench-") as directory:
        async with installation(Path(directory), forked=False) as house:
            await house.start()
            await caught_up(house)
            rows.append(Row("lifecycle_0", "lives/s", await _lives(house, SECONDS * place.scale)))
            await caught_up(house)
            await house.stop()
            await store(house, place.events(STORED))
            await house.start()
            await caught_up(house)
            rows.append(Row("lifecycle_100k", "lives/s", await _lives(house, SECONDS * place.scale)))
            await caught_up(house)
            place.notes.append(f"lifecycle: {await _proved(house)} events verified")
    return rows


async def _proved(house: Installation) -> int:
    """What `doithoai verify` says of the three logs.

    Raises:
        Unsound

    """
    told = await house.ask("verify", "--json")
    if told.code:
        raise Unsound(f"lifecycle: {told.out[-2_000:]}{told.err[-2_000:]}")
    return sum(report["events"] for report in json.loads(told.out))


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
