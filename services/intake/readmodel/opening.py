"""Opens sealed texts for whoever asks, in his name."""

from collections.abc import Mapping
from typing import Any, Final

from shared.permit import Subject
from shared.vault.port import Vault

Texts = Mapping[str, str | None]
SPEAKER: Final[Mapping[str, str]] = {"name": "name_ref", "contact": "contact_ref"}


async def opened(vault: Vault, subject: Subject, purpose: str, row: Mapping[Any, Any], columns: Mapping[str, str]) -> Texts:
    """The texts whose references stand in these columns of the row, by name; None where nothing is, or was erased.

    Whoever calls it has asked permission.
    """
    refs = {name: row[column] for name, column in columns.items() if row[column] is not None}
    found = await vault.open_many(tuple(refs.values()), reader=subject.person, purpose=purpose) if refs else {}
    return {name: text if isinstance(text := found.get(refs.get(name, "")), str) else None for name in columns}
