"""The stage of these tests: on SQLite alone, or on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.tallying import Stage, postgres_stage, sqlite_stage


@pytest.fixture
async def stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """On a file."""
    async with sqlite_stage(tmp_path) as made:
        yield made


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.servers)])
async def either(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Stage]:
    """On a file, and on a real PostgreSQL."""
    if request.param == "sqlite":
        async with sqlite_stage(tmp_path) as made:
            yield made
    else:
        address, name = request.getfixturevalue("postgres"), request.getfixturevalue("database_name")
        async with postgres_stage(address, name) as made:
            yield made
