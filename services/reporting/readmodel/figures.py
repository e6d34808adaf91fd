"""Answers what the figures of an office are, for a window, by a breakdown, as known at a position."""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Hashable, Mapping
from contextlib import asynccontextmanager
from datetime import date
from functools import partial
from typing import Any, Final

from services.reporting.domain.figures.columns import Counted
from services.reporting.domain.figures.window import Window, window
from services.reporting.domain.text.told import AddedUp, BroughtLine, LastYear, Told
from services.reporting.readmodel import behind, cells, lineage
from services.reporting.readmodel.access import OPEN_FIGURES, READ_FIGURES, refuse_unless_read
from services.reporting.readmodel.asof import AsOf, Basis, resolve
from services.reporting.readmodel.breakdown import By, shown
from services.reporting.readmodel.counting import counted_in, dimensions_of
from services.reporting.readmodel.forms import BREAKDOWN, TITLES, Asked, Table, Units, count_together, counts, read_table
from services.reporting.readmodel.opening import brought_along, lines_counted, lines_told
from services.reporting.readmodel.places import OWN, matter_of
from services.reporting.readmodel.reading import PAGE, Read, Reading
from services.reporting.readmodel.reports.projections import REPORTS_PROJECTION
from services.reporting.readmodel.rolling import Rolling
from services.reporting.readmodel.tables import MILESTONE, SPAN
from services.reporting.readmodel.telling import tell
from shared.calendar import local_day
from shared.clock import Clock
from shared.contracts.refusals import Unknown
from shared.contracts.roles import Action
from shared.database import Database
from shared.directory.queries import Directories
from shared.directory.snapshot import Directory
from shared.permit import Subject
from shared.subscriptions import parking

CELL_PAGE: Final = 100
_COUNTED_FROM: Final = {OWN: REPORTS_PROJECTION.name}  # the read model a log's facts are counted from, else the milestones
KEPT: Final = 256  # counted breakdowns that are remembered for the cells opened next; each is a few rows


