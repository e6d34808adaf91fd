"""The tables of imported files and what became of each of their rows."""

from typing import Final

from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, Table, Text

BATCHES: Final = MetaData()

batches_imported: Final = Table(
    "batches_imported",
    BATCHES,
    Column("tenant", Text, primary_key=True),
    Column("batch", Text, primary_key=True),
    Column("office", Text, nullable=False),
    Column("unit", Text, nullable=False),
    Column("source", Text, nullable=False),
    Column("file", Text, nullable=False),  # its SHA-256
    Column("rows", Integer, nullable=False),
    Column("taken", Integer, nullable=False),
    Column("known", Integer, nullable=False),
    Column("refused", Integer, nullable=False),
    Column("imported_at", BigInteger, nullable=False),  # microseconds since 1970 UTC
    Column("version", Integer, nullable=False),
    Index("batches_office", "tenant", "office", "imported_at", "batch"),
    Index("batches_unit", "tenant", "unit", "imported_at", "batch"),
)

batches_row: Final = Table(
    "batches_row",
    BATCHES,
    Column("tenant", Text, primary_key=True),
    Column("batch", Text, primary_key=True),
    Column("row", Integer, primary_key=True),
    Column("opinion", Text),  # that it stands for, or else
    Column("code", Text),  # of its refusal
    Column("field", Text),
)
