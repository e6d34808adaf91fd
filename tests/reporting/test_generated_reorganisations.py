"""Generated histories over a reorganisation: the tables by the units as they were and by those of today, counted twice."""

import asyncio
from datetime import timedelta
from typing import Final

import pytest

from services.reporting.readmodel.forms import Table, Units
from tests.reporting.generated import year
from tests.reporting.histories import FIRST, LAST, START
from tests.reporting.oracle import Oracle
from tests.reporting.oracle_tables import Tables
from tests.reporting.reorganised import KINDS, Reorganisation
from tests.reporting.test_generated_years import BEFORE, compare_dialogues, rows, told
from tests.reporting.world import World

SEEDS: Final = range(2_000, 2_008)
EPISODES: Final = 300
WAS: Final = (lambda oracle: oracle.unit, lambda oracle: oracle.locality)
LOCKED, AS_OF = START + timedelta(days=2), START + timedelta(days=300)


@pytest.mark.parametrize("seed", SEEDS)
async def test_work_stands_under_the_units_that_had_it_or_under_those_that_hold_it_today(world: World, seed: int) -> None:
    story, reorganisation = await asyncio.to_thread(year, seed, EPISODES), Reorganisation(seed)
    await world.play(story)
    await world.reorganise(*reorganisation.events)
    if carried := bool(seed % 2):
        await world.lock(story, BEFORE, LOCKED)
    now, then = Oracle(story.told, FIRST, LAST, AS_OF), Oracle(story.told, *BEFORE, LOCKED)
    for units in Units:
        found = {each.value: await world.table(each, (FIRST, LAST), as_of=AS_OF, units=units) for each in Table}
        by_unit, by_place = WAS if units is Units.WAS else (reorganisation.unit_today, reorganisation.place_today)
        for table, by in ((Table.BY_UNIT, by_unit), (Table.BY_PLACE, by_place)):
            keys = by(now), by(then)
            shown, expected = found[table.value], now.carried(then, *keys) if carried else now.form_02(keys[0])
            assert "broken" not in shown
            assert rows((*shown["rows"], shown["total"])) == told(expected), (units, table)
        compare_dialogues(found, Tables(story.told, FIRST, LAST, AS_OF), Tables(story.told, *BEFORE, LOCKED) if carried else None)


def test_the_reorganisations_hold_every_way_in_which_a_unit_changes() -> None:
    assert {kind for seed in SEEDS for kind in Reorganisation(seed).kinds.values()} == set(KINDS)
