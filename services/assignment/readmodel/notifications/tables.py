"""The tables of notices to people; the tenant leads every key. No words: a kind, a day, and what to open."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, MetaData, String, Table

NOTIFICATIONS: Final = MetaData()

# Facts after the first do not repeat whose a thing is: this says who holds a task or case, and what to open for it.
notifications_thing: Final = Table(
    "notifications_thing",
    NOTIFICATIONS,
    Column("tenant", String(40), primary_key=True),
    Column("thing", String(100), primary_key=True),
    Column("opens", String(100), nullable=False),  # the case of the thing, else the thing itself
    Column("office", String(32), nullable=False),
    Column("unit", String(32)),
    Column("person", String(40)),
    Column("authority", String(8), nullable=False),
    Column("task", String(100)),  # of a case: the task of its lead
    Column("answers", Boolean, nullable=False),  # a task whose result is approved with the case
    Column("due_day", String(10), nullable=False),
)

# One notice for each audience, cause and kind: told again, it takes the place of the former.
notifications_notice: Final = Table(
    "notifications_notice",
    NOTIFICATIONS,
    Column("tenant", String(40), primary_key=True),
    Column("audience", String(100), primary_key=True),
    Column("thing", String(100), primary_key=True),
    Column("kind", String(20), primary_key=True),
    Column("opens", String(100), nullable=False),
    Column("due_day", String(10), nullable=False),
    Column("fact", String(60), nullable=False),
    Column("position", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),  # when it was recorded: microseconds since 1970 UTC
    Index("notifications_notice_newest", "tenant", "audience", "position"),
    Index("notifications_notice_at", "tenant", "position"),
)