class Figures:
    """What can be asked about figures, by one tenant's people."""

    def __init__(self, database: Database, directories: Directories, tenant: str, clock: Clock) -> None:
        self._database, self._directories, self._tenant, self._clock = database, directories, tenant, clock
        self._counted: OrderedDict[tuple[Hashable, ...], Counted] = OrderedDict()

    async def figures(
        self,
        subject: Subject,
        *,
        office: str,
        first: date,
        last: date,
        by: By = By.TOTAL,
        as_of: AsOf = None,
    ) -> dict[str, Any]:
        """Biểu 02's columns for `office` from `first` to `last`, both counted, as JSON values.

        `{office, from, to, by, as_of, rows: [{key, label, A, A1, ..., T3}], total}`: A1 is A′, rates are per cent as
        strings or None, `as_of` is the position vector the answer holds for; `predecessor`, where there is one, is the locked
        report that A is taken from, and then A1_late and A1_moved say what A1 is made of. Where identities do not hold, `broken`
        says in which row and names the episodes that are told two ways.

        Raises:
            Unknown: no such office, or not the asker's.
            WindowBackwards

        """
        asked, directory = await self._asked(subject, office, first, last)
        async with self._reading(office, asked, as_of) as reading:
            counted = (await counted_in(reading, asked, [by]))[by]
        head = {"office": office, "from": first.isoformat(), "to": last.isoformat(), "by": by.value}
        return {**head, **reading.basis.told, **shown(counted, by, directory)}

    async def table(
        self,
        subject: Subject,
        *,
        table: Table,
        office: str,
        first: date,
        last: date,
        by: By | None = None,
        as_of: AsOf = None,
        units: Units = Units.WAS,
    ) -> dict[str, Any]:
        """One table of the report, with its Vietnamese headings, as JSON values.

        `{table, title, office, from, to, as_of, units, columns: [{key, heading}], rows, total}` and, by table, `by`,
        `subtotals`, `sources`, `outside`; `rolled` where units stand under their successors; `broken` where identities
        do not hold.

        Raises:
            Unknown: no such office, or not the asker's.
            WindowBackwards

        """
        asked = await self._asking(subject, office, first, last, units, by=by)
        async with self._reading(office, asked.window, as_of) as reading:
            make = await read_table(table, asked, reading)
            await self._keep(reading, asked)
        return {**_head(table, office, asked, reading, units), **await asyncio.to_thread(make)}

    async def tables(
        self, subject: Subject, *, office: str, first: date, last: date, as_of: AsOf = None
    ) -> dict[str, dict[str, Any]]:
        """Every table of the report by name, as `table` gives each; the facts are read once and together.

        Raises:
            Unknown: no such office, or not the asker's.
            WindowBackwards

        """
        asked = await self._asking(subject, office, first, last, Units.WAS)
        async with self._reading(office, asked.window, as_of) as reading:
            await count_together(asked, reading)
            await self._keep(reading, asked)
            makes = {table: await read_table(table, asked, reading) for table in Table}
        return {
            table.value: {**_head(table, office, asked, reading, Units.WAS), **await asyncio.to_thread(make)}
            for table, make in makes.items()
        }

    async def told(
        self,
        subject: Subject,
        one: Mapping[str, Any],
        tables: Mapping[str, Mapping[str, Any]],
        last_year: LastYear | None,
        added_up: AddedUp | None,
    ) -> Told:
        """What the prose of the locked report `one` draws on; `one` as `Reports.report` tells it, its `tables` as locked.

        Raises:
            Unknown: no such office, or not the asker's.

        """
        first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        asked, directory = await self._asked(subject, one["office"], first, last)
        async with self._reading(one["office"], asked, Basis.locked(one["lock"])) as reading:
            return await tell(reading, asked, directory, one, tables, last_year, added_up)

    async def brought(self, subject: Subject, one: Mapping[str, Any]) -> tuple[BroughtLine, ...]:
        """The lines of the opening balance that figures of the locked report `one` rest on, each with its document.

        Raises:
            Unknown: no such office, or not the asker's.

        """
        first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        asked, directory = await self._asked(subject, one["office"], first, last)
        async with self._reading(one["office"], asked, Basis.locked(one["lock"])) as reading:
            return await lines_counted(reading, asked, directory)

    async def cell(
        self,
        subject: Subject,
        *,
        cell: str,
        office: str,
        first: date,
        last: date,
        as_of: AsOf = None,
        units: Units = Units.WAS,
        after: str = "",
        limit: int = CELL_PAGE,
        period: str = "",
    ) -> dict[str, Any]:
        """What one cell counts, with the facts and values, and the events they came by.

        `{cell, office, from, to, as_of, units, heading, label, value, next}`, and of Biểu 02 to 04 `episodes` (see
        `lineage.opened`), of every other table `counted` (see `behind.opened`). The cell is called by its `period`, else by
        its days; `lines` of the opening balance where
        the cell counts matters that were brought along without episodes (see `opening.lines_told`).

        Raises:
            NoSuchCell
            Unknown: no such office, or not the asker's.
            WindowBackwards

        """
        named = cells.cell_of(cell)
        asked = await self._asking(subject, office, first, last, units, wanted=OPEN_FIGURES)
        called = {"cell": f"{named}@{period or f'{first.isoformat()}..{last.isoformat()}'}"}
        if named.table not in BREAKDOWN:
            async with self._reading(office, asked.window, as_of) as reading:
                opened = await behind.opened(named, asked, reading, after, limit)
            return {**called, **_about(office, asked, reading, units), **opened}
        told = called | lineage.head(named, asked)
        async with self._reading(office, asked.window, as_of) as reading:
            value = lineage.figure(named, *await self._counts(reading, asked, named.by), asked.names.labels)
            found = await _page(named, asked, reading, after, limit)
            lines = await _lines(named, asked, reading)
        episodes = found[:limit]
        rest = {"next": episodes[-1]["episode"] if len(found) > limit else None, **({"lines": lines} if lines else {})}
        return {**_about(office, asked, reading, units), **told, "value": value, "episodes": episodes, **rest}

    async def why(
        self,
        subject: Subject,
        *,
        episode: str,
        office: str,
        first: date,
        last: date,
        as_of: AsOf = None,
        units: Units = Units.WAS,
    ) -> dict[str, Any]:
        """Where an episode is counted in the window, and by which facts; or why it is not (see `lineage.explained`).

        A dialogue, notice, request, proposal or task by the name of its stream answers likewise (see `behind.explained`).

        Raises:
            Unknown: no such office, or nothing is known of such an episode or stream there.
            WindowBackwards

        """
        asked = await self._asking(subject, office, first, last, units, wanted=OPEN_FIGURES)
        async with self._reading(office, asked.window, as_of) as reading:
            if episode.startswith(behind.STREAMS) and (stream := await behind.explained(episode, asked, reading)) is not None:
                return {**_about(office, asked, reading, units), **stream}
            matter = matter_of(episode)
            ours = await reading.named(SPAN.c.matter == matter)
            read = await reading.matters(dimensions_of(lineage.BREAKDOWNS, rolled=asked.today is not None), ours)
        found = lineage.explained(episode, asked, read) if ours else None
        if found is None:
            raise Unknown("episode")
        return {**_about(office, asked, reading, units), **found}

    async def _counts(self, reading: Reading, asked: Asked, by: By) -> tuple[Counted, Counted]:
        """The counts of a table and by source group: those that were shown already on the same basis, else counted now."""
        of = await self._basis_of(reading, asked)
        kept = [self._counted.get((*of, each)) for each in (by, By.SOURCE)]
        if kept[0] is not None and kept[1] is not None:
            return kept[0], kept[1]
        found = await counts(asked, reading, by, Rolling(asked.today) if asked.today else None)
        await self._keep(reading, asked)
        return found

    async def _keep(self, reading: Reading, asked: Asked) -> None:
        """Remember what was counted, for the cells of it that are opened next."""
        of = await self._basis_of(reading, asked)
        for by, counted in reading.kept.get("counted", {}).items():
            self._counted[(*of, by)] = counted
            self._counted.move_to_end((*of, by))
        while len(self._counted) > KEPT:
            self._counted.popitem(last=False)

    async def _basis_of(self, reading: Reading, asked: Asked) -> tuple[Hashable, ...]:
        """What a count depends on: whose, which days, known up to where, carrying on what, what is parked, under which units."""
        parked = [
            await parking.count(reading.connection, _COUNTED_FROM.get(source, MILESTONE), f"{source}/{self._tenant}", position)
            for source, position in sorted(reading.positions.items())
        ]
        former = reading.basis.predecessor
        before = (former.report, former.first, *sorted(former.positions.items())) if former else ()
        today = (asked.today.day, asked.today.position) if asked.today else ()
        return (reading.office, asked.window, *sorted(reading.positions.items()), before, *parked, today)

    async def _asking(
        self,
        subject: Subject,
        office: str,
        first: date,
        last: date,
        units: Units,
        *,
        by: By | None = None,
        wanted: Action = READ_FIGURES,
    ) -> Asked:
        window, then = await self._asked(subject, office, first, last, wanted)
        today = await self._directories.at(local_day(self._clock.now())) if units is Units.NOW else None
        return Asked(window, then, today, by)

    async def _asked(
        self, subject: Subject, office: str, first: date, last: date, wanted: Action = READ_FIGURES
    ) -> tuple[Window, Directory]:
        refuse_unless_read(subject, wanted, self._tenant, office)
        asked = window(first, last)
        directory = await self._directories.at(last)
        if directory.office(office) is None:
            raise Unknown("office")
        return asked, directory

    @asynccontextmanager
    async def _reading(self, office: str, asked: Window, as_of: AsOf) -> AsyncIterator[Reading]:
        async with self._database.read() as connection:
            basis = await resolve(connection, self._tenant, office, asked.first, as_of)
            yield Reading(connection, self._tenant, office, asked.end, basis)


