"""The table of units' rounds before a meeting or session; no words in it, only references."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

CONSOLIDATIONS: Final = MetaData()

consolidations_asked: Final = Table(
    "consolidations_asked",
    CONSOLIDATIONS,
    Column("tenant", Text, primary_key=True),
    Column("consolidation", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("about", Text, nullable=False),  # the meeting or session
    Column("asked_at", BigInteger, nullable=False),
    Column("due_day", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("nil", Boolean, nullable=False),
    Column("opinions", Text, nullable=False),  # ids with spaces between them
    Column("submitted_at", BigInteger),  # microseconds since 1970 UTC; none while it is asked for
    Column("returned", Integer, nullable=False),  # times
    Column("reported_at", Text),  # the meeting or session it was put before the head at
    Column("note_ref", Text),
    Column("amendment_ref", Text),
    Column("return_ref", Text),
    Column("version", Integer, nullable=False),
    Index("consolidations_office", "tenant", "office", "due_day", "consolidation"),
    Index("consolidations_unit", "tenant", "unit", "due_day", "consolidation"),
    Index("consolidations_about", "tenant", "office", "about"),
)

# Meetings and sessions that are not held: nobody has to hand in before them any more. Another log tells of them.
consolidations_cancelled: Final = Table(
    "consolidations_cancelled",
    CONSOLIDATIONS,
    Column("tenant", Text, primary_key=True),
    Column("about", Text, primary_key=True),
)
