"""The rows of reports, of the windows that plans give them, and of the units that have spoken."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, MetaData, Table, Text

REPORTS: Final = MetaData()

reports_report: Final = Table(
    "reports_report",
    REPORTS,
    Column("tenant", Text, primary_key=True),
    Column("office", Text, primary_key=True),
    Column("report", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("first", Text, nullable=False),  # ISO days
    Column("last", Text, nullable=False),
    Column("before", Text, nullable=False),
    Column("plan", Text),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("fences", Text, nullable=False),  # JSON {source: position}
    Column("blocked", Text, nullable=False),  # JSON, of the last attempt
    Column("lock", Text),  # JSON of what was locked
    Column("locked_at", BigInteger),
    Column("corrects", Text),  # the report that this one corrects
    Column("reason_ref", Text),  # and why, in the vault
    Column("superseded_by", Text),
)
# One row a writing: the last of a section stands, the others are its history.
reports_section: Final = Table(
    "reports_section",
    REPORTS,
    Column("tenant", Text, primary_key=True),
    Column("report", Text, primary_key=True),
    Column("version", Integer, primary_key=True),
    Column("section", Text, nullable=False),
    Column("words_ref", Text, nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("person", Text),
    Column("unit", Text),
)
reports_word: Final = Table(
    "reports_word",
    REPORTS,
    Column("tenant", Text, primary_key=True),
    Column("report", Text, primary_key=True),
    Column("unit", Text, primary_key=True),
    Column("word", Text, nullable=False),  # confirmed | waived
    Column("at", BigInteger, nullable=False),
)
# One row a fact of an opening balance, as its event says it; added to and never changed.
reports_opening: Final = Table(
    "reports_opening",
    REPORTS,
    Column("tenant", Text, primary_key=True),
    Column("office", Text, primary_key=True),
    Column("position", BigInteger, primary_key=True),
    Column("recorded_at", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("schema_version", Integer, nullable=False),
    Column("data", Text, nullable=False),
)
# A draft's windows count for nothing until the plan is issued.
reports_window: Final = Table(
    "reports_window",
    REPORTS,
    Column("tenant", Text, primary_key=True),
    Column("plan", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("year", Integer, nullable=False),
    Column("windows", Text, nullable=False),  # JSON {kind: [first, last, before]}
    Column("in_force", Integer, nullable=False),
)
