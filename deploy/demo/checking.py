"""What the demonstration shows and checks once a sample is played; the same embedded and distributed."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import Any, Final

import orjson

from deploy import forms, keeping
from deploy.commands.look import operator
from deploy.commands.output import out
from deploy.commands.reports import Format, rendered
from deploy.hashes import log_hashes
from deploy.house import House, grow_trees
from deploy.sample import OFFICE, Period, Sample
from services.reporting.readmodel.asof import as_of
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table, Units
from shared.contracts.roles import Role
from shared.permit import Subject

FIGURES: Final = "figures.json"
HASHES: Final = "state-hashes.json"
FILES: Final = (FIGURES, HASHES)
SHOWN: Final = (Table.DIALOGUES, Table.OPINIONS, Table.CONCLUSIONS, Table.CHAIRMAN, Table.REQUESTS)
BY_UNITS: Final = (Table.BY_UNIT, Table.CONCLUSIONS)  # those whose rows say who has the work
Step = Callable[[str], None]
Figures = Mapping[str, Mapping[str, dict[str, Any]]]  # by the name of the period, then of the table


class Failed(Exception):
    """A check of the demonstration did not hold; the message says which."""


async def check(house: House, sample: Sample, results: Path, step: Step) -> None:
    """Figures with their identities, logs verified, projections rebuilt and compared, state hashed; results written.

    Raises:
        Failed

    """
    step("figures")
    found = {period.name: await _tables(house, period) for period in sample.periods}
    step("counting the locked figures again")
    locked = await _locked(house)
    step("writing the reports")
    written = await _rendered(house, locked)
    step("verifying the logs")
    await grow_trees(house)
    await _verified(house)
    step("rebuilding every read model beside the live one")
    await _rebuilt(house)
    step("hashing the state")
    hashes = {"logs": await log_hashes(house.logs), "projections": await keeping.projection_hashes(house)}
    _write(results / FIGURES, found)
    _write(results / HASHES, hashes)
    for name, content in written.items():
        (results / name).write_bytes(content)
    _print(found)
    out().print(f"[green]✓[/] identities hold in all {len(Table)} tables, Biểu 02 to 04 have one total by every breakdown")
    for name, digest in locked.items():
        out().print(f"[green]✓[/] {name} locked; counted again from the logs its figures are the same ({digest[:16]}…)")
    out().print(f"[green]✓[/] written: {', '.join(written)}")
    events = sum(log["events"] for log in hashes["logs"].values())
    out().print(f"[green]✓[/] {events} events in {len(hashes['logs'])} logs verified: hashes, chains, roots, readers")
    out().print(f"[green]✓[/] {len(hashes['projections'])} read models rebuilt from the logs are equal to the live ones")


async def _tables(house: House, period: Period) -> dict[str, dict[str, Any]]:
    """Every table of the report for a period; those with units also as the units of today have the work.

    Raises:
        Failed

    """
    days = date.fromisoformat(period.first), date.fromisoformat(period.last)

    queries, asker, known = house.services["reporting"].queries.figures, operator(house, OFFICE), as_of(period.as_of)

    async def made(table: Table, *, by: By | None = None, units: Units = Units.WAS) -> dict[str, Any]:
        asked = {"table": table, "office": OFFICE, "by": by, "as_of": known, "units": units}
        found: dict[str, Any] = await queries.table(asker, first=days[0], last=days[1], **asked)
        return found

    tables = {table.value: await made(table) for table in Table}
    tables |= {f"{table.value}-now": await made(table, units=Units.NOW) for table in BY_UNITS}
    opinions = {by: await made(Table.OPINIONS, by=by) for by in By}
    broken = [each for found in (*tables.values(), *opinions.values()) for each in forms.broken_identities(found)]
    total = tables[Table.OPINIONS.value]["total"]
    broken += [f"Biểu 02 by {by.value}: another total" for by, found in opinions.items() if found["total"] != total]
    if broken:
        raise Failed("\n".join(f"{period.name}: {each}" for each in broken))
    return tables


async def _locked(house: House) -> dict[str, str]:
    """The digests of the figures of every report that was locked, each counted again and compared.

    Raises:
        Failed

    """
    queries, found = house.services["reporting"].queries, {}
    asker = operator(house, OFFICE)
    for listed in await queries.reports.reports(asker, office=OFFICE):
        one = await queries.reports.report(asker, listed["report"])
        if one["lock"] is None:
            raise Failed(f"{one['report']} is not locked: {'; '.join(each['said']['en'] for each in one['blocks'])}")
        recounted = await queries.locking.recounted(asker, one)
        if not recounted["agrees"]:
            raise Failed(f"{one['report']}: counted again from the logs, the figures are not those that were locked")
        found[one["report"]] = recounted["figures"]
    return dict(sorted(found.items()))


async def _rendered(house: House, reports: Iterable[str]) -> dict[str, bytes]:
    """Every locked report in every form, by the name of its file."""
    reader = Subject(person="tchcqt-02", tenant=house.tenant, office=OFFICE, unit="TCHCQT", capacities=frozenset({Role.HUB}))
    return {f"{report}.{form.value}": await rendered(house, reader, report, form) for report in reports for form in Format}


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


def _print(figures: Figures) -> None:
    for tables in figures.values():
        for table in SHOWN:
            found = tables[table.value]
            # On paper a table is as wide as its headings; on a terminal they give way to their codes.
            width = out().width if out().is_terminal else forms.wide(found)
            out(width).print(forms.table(found, width=width))
    for table in SHOWN:
        for line in forms.notes(tables[table.value]):
            out().print(line, style="dim")


def _write(path: Path, value: Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(orjson.dumps(value, option=orjson.OPT_INDENT_2) + b"\n")
