"""The intake service of a test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.intake.desk_pages import Clerks, application
from tests.intake.house import House, house


@pytest.fixture(name="house")
async def a_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


@pytest.fixture
async def clerks(house: House) -> AsyncIterator[Clerks]:
    async with AsyncExitStack() as stack:
        yield Clerks(application(house), stack)
