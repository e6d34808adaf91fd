"""The tables of tasks; the tenant leads every key.

Instants are microseconds since 1970 UTC, days are ISO dates, words are references into the vault.
"""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

UNIT_TASKS: Final = MetaData()

# Where a unit's stream of items ends: the next item names it as its predecessor. A unit has one stream, whichever office
# gives it work, so the unit leads these keys.
unit_tasks_unit: Final = Table(
    "unit_tasks_unit",
    UNIT_TASKS,
    Column("tenant", String(40), primary_key=True),
    Column("unit", String(32), primary_key=True),
    Column("last_position", BigInteger, nullable=False),
)

unit_tasks_task: Final = Table(
    "unit_tasks_task",
    UNIT_TASKS,
    Column("tenant", String(40), primary_key=True),
    Column("unit", String(32), primary_key=True),
    Column("task_id", String(100), primary_key=True),
    Column("first_unit", String(32), nullable=False),  # who had it before any transfer
    Column("given_at", BigInteger, nullable=False),
    Column("office", String(32), nullable=False),
    Column("type", String(40), nullable=False),
    Column("about", String(100), nullable=False),
    Column("case_id", String(100)),
    Column("episode", String(100)),
    Column("authority", String(8), nullable=False),
    Column("stage", String(40), nullable=False),
    Column("urged", Integer, nullable=False),
    Column("asked_until", String(10)),
    Column("proofs", Integer, nullable=False),
    Column("rung", String(40)),
    Column("person", String(40)),
    Column("due_day", String(10), nullable=False),
    Column("due", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Index("unit_tasks_task_by_id", "tenant", "task_id"),
    Index("unit_tasks_task_by_unit", "tenant", "unit", "stage", "due_day"),
    Index("unit_tasks_task_by_case", "tenant", "case_id"),
    Index("unit_tasks_task_by_about", "tenant", "about"),
    Index("unit_tasks_task_by_due", "tenant", "office", "stage", "due_day"),
)

unit_tasks_item: Final = Table(
    "unit_tasks_item",
    UNIT_TASKS,
    Column("tenant", String(40), primary_key=True),
    Column("unit", String(32), primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("previous_position", BigInteger, nullable=False),
    Column("type", String(40), nullable=False),
    Column("task_id", String(100), nullable=False),
    Column("work", String(40), nullable=False),
    Column("about", String(100), nullable=False),
    Column("case_id", String(100)),
    Column("due_day", String(10), nullable=False),
    Column("at", BigInteger, nullable=False),
)
