"""What a corrected report counts otherwise than the one whose place it takes: every figure, and why (invariant 10)."""

import asyncio
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from services.reporting.domain.figures.columns import COUNTS
from services.reporting.domain.figures.lineage import Adjustment, columns_with_h
from services.reporting.domain.figures.window import Window, window
from services.reporting.domain.report.refusals import NoCorrection, NotLocked
from services.reporting.readmodel import steps
from services.reporting.readmodel.access import OPEN_FIGURES, refuse_unless_read
from services.reporting.readmodel.asof import Basis
from services.reporting.readmodel.behind import TALLIES, named_rows, tallied_by_cell
from services.reporting.readmodel.breakdown import AUDIENCES, By
from services.reporting.readmodel.cells import SOURCE, SUBTOTAL, TOTAL
from services.reporting.readmodel.counting import counting, dimensions_of, pages
from services.reporting.readmodel.forms import BREAKDOWN, Table
from services.reporting.readmodel.lineage import BREAKDOWNS
from services.reporting.readmodel.locking import NAMES, Locking
from services.reporting.readmodel.places import LOGS, Dimension
from services.reporting.readmodel.reading import Read, Reading
from shared.clock import instant
from shared.database import Database
from shared.permit import Subject

FAMILIES: Final = (
    *(steps.SESSION, steps.NOTICE, steps.REQUEST, steps.PROPOSAL, steps.GATHERING),
    *(each.value for each in sorted(steps.TASKS)),
)
WHY: Final[Mapping[Adjustment, Mapping[str, str]]] = {
    Adjustment.LATE: {"vi": "Ghi nhận sau khi chốt lần trước", "en": "Recorded after the former lock"},
    Adjustment.MOVED: {"vi": "Chuyển sang dòng khác", "en": "It has gone to another row"},
}


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an episode is counted: its columns, and its row in each breakdown."""

    columns: frozenset[str]
    rows: Mapping[By, str]


@dataclass(frozen=True, slots=True)
class Known:
    """What one lock counts: its episodes and where, their facts and values, and every step of other things."""

    placed: Mapping[str, Placed]
    tallies: Mapping[tuple[str, str, str], Mapping[str, int]]  # of the tables beside the opinions (see `tallied_by_cell`)
    facts: frozenset[Any]  # (episode, kind, at, source, position)
    steps: frozenset[Any]  # (stream, kind, at, position)


class Differences:
    """What can be asked about corrections, by one tenant's people."""

    def __init__(self, database: Database, locking: Locking, tenant: str) -> None:
        self._database, self._locking, self._tenant = database, locking, tenant

    async def differences(self, subject: Subject, later: Mapping[str, Any], former: Mapping[str, Any] | None) -> dict[str, Any]:
        """Every figure in which `later` differs from `former`, the report that it corrects, and the causes.

        Both are as `Reports.report` tells them. `{report, corrects, cells, episodes, steps, rests_on}`: a cell is
        `{cell, was, now, episodes, counted}`, `was` or `now` None where there is no such row, `episodes` those by which a count
        of Biểu 02 to 04 differs, `counted` the dialogues, opinions put there, notices, items of conclusions, requests,
        proposals or tasks by which one of another table does; an episode is `{episode, why, was, now, because}`, late or
        moved, with what was not known then; `steps` are what became known of dialogues, notices, requests, proposals and
        tasks; `rests_on` names definitions, calendar or predecessor where they are others.

        Raises:
            Unknown, Forbidden: they are not the asker's to open.
            NoCorrection: it corrects none.
            NotLocked: its figures do not stand yet.

        """
        refuse_unless_read(subject, OPEN_FIGURES, self._tenant, later["office"])
        if former is None:
            raise NoCorrection(report=later["report"])
        if later["lock"] is None:
            raise NotLocked(report=later["report"])
        now, then = [await self._known(each) for each in (later, former)]
        counted, before = [await self._counted(each) for each in (later, former)]
        return {"report": later["report"], "corrects": former["report"]} | await asyncio.to_thread(
            _told, before, counted, then, now, {"was": former["lock"], "now": later["lock"]}
        )

    async def _counted(self, one: Mapping[str, Any]) -> Mapping[str, Any]:
        first, last = _days(one)
        return await self._locking.figures(one["office"], first, last, Basis.locked(one["lock"]))

    async def _known(self, one: Mapping[str, Any]) -> Known:
        asked = window(*_days(one))
        async with self._database.read() as connection:
            reading = Reading(connection, self._tenant, one["office"], asked.end, Basis.locked(one["lock"]))
            placed: dict[str, Placed] = {}
            facts: set[Any] = set()
            async for read in pages(reading, asked, dimensions_of(BREAKDOWNS)):
                placed |= await asyncio.to_thread(_placed, read, asked)
                facts |= _facts(read)
            happened = {family: await reading.steps(family) for family in FAMILIES}
            tallied = {table: await read(reading, asked) for table, read in TALLIES.items()}
            tallies = await asyncio.to_thread(lambda: tallied_by_cell({table: made() for table, made in tallied.items()}))
        told = frozenset((each.stream, each.kind, each.at, each.position) for found in happened.values() for each in found)
        return Known(placed, tallies, frozenset(facts), told)


def _days(one: Mapping[str, Any]) -> tuple[date, date]:
    return date.fromisoformat(one["from"]), date.fromisoformat(one["to"])


