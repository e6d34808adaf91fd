"""The service's schema goes up, down and up again, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest

from deploy.servers.postgres import owner_url
from shared.database import Database
from tests.support.migrating import KERNEL, goes_up_down_and_up


async def test_the_schema_goes_up_down_and_up_on_sqlite(tmp_path: Path) -> None:
    await goes_up_down_and_up(Database(f"sqlite+aiosqlite:///{tmp_path / 'assignment.db'}"), "assignment", KERNEL)


@pytest.mark.servers
async def test_the_schema_goes_up_down_and_up_on_postgresql(postgres: str, database_name: str) -> None:
    await goes_up_down_and_up(Database(owner_url(postgres, database_name)), "assignment", KERNEL)
