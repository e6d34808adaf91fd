"""The tables of cases; the tenant leads every key, the office those of its cases.

Instants are microseconds since 1970 UTC, days are ISO dates, words are references into the vault.
"""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

CASES: Final = MetaData()

# Facts after the first do not repeat the office: this says where a case lives.
cases_home: Final = Table(
    "cases_home",
    CASES,
    Column("tenant", String(40), primary_key=True),
    Column("case_id", String(100), primary_key=True),
    Column("office", String(32), nullable=False),
)

# Lists of keys are kept in one column, with spaces between.
cases_case: Final = Table(
    "cases_case",
    CASES,
    Column("tenant", String(40), primary_key=True),
    Column("office", String(32), primary_key=True),
    Column("case_id", String(100), primary_key=True),
    Column("opinion", String(100), nullable=False),
    Column("episode", String(100), nullable=False),
    Column("unit", String(32), nullable=False),
    Column("lead", String(32)),
    Column("first_lead", String(32)),  # who led before any transfer: its name of then stands beside today's
    Column("task_id", String(100)),
    Column("stage", String(40), nullable=False),
    Column("field", String(40), nullable=False),
    Column("kind", String(40), nullable=False),
    Column("source_group", String(40), nullable=False),
    Column("channel", String(40), nullable=False),
    Column("locality", String(32)),
    Column("flags", Text, nullable=False),
    Column("hidden", Boolean, nullable=False),
    Column("due_day", String(10), nullable=False),
    Column("due", Text, nullable=False),
    Column("received_at", BigInteger, nullable=False),
    Column("episode_at", BigInteger, nullable=False),  # when the present episode was recorded
    Column("resolved_at", BigInteger),
    Column("declined_at", BigInteger),  # when it was decided that this episode's matter is not taken up again
    Column("drafts", Integer, nullable=False),
    Column("words_ref", String(32), nullable=False),
    Column("words_digest", String(64), nullable=False),
    Column("open", Boolean, nullable=False),
    Column("diverted", Boolean, nullable=False),  # to a statutory procedure: its words are not for the office any more
    Column("paper", String(80)),  # of what is suspected of holding a state secret: nobody reads its words any more
    Column("session", String(100)),
    Column("directed", Boolean, nullable=False),
    Column("concluded", Boolean, nullable=False),
    Column("party_heard", Boolean, nullable=False),  # cấp ủy's opinion was recorded in this episode
    Column("into_case", String(100)),
    Column("submitters", Text, nullable=False),
    Column("concerns_units", Text, nullable=False),
    Column("concerns_posts", Text, nullable=False),
    Column("coordinating", Text, nullable=False),
    Column("consulting", Text, nullable=False),
    Column("proposed", Text, nullable=False),
    Column("authority", String(8)),
    Column("version", Integer, nullable=False),
    Index("cases_case_by_due", "tenant", "office", "due_day", "case_id"),
    Index("cases_case_by_stage", "tenant", "office", "stage", "episode_at", "case_id"),
    Index("cases_case_by_lead", "tenant", "office", "lead", "due_day", "case_id"),
    Index("cases_case_by_unit", "tenant", "office", "unit", "due_day", "case_id"),
)

# What was last wanted of a matter after its referral. It comes from another log, and may come before its case does.
cases_wish: Final = Table(
    "cases_wish",
    CASES,
    Column("tenant", String(40), primary_key=True),
    Column("case_id", String(100), primary_key=True),
    Column("wish", String(40), primary_key=True),
    Column("wished_at", BigInteger, nullable=False),
)

cases_draft: Final = Table(
    "cases_draft",
    CASES,
    Column("tenant", String(40), primary_key=True),
    Column("office", String(32), primary_key=True),
    Column("case_id", String(100), primary_key=True),
    Column("episode", String(100), primary_key=True),
    Column("draft", Integer, primary_key=True),
    Column("drafter", String(40), nullable=False),
    Column("reviewer", String(40)),
    Column("outcome", String(40), nullable=False),
    Column("answer_ref", String(32), nullable=False),
    Column("solution_ref", String(32)),
    Column("direction_ref", String(32)),
    Column("legal_basis_ref", String(32)),
    Column("reason_ref", String(32)),
    Column("means", String(40)),
    Column("submitted_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger),
)
