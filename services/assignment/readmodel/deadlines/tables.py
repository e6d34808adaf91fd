"""The tables of open work by its due date; the tenant leads every key, the office those of the work itself.

Instants are microseconds since 1970 UTC, days are ISO dates.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table

DEADLINES: Final = MetaData()

# Facts after the first do not repeat the office or the field: this says where a piece of work lives, open or done.
deadlines_home: Final = Table(
    "deadlines_home",
    DEADLINES,
    Column("tenant", String(40), primary_key=True),
    Column("about", String(100), primary_key=True),
    Column("office", String(32), nullable=False),
    Column("field", String(40)),  # of a case: in which the work on it is done
)

deadlines_open: Final = Table(
    "deadlines_open",
    DEADLINES,
    Column("tenant", String(40), primary_key=True),
    Column("office", String(32), primary_key=True),
    Column("about", String(100), primary_key=True),
    Column("kind", String(10), nullable=False),  # task | case
    Column("type", String(40)),  # of a task
    Column("unit", String(32)),  # that holds it; none: a case that waits
    Column("first_unit", String(32)),  # that had it before any transfer
    Column("begun_at", BigInteger, nullable=False),
    Column("task_id", String(100)),  # of a case: the one it is answered by
    Column("case_id", String(100)),
    Column("due_day", String(10), nullable=False),
    Column("calendar", String(40), nullable=False),
    Column("held_since", BigInteger, nullable=False),  # when its unit got it
    Column("reminded_for", String(10)),  # the due day before which it was reminded
    Column("noticed_for", String(10)),  # the due day that was noticed to have passed
    Column("urged", Integer, nullable=False),
    Column("urged_at", BigInteger),
    Column("rung", String(40)),
    Column("escalated_at", BigInteger),
    Column("queued", Boolean, nullable=False),  # a person must decide who takes it
    Index("deadlines_open_by_due", "tenant", "kind", "due_day"),
    Index("deadlines_open_by_office", "tenant", "office", "kind", "due_day"),
    Index("deadlines_open_by_unit", "tenant", "unit"),
    Index("deadlines_open_by_calendar", "tenant", "calendar"),
)

deadlines_queue: Final = Table(
    "deadlines_queue",
    DEADLINES,
    Column("tenant", String(40), primary_key=True),
    Column("office", String(32), primary_key=True),
    Column("about", String(100), primary_key=True),
    Column("unit", String(32), nullable=False),
    Column("field", String(40)),
    Column("queued_at", BigInteger, nullable=False),
)
