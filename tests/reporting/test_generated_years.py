"""Generated years of 2,000 episodes: every table, with what is carried over, is what an oracle counts that shares no code.

In the middle of each year units are reorganised: their table is judged by those that hold the work today, too.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table, Units
from shared.database import Database
from tests.reporting.dialogues import Dialogues
from tests.reporting.generated import year
from tests.reporting.histories import FIRST, LAST, START
from tests.reporting.oracle import Oracle
from tests.reporting.oracle_tables import Tables
from tests.reporting.reorganised import Reorganisation
from tests.reporting.test_figures import COLUMNS
from tests.reporting.test_tables import counts
from tests.reporting.world import HUB, World

SEEDS: Final = 200 if os.environ.get("CI") else 6
CHUNKS: Final = 50  # so that workers share them
BEFORE: Final = (date(2023, 1, 1), FIRST - timedelta(days=1))
FORMS: Final = {Table.OPINIONS: By.FIELD, Table.BY_UNIT: By.UNIT, Table.BY_PLACE: By.LOCALITY}
Key = Callable[[str], str]


@pytest.mark.parametrize("chunk", range(CHUNKS))
async def test_every_table_of_a_generated_year_is_what_the_oracle_counts(tmp_path: Path, chunk: int) -> None:
    for seed in range(chunk, SEEDS, CHUNKS):
        world = World(Database(f"sqlite+aiosqlite:///{tmp_path / f'reporting-{seed}.db'}"))  # its directory is its own
        await world.start()
        try:
            story = await asyncio.to_thread(year, seed)
            reorganisation = Reorganisation(seed)
            await world.play(story)
            await world.reorganise(*reorganisation.events)
            await compare(world, story, reorganisation, seed)
        finally:
            await world.database.close()


def test_a_generated_year_holds_two_thousand_episodes_and_everything_that_becomes_of_one() -> None:
    story = year(0)
    kinds = Counter(type(each.event).__name__ for each in story.told)
    assert len(Oracle(story.told, BEFORE[0], date(2024, 1, 1), START + timedelta(days=400)).begun) >= 2_000
    ends = ("Rejected", "Forwarded", "Diverted", "Withdrawn", "Merged", "Unmerged", "Split", "SplitOff")
    opinions = {f"Opinion{end}" for end in (*ends, "Classified", "Corrected")}
    cases = {
        f"Case{end}" for end in (*ends, "Resolved", "Reopened", "Transferred", "Reclassified", "HandedBack", "DueSet", "Linked")
    }
    rounds = {f"Consolidation{each}" for each in ("Opened", "Submitted", "Amended", "Returned")}
    assert opinions | cases | rounds <= kinds.keys()
    assert sum(each.recorded > each.occurred for each in story.told) > 500


async def compare(world: World, story: Dialogues, reorganisation: Reorganisation, seed: int) -> None:
    """Known until late or soon after the window, by turns; two of three carry on a report that was locked meanwhile."""
    as_of = START + timedelta(days=(28, 35, 300)[seed % 3])
    locked_at = START + timedelta(days=seed % 29)
    await world.lock(story, BEFORE if seed % 3 else (date(2000, 1, 1), date(2000, 1, 2)), locked_at)
    found = await world.queries.tables(HUB, office="VPUB", first=FIRST, last=LAST, as_of=as_of)
    now, then = Oracle(story.told, FIRST, LAST, as_of), Oracle(story.told, *BEFORE, locked_at)
    compare_opinions(found, now, then if seed % 3 else None, seed)
    rolled = await world.table(Table.BY_UNIT, (FIRST, LAST), as_of=as_of, units=Units.NOW)
    today = reorganisation.unit_today
    expected = now.carried(then, today(now), today(then)) if seed % 3 else now.form_02(today(now))
    assert rows((*rolled["rows"], rolled["total"])) == told(expected), seed
    compare_dialogues(found, Tables(story.told, FIRST, LAST, as_of), Tables(story.told, *BEFORE, locked_at) if seed % 3 else None)


def compare_opinions(found: dict[str, Any], now: Oracle, then: Oracle | None, seed: int) -> None:
    """Biểu 02 to 04, which carry on what the report that was counted by `then` left open."""
    for table, by in FORMS.items():
        shown = found[table.value]
        assert "broken" not in shown, (seed, table)
        expected = now.carried(then, key_of(now, by), key_of(then, by)) if then else now.form_02(key_of(now, by))
        assert rows((*shown["rows"], shown["total"])) == told(expected), (seed, table)
    by_source = now.carried(then, now.source, then.source) if then else now.form_02(now.source)
    assert rows(found["bieu-04"]["sources"]) == {key: row for key, row in told(by_source).items() if key != "total"}, seed


def compare_dialogues(found: dict[str, Any], now: Tables, before: Tables | None) -> None:
    form_01, form_05 = found["bieu-01"], found["bieu-05"]
    expected = now.form_01()
    for key, line in (before.form_01() if before else {}).items():
        row = expected.setdefault(key, Counter())
        row["0"], row["0'"] = line["4"], row["0"] - line["4"]
    if before:
        for key in expected.keys() - before.form_01().keys():
            expected[key]["0"], expected[key]["0'"] = 0, expected[key]["0"]
    shown = {each["key"]: counts(each) for each in (*form_01["rows"], *form_01["outside"], form_01["total"])}
    lines = {key: {column: n for column, n in row.items() if n} for key, row in expected.items()}
    assert {key: n for key, n in shown.items() if n} == {key: n for key, n in lines.items() if n}
    assert {each["key"]: counts(each) for each in form_05["rows"]} == {key: +n for key, n in now.form_05().items()}
    assert counts(form_05["total"]) == +sum(now.form_05().values(), Counter())
    assert counts(found["track-b"]["total"]) == {**+Counter(now.proposals()), **lines["B"]}
    beside = {"requests": now.requests(), "dissemination": now.dissemination(), "urging": now.urging()}
    for table, columns in beside.items():
        assert counts(found[table]["total"]) == +Counter(columns)
    rounds = {key: +n for key, n in now.gathering().items()}
    assert {each["key"]: counts(each) for each in found["consolidation"]["rows"]} == rounds
    assert counts(found["consolidation"]["total"]) == +sum(rounds.values(), Counter())


def key_of(oracle: Oracle, by: By) -> Key:
    return {By.FIELD: oracle.field, By.UNIT: oracle.unit, By.LOCALITY: oracle.locality}[by]


def rows(shown: Iterable[Any]) -> dict[str, dict[str, Any]]:
    found = {each["key"]: {column: each[column] for column in COLUMNS} for each in shown}
    return {key: row for key, row in found.items() if any(row.values())}


def told(expected: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {key: row for key, row in expected.items() if any(row.values())}
