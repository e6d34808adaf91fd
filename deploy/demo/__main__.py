"""`python -m deploy.demo`: plays the sample, says what was checked, where things are and what to try next."""

import argparse
import asyncio
import sys
import time
from pathlib import Path

from deploy.commands.output import err, out
from deploy.demo import distributed, embedded
from deploy.demo.checking import Failed


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
            asyncio.run(distributed.play(given.home / "kafka", results, step))
        else:
            asyncio.run(embedded.play(given.home / "data", results, step))
    except Failed as failed:
        err().print(f"[red]The demonstration failed:[/] {failed}")
        return 1
    out().print(f"[green]✓[/] done in {time.monotonic() - begun:.0f} s; figures and state hashes are in {results}/")
    if given.feed == "log":
        _next(given.home / "data")
    return 0


def _next(data: Path) -> None:
    office = "--office VPUB --from 2023-01-04 --to 2023-05-31"
    out().print(
        f"\nThe installation stays in {data} (script clock). Try:\n"
        f"  doithoai figures --data {data} {office} --by unit\n"
        f"  doithoai tasks --data {data} --unit TCHCQT\n"
        f"  doithoai events --data {data} --service assignment | head -3\n"
        f"  doithoai verify --data {data}\n"
        f"  doithoai serve --data {data}",
        markup=False,
    )


if __name__ == "__main__":
    sys.exit(main())
