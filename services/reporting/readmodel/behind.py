"""Opens cells of the tables beside the opinions, and says of a dialogue, notice, request or task where it is counted."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from services.reporting.domain.figures import beside, dialogues
from services.reporting.domain.figures.lineage import Verdict
from services.reporting.domain.figures.steps import Step, first, within
from services.reporting.domain.figures.tallies import Tally
from services.reporting.domain.figures.window import Window
from services.reporting.readmodel import headings, steps, tallying
from services.reporting.readmodel.cells import COLUMNS, OUTSIDE, SOURCE, SUBTOTAL, TOTAL, Cell, NoSuchCell
from services.reporting.readmodel.forms import Asked, Table, read_table
from services.reporting.readmodel.reading import Reading
from shared.clock import instant
from shared.contracts.session import Track
from shared.contracts.task import TaskType

STREAMS: Final = (
    "session-",
    "notice-",
    "request-",
    "proposal-",
    "task-",
    "consolidation-",
)  # what `why` is asked of beside episodes
PARTS: Final[Mapping[str, str]] = {"rows": "", "outside": OUTSIDE, "sources": SOURCE, "subtotals": SUBTOTAL}


async def _of_form_01(reading: Reading, window: Window) -> tallying.Tallies:
    form = await tallying.form_01(reading, window)

    def tallied() -> list[Tally]:
        made = form()
        rows = [each for line in (*made.rows.values(), made.total) for each in line.tallies]
        return [*rows, *(replace(each, row=f"{OUTSIDE}{Track.CHAIRMAN.value}") for each in made.chairman.tallies)]

    return tallied


async def _of_form_05(reading: Reading, window: Window) -> tallying.Tallies:
    form = await tallying.form_05(reading, window)

    def tallied() -> list[Tally]:
        rows = [each for line in form() for each in line.tallies]
        return [*rows, *(replace(each, row=beside.ONLY) for each in rows)]

    return tallied


async def _of_track_b(reading: Reading, window: Window) -> tallying.Tallies:
    form, proposed = await tallying.form_01(reading, window), await tallying.proposals(reading, window)
    return lambda: [*proposed(), *(replace(each, row=beside.ONLY) for each in form().chairman.tallies)]


async def _of_rounds(reading: Reading, window: Window) -> tallying.Tallies:
    made = await tallying.rounds(reading, window)

    def tallied() -> list[Tally]:
        rows = [each for one in made() for each in one.tallies()]
        return [*rows, *(replace(each, row=beside.ONLY) for each in rows)]

    return tallied


TALLIES: Final[Mapping[Table, Callable[[Reading, Window], Awaitable[tallying.Tallies]]]] = {
    Table.DIALOGUES: _of_form_01,
    Table.CONCLUSIONS: _of_form_05,
    Table.CHAIRMAN: _of_track_b,
    Table.REQUESTS: tallying.requests,
    Table.DISSEMINATION: tallying.dissemination,
    Table.URGING: tallying.urging,
    Table.GATHERING: _of_rounds,
}
# Which tables tell of a family's streams.
TABLES: Final[Mapping[str, tuple[Table, ...]]] = {
    steps.SESSION: (Table.DIALOGUES, Table.CHAIRMAN),
    steps.NOTICE: (Table.DIALOGUES, Table.CONCLUSIONS, Table.CHAIRMAN),
    steps.REQUEST: (Table.REQUESTS,),
    steps.PROPOSAL: (Table.CHAIRMAN,),
    TaskType.CARRY_OUT.value: (Table.CONCLUSIONS,),
    TaskType.DISSEMINATE.value: (Table.DISSEMINATION,),
    TaskType.ANSWER.value: (Table.URGING,),
    steps.GATHERING: (Table.GATHERING,),
}


def named_rows(table: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The rows of a table by the name that cells give them."""
    found = {f"{prefix}{row['key']}": row for part, prefix in PARTS.items() for row in table.get(part, ())}
    return {**found, **({TOTAL: table["total"]} if "total" in table else {})}


