"""How long somebody waits for the first page of an installation that was there before."""

import asyncio
import re
import statistics
import tempfile
import time
from pathlib import Path
from typing import Final

from deploy.servers.ports import free_port
from shared.config import SERVICES
from tests.bench.proving import Unsound
from tests.bench.rows import Place, Row, aimed
from tests.support.http import Answer, Wire
from tests.support.installation import Embedded

SAMPLE: Final = Path(__file__).resolve().parents[2] / "deploy" / "sample" / "nam-2023.jsonl"
UNTIL: Final = '"at": "2023-01-12'  # its people, the plan, what came in first: to play the whole year takes minutes
SECONDS: Final = 5.0
PATIENCE_SECONDS: Final = 60.0
BESIDE: Final = re.compile(rb'<(?:link rel="stylesheet" href|script[^>]* src)="([^"]+)"')


async def measure(place: Place) -> list[Row]:
    """`first_screen`: from `doithoai serve` over the sample to the whole page of signing in, with what it is shown by."""
    with tempfile.TemporaryDirectory(prefix="doithoai-bench-") as directory:
        folder, port = Path(directory), free_port()
        data = folder / "data"
        house = Embedded(
            directory=folder, environment={"DOITHOAI_DATA": str(data)}, ports=dict.fromkeys(SERVICES, port), data=data
        )
        script = folder / "sample.jsonl"
        script.write_text("".join(_beginning()), encoding="utf-8")
        await house.verb("init", "--clock", "script", "--seed", "mau")
        await house.verb("do", str(script))
        took = [await _first_screen(house) for _ in range(place.rounds + 1)][1:]  # the first one warms up
    place.notes.append(f"first_screen: of {len(took)} starts the slowest took {max(took):.2f} s")
    return [aimed("first_screen", "s", statistics.median(took), SECONDS)]


def _beginning() -> list[str]:
    lines = SAMPLE.read_text(encoding="utf-8").splitlines(keepends=True)
    return lines[: next(n for n, line in enumerate(lines) if UNTIL in line)]


async def _first_screen(house: Embedded) -> float:
    wire, begun = Wire(house.ports["intake"]), time.perf_counter()
    house.spawn_serve()
    try:
        page = await _once_there(wire, begun)
        beside = sorted({each.decode() for each in BESIDE.findall(page.body)})
        answers = [page, *[await wire.ask("GET", path, {}) for path in beside]]
        took = time.perf_counter() - begun
    finally:
        await wire.close()
        await house.stop()
    told = [answer.status for answer in answers]
    if not beside or set(told) != {200} or not page.body.rstrip().endswith(b"</html>"):
        raise Unsound(f"first_screen: {beside} {told} {page.body[-200:]!r}")
    return took


async def _once_there(wire: Wire, begun: float) -> Answer:
    while True:
        try:
            return await wire.ask("GET", "/sign-in", {})
        except (OSError, EOFError):
            if time.perf_counter() > begun + PATIENCE_SECONDS:
                raise
            await asyncio.sleep(0.05)
