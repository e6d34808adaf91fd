"""A service's schema on its way up, down and up again."""

from collections.abc import Set as AbstractSet

from sqlalchemy import inspect

from shared import migrations
from shared.database import Database

KERNEL = {"log", "event", "stream_head", "command", "tree_root", "checkpoint", "dead_letter", "projection", "relay_cursor"}


async def goes_up_down_and_up(database: Database, service: str, ours: AbstractSet[str]) -> None:
    """The tables `ours` come with the schema and go with it, and nothing is left in between; the database is closed."""
    await migrations.upgrade(database, service)
    assert await _tables(database) >= ours
    assert await migrations.is_current(database, service)
    await migrations.upgrade(database, service)  # a second time finds nothing to do
    await migrations.downgrade(database, service)
    assert await _tables(database) == {"alembic_version"}
    await migrations.upgrade(database, service)
    assert await _tables(database) >= ours
    assert await migrations.is_current(database, service)
    await database.close()


async def _tables(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))
