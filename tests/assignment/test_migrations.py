"""The service's schema goes up and down, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import inspect

from deploy.servers.postgres import owner_url
from shared import migrations
from shared.database import Database

KERNEL = {"log", "event", "stream_head", "command", "tree_root", "checkpoint", "dead_letter", "projection", "relay_cursor"}


async def up_and_down(database: Database) -> None:
    await migrations.upgrade(database, "assignment")
    assert await tables(database) >= KERNEL
    assert await migrations.is_current(database, "assignment")
    await migrations.upgrade(database, "assignment")  # a second time finds nothing to do
    await migrations.downgrade(database, "assignment")
    assert not await tables(database) & KERNEL
    await database.close()


async def tables(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_the_schema_goes_up_and_down_on_sqlite(tmp_path: Path) -> None:
    await up_and_down(Database(f"sqlite+aiosqlite:///{tmp_path / 'assignment.db'}"))


@pytest.mark.servers
async def test_the_schema_goes_up_and_down_on_postgresql(postgres: str, database_name: str) -> None:
    await up_and_down(Database(owner_url(postgres, database_name)))
