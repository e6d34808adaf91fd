"""Generated histories of which a report was locked, corrected after late facts, and carried on: what differs, told twice."""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

import pytest

from deploy.sonla import builtin_calendar
from services.reporting.readmodel.differences import Differences
from services.reporting.readmodel.reports.projections import REPORTS_PROJECTION
from shared.contracts.report import CorrectionOpened
from tests.reporting.dialogues import Dialogues
from tests.reporting.generated import year
from tests.reporting.histories import FIRST, LAST, START
from tests.reporting.oracle import LETTERS, Oracle
from tests.reporting.oracle_tables import Tables
from tests.reporting.story import SEALED, TENANT, Story
from tests.reporting.test_generated_years import BEFORE, compare_opinions
from tests.reporting.world import HUB, World, locked_report

SEEDS: Final = range(1_000, 1_004)
EPISODES: Final = 400
FIRST_LOCK, CORRECTION = START + timedelta(days=2), START + timedelta(days=40)
REPORT, CORRECTED = "report-VPUB-2023", "report-VPUB-2023-DC1"
RATES: Final = ("T1", "T2", "T3")
FORMS: Final[Mapping[str, Callable[[Oracle, str], str]]] = {
    "bieu-02": Oracle.field,
    "bieu-03": Oracle.unit,
    "bieu-04": Oracle.locality,
}
AUDIENCES: Final = {"noi_bo": {"noi_bo"}, "nhan_dan": {"nhan_dan", "to_chuc"}}  # whom a subtotal adds up (brief §5)


@dataclass
class Cell:
    """A figure at both locks, and the episodes that are counted in it at one of them only."""

    was: Any
    now: Any
    by: set[str]


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_correction_lists_every_figure_that_is_another_and_by_which_episodes(world: World, seed: int) -> None:
    story = await asyncio.to_thread(year, seed, EPISODES)
    await world.play(story)
    then, now = [await lock(world, story, when) for when in (FIRST_LOCK, CORRECTION)]
    found = await Differences(world.database, world.locking, TENANT).differences(HUB, {**now, "report": CORRECTED}, then)
    was, is_ = Oracle(story.told, *BEFORE, FIRST_LOCK), Oracle(story.told, *BEFORE, CORRECTION)
    listed = {each["cell"]: each for each in found["cells"]}
    expected = {name: cell for table in FORMS for name, cell in differing(table, was, is_).items()}
    opinions = {name: cell for name, cell in listed.items() if name.partition("/")[0] in FORMS}
    pairs = {name: (cell["was"] or 0, cell["now"] or 0) for name, cell in opinions.items()}
    # A row that is new is listed with its noughts too.
    assert {name: pair for name, pair in pairs.items() if pair[0] != pair[1]} == {
        name: (cell.was or 0, cell.now or 0) for name, cell in expected.items()
    }
    assert len(expected) > 100
    counted = {name: cell for name, cell in expected.items() if name.rpartition("/")[2] not in RATES}
    assert {name: set(opinions[name]["episodes"]) for name in counted} == {name: cell.by for name, cell in counted.items()}
    assert {each["episode"]: each["why"]["code"] for each in found["episodes"]} == changed(was, is_)
    assert dialogues(listed) == dialogues_differing(story)


@pytest.mark.parametrize("seed", SEEDS)
async def test_what_comes_after_a_correction_carries_it_on_and_before_it_what_it_corrects(world: World, seed: int) -> None:
    story = await asyncio.to_thread(year, seed, EPISODES)
    await world.play(story)
    first = locked_report(story, "VPUB", BEFORE, FIRST_LOCK)
    *_, again = locked_report(story, "VPUB", BEFORE, CORRECTION)
    reports = Story(builtin_calendar())
    for event in first:
        reports.tell(REPORT, event, FIRST_LOCK)
    for told in (first[0], CorrectionOpened(report=REPORT, reason=SEALED), first[1], again):
        reports.tell(CORRECTED, told, CORRECTION)
    await world.feed(REPORTS_PROJECTION, reports.records())
    adjusted = []
    for as_of, carried in ((CORRECTION - timedelta(days=1), FIRST_LOCK), (CORRECTION + timedelta(days=260), CORRECTION)):
        found = await world.queries.tables(HUB, office="VPUB", first=FIRST, last=LAST, as_of=as_of)
        compare_opinions(found, Oracle(story.told, FIRST, LAST, as_of), Oracle(story.told, *BEFORE, carried), seed)
        adjusted.append(found["bieu-02"]["total"]["A1"])
        assert found["bieu-02"]["predecessor"] == (REPORT if carried is FIRST_LOCK else CORRECTED)
    assert any(adjusted)


