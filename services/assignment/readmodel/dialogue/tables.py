"""The tables of an office's dialogue work: one line each, and what is put to a session; tenant and office lead every key."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table

DIALOGUE: Final = MetaData()

# Facts after the first do not repeat the office: this says where a thing lives.
dialogue_home: Final = Table(
    "dialogue_home",
    DIALOGUE,
    Column("tenant", String(40), primary_key=True),
    Column("thing", String(100), primary_key=True),
    Column("office", String(32), nullable=False),
)

# A line of the office's work: a meeting, session, notice, request, proposal or plan.
dialogue_thing: Final = Table(
    "dialogue_thing",
    DIALOGUE,
    Column("tenant", String(40), primary_key=True),
    Column("office", String(32), primary_key=True),
    Column("thing", String(100), primary_key=True),
    Column("kind", String(20), nullable=False),
    Column("stage", String(40), nullable=False),
    Column("day", String(10)),  # what it is held, due or issued on
    Column("label", String(40)),  # of a closed list: the kind of meeting, the trigger, the field
    Column("track", String(4)),
    Column("unit", String(32)),
    Column("about", String(100)),  # the meeting of a session, the session of a notice, request or proposal
    Column("number", String(80)),
    # Of a session: the last day it was to be held on, and when what follows from that was done.
    Column("last_day", String(10)),
    Column("short_form", Boolean, nullable=False),
    Column("answers_on", String(10)),
    Column("minutes_on", String(10)),
    Column("concluded_on", String(10)),
    Column("at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),
    Index("dialogue_thing_by_day", "tenant", "office", "kind", "day", "thing"),
)

dialogue_put: Final = Table(
    "dialogue_put",
    DIALOGUE,
    Column("tenant", String(40), primary_key=True),
    Column("office", String(32), primary_key=True),
    Column("session", String(100), primary_key=True),
    Column("case_id", String(100), primary_key=True),
    Column("raised", Boolean, nullable=False),
    Column("outcome", String(40)),
)

# Which session each dialogue of a plan was used for.
dialogue_planned: Final = Table(
    "dialogue_planned",
    DIALOGUE,
    Column("tenant", String(40), primary_key=True),
    Column("plan", String(100), primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("session", String(100), nullable=False),
)
