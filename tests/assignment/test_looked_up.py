"""What pages ask of lists that grow with every case is looked up, never looked through."""

from pathlib import Path

from sqlalchemy.dialects import sqlite

from services.assignment.readmodel.dialogue.queries import appraisers_of
from services.assignment.readmodel.tasks.tables import UNIT_TASKS
from shared.database import Database


async def test_who_appraises_a_proposal_is_looked_up_by_what_the_work_is_about(tmp_path: Path) -> None:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'read.db'}")
    asked = str(appraisers_of("sonla", "proposal-1").compile(dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}))
    async with database.write() as connection:
        await connection.run_sync(UNIT_TASKS.create_all)
        steps = [row[-1] for row in await connection.exec_driver_sql(f"explain query plan {asked}")]
    await database.close()
    assert steps == ["SEARCH unit_tasks_task USING INDEX unit_tasks_task_by_about (tenant=? AND about=?)"]
