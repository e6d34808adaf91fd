"""The intake service of a test."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.intake.house import House, house


@pytest.fixture(name="house")
async def a_house(tmp_path: Path) -> AsyncIterator[House]:
    async with house(tmp_path) as made:
        yield made