def _placed(read: Read, asked: Window) -> dict[str, Placed]:
    ready = counting(read, BREAKDOWNS)
    found = {}
    for each in ready.episodes:
        columns = frozenset(columns_with_h(each, asked, ready.due(each)))
        if read.before is not None and "A" in columns:
            columns = columns - {"A"} | {"A1"}  # A is what a report before counted; what is known otherwise stands in A′
        if columns:
            found[each.id] = Placed(columns, {by: key(each) for by, key in zip(BREAKDOWNS, ready.keys, strict=True)})
    return found


def _facts(read: Read) -> frozenset[Any]:
    rows = [(each[0], str(each[1]), each[2], each[7], each[8]) for each in read.milestones]
    rows += [
        (each[0], dimension.value, each[1], each[2], each[3])
        for dimension, values in read.values.items()
        if dimension is not Dimension.SESSION
        for each in values
    ]
    return frozenset((episode, kind, at, LOGS[rank - 1], position) for episode, kind, at, rank, position in rows)


def _told(
    before: Mapping[str, Any], counted: Mapping[str, Any], then: Known, now: Known, locks: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    changed = {
        name: (then.placed.get(name), now.placed.get(name))
        for name in sorted({*then.placed, *now.placed})
        if then.placed.get(name) != now.placed.get(name)
    }
    cells = [
        {
            "cell": f"{table}/{row}/{column}",
            "was": was,
            "now": is_,
            "episodes": _by_which(table, row, column, changed),
            "counted": _otherwise((table, row, column), then, now),
        }
        for table, row, column, was, is_ in differing(before, counted)
    ]
    known = {each["source"]: each["position"] for each in locks["was"]["positions"]}  # not all of it need have been read
    new = sorted(
        (fact for fact in now.facts - then.facts if fact[4] > known.get(fact[3], 0)),
        key=lambda fact: (fact[2], fact[3], fact[4], fact[1]),
    )
    happened = sorted(now.steps - then.steps, key=lambda step: (step[2], step[3]))
    return {
        "cells": cells,
        "episodes": [_episode(name, was, is_, new) for name, (was, is_) in changed.items()],
        "steps": [
            {"stream": stream, "kind": kind, "at": instant(at).isoformat(), "position": position}
            for stream, kind, at, position in happened
        ],
        "rests_on": {
            name: {which: lock[name] for which, lock in locks.items()}
            for name in ("definitions", "calendar", "predecessor")
            if locks["was"][name] != locks["now"][name]
        },
    }


def differing(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[tuple[str, str, str, Any, Any]]:
    """Each figure that is another: table, row, column, what it was and what it is."""
    for table, found in after.items():
        was, now = _rows(before.get(table, {})), _rows(found)
        for row in dict.fromkeys([*now, *was]):
            old, new = was.get(row, {}), now.get(row, {})
            for column in dict.fromkeys([*new, *old]):
                if old.get(column) != new.get(column):
                    yield table, row, column, old.get(column), new.get(column)


def _rows(table: Mapping[str, Any]) -> dict[str, Mapping[str, Any]]:
    """The rows of a table by the name that cells give them, with their figures."""
    rows = named_rows(table)
    return {name: {key: row[key] for key in row if key not in NAMES and key != "key"} for name, row in rows.items()}


def _by_which(table: str, row: str, column: str, changed: Mapping[str, Sequence[Placed | None]]) -> list[str]:
    """The episodes by which a count of Biểu 02 to 04 differs."""
    if table not in {each.value for each in BREAKDOWN} or column not in COUNTS:
        return []
    by = BREAKDOWN[Table(table)]
    return [
        name
        for name, (was, now) in changed.items()
        if (was is not None and _stands(was, by, row, column)) != (now is not None and _stands(now, by, row, column))
    ]


def _otherwise(cell: tuple[str, str, str], then: Known, now: Known) -> list[str]:
    """What else is counted otherwise in a cell: of a line of Biểu 05, whatever of it is another, the item itself."""
    was, is_ = then.tallies.get(cell, {}), now.tallies.get(cell, {})
    if cell[0] == Table.CONCLUSIONS and cell[1] != TOTAL:
        return [cell[1]]
    return sorted(name for name in {*was, *is_} if was.get(name, 0) != is_.get(name, 0))


def _stands(placed: Placed, by: By, row: str, column: str) -> bool:
    if column not in placed.columns:
        return False
    source = placed.rows[By.SOURCE]
    if row == TOTAL:
        return True
    if row.startswith(SUBTOTAL):
        name = row.removeprefix(SUBTOTAL)
        return source in (AUDIENCES[name][1] if name in AUDIENCES else {name})
    if row.startswith(SOURCE):
        return source == row.removeprefix(SOURCE)
    return placed.rows[by] == row


def _episode(name: str, was: Placed | None, now: Placed | None, new: Collection[Any]) -> dict[str, Any]:
    moved = was is not None and now is not None and was.columns == now.columns
    why = Adjustment.MOVED if moved else Adjustment.LATE
    return {
        "episode": name,
        "why": {"code": why.value, "said": WHY[why]},
        "was": _shown(was),
        "now": _shown(now),
        "because": [
            {"kind": kind, "at": instant(at).isoformat(), "source": source, "position": position}
            for episode, kind, at, source, position in new
            if episode == name
        ],
    }


def _shown(placed: Placed | None) -> dict[str, Any] | None:
    if placed is None:
        return None
    columns = [column for column in COUNTS if column in placed.columns]
    return {"columns": columns, "rows": {by.value: row for by, row in placed.rows.items()}}
