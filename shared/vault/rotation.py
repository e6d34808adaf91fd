"""Rotation: another master key takes over in bounded batches beside everything else, then the old ones are destroyed."""

from typing import Any, Final

from sqlalchemy import func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.progress import Stand, told, unseen
from shared.vault.keyring import KEY_BYTES, Keyring
from shared.vault.port import VaultUnavailable
from shared.vault.rows import PersonRow, Rewrapped, SealedRow, Tables
from shared.vault.schema import MASTER, PERSON, RECORD
from shared.vault.wrapping import Keys

BATCH: Final = 100


async def rotate(database: Database, tables: Tables, keys: Keys, now: int, stand: Stand = unseen) -> str:
    """Wrap everything under another master key; the id of the key in force. `stand` hears of keys and texts.

    A keyring that lasts gets a new key and loses the old ones; of one that is given from outside, its current key takes
    over. Cut short at any moment, everything opens under one key or another, and it can be begun again.

    Raises:
        VaultUnavailable: the old pages could not be blanked, so the old keys were kept: rotate again. Or another rotation
            has begun, which does the work of this one.
        VaultDamaged: a text does not open, so it cannot be wrapped anew; the old keys were kept.

    """
    new = _next_key(keys)
    await _take_over(database, new, now)
    rotating = _Rotating(database, tables, keys, new, stand)
    await rotating.count()
    await rotating.persons()
    await rotating.records()
    if not await tables.compact(whole=True):
        raise VaultUnavailable("somebody still reads the vault as it was before: the old master keys are kept, rotate again")
    if keys.keyring.lasting:
        keys.keyring.destroy(keys.keyring.ids - {new})
    return new


def _next_key(keys: Keys) -> str:
    ring: Keyring = keys.keyring
    if not ring.lasting:
        return ring.current
    number = 1 + max(int(key_id.removeprefix("m")) for key_id in ring.ids)
    try:
        ring.add(f"m{number}", keys.ids.bytes("master", "keyring", number, KEY_BYTES))
    except ValueError as error:
        raise VaultUnavailable("another rotation has just begun and does the work of this one") from error
    return f"m{number}"


async def _take_over(database: Database, new: str, now: int) -> None:
    """From now on nothing can be put under any other key; whatever was being put has been."""
    begun = (postgresql if database.dialect == "postgresql" else sqlite).insert(MASTER).values(id=new, begun_at=now)
    async with database.write() as connection:
        await connection.execute(begun.on_conflict_do_update(index_elements=["id"], set_={"retired_at": None}))
        others = update(MASTER).where(MASTER.c.id != new, MASTER.c.retired_at.is_(None))
        await connection.execute(others.values(retired_at=now))


class _Rotating:
    def __init__(self, database: Database, tables: Tables, keys: Keys, new: str, stand: Stand) -> None:
        self._database, self._tables, self._keys, self._new, self._stand = database, tables, keys, new, stand
        self._done = self._total = 0

    async def count(self) -> None:
        """How much is to be wrapped anew."""
        async with self._database.read() as connection:
            for table in (PERSON, RECORD):
                left = select(func.count()).where(table.c.wrapped_key.is_not(None), table.c.master != self._new)
                self._total += (await connection.execute(left)).scalar_one()

    async def persons(self) -> None:
        query = (
            select(PERSON.c.tenant, PERSON.c.person, PERSON.c.master, PERSON.c.wrapped_key)
            .where(PERSON.c.wrapped_key.is_not(None), PERSON.c.master != self._new)
            .order_by(PERSON.c.tenant, PERSON.c.person)
            .limit(BATCH)
            .with_for_update()
        )
        while True:
            async with self._database.write() as connection:
                await self._in_force(connection)
                rows = (await connection.execute(query)).all()
                for tenant, *stored in rows:
                    row = PersonRow(*stored)
                    fresh = self._keys.wrapped_person(tenant, row.person, self._new, self._keys.person(tenant, row))
                    at = (PERSON.c.tenant == tenant, PERSON.c.person == row.person)
                    values = {"master": self._new, "wrapped_key": fresh.wrapped_key}
                    await connection.execute(update(PERSON).where(*at).values(values))
            if not rows:
                return
            self._wrapped(len(rows))

    async def records(self) -> None:
        last = 0
        query = (
            select(
                *(RECORD.c[name] for name in ("n", "tenant", "tokens")),
                *(RECORD.c[name] for name in ("ref", "purpose", "person", "master", "wrapped_key", "sealed")),
                PERSON.c.master.label("person_master"),
                PERSON.c.wrapped_key.label("person_key"),
            )
            .outerjoin(PERSON, (PERSON.c.tenant == RECORD.c.tenant) & (PERSON.c.person == RECORD.c.person))
            .where(RECORD.c.wrapped_key.is_not(None), RECORD.c.master != self._new)
            .order_by(RECORD.c.n)
            .limit(BATCH)
            .with_for_update(of=RECORD)
        )
        while True:
            async with self._database.write() as connection:
                await self._in_force(connection)
                rows = (await connection.execute(query.where(RECORD.c.n > last))).all()
                if rows:
                    await self._tables.rewrap(connection, self._new, [self._rewrapped(*row) for row in rows])
            if not rows:
                return
            self._wrapped(len(rows))
            last = rows[-1].n

    def _wrapped(self, rows: int) -> None:
        self._done += rows
        told(self._stand, self._done, self._total)

    async def _in_force(self, connection: AsyncConnection) -> None:
        # Another rotation may have passed these rows already: under this key they would be lost when it destroys it.
        retired = select(MASTER.c.retired_at).where(MASTER.c.id == self._new).with_for_update(read=True)
        if (await connection.execute(retired)).scalar_one() is not None:
            raise VaultUnavailable("another rotation has taken over from this one and does its work")

    def _rewrapped(self, n: int, tenant: str, stored: Any, *rest: Any) -> Rewrapped:
        row = SealedRow(*rest)
        old = self._tables.tokens(stored)
        # The search key goes with the master key, so the text is opened for its new tokens; nobody reads it.
        tokens = None if old is None else self._keys.tokens(tenant, self._new, self._keys.text(tenant, row))
        return Rewrapped(n, self._keys.rewrapped(tenant, row, self._new), old, tokens)
