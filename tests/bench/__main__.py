"""`python -m tests.bench`: every benchmark in one run on real servers; a table, and bench.json in the root."""

import argparse
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import uvloop
from rich.console import Console
from rich.table import Table

from deploy.collector import spare_what_stands
from deploy.servers import kafka, postgres
from tests.bench import appending, embedded, lifecycle, listening, paging, projecting, reading, relay, report, starting
from tests.bench.rows import Place, Row

RESULT: Final = Path(__file__).resolve().parents[2] / "bench.json"
ROUNDS: Final = 9
QUICK_ROUNDS: Final = 3
QUICK_SCALE: Final = 0.25


BENCHES: Final[Mapping[str, Callable[[Place], Awaitable[list[Row]]]]] = {
    "append": appending.measure,
    "read": reading.measure,
    "projection": projecting.measure,
    "sqlite": embedded.measure,
    "relay": relay.measure,
    "lifecycle": lifecycle.measure,
    "report": report.measure,
    "pages": paging.measure,
    "live": listening.measure,
    "first_screen": starting.measure,
}


async def main(only: list[str], quick: bool, stacks: Path | None = None) -> list[Row]:
    """Measure the benches named, all of them where none is."""
    spare_what_stands()  # as every process of the product does; the peer gains by it too
    console = Console()
    rows: list[Row] = []
    async with _place(quick) as place:
        place.stacks = stacks
        for name, measure in BENCHES.items():
            if only and name not in only:
                continue
            with console.status(f"measuring {name}"):
                rows += await measure(place)
        console.print(_table(rows))
        for note in place.notes:
            console.print(note, highlight=False)
    return rows


@asynccontextmanager
async def _place(quick: bool) -> AsyncIterator[Place]:
    directory = postgres.temporary_directory()
    server = postgres.server(directory)
    brokers: list[kafka.Broker] = []

    async def broker() -> str:
        if not brokers:
            brokers.append(kafka.broker(directory / "kafka"))
            await brokers[0].start()
        return brokers[0].bootstrap

    await server.start()
    try:
        await postgres.make_roles(server.address)
        yield Place(server.address, broker, QUICK_ROUNDS if quick else ROUNDS, QUICK_SCALE if quick else 1.0)
    finally:
        for one in brokers:
            await one.stop()
        await server.stop()
        postgres.remove(directory)


def _table(rows: list[Row]) -> Table:
    table = Table(title="medians of alternated rounds")
    table.add_column("benchmark", no_wrap=True)
    table.add_column("unit")
    for heading in ("ours", "baseline", "ratio"):
        table.add_column(heading, justify="right")
    table.add_column("baseline is")
    for row in rows:
        baseline = "" if row.baseline is None else f"{row.baseline:,.1f}"
        ratio = "" if row.ratio is None else f"{row.ratio:.2f}"
        table.add_row(row.name, row.unit, f"{row.ours:,.1f}", baseline, ratio, row.baseline_name)
    return table


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("only", nargs="*", choices=[[], *BENCHES], help="benches to run; all where none is named")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds: a look, not a measurement")
    parser.add_argument("--stacks", type=Path, help="a folder: pages and live leave there where their services' time went")
    options = parser.parse_args()
    measured = uvloop.run(main(options.only, options.quick, options.stacks))
    RESULT.write_text(json.dumps([row.as_json() for row in measured], indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
