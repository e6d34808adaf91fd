"""The service's schema goes up and down, on SQLite and on PostgreSQL."""

from pathlib import Path

import pytest
from sqlalchemy import inspect

from deploy.servers.postgres import owner_url
from services.intake.readmodel.feeds import FEED_TABLES
from shared import migrations
from shared.database import Database

KERNEL = {"log", "event", "stream_head", "command", "tree_root", "checkpoint", "dead_letter", "projection", "relay_cursor"}
OURS = KERNEL | {"foreign_position", *FEED_TABLES.tables}


async def up_and_down(database: Database) -> None:
    await migrations.upgrade(database, "intake")
    assert await tables(database) >= OURS
    assert await migrations.is_current(database, "intake")
    await migrations.upgrade(database, "intake")  # a second time finds nothing to do
    await migrations.downgrade(database, "intake")
    assert not await tables(database) & OURS
    await migrations.upgrade(database, "intake")
    assert await tables(database) >= OURS
    await database.close()


async def tables(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_the_schema_goes_up_down_and_up_on_sqlite(tmp_path: Path) -> None:
    await up_and_down(Database(f"sqlite+aiosqlite:///{tmp_path / 'intake.db'}"))


@pytest.mark.servers
async def test_the_schema_goes_up_down_and_up_on_postgresql(postgres: str, database_name: str) -> None:
    await up_and_down(Database(owner_url(postgres, database_name)))
