"""The tables of the intake service's read side; no words in them, only references."""

from typing import Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, Table, Text

OPINIONS: Final = MetaData()

opinions_opinion: Final = Table(
    "opinions_opinion",
    OPINIONS,
    Column("tenant", Text, primary_key=True),
    Column("opinion", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("local_id", Text),
    Column("parent", Text),
    Column("stage", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("source_group", Text, nullable=False),
    Column("locality", Text),
    Column("kind", Text),
    Column("field", Text),
    Column("flags", Text, nullable=False),
    Column("due_day", Text),
    Column("received_at", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Column("words_ref", Text, nullable=False),
    Column("concerns_units", Text, nullable=False),  # keys with spaces between them, like the posts
    Column("concerns_posts", Text, nullable=False),
    Column("result", Text),  # code of how it ended, or where it went
    Column("version", Integer, nullable=False),
    Column("begun", BigInteger, nullable=False),  # position of the fact that began it: the order of parts
    Index("opinions_parent", "tenant", "parent"),
    Index("opinions_office", "tenant", "office", "received_at", "opinion"),
    Index("opinions_unit", "tenant", "unit", "received_at", "opinion"),
    Index("opinions_words", "tenant", "words_ref"),
)

# Who spoke, as references into the vault. Of what was raised in a session another log tells, and may tell it first.
opinions_speaker: Final = Table(
    "opinions_speaker",
    OPINIONS,
    Column("tenant", Text, primary_key=True),
    Column("opinion", Text, primary_key=True),
    Column("hidden", Boolean, nullable=False),
    Column("name_ref", Text),
    Column("contact_ref", Text),
)

opinions_receipt: Final = Table(
    "opinions_receipt",
    OPINIONS,
    Column("tenant", Text, primary_key=True),
    Column("receipt_key", Text, primary_key=True),
    Column("opinion", Text, nullable=False),
)

opinions_case: Final = Table(
    "opinions_case",
    OPINIONS,
    Column("tenant", Text, primary_key=True),
    Column("case_id", Text, primary_key=True),
    Column("opinion", Text, nullable=False),
    Column("parent", Text),  # the case that it was split off; none where it is the opinion's own
    Column("stage", Text, nullable=False),
    Column("due_day", Text, nullable=False),
    Column("field", Text, nullable=False),
    Column("concerns_units", Text, nullable=False),
    Column("concerns_posts", Text, nullable=False),
    Column("begun", BigInteger, nullable=False),
    Index("opinions_case_opinion", "tenant", "opinion"),
    Index("opinions_case_parent", "tenant", "parent"),
)

# What was merged into an opinion or a case (streams with spaces between them), and how that ended without an answer.
opinions_survivor: Final = Table(
    "opinions_survivor",
    OPINIONS,
    Column("tenant", Text, primary_key=True),
    Column("survivor", Text, primary_key=True),
    Column("merged", Text, nullable=False),
    Column("ending", Text),
    Column("ended_on", Text),
)

# Of whom it is told that his opinion, or what it was merged into, ended without an answer, at its receipt or after referral;
# `matter` is the opinion, or the case of a part of it.
opinions_telling: Final = Table(
    "opinions_telling",
    OPINIONS,
    Column("tenant", Text, primary_key=True),
    Column("matter", Text, primary_key=True),
    Column("ended_on", Text, primary_key=True),  # a merge that was undone lets it end again
    Column("opinion", Text, nullable=False),
    Column("into", Text),
    Column("ending", Text, nullable=False),
    Column("told_on", Text),
    Column("means", Text),
    Index("opinions_telling_day", "tenant", "ended_on", "matter"),
)
