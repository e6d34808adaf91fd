"""Reads what an office brought along into its first report: nameless episodes of its lines, counted like any other."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain.figures.brought import Said, Standing, brought, matter_of_line, standing
from services.reporting.domain.figures.window import Window, begins
from services.reporting.readmodel.places import OWN, Dimension, matter_of
from services.reporting.readmodel.reading import Read, Reading
from services.reporting.readmodel.reports.tables import reports_opening
from shared.eventlog import codec


async def lines_of(connection: AsyncConnection, tenant: str, office: str, until: int | None = None) -> dict[int, Standing]:
    """The lines that stand by what is said up to a position of reporting's log, by number; None is all of it."""
    table = reports_opening
    wanted = select(table.c.type, table.c.schema_version, table.c.data, table.c.position).where(
        table.c.tenant == tenant, table.c.office == office, *(() if until is None else (table.c.position <= until,))
    )
    rows = await connection.execute(wanted)
    return standing(Said(codec.decode(row.type, row.schema_version, row.data.encode()), row.position) for row in rows)


async def brought_along(reading: Reading, asked: Window) -> Read | None:
    """The matters of the opening balance that a window from its first day on counts, as the report before knew them too."""
    lines = await _known(reading)
    here = [line for _, line in sorted(lines.items()) if begins(line.recorded.first) <= asked.begin]
    if not here:
        return None
    chairmans, former = await reading.chairmans(), reading.before
    read = await asyncio.to_thread(_read, reading.office, here, chairmans)
    if former is None:
        return read
    then = [line for _, line in sorted((await _known(former)).items())]
    return replace(read, before=await asyncio.to_thread(_read, reading.office, then, await former.chairmans()))


async def lines_told(reading: Reading, opened: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines behind episodes of an opened cell: `{line, count, report, document}`, with `change` where they add to A′."""
    lines = {matter_of_line(reading.office, number): line for number, line in (await _known(reading)).items()}
    counts = Counter((matter_of(each["episode"]), each.get("change")) for each in opened)
    return [
        {**line_told(lines[matter]), "count": count, **({"change": change} if change is not None else {})}
        for (matter, change), count in counts.items()
        if matter in lines
    ]


def line_told(line: Standing) -> dict[str, Any]:
    """A line as it is shown: its number, what was brought along, in which rows, and by which document."""
    said = line.recorded
    return {
        "line": said.line,
        "report": said.report,
        "from": said.first.isoformat(),
        "count": said.count,
        "field": said.field,
        "unit": said.unit,
        "locality": said.locality,
        "source": said.source.value if said.source else None,
        "due": said.due.isoformat() if said.due else None,
        "document": {"number": said.document.number, "dated": said.document.dated.isoformat(), "name": said.document.name},
        "position": line.position,
    }


def settled_told(line: Standing) -> list[dict[str, Any]]:
    """What ended of a line, in the order in which it was said; reasons as references."""
    return [
        {
            "outcome": event.outcome.value,
            "count": event.count,
            "on": event.on.isoformat(),
            "document": event.document,
            "reason": event.reason.ref,
            "position": position,
        }
        for event, position in line.settled
    ]


async def _known(reading: Reading) -> dict[int, Standing]:
    until = reading.positions.get(OWN)
    if until is None:
        return {}
    if "opening" not in reading.kept:
        reading.kept["opening"] = await lines_of(reading.connection, reading.tenant, reading.office, until)
    found: dict[int, Standing] = reading.kept["opening"]
    return found


def _read(office: str, lines: Iterable[Standing], chairmans: frozenset[str]) -> Read:
    found = brought(office, lines)
    values = {dimension: found.values.get(dimension.value, []) for dimension in Dimension}
    return Read(found.milestones, values, chairmans)
