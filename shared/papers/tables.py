"""The tables of papers and registers; the tenant leads every key, then the office whose they are.

Instants are microseconds since 1970 UTC, days are ISO dates, words are references into the vault.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, MetaData, String, Table, Text

DOCUMENTS: Final = MetaData()
REGISTERS: Final = MetaData()


def _key(name: str, length: int) -> Column[Any]:
    return Column(name, String(length), primary_key=True)


# Facts after the first do not repeat the office: this says where a document lives.
documents_home: Final = Table(
    "documents_home",
    DOCUMENTS,
    _key("tenant", 40),
    _key("document_id", 100),
    Column("office", String(32), nullable=False),
)

documents_document: Final = Table(
    "documents_document",
    DOCUMENTS,
    _key("tenant", 40),
    _key("office", 32),
    _key("document_id", 100),
    Column("kind", String(40), nullable=False),
    Column("state", String(40), nullable=False),
    Column("about", String(100)),
    Column("summary_ref", String(32)),
    Column("content", String(64)),
    Column("lines", Text, nullable=False),  # its distribution list, a JSON list
    Column("sent_to", Text, nullable=False),  # recipients it was sent to, separated by blanks
    Column("signer", String(40)),
    Column("capacity", String(40)),
    Column("register", String(40)),
    Column("year", Integer),
    Column("number", Integer),
    Column("symbol", String(80)),
    Column("issued_on", String(10)),
    Column("superseded_by", String(100)),
    Column("drafted_at", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("position", BigInteger, nullable=False),  # of its first fact: lists go by it, the latest ahead
    Column("version", Integer, nullable=False),
    Index("documents_document_by_position", "tenant", "office", "position"),
    Index("documents_document_by_about", "tenant", "office", "about", "position"),
)

# Whom a document was sent to: each unit's papers, whichever office's they are, and whether it said that it has them.
documents_received: Final = Table(
    "documents_received",
    DOCUMENTS,
    _key("tenant", 40),
    _key("recipient", 32),
    _key("document_id", 100),
    Column("office", String(32), nullable=False),
    Column("purpose", Text, nullable=False),  # of the first sending
    Column("sent_at", BigInteger, nullable=False),
    Column("delivered_at", BigInteger),
    Column("position", BigInteger, nullable=False),  # of the first sending: lists go by it, the latest ahead
    Index("documents_received_by_position", "tenant", "recipient", "position"),
)

# One row a fact: who did what, in which capacity, and where its words are.
documents_step: Final = Table(
    "documents_step",
    DOCUMENTS,
    _key("tenant", 40),
    _key("office", 32),
    _key("document_id", 100),
    Column("version", Integer, primary_key=True),
    Column("type", String(60), nullable=False),
    Column("state", String(40), nullable=False),  # reached by it
    Column("at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
    Column("person", String(40)),
    Column("unit", String(32)),
    Column("role", String(40)),
    Column("detail", Text, nullable=False),  # what the fact says, a JSON object
    Column("words_ref", String(32)),
)

registers_register: Final = Table(
    "registers_register",
    REGISTERS,
    _key("tenant", 40),
    _key("office", 32),
    _key("book", 40),
    Column("year", Integer, primary_key=True),
    Column("stream", String(100), nullable=False),
    Column("external", Boolean, nullable=False),
    Column("pattern", String(80), nullable=False),
    Column("last", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("voided", Integer, nullable=False),
    Column("version", Integer, nullable=False),
)

registers_home: Final = Table(
    "registers_home",
    REGISTERS,
    _key("tenant", 40),
    _key("stream", 100),
    Column("office", String(32), nullable=False),
    Column("book", String(40), nullable=False),
    Column("year", Integer, nullable=False),
)

registers_number: Final = Table(
    "registers_number",
    REGISTERS,
    _key("tenant", 40),
    _key("office", 32),
    _key("book", 40),
    Column("year", Integer, primary_key=True),
    Column("number", Integer, primary_key=True),
    Column("document", String(100)),  # none: voided
    Column("reason_ref", String(32)),
    Column("at", BigInteger, nullable=False),
    Column("recorded_at", BigInteger, nullable=False),
)
