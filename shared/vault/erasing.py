"""Erasure: keys, ciphertext and search tokens go; the certificate stays, and says when nothing can bring them back."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.vault.keyring import Keyring
from shared.vault.port import Erasure
from shared.vault.rows import Tables
from shared.vault.schema import ERASURE, PERSON, RECORD

ROTATE: Final = "rotate the master key: until then an old copy of the files, with the keys of that day, can still be opened"
COMPLETE: Final = "nothing is left to do; copies taken before are closed for good"


class Erasing:
    """The erasures of one tenant."""

    def __init__(self, tenant: str, database: Database, tables: Tables, keyring: Keyring) -> None:
        self._tenant, self._database, self._tables, self._keyring = tenant, database, tables, keyring

    async def record(self, ref: str, now: int) -> Erasure:
        """Erase one text; erased before, its certificate.

        Raises:
            KeyError: no such reference.

        """
        async with self._database.write() as connection:
            erased = select(RECORD.c.erased_at).where(RECORD.c.tenant == self._tenant, RECORD.c.ref == ref).with_for_update()
            row = (await connection.execute(erased)).first()
            if row is None:
                raise KeyError(ref)
            records = await self._empty(connection, RECORD.c.ref == ref, now)
            if records:
                await self._certify(connection, ref, records, now)
        return await self._ended(ref, now)

    async def person(self, person: str, now: int) -> Erasure:
        """Erase a person; one who is unknown here can never be put afterwards either."""
        new = (postgresql if self._database.dialect == "postgresql" else sqlite).insert(PERSON)
        gone = {"wrapped_key": None, "erased_at": now}
        async with self._database.write() as connection:
            destroyed = await connection.execute(
                new.values(tenant=self._tenant, person=person, master=self._keyring.current, **gone)
                .on_conflict_do_update(index_elements=["tenant", "person"], set_=gone, where=PERSON.c.erased_at.is_(None))
                .returning(PERSON.c.person)
            )
            first = destroyed.first() is not None
            records = await self._empty(connection, RECORD.c.person == person, now)
            if first or records:
                await self._certify(connection, person, records, now)
        return await self._ended(person, now)

    async def certificates(self, subject: str | None = None) -> list[Erasure]:
        """Oldest first, each as it stands now."""
        query = select(ERASURE).where(ERASURE.c.tenant == self._tenant).order_by(ERASURE.c.id)
        if subject is not None:
            query = query.where(ERASURE.c.subject == subject)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings().all()
        living = self._keyring.ids
        return [
            Erasure(
                subject=row["subject"],
                records=row["records"],
                at=row["at"],
                master_keys=tuple(row["masters"].split()),
                complete=living.isdisjoint(row["masters"].split()),
                advice=COMPLETE if living.isdisjoint(row["masters"].split()) else ROTATE,
            )
            for row in rows
        ]

    async def _empty(self, connection: AsyncConnection, which: ColumnElement[bool], now: int) -> int:
        mine = (RECORD.c.tenant == self._tenant, which, RECORD.c.erased_at.is_(None))
        rows: Sequence[Any] = (
            await connection.execute(select(RECORD.c.n, RECORD.c.tokens).where(*mine).order_by(RECORD.c.n).with_for_update())
        ).all()
        await self._tables.untoken(connection, [(row.n, row.tokens) for row in rows])
        emptied = {"wrapped_key": None, "sealed": None, "tokens": None, "erased_at": now, "kept": True}
        await connection.execute(update(RECORD).where(*mine).values(emptied))
        return len(rows)

    async def _certify(self, connection: AsyncConnection, subject: str, records: int, now: int) -> None:
        # All keys there are: a copy of the files may be from before a rotation that has not ended yet.
        masters = " ".join(sorted(self._keyring.ids))
        values = {"tenant": self._tenant, "subject": subject, "records": records, "at": now, "masters": masters}
        await connection.execute(insert(ERASURE), values)

    async def _ended(self, subject: str, now: int) -> Erasure:
        await self._tables.compact(whole=False)
        found = await self.certificates(subject)
        if found:
            return found[-1]
        # A text that went with its person has no certificate of its own: the person's covers it.
        return (await self.certificates(await self._person_of(subject)))[-1]

    async def _person_of(self, ref: str) -> str:
        query = select(RECORD.c.person).where(RECORD.c.tenant == self._tenant, RECORD.c.ref == ref)
        async with self._database.read() as connection:
            return str((await connection.execute(query)).scalar_one())
