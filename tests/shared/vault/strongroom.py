"""Vaults as these tests open them, what they keep there, and what lies in the tables."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.engine import RowMapping

from shared.clock import ScriptClock
from shared.database import Database
from shared.ids import Ids, RandomIds
from shared.keys import KeyedHash
from shared.vault.keyring import Keyring
from shared.vault.port import Erased
from shared.vault.schema import PERSON, RECORD
from shared.vault.store import DatabaseVault

DAY: Final = datetime(2023, 1, 9, tzinfo=UTC)
WORDS: Final = "Đường vào bản bị sạt lở từ mùa mưa năm trước, xe cấp cứu không vào được."


def vault_on(
    database: Database, keyring: Keyring, *, ids: Ids | None = None, tenant: str = "sonla", clock: ScriptClock | None = None
) -> DatabaseVault:
    """A tenant's vault with keys that are random unless `ids` says otherwise."""
    keyed = KeyedHash(b"h" * 32)
    return DatabaseVault(tenant, database, keyring, keyed=keyed, ids=ids or RandomIds(), clock=clock or ScriptClock(DAY))


def again(database: Database, tenant: str = "sonla") -> Database:
    """The same database, as another process opens it, perhaps another tenant's."""
    return Database(database.url.render_as_string(hide_password=False), tenant=tenant)


async def keep(vault: DatabaseVault, text: str = WORDS, *, command: str = "c-1", person: str | None = None) -> str:
    """Put one text, searchable unless it is a person's; its reference."""
    entry = vault.seal(command, "receive_opinion.words", text, person=person, searchable=person is None)
    await vault.put([entry])
    return entry.sealed.ref


async def keep_many(vault: DatabaseVault, count: int, *, person: str | None = None) -> dict[str, str]:
    """Put so many texts at once; each by its reference."""
    entries = [vault.seal(f"many-{n}", "words", f"ý kiến số {n}", person=person, searchable=person is None) for n in range(count)]
    await vault.put(entries)
    return {entry.sealed.ref: entry.text for entry in entries}


async def read(vault: DatabaseVault, ref: str) -> str | Erased:
    """Open one text."""
    return await vault.open(ref, reader="p-1", purpose="test")


async def records(database: Database, refs: Sequence[str] | None = None) -> list[RowMapping]:
    """The rows of these texts, of all where none are named."""
    query = select(RECORD).order_by(RECORD.c.n)
    return await _rows(database, query if refs is None else query.where(RECORD.c.ref.in_(refs)))


async def persons(database: Database) -> list[RowMapping]:
    """The rows of all persons."""
    return await _rows(database, select(PERSON))


async def _rows(database: Database, query: Any) -> list[RowMapping]:
    async with database.read() as connection:
        return list((await connection.execute(query)).mappings())
