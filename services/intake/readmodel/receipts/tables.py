"""The tables of what is told to whoever holds a receipt: steps with their days, answers that reached him, announced dialogues."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

RECEIPTS: Final = MetaData()

# What was handed in with a receipt, and where the vault keeps its code.
receipts_given: Final = Table(
    "receipts_given",
    RECEIPTS,
    Column("tenant", Text, primary_key=True),
    Column("thing", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("local_id", Text),
    Column("code_ref", Text, nullable=False),
    Index("receipts_given_local", "tenant", "unit", "local_id"),
)

receipts_step: Final = Table(
    "receipts_step",
    RECEIPTS,
    Column("tenant", Text, primary_key=True),
    Column("thing", Text, primary_key=True),  # an opinion, its case, a request at its receipt or after it
    Column("source", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("fact", Text, nullable=False),
    Column("on_day", Text, nullable=False),
    Column("leads_to", Text),  # the dialogue that is held for it, or what it was merged into
    Column("asked_ref", Text),  # what the speaker was asked to complete
)

# Answers of a case as they were put forward; what was delivered is the speaker's to read.
receipts_answer: Final = Table(
    "receipts_answer",
    RECEIPTS,
    Column("tenant", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("episode", Text, primary_key=True),
    Column("draft", Integer, primary_key=True),
    Column("answer_ref", Text),
    Column("solution_ref", Text),
    Column("direction_ref", Text),
    Column("legal_basis_ref", Text),
    Column("delivered_on", Text),
)

receipts_session: Final = Table(
    "receipts_session",
    RECEIPTS,
    Column("tenant", Text, primary_key=True),
    Column("session", Text, primary_key=True),
    Column("announced_for", Text),  # none: not announced, or put off
)