def _opener(cell: cells.Cell, asked: Asked, reading: Reading) -> Callable[[Read], list[dict[str, Any]]]:
    """What opens the cell, of what was read."""
    former = reading.basis.predecessor
    if cell.column == "A1":
        return partial(lineage.adjusted, cell, asked)
    if cell.column == "A" and former is not None:
        return partial(lineage.opened_before, cell, asked, window(former.first, former.last))
    return partial(lineage.opened, cell, asked)


async def _lines(cell: cells.Cell, asked: Asked, reading: Reading) -> list[dict[str, Any]]:
    """The lines of the opening balance that the cell counts matters of."""
    read = await brought_along(reading, asked.window)
    return [] if read is None else await lines_told(reading, await asyncio.to_thread(_opener(cell, asked, reading), read))


async def _page(cell: cells.Cell, asked: Asked, reading: Reading, after: str, limit: int) -> list[dict[str, Any]]:
    """The episodes of a cell beyond `after`, one more than `limit` where there are so many: the rest is not read."""
    opening = _opener(cell, asked, reading)
    narrowed = lineage.narrowed(cell, asked, reading.basis)
    dimensions = lineage.read_for(cell, rolled=asked.today is not None)
    found: list[dict[str, Any]] = []
    reached = matter_of(after)
    names = await reading.named(narrowed, reached, min(2 * limit, PAGE))
    if reached:
        names = [*await reading.named(SPAN.c.matter == reached), *names]  # its later turns come first
    while names and len(found) <= limit:
        read = await reading.matters(dimensions, names)
        found += [one for one in await asyncio.to_thread(opening, read) if lineage.place(one["episode"]) > lineage.place(after)]
        names = await reading.named(narrowed, names[-1], PAGE)
    return found


def _head(table: Table, office: str, asked: Asked, reading: Reading, units: Units) -> dict[str, Any]:
    return {"table": table.value, "title": TITLES[table], **_about(office, asked, reading, units)}


def _about(office: str, asked: Asked, reading: Reading, units: Units) -> dict[str, Any]:
    """Whom and which days an answer is about, on what it rests, and under which units."""
    days = {"from": asked.window.first.isoformat(), "to": asked.window.last.isoformat()}
    return {"office": office, **days, **reading.basis.told, "units": units.value}