async def lock(world: World, story: Story, when: datetime) -> dict[str, Any]:
    """What a lock of the window before rests on with what was known at `when`, as a report tells it."""
    positions = await world.lock(story, BEFORE, when)
    rests = [{"source": source, "position": position} for source, position in positions.items()]
    lock = {"positions": rests, "predecessor": None, "definitions": "bieu.3", "calendar": "VN", "figures": "5e" * 32}
    days = {"from": BEFORE[0].isoformat(), "to": BEFORE[1].isoformat()}
    return {"report": REPORT, "office": "VPUB", **days, "lock": lock}


def differing(table: str, was: Oracle, now: Oracle) -> dict[str, Cell]:
    """Every cell of Biểu 02 to 04 that is another."""
    before, after = rows(table, was), rows(table, now)
    found = {}
    for row in {*before, *after}:
        old, new = [{column: set(each) for column, each in rows_.get(row, {}).items()} for rows_ in (before, after)]
        figures = [oracle.row(columns) if columns else {} for oracle, columns in ((was, old), (now, new))]
        for column in (*LETTERS, "C", "H", *RATES):
            told = [(each.get(column) or 0) if column not in RATES else each.get(column) for each in figures]
            if told[0] != told[1]:
                found[f"{table}/{row}/{column}"] = Cell(told[0], told[1], old.get(column, set()) ^ new.get(column, set()))
    return found


def rows(table: str, oracle: Oracle) -> dict[str, dict[str, set[str]]]:
    """The episodes of each column by row, as rows of differences are named."""
    counted = oracle.columns
    columns = {**counted, "H": counted["C"] - counted["D"] - counted["E"] - counted["F"] - counted["G"]}
    found: dict[str, dict[str, set[str]]] = {}
    for column, episodes in columns.items():
        for episode in episodes:
            source = oracle.source(episode)
            names = [FORMS[table](oracle, episode), "total"]
            if table == "bieu-04":
                names += [f"source.{source}"]
            names += [f"subtotal.{name}" for name, sources in AUDIENCES.items() if source in sources]
            for name in names:
                row = found.setdefault(name, {letter: set() for letter in (*LETTERS, "C", "H")})
                row[column].add(episode)
    return found


def placed(oracle: Oracle) -> dict[str, tuple[frozenset[str], tuple[str, ...]]]:
    """Each episode with its columns, and its rows."""
    columns: dict[str, set[str]] = {}
    for column, episodes in oracle.columns.items():
        for episode in episodes:
            columns.setdefault(episode, set()).add(column)
    of = (*FORMS.values(), Oracle.source)
    return {name: (frozenset(found), tuple(key(oracle, name) for key in of)) for name, found in columns.items()}


def changed(was: Oracle, now: Oracle) -> dict[str, str]:
    """Each episode that is counted otherwise: moved where only its row is another, else late."""
    before, after = placed(was), placed(now)
    names = {name for name in {*before, *after} if before.get(name) != after.get(name)}
    alike = {name for name in names if name in before and name in after and before[name][0] == after[name][0]}
    return {name: "moved" if name in alike else "late" for name in names}


def dialogues(listed: Mapping[str, Any]) -> dict[str, tuple[int, int]]:
    """The cells of Biểu 01 and 05 that are listed as differing."""
    wanted = {name: cell for name, cell in listed.items() if name.startswith(("bieu-01/", "bieu-05/"))}
    pairs = {name: (cell["was"] or 0, cell["now"] or 0) for name, cell in wanted.items()}
    return {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}


def dialogues_differing(story: Dialogues) -> dict[str, tuple[int, int]]:
    """The same by the oracle."""
    was, now = [Tables(story.told, *BEFORE, when) for when in (FIRST_LOCK, CORRECTION)]
    found: dict[str, tuple[int, int]] = {}
    for table, before, after in (("bieu-01", was.form_01(), now.form_01()), ("bieu-05", was.form_05(), now.form_05())):
        if table == "bieu-05":
            for lines in (before, after):
                lines["total"] = sum(lines.values(), Counter())
        for row in {*before, *after}:
            old, new = before.get(row, Counter()), after.get(row, Counter())
            name = "outside.B" if (table, row) == ("bieu-01", "B") else row
            found |= {f"{table}/{name}/{c}": (old[c], new[c]) for c in {*old, *new} if old[c] != new[c]}
    return found
