"""`python -m deploy.demo`: plays the year 2023, says what was checked, where things are and what to try next."""

import argparse
import asyncio
import sys
import time
from pathlib import Path
from typing import Final

from deploy.cli import AWAY, REFUSALS
from deploy.commands.output import err, out
from deploy.demo import checking, distributed, embedded
from deploy.demo.checking import Failed
from deploy.sample import OFFICE, YEAR
from deploy.servers.kafka_jars import KafkaAbsent
from deploy.servers.postgres import PostgresAbsent
from shared.config import WrongSettings
from shared.contracts.refusals import Refused

TOLD: Final = (Failed, WrongSettings, Refused, *REFUSALS, *AWAY, KafkaAbsent, PostgresAbsent)


def main() -> int:
    """Play, check, and tell; 0 where everything holds."""
    asked = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    asked.add_argument("--feed", choices=("log", "kafka"), default="log", help="log: one process; kafka: PostgreSQL and Kafka")
    asked.add_argument("--home", type=Path, default=Path(".demo"), help="where data and results go")
    given = asked.parse_args()
    results = given.home / "out"
    begun = time.monotonic()

    def step(what: str) -> None:
        err().print(f"[dim]{time.monotonic() - begun:5.1f} s[/]  {what}")

    try:
        if given.feed == "kafka":
            asyncio.run(distributed.play(YEAR, given.home / "kafka", results, step))
        else:
            asyncio.run(embedded.play(YEAR, given.home / "data", results, step))
    except TOLD as reason:
        err().print("The demonstration failed:", style="red")
        err().print(f"{reason or type(reason).__name__}", markup=False)
        return 1
    out().print(f"[green]✓[/] done in {time.monotonic() - begun:.0f} s")
    _results(results)
    if given.feed == "kafka":
        _next_distributed(given.home / "kafka")
    else:
        _next_embedded(given.home / "data")
    return 0


def _results(results: Path) -> None:
    out().print(
        f"\nResults, the same whichever way it is played:\n"
        f"  {results}/report-*.pdf, .docx, .xlsx, .json  both reports: paper to sign, to edit, tables\n"
        f"  {results / checking.FIGURES}  the tables of the six months and of the year, as `doithoai figures --table … --json`\n"
        f"  {results / checking.HASHES}  what every log and read model comes to",
        markup=False,
    )


def _next_embedded(data: Path) -> None:
    year = YEAR.periods[-1]
    office = f"--office {OFFICE} --from {year.first} --to {year.last}"
    out().print(
        f"\nThe installation stays in {data} (script clock). Try:\n"
        f"  doithoai figures --data {data} {office} --table bieu-03\n"
        f"  doithoai tasks --data {data} --unit TCHCQT\n"
        f"  doithoai events --data {data} --service assignment | head -3\n"
        f"  doithoai verify --data {data}\n"
        f"  doithoai serve --data {data}",
        markup=False,
    )


def _next_distributed(home: Path) -> None:
    out().print(
        f"\nThe services' log lines are in {home / distributed.LOGS}; the servers are stopped, and what they held is gone.\n"
        "Try:\n"
        "  make demo       the same year in one process, in an installation that stays\n"
        "  make servers    PostgreSQL and Kafka for a trial of your own (README, “Running it for an office”)",
        markup=False,
    )


if __name__ == "__main__":
    sys.exit(main())
