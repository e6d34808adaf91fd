"""The assignment service of a test."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.assignment.browsing import Browsers, application
from tests.assignment.house import House, house


@pytest.fixture(name="house")
async def a_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made


@pytest.fixture
async def browsers(house: House) -> AsyncIterator[Browsers]:
    async with AsyncExitStack() as stack:
        yield Browsers(application(house), stack)
