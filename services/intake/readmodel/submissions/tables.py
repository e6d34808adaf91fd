"""The tables of requests for dialogue and proposals as they came in; no words and no names in them, only references."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

SUBMISSIONS: Final = MetaData()

submissions_received: Final = Table(
    "submissions_received",
    SUBMISSIONS,
    Column("tenant", Text, primary_key=True),
    Column("submission", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("office", Text, nullable=False),
    Column("unit", Text, nullable=False),  # that took it in; of a proposal the content division
    Column("proposer", Text),
    Column("local_id", Text, nullable=False),
    Column("stage", Text, nullable=False),
    Column("reason", Text),  # code of why it was not handed on
    Column("channel", Text),
    Column("source_group", Text),
    Column("locality", Text),
    Column("field", Text),
    Column("opinions", Text, nullable=False),  # ids with spaces between them, like the attachments
    Column("attachments", Text, nullable=False),
    Column("incoming_number", Text),
    Column("incoming_on", Text),
    Column("received_at", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Column("words_ref", Text, nullable=False),  # of a proposal its content
    Column("reason_ref", Text),  # why it is proposed
    Column("note_ref", Text),
    Column("name_ref", Text),
    Column("contact_ref", Text),
    Column("version", Integer, nullable=False),
    Index("submissions_office", "tenant", "kind", "office", "received_at", "submission"),
)

submissions_receipt: Final = Table(
    "submissions_receipt",
    SUBMISSIONS,
    Column("tenant", Text, primary_key=True),
    Column("receipt_key", Text, primary_key=True),
    Column("submission", Text, nullable=False),
)

# What the assignment service made of it, once it was handed on.
submissions_further: Final = Table(
    "submissions_further",
    SUBMISSIONS,
    Column("tenant", Text, primary_key=True),
    Column("submission", Text, primary_key=True),
    Column("thing", Text, nullable=False),  # the request or the proposal
    Column("stage", Text, nullable=False),
    Column("session", Text),
    Column("due_day", Text),
)
