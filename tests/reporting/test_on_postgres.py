"""The same figures from PostgreSQL: one history on both databases, every breakdown, as of several positions."""

from collections.abc import AsyncIterator
from datetime import date

import pytest

from deploy.servers import postgres as pg
from services.reporting.readmodel.breakdown import By
from services.reporting.readmodel.forms import Table
from shared.database import Database
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import Story
from tests.reporting.test_api import ASKED, SIGNED_IN, asking, routes
from tests.reporting.test_differences import corrected
from tests.reporting.world import World
from tests.reporting.year_2023 import FIRST_LOCK, SECOND_LOCK, SIX_MONTHS, YEAR
from tests.support.strange import failures

pytestmark = pytest.mark.servers


@pytest.fixture
async def on_postgres(postgres: str, database_name: str) -> AsyncIterator[World]:
    database = Database(pg.owner_url(postgres, database_name))
    world = World(database)
    await world.start()
    yield world
    await database.close()


@pytest.mark.parametrize("as_of", [None, FIRST_LOCK, {"intake": 9, "assignment": 4}])
async def test_both_databases_give_the_same_figures(on_postgres: World, world: World, year: Story, as_of: object) -> None:
    for each in (on_postgres, world):
        await each.play(year)
    for by in By:
        asked = {"by": by, "as_of": as_of}
        assert await on_postgres.figures(*YEAR, **asked) == await world.figures(*YEAR, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize("as_of", [None, FIRST_LOCK, {"intake": 9, "assignment": 60}])
async def test_both_databases_give_the_same_tables(on_postgres: World, world: World, year: Story, as_of: object) -> None:
    for each in (on_postgres, world):
        await each.play(year)
    for table in Table:
        assert await on_postgres.table(table, YEAR, as_of=as_of) == await world.table(table, YEAR, as_of=as_of)


async def test_the_directory_reads_the_same_from_postgres(on_postgres: World, world: World) -> None:
    day = date(2023, 6, 1)
    assert await on_postgres.directories.at(day) == await world.directories.at(day)


async def test_whatever_is_asked_is_answered_or_refused_and_never_fails(on_postgres: World, year: Story) -> None:
    await on_postgres.play(year)
    async with asking(on_postgres) as client:
        client.headers.update(SIGNED_IN)
        assert await failures(client, routes(on_postgres), ASKED) == {}


async def test_both_databases_give_the_same_differences(on_postgres: World, world: World, year: Dialogues) -> None:
    here, there = [await corrected(each, year, SIX_MONTHS, FIRST_LOCK, SECOND_LOCK) for each in (world, on_postgres)]
    assert here == there
    assert here["cells"]
