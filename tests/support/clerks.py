"""Several clerks at work at once, and the reckoning afterwards: nothing acknowledged is lost, nothing is done twice."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Final

from shared.contracts.roles import Role
from tests.support.http import Wire
from tests.support.installation import DESK, Embedded, Installation
from tests.support.life import WORDS, Desk

CAUGHT_UP_SECONDS: Final = 120.0
House = Embedded | Installation


@asynccontextmanager
async def desks(house: House, count: int) -> AsyncIterator[list[Desk]]:
    """So many clerks, each with connections of their own, who ask again when a process is away."""
    clerk = await house.token("th-01", "TCHCQT", *DESK)
    chief = await house.token("cvp-01", "CVP", Role.CHIEF)
    ports = house.ports
    made = [Desk(Wire(ports["intake"]), Wire(ports["assignment"]), clerk, chief, patient=True) for _ in range(count)]
    try:
        yield made
    finally:
        for desk in made:
            await desk.close()


@asynccontextmanager
async def at_work(clerks: Sequence[Desk]) -> AsyncIterator[list[str]]:
    """Within the block every clerk leads one opinion after the other through its life.

    The list fills with those whose every step was acknowledged; at the end all finish what they have in hand.
    """
    over = asyncio.Event()
    lived: list[str] = []

    async def work(desk: Desk) -> None:
        while not over.is_set():
            lived.append(await desk.live())

    async with asyncio.TaskGroup() as tasks:
        for desk in clerks:
            tasks.create_task(work(desk))
        yield lived
        over.set()


async def caught_up(house: House) -> None:
    """Wait until every subscription stands at the head of what it follows; none may be halted."""
    headers = {"Authorization": f"Bearer {house.service_token}"}
    wires = [Wire(port) for port in sorted(set(house.ports.values()))]
    async with asyncio.timeout(CAUGHT_UP_SECONDS):
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


async def nothing_lost_nothing_doubled(house: House, lived: Sequence[str]) -> None:
    """Logs, read models, figures and words hold what was acknowledged, each once, and nothing is parked."""
    received = await house.rows("intake", _by_stream("opinion.received"))
    opened = await house.rows("assignment", _by_stream("case.opened"))
    resolved = await house.rows("assignment", _by_stream("case.resolved"))
    for opinion in lived:
        case = f"case-{opinion.removeprefix('opinion-')}"
        assert received[opinion] == opened[case] == resolved[case] == 1
    assert set(received.values()) | set(opened.values()) | set(resolved.values()) == {1}
    local_ids = await house.rows("intake", "select local_id, count(*) from opinions_opinion group by local_id")
    assert set(local_ids.values()) == {1}
    assert len(local_ids) == len(received)
    window = ("--office", "VPUB", "--from", "2026-01-01", "--to", "2027-12-31")
    counted = json.loads(await house.verb("figures", *window, "--by", "total", "--json"))
    assert counted["total"]["B1"] == len(received)
    assert counted["total"]["I"] == len(resolved)
    assert json.loads(await house.verb("dlq", "list", "--json")) == []
    await _words_are_there(house, lived)


async def _words_are_there(house: House, lived: Sequence[str]) -> None:
    headers = {"Authorization": f"Bearer {await house.token('cvp-01', 'CVP', Role.CHIEF)}"}
    wire = Wire(house.ports["intake"])
    for opinion in lived:
        answer = await wire.ask("GET", f"/intake/api/opinions/{opinion}/words", headers)
        assert (answer.status, answer.json().get("words")) == (200, WORDS)
    await wire.close()


def _by_stream(event: str) -> str:
    return f"select stream, count(*) from event where type = '{event}' group by stream"
