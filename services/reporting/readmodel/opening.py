"""Reads what an office brought along into its first report: nameless episodes of its lines, counted like any other."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from services.reporting.domain.figures.brought import (
    Balance,
    Said,
    Standing,
    balance,
    brought,
    matter_of_line,
    open_at,
    over_at,
)
from services.reporting.domain.figures.columns import NOTHING
from services.reporting.domain.figures.window import Window, begins
from services.reporting.domain.text.told import BroughtLine, BroughtPaper
from services.reporting.readmodel.breakdown import By, label_of
from services.reporting.readmodel.places import OWN, Dimension, matter_of
from services.reporting.readmodel.reading import Read, Reading
from services.reporting.readmodel.reports.tables import reports_opening
from shared.directory.snapshot import Directory
from shared.eventlog import codec


async def balance_of(connection: AsyncConnection, tenant: str, office: str, until: int | None = None) -> Balance:
    """An office's opening balance by what is said up to a position of reporting's log; None is all of it."""
    table = reports_opening
    wanted = select(table.c.type, table.c.schema_version, table.c.data, table.c.position).where(
        table.c.tenant == tenant, table.c.office == office, *(() if until is None else (table.c.position <= until,))
    )
    rows = await connection.execute(wanted)
    return balance(Said(codec.decode(row.type, row.schema_version, row.data.encode()), row.position) for row in rows)


async def brought_along(reading: Reading, asked: Window) -> Read | None:
    """The matters of the opening balance that a window from its first day on counts, as the report before knew them too."""
    here, former = _begun_by(await _known(reading), asked.begin), reading.before
    then = await _known(former) if former is not None else None
    if not (here.lines or here.struck or (then is not None and then.lines)):
        return None
    over = await asyncio.to_thread(_over_before, asked.begin, here, then)
    read = await asyncio.to_thread(_read, reading.office, here, over, await reading.chairmans())
    if former is None or then is None:
        return read
    return replace(read, before=await asyncio.to_thread(_read, reading.office, then, over, await former.chairmans()))


def _begun_by(lines: Balance, begin: int) -> Balance:
    return Balance(
        {number: line for number, line in lines.lines.items() if begins(line.recorded.first) <= begin},
        [line for line in lines.struck if begins(line.recorded.first) <= begin],
    )


def _over_before(begin: int, here: Balance, then: Balance | None) -> dict[int, frozenset[int]]:
    """The matters that a window counts nowhere, by line: over before it, and known to be to the report before."""
    over = {number: over_at(line, begin) for number, line in here.lines.items()}
    if then is None:
        return over
    known = {number: over_at(line, begin) for number, line in then.lines.items()}
    same = {number for number in over if number in known and here.lines[number].position == then.lines[number].position}
    return {number: over[number] & known[number] for number in same}


async def lines_counted(reading: Reading, asked: Window, names: Directory) -> tuple[BroughtLine, ...]:
    """The lines that figures of a window rest on, under the names of its rows: with matters that it, or A, still counts."""
    former = reading.before
    now = (await _known(reading)).lines
    then = (await _known(former)).lines if former is not None else {}
    left = {number: count for number, line in then.items() if (count := open_at(line, asked.begin))}
    found = {number: line for number, line in now.items() if number in left or open_at(line, asked.begin)}
    shown = {**{number: then[number] for number in left}, **found}
    return tuple(_counted(line, asked, names, stands=number in now) for number, line in sorted(shown.items()))


def _counted(line: Standing, asked: Window, names: Directory, *, stands: bool) -> BroughtLine:
    said = line.recorded
    carried, still = (open_at(line, cutoff) if stands else 0 for cutoff in (asked.begin, asked.end))
    rows = {By.FIELD: said.field, By.UNIT: said.unit, By.LOCALITY: said.locality, By.SOURCE: said.source}
    field, unit, locality, source = (label_of(key or NOTHING, by, names) for by, key in rows.items())
    document = said.document
    paper = BroughtPaper(document.number, document.dated, document.name, document.issuer)
    return BroughtLine(said.line, said.count, carried, still, field, unit, locality, source, said.due, paper)


async def lines_told(reading: Reading, opened: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The lines behind episodes of an opened cell: `{line, count, report, document}`, with `change` where they add to A′."""
    former = await _known(reading.before) if reading.before is not None else Balance({}, [])
    known = {**former.lines, **(await _known(reading)).lines}
    lines = {matter_of_line(reading.office, number): line for number, line in known.items()}
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
        "document": {
            "number": said.document.number,
            "dated": said.document.dated.isoformat(),
            "name": said.document.name,
            "issuer": said.document.issuer,
        },
        "position": line.position,
    }


def settled_told(line: Standing) -> list[dict[str, Any]]:
    """What ended of a line, in the order in which it was said, with what was `withdrawn` of it; reasons as references."""
    return [
        {
            "settlement": n,
            "outcome": each.event.outcome.value,
            "count": each.event.count,
            "on": each.event.on.isoformat(),
            "document": each.event.document,
            "reason": each.event.reason.ref,
            "position": each.position,
            "withdrawn": {"reason": each.withdrawn.reason.ref, "position": each.withdrawn_at} if each.withdrawn else None,
        }
        for n, each in enumerate(line.settled, start=1)
    ]


async def _known(reading: Reading) -> Balance:
    until = reading.positions.get(OWN)
    if until is None:
        return Balance({}, [])
    if "opening" not in reading.kept:
        reading.kept["opening"] = await balance_of(reading.connection, reading.tenant, reading.office, until)
    found: Balance = reading.kept["opening"]
    return found


def _read(office: str, lines: Balance, over: Mapping[int, frozenset[int]], chairmans: frozenset[str]) -> Read:
    found = brought(office, lines, over)
    values = {dimension: found.values.get(dimension.value, []) for dimension in Dimension}
    return Read(found.milestones, values, chairmans)
