"""Milestones and values as facts: rows with when they happened and where they stand in their log, never updated.

Two logs tell of one episode and their events arrive in any order, so no row depends on another: what was true at a
cut-off is found when it is asked for. The office leads the way to its matters (`milestone_office`), because events of
a case do not repeat it.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table, Text

MILESTONE: Final = "milestone"
METADATA: Final = MetaData()


def _key(name: str, length: int) -> Column[Any]:
    return Column(name, String(length), primary_key=True)


def _place() -> tuple[Column[Any], ...]:
    """Where a fact stands: these are not part of what it says."""
    return _key("source", 20), Column("position", BigInteger, primary_key=True), Column("recorded_at", BigInteger, nullable=False)


# A matter is an opinion with its case through all its episodes: the id before the slash.
OFFICE: Final = Table(
    f"{MILESTONE}_office",
    METADATA,
    _key("tenant", 40),
    _key("office", 32),
    _key("matter", 100),
    Column("received_by", String(32), nullable=False),
    sqlite_with_rowid=False,
)

FACT: Final = Table(
    f"{MILESTONE}_fact",
    METADATA,
    _key("tenant", 40),
    _key("matter", 100),
    _key("episode", 100),
    *_place(),
    Column("kind", String(20), nullable=False),
    Column("occurred", BigInteger, nullable=False),
    Column("since", BigInteger),
    Column("due", String(10)),
    Column("previous", String(100)),
    Column("unit", String(32)),
    Index(f"{MILESTONE}_fact_by_kind", "tenant", "kind", "occurred", "matter"),
    sqlite_with_rowid=False,
)

VALUE: Final = Table(
    f"{MILESTONE}_value",
    METADATA,
    _key("tenant", 40),
    _key("matter", 100),
    _key("episode", 100),
    _key("dimension", 20),
    *_place(),
    Column("occurred", BigInteger, nullable=False),
    Column("value", String(100)),
    sqlite_with_rowid=False,
)

# From when to when a matter can be counted at all: a derived index, which tells nothing that the facts do not (see `spans`).
SPAN: Final = Table(
    f"{MILESTONE}_span",
    METADATA,
    _key("tenant", 40),
    _key("matter", 100),
    Column("office", String(32)),  # None until its receipt is known
    Column("begun", BigInteger),
    Column("last", BigInteger, nullable=False),
    Column("over", BigInteger),
    Column("over_intake", BigInteger, nullable=False),
    Column("over_assignment", BigInteger, nullable=False),
    Column("episodes", Text, nullable=False),  # JSON, what `over` is worked out from
    Index(f"{MILESTONE}_span_by_matter", "tenant", "office", "matter"),
    Index(f"{MILESTONE}_span_by_over", "tenant", "office", "over"),
    Index(f"{MILESTONE}_span_by_last", "tenant", "office", "last"),
    sqlite_with_rowid=False,
)

# A dialogue, notice, request, proposal or task: whose it is and of which kind, because later events of it do not say so.
STREAM: Final = Table(
    f"{MILESTONE}_stream",
    METADATA,
    _key("tenant", 40),
    _key("office", 32),
    _key("family", 32),
    _key("stream", 100),
    sqlite_with_rowid=False,
)

# What happened to it, step by step; `said` is what a report needs of the event, as JSON, never anybody's words.
STEP: Final = Table(
    f"{MILESTONE}_step",
    METADATA,
    _key("tenant", 40),
    _key("stream", 100),
    *_place(),
    Column("kind", String(40), nullable=False),
    Column("occurred", BigInteger, nullable=False),
    Column("said", Text, nullable=False),
    sqlite_with_rowid=False,
)

# How far each log was taken in.
MARK: Final = Table(
    f"{MILESTONE}_mark",
    METADATA,
    _key("tenant", 40),
    _key("source", 20),
    Column("position", BigInteger, nullable=False),
)
