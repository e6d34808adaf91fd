"""The vault's statements on SQLite: one writer, one durable transaction for each group."""

import asyncio
import struct
from collections.abc import Iterable, Sequence
from typing import Any, Final

from sqlalchemy import bindparam, insert, select, text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.vault.rows import Noted, Outcome, PersonRow, RecordRow, Rewrapped, Seal, SealedRow
from shared.vault.schema import ACCESS, MASTER, PERSON, RECORD, TOKEN

PER_QUERY: Final = 500  # values of one IN
CHECKPOINT_ATTEMPTS: Final = 10
_SEARCH: Final = text(
    """select r.ref from token t join record r on r.n = t.n
       where t.token in (select value from json_each(:asked)) and r.tenant = :tenant
       group by t.n having sum(t.token in (select value from json_each(:needed))) = :all_needed
       order by sum(t.token in (select value from json_each(:pairs))) desc, t.n desc limit :most"""
)


class SqliteTables:
    """`Tables` over a SQLite file."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, tenant: str, master: str, now: int, fresh: Sequence[PersonRow], seal: Seal) -> Outcome:
        async with self._database.write() as connection:
            await connection.execute(sqlite.insert(MASTER).on_conflict_do_nothing(), {"id": master, "begun_at": now})
            retired = select(MASTER.c.retired_at).where(MASTER.c.id == master)
            if (await connection.execute(retired)).scalar_one() is not None:
                return Outcome(retired=True)
            people = await self._people(connection, tenant, fresh)
            rows = seal({row.person: row for row in people})
            await self._store(connection, tenant, master, now, rows)
        return Outcome(retired=False)

    async def _people(self, connection: AsyncConnection, tenant: str, fresh: Sequence[PersonRow]) -> list[PersonRow]:
        if not fresh:
            return []
        new = [{"tenant": tenant, **row._asdict()} for row in fresh]
        await connection.execute(sqlite.insert(PERSON).on_conflict_do_nothing(), new)
        found: list[PersonRow] = []
        for names in _chunks([row.person for row in fresh]):
            query = select(PERSON.c.person, PERSON.c.master, PERSON.c.wrapped_key)
            rows = await connection.execute(query.where(PERSON.c.tenant == tenant, PERSON.c.person.in_(names)))
            found += [PersonRow(*row) for row in rows]
        return found

    async def _store(self, connection: AsyncConnection, tenant: str, master: str, now: int, rows: Sequence[RecordRow]) -> None:
        if not rows:
            return
        values = []
        for row in rows:
            told = row._asdict() | {"tenant": tenant, "master": master, "stored_at": now, "tokens": _packed(row.tokens)}
            del told["asker"]
            values.append(told)
        stored = sqlite.insert(RECORD).on_conflict_do_nothing().returning(RECORD.c.ref, RECORD.c.n)
        numbers = {str(row.ref): int(row.n) for row in await connection.execute(stored, values)}
        again = [row.ref for row in rows if row.ref not in numbers]
        tokens = [{"token": token, "n": numbers[row.ref]} for row in rows if row.ref in numbers for token in row.tokens or ()]
        if tokens:
            await connection.execute(sqlite.insert(TOKEN).on_conflict_do_nothing(), tokens)
        for chunk in _chunks(again):
            # Put again, it is wanted: a sweep that doubted it begins anew.
            mine = (RECORD.c.tenant == tenant, RECORD.c.ref.in_(chunk), RECORD.c.doubted_at.is_not(None))
            await connection.execute(update(RECORD).where(*mine).values(doubted_at=None))

    async def opened(self, tenant: str, now: int, noted: Sequence[Noted], refs: Sequence[str]) -> list[SealedRow]:
        async with self._database.write() as connection:
            if noted:
                await connection.execute(insert(ACCESS), [{"tenant": tenant, "at": now, **line._asdict()} for line in noted])
            found: list[SealedRow] = []
            for chunk in _chunks(refs):
                mine = (RECORD.c.tenant == tenant, RECORD.c.ref.in_(chunk))
                query = (
                    select(
                        *(RECORD.c[name] for name in ("ref", "purpose", "person", "master", "wrapped_key", "sealed")),
                        PERSON.c.master.label("person_master"),
                        PERSON.c.wrapped_key.label("person_key"),
                    )
                    .outerjoin(PERSON, (PERSON.c.tenant == RECORD.c.tenant) & (PERSON.c.person == RECORD.c.person))
                    .where(*mine)
                )
                found += [SealedRow._make(row) for row in await connection.execute(query)]
                await connection.execute(update(RECORD).where(*mine, RECORD.c.doubted_at.is_not(None)).values(doubted_at=None))
        return found

    async def search(self, tenant: str, needed: Sequence[int], pairs: Sequence[int], limit: int) -> list[str]:
        asked = {
            "tenant": tenant,
            "asked": _json([*needed, *pairs]),
            "needed": _json(needed),
            "pairs": _json(pairs),
            "all_needed": len(needed),
            "most": limit,
        }
        async with self._database.read() as connection:
            return [row[0] for row in await connection.execute(_SEARCH, asked)]

    async def untoken(self, connection: AsyncConnection, rows: Sequence[tuple[int, Any]]) -> None:
        gone = [{"t": token, "r": n} for n, stored in rows for token in self.tokens(stored) or ()]
        if gone:
            await connection.execute(text("delete from token where token = :t and n = :r"), gone)

    async def rewrap(self, connection: AsyncConnection, master: str, rows: Sequence[Rewrapped]) -> None:
        await connection.execute(
            update(RECORD)
            .where(RECORD.c.n == bindparam("row"))
            .values(master=master, wrapped_key=bindparam("key"), tokens=bindparam("packed")),
            [{"row": row.n, "key": row.wrapped_key, "packed": _packed(row.tokens)} for row in rows],
        )
        await self.untoken(connection, [(row.n, _packed(row.old_tokens)) for row in rows])
        tokens = [{"token": token, "n": row.n} for row in rows for token in row.tokens or ()]
        if tokens:
            await connection.execute(sqlite.insert(TOKEN).on_conflict_do_nothing(), tokens)

    def tokens(self, stored: Any) -> list[int] | None:
        return None if stored is None else list(struct.unpack(f">{len(stored) // 8}q", stored))

    async def compact(self, *, whole: bool) -> bool:
        async with self._database.write_lock, self._database.engine.connect() as connection:
            driver = (await connection.get_raw_connection()).driver_connection
            assert driver is not None
            if whole:
                await driver.execute("vacuum")
            async with driver.execute("pragma busy_timeout") as cursor:
                (waits,) = await cursor.fetchone()
            # A backup may read for long, and every writer would wait with us.
            await driver.execute("pragma busy_timeout = 0")
            try:
                return await _checkpoint(driver)
            finally:
                await driver.execute(f"pragma busy_timeout = {waits}")


async def _checkpoint(driver: Any) -> bool:
    """Empty the write-ahead log; not possible while a reader still looks at what was."""
    for _ in range(CHECKPOINT_ATTEMPTS):
        async with driver.execute("pragma wal_checkpoint(truncate)") as cursor:
            busy, *_ = await cursor.fetchone()
        if not busy:
            return True
        await asyncio.sleep(0.1)
    return False


def _packed(tokens: Sequence[int] | None) -> bytes | None:
    return None if tokens is None else struct.pack(f">{len(tokens)}q", *tokens)


def _json(numbers: Iterable[int]) -> str:
    return f"[{','.join(map(str, numbers))}]"


def _chunks(values: Sequence[str]) -> Iterable[Sequence[str]]:
    return (values[at : at + PER_QUERY] for at in range(0, len(values), PER_QUERY))
