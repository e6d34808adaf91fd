"""The table of files; the tenant leads every key.

Instants are microseconds since 1970 UTC, words are references into the vault.
"""

from typing import Any, Final

from sqlalchemy import BigInteger, Column, Index, MetaData, String, Table

ATTACHMENTS: Final = MetaData()


def _key(name: str, length: int) -> Column[Any]:
    return Column(name, String(length), primary_key=True)


# A file is looked up by its digest, whichever office's it is: permission is asked of what it belongs to.
attachments_file: Final = Table(
    "attachments_file",
    ATTACHMENTS,
    _key("tenant", 40),
    _key("file", 64),
    _key("about", 100),
    Column("attachment_id", String(100), nullable=False),
    Column("media", String(40), nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("name_ref", String(32), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("unit", String(32)),
    Column("came_with", String(100)),  # the submission, where it came with one
    Column("position", BigInteger, nullable=False),
    Index("attachments_file_by_about", "tenant", "about", "position"),
)
