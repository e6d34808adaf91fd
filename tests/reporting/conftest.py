"""Fixtures of the reporting tests."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.sonla import builtin_calendar
from shared.database import Database
from tests.reporting.dialogues import Dialogues
from tests.reporting.story import Story
from tests.reporting.world import World
from tests.reporting.year_2023 import year_2023


@pytest.fixture
def story() -> Story:
    return Story(builtin_calendar())


@pytest.fixture
def dialogues() -> Dialogues:
    return Dialogues(builtin_calendar())


@pytest.fixture
def year() -> Dialogues:
    return year_2023()


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'reporting.db'}")
    world = World(database)
    await world.start()
    yield world
    await database.close()
