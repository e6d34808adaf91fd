"""What the demonstration shows and checks once the script is played; the same embedded and distributed."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from deploy import form02, keeping, sample
from deploy.commands.look import figures_of
from deploy.commands.output import out
from deploy.hashes import log_hashes
from deploy.house import House, grow_trees
from services.reporting.readmodel.breakdown import By

FIGURES: Final = "figures.json"
HASHES: Final = "state-hashes.json"
Step = Callable[[str], None]


class Failed(Exception):
    """A check of the demonstration did not hold; the message says which."""


async def check(house: House, results: Path, step: Step) -> None:
    """Figures with their identities, logs verified, projections rebuilt and compared, state hashed; results written.

    Raises:
        Failed

    """
    step("figures")
    found = await _figures(house)
    step("verifying the logs")
    await grow_trees(house)
    await _verified(house)
    step("rebuilding every read model beside the live one")
    await _rebuilt(house)
    step("hashing the state")
    hashes = {"logs": await log_hashes(house.logs), "projections": await keeping.projection_hashes(house)}
    for by, figures in found.items():
        _write(results / figures_file(by), figures)
    _write(results / HASHES, hashes)
    out().print(form02.table(found[By.SOURCE]))
    out().print(form02.table(found[By.FIELD], empty_rows=False))
    out().print(form02.LEGEND, style="dim")
    out().print("[green]✓[/] identities hold, by field, lead unit, locality and source group alike")
    events = sum(log["events"] for log in hashes["logs"].values())
    out().print(f"[green]✓[/] {events} events in {len(hashes['logs'])} logs verified: hashes, chains, roots, readers")
    out().print(f"[green]✓[/] {len(hashes['projections'])} read models rebuilt from the logs are equal to the live ones")


def figures_file(by: By) -> str:
    """The name of the file with one breakdown."""
    return FIGURES if by is By.TOTAL else f"figures-by-{by.value}.json"


async def _figures(house: House) -> dict[By, dict[str, Any]]:
    """Biểu 02 by every breakdown.

    Raises:
        Failed

    """
    window = date.fromisoformat(sample.FIRST_DAY), date.fromisoformat(sample.LAST_DAY)
    found = {by: await figures_of(house, sample.OFFICE, *window, by=by) for by in By}
    broken = [f"by {by}: {each}" for by, one in found.items() for each in form02.broken_identities(one["rows"], one["total"])]
    broken += [f"by {by}: another total" for by, one in found.items() if one["total"] != found[By.TOTAL]["total"]]
    if broken:
        raise Failed("\n".join(broken))
    return found


async def _verified(house: House) -> None:
    reports = await keeping.verify_all(house)
    faults = [
        f"{report.log}: {fault.kind} at {fault.position}: {fault.what}" for report in reports.values() for fault in report.faults
    ]
    if faults:
        raise Failed("\n".join(faults))


async def _rebuilt(house: House) -> None:
    differs = [name for name in keeping.projections(house) if not (await keeping.rebuild(house, name, check=True)).equal]
    if differs:
        raise Failed(f"rebuilt from the logs, these read models differ from the live ones: {', '.join(differs)}")


def _write(path: Path, value: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
