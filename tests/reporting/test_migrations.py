"""The schema of the reporting database goes up, down and up again."""

from pathlib import Path

from sqlalchemy import inspect

from shared.database import Database
from shared.migrations import downgrade, is_current, upgrade


async def tables(database: Database) -> set[str]:
    async with database.read() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_the_schema_goes_up_down_and_up(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'reporting.db'}")
    await upgrade(database, "reporting")
    assert await is_current(database, "reporting")
    assert {"event", "checkpoint", "dead_letter"} <= await tables(database)
    await downgrade(database, "reporting")
    assert await tables(database) == {"alembic_version"}
    await upgrade(database, "reporting")
    assert await is_current(database, "reporting")
    await database.close()