async def opened(cell: Cell, asked: Asked, reading: Reading, after: str, limit: int) -> dict[str, Any]:
    """What a cell counts: `{heading, label, value, counted, next}`, at most `limit` beyond `after`.

    What is counted is a dialogue, an opinion put there, a notice, an item of one, a request, a proposal or a task: `{name,
    streams, n, columns, because, why, facts}`. `n` is what it adds to the cell, `because` the step that puts it in each of its
    columns, `why` what it is there for, `facts` every step of its streams.

    Raises:
        NoSuchCell: no row of that key, or there can be nothing in it.

    """
    make, tallied = await read_table(cell.table, asked, reading), await TALLIES[cell.table](reading, asked.window)
    table, tallies = await asyncio.to_thread(lambda: (make(), tallied()))
    row = named_rows(table).get(cell.row)
    if row is None or not isinstance(row[cell.column], int):
        raise NoSuchCell(str(cell))
    heading = next(each["heading"] for each in table["columns"] if each["key"] == cell.column)
    of_row: dict[str, list[Tally]] = {}
    for each in tallies:
        if each.row == cell.row:
            of_row.setdefault(each.name, []).append(each)
    names = sorted(name for name, found in of_row.items() if any(each.column == cell.column for each in found))
    page = [name for name in names if name > after][: limit + 1]
    told = await reading.told({stream for name in page[:limit] for each in of_row[name] for stream in each.streams})
    return {
        "heading": heading,
        "label": row["label"],
        "value": row[cell.column],
        "counted": [_counted(cell, name, of_row[name], told) for name in page[:limit]],
        "next": page[limit - 1] if len(page) > limit else None,
    }


async def explained(name: str, asked: Asked, reading: Reading) -> dict[str, Any] | None:
    """Where a stream is counted and why, or why it is not; None where nothing is known of it.

    `{stream, verdict, said, cells: [{cell, name, n, why, because}], facts}`.
    """
    told = (await reading.told({name})).get(name)
    if told is None:
        return None
    family, history = told
    tables = {table: await TALLIES[table](reading, asked.window) for table in TABLES.get(family, ())}
    cells = [
        {"cell": str(Cell(table, each.row, each.column)), "name": each.name, "n": each.n, **_reason(each)}
        for table, tallied in tables.items()
        for each in await asyncio.to_thread(tallied)
        if name in each.streams
    ]
    verdict = Verdict.COUNTED if cells else await _why_not(name, family, history, asked.window, reading)
    facts = [event(step) for step in history]
    return {"stream": name, "verdict": verdict.value, "said": headings.VERDICTS[verdict], "cells": cells, "facts": facts}


def tallied_by_cell(tallies: Mapping[Table, Iterable[Tally]]) -> dict[tuple[str, str, str], dict[str, int]]:
    """How much everything that is counted adds to each cell, by table, row and column, then by its name."""
    found: dict[tuple[str, str, str], dict[str, int]] = {}
    for table, those in tallies.items():
        for each in those:
            names = found.setdefault((table.value, each.row, each.column), {})
            names[each.name] = names.get(each.name, 0) + each.n
    return found


def event(step: Step) -> dict[str, Any]:
    """A step, and where the event stands by which it is known."""
    place = {"at": instant(step.at).isoformat(), "source": step.source, "position": step.position}
    return {"stream": step.stream, "kind": step.kind, "unit": step.said.get("unit"), "due": step.said.get("due"), **place}


async def _why_not(name: str, family: str, history: Sequence[Step], window: Window, reading: Reading) -> Verdict:
    """By what a stream is counted nowhere."""
    match family:
        case steps.SESSION:
            found = (await reading.dialogues()).get(name)
            return dialogues.why_not(found, window) if found is not None else Verdict.NOT_BEGUN
        case steps.NOTICE if first(history, "notice.issued") is None:
            return Verdict.NOT_ISSUED
        case TaskType.CARRY_OUT.value:
            directed = name in {item.task for item in await tallying.items_of(reading)}
            return Verdict.ENDED_BEFORE if directed else Verdict.NO_ITEM
        case TaskType.ANSWER.value:
            return Verdict.CHAIRMAN if within(history, window, "task.urged") else Verdict.NOT_URGED
    return Verdict.OUTSIDE


def _counted(cell: Cell, name: str, tallies: Sequence[Tally], told: Mapping[str, tuple[str, Sequence[Step]]]) -> dict[str, Any]:
    last = {each.column: each for each in sorted(tallies, key=lambda each: (each.step.at, each.step.position))}
    columns = [column for column in COLUMNS[cell.table] if column in last]
    streams = list(dict.fromkeys(stream for each in tallies for stream in each.streams))
    facts = [step for stream in streams if stream in told for step in told[stream][1]]
    return {
        "name": name,
        "streams": streams,
        "n": sum(each.n for each in tallies if each.column == cell.column),
        "columns": columns,
        "because": {column: event(last[column].step) for column in columns},
        "why": {column: _reason(last[column])["why"] for column in columns},
        "facts": [event(step) for step in sorted(facts, key=lambda step: (step.at, step.position))],
    }


def _reason(tally: Tally) -> dict[str, Any]:
    return {"why": {"code": tally.why.value, "said": headings.WHY[tally.why]}, "because": event(tally.step)}
