"""The vault on SQLite or PostgreSQL: texts sealed under keys of their own, every opening written down."""

import secrets
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import Text, and_, bindparam, delete, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.clock import Clock, micros
from shared.contracts.types import Sealed
from shared.database import Database
from shared.ids import Ids
from shared.keys import KeyedHash
from shared.vault import sealing
from shared.vault.keyring import KEY_BYTES, Keyring
from shared.vault.port import ERASED, Entry, Erased, Erasure, Known, PersonErased, VaultUnavailable
from shared.vault.schema import ACCESS, PERSON, RECORD, TOKEN
from shared.vault.sealing import NONCE_BYTES, SALT_BYTES

BATCH: Final = 500
ROTATE: Final = "rotate the master key: until then a copy of the old files could still be opened with it"


class DatabaseVault:
    """One tenant's vault in the database `vault`."""

    def __init__(self, tenant: str, database: Database, keyring: Keyring, *, keyed: KeyedHash, ids: Ids, clock: Clock) -> None:
        self._tenant, self._database, self._keyring = tenant, database, keyring
        self._keyed, self._ids, self._clock = keyed, ids, clock

    def seal(self, command_id: str, purpose: str, text: str, *, person: str | None = None, searchable: bool = False) -> Entry:
        ref = self._ids.bytes(f"ref/{purpose}", command_id, 0, 16).hex()
        salt = self._ids.bytes(f"salt/{purpose}", command_id, 0, SALT_BYTES)
        return Entry(
            sealed=Sealed(ref=ref, digest=sealing.digest(salt, text)),
            text=text,
            salt=salt,
            purpose=purpose,
            command_id=command_id,
            person=person,
            searchable=searchable,
        )

    async def put(self, entries: Sequence[Entry], *, kept: bool = False) -> None:
        if not entries:
            return
        now = micros(self._clock.now())
        try:
            async with self._database.write() as connection:
                persons = await self._person_keys(connection, entries)
                rows = [self._row(entry, persons, now, kept=kept) for entry in entries]
                await connection.execute(self._insert(RECORD).on_conflict_do_nothing(), rows)
                await self._index(connection, entries)
        except (DBAPIError, OSError) as error:
            raise VaultUnavailable(type(error).__name__) from error

    async def open(self, ref: str, *, reader: str, purpose: str) -> str | Erased:
        found = await self.open_many([ref], reader=reader, purpose=purpose)
        return found[ref]

    async def open_many(self, refs: Sequence[str], *, reader: str, purpose: str) -> dict[str, str | Erased]:
        wanted = list(dict.fromkeys(refs))
        if not wanted:
            return {}
        try:
            async with self._database.write() as connection:
                await connection.execute(insert(ACCESS), self._access(wanted, reader, purpose))
                rows = await self._records(connection, wanted)
        except (DBAPIError, OSError) as error:
            raise VaultUnavailable(type(error).__name__) from error
        return {row["ref"]: self._text(row) for row in rows}

    async def accesses(self, *, after: int = 0, limit: int = BATCH) -> list[Mapping[str, Any]]:
        """The access log from an instant on: `at` (microseconds), `reader`, `purpose`, `refs`."""
        query = select(ACCESS).where(ACCESS.c.tenant == self._tenant, ACCESS.c.at >= after).order_by(ACCESS.c.at).limit(limit)
        async with self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return [{**row, "refs": row["refs"].split(" ")} for row in rows]

    async def search(self, words: str, *, limit: int = 200) -> list[str]:
        needed, pairs = sealing.wanted(self._keyed, self._tenant, words)
        if not needed:
            return []
        all_there = (
            select(TOKEN.c.ref)
            .where(TOKEN.c.tenant == self._tenant, TOKEN.c.token.in_(needed))
            .group_by(TOKEN.c.ref)
            .having(func.count() == len(needed))
        ).subquery()
        ranked = (
            select(all_there.c.ref)
            .outerjoin(TOKEN, and_(TOKEN.c.tenant == self._tenant, TOKEN.c.ref == all_there.c.ref, TOKEN.c.token.in_(pairs)))
            .group_by(all_there.c.ref)
            .order_by(func.count(TOKEN.c.token).desc(), all_there.c.ref)
            .limit(limit)
        )
        async with self._database.read() as connection:
            return [row[0] for row in await connection.execute(ranked)]

    async def erase_record(self, ref: str) -> Erasure:
        return await self._erase([RECORD.c.ref == ref], None)

    async def erase_person(self, person: str) -> Erasure:
        return await self._erase([RECORD.c.person == person], person)

    async def rotate_master_key(self) -> str:
        old = self._keyring.current
        new = f"m{int(old.removeprefix('m') or 0) + 1}"
        self._keyring.add(new, self._ids.bytes("master", "keyring", int(new[1:]), KEY_BYTES))
        for table, name in ((PERSON, "person"), (RECORD, "ref")):
            while await self._rewrap(table, name, new):
                pass
        await self._compact()
        for key_id in await self._retired(new):
            self._keyring.destroy(key_id)
        return new

    async def sweep_orphans(self, known: Known, older_than: int) -> int:
        gone = 0
        while True:
            query = (
                select(RECORD.c.ref, RECORD.c.command_id)
                .where(RECORD.c.tenant == self._tenant, RECORD.c.kept.is_(False), RECORD.c.stored_at < older_than)
                .limit(BATCH)
            )
            async with self._database.read() as connection:
                rows = (await connection.execute(query)).all()
            if not rows:
                return gone
            standing = await known(sorted({row.command_id for row in rows}))
            stays = [row.ref for row in rows if row.command_id in standing]
            goes = [row.ref for row in rows if row.command_id not in standing]
            async with self._database.write() as connection:
                await connection.execute(update(RECORD).where(*self._mine(RECORD, stays)).values(kept=True))
                await connection.execute(delete(TOKEN).where(*self._mine(TOKEN, goes)))
                await connection.execute(delete(RECORD).where(*self._mine(RECORD, goes)))
            gone += len(goes)

    def _place(self, ref: str, purpose: str) -> str:
        return f"{self._tenant}|{ref}|{purpose}"

    def _insert(self, table: Any) -> Any:
        return postgresql.insert(table) if self._database.dialect == "postgresql" else sqlite.insert(table)

    def _mine(self, table: Any, refs: Sequence[str]) -> list[Any]:
        return [table.c.tenant == self._tenant, table.c.ref.in_(refs)]

    async def _person_keys(self, connection: AsyncConnection, entries: Sequence[Entry]) -> dict[str, bytes]:
        """The keys of the persons concerned; who is new gets one."""
        persons = sorted({entry.person for entry in entries if entry.person is not None})
        if not persons:
            return {}
        master = self._keyring.current
        rows = [
            {
                "tenant": self._tenant,
                "person": person,
                "master": master,
                "wrapped_key": sealing.wrap(
                    self._keyring.key(master),
                    self._ids.bytes("person-nonce", person, 0, NONCE_BYTES),
                    f"{self._tenant}|{person}",
                    self._ids.bytes("person-key", person, 0, KEY_BYTES),
                ),
            }
            for person in persons
        ]
        await connection.execute(self._insert(PERSON).on_conflict_do_nothing(), rows)
        query = select(PERSON).where(PERSON.c.tenant == self._tenant, PERSON.c.person.in_(persons))
        found = {row["person"]: row for row in (await connection.execute(query)).mappings()}
        for person in persons:
            if found[person]["wrapped_key"] is None:
                raise PersonErased(person)
        return {person: self._person_key(found[person]) for person in persons}

    def _person_key(self, row: Mapping[Any, Any]) -> bytes:
        place = f"{self._tenant}|{row['person']}"
        return sealing.unwrap(self._keyring.key(row["master"]), place, bytes(row["wrapped_key"]))

    def _row(self, entry: Entry, persons: Mapping[str, bytes], now: int, *, kept: bool) -> dict[str, Any]:
        ref = entry.sealed.ref
        place = self._place(ref, entry.purpose)
        key = self._ids.bytes(f"key/{ref}", entry.command_id, 0, KEY_BYTES)
        nonces = self._ids.bytes(f"nonce/{ref}", entry.command_id, 0, 2 * NONCE_BYTES)
        master = None if entry.person is not None else self._keyring.current
        above = persons[entry.person] if entry.person is not None else self._keyring.key(str(master))
        return {
            "tenant": self._tenant,
            "ref": ref,
            "purpose": entry.purpose,
            "person": entry.person,
            "master": master,
            "wrapped_key": sealing.wrap(above, nonces[:NONCE_BYTES], place, key),
            "sealed": sealing.seal(key, nonces[NONCE_BYTES:], place, entry.salt, entry.text),
            "command_id": entry.command_id,
            "stored_at": now,
            "kept": kept,
        }

    async def _index(self, connection: AsyncConnection, entries: Sequence[Entry]) -> None:
        pairs = [
            (token, entry.sealed.ref)
            for entry in entries
            if entry.searchable
            for token in sealing.tokens(self._keyed, self._tenant, entry.text)
        ]
        if not pairs:
            return
        if self._database.dialect == "postgresql":
            # One statement for all: a row each over the wire would cost more than the sealing.
            many = text(
                "insert into token select :tenant, t.token, t.ref from unnest(:tokens, :refs) t(token, ref) "
                "on conflict do nothing"
            ).bindparams(bindparam("tokens", type_=postgresql.ARRAY(Text)), bindparam("refs", type_=postgresql.ARRAY(Text)))
            found = {"tenant": self._tenant, "tokens": [one for one, _ in pairs], "refs": [ref for _, ref in pairs]}
            await connection.execute(many, found)
        else:
            rows = [{"tenant": self._tenant, "token": token, "ref": ref} for token, ref in pairs]
            await connection.execute(sqlite.insert(TOKEN).on_conflict_do_nothing(), rows)

    def _access(self, refs: Sequence[str], reader: str, purpose: str) -> dict[str, Any]:
        return {
            "tenant": self._tenant,
            "id": secrets.token_hex(16),
            "at": micros(self._clock.now()),
            "reader": reader,
            "purpose": purpose,
            "refs": " ".join(refs),
        }

    async def _records(self, connection: AsyncConnection, refs: Sequence[str]) -> list[dict[str, Any]]:
        """Records with the wrapped key of their person beside them."""
        query = (
            select(RECORD, PERSON.c.wrapped_key.label("person_key"), PERSON.c.master.label("person_master"))
            .outerjoin(PERSON, and_(PERSON.c.tenant == RECORD.c.tenant, PERSON.c.person == RECORD.c.person))
            .where(*self._mine(RECORD, refs))
        )
        return [dict(row) for row in (await connection.execute(query)).mappings()]

    def _text(self, row: Mapping[str, Any]) -> str | Erased:
        if row["sealed"] is None or (row["person"] is not None and row["person_key"] is None):
            return ERASED
        if row["person"] is None:
            above = self._keyring.key(row["master"])
        else:
            person = {"person": row["person"], "master": row["person_master"], "wrapped_key": row["person_key"]}
            above = self._person_key(person)
        place = self._place(row["ref"], row["purpose"])
        return sealing.unseal(sealing.unwrap(above, place, bytes(row["wrapped_key"])), place, bytes(row["sealed"]))

    async def _erase(self, which: list[Any], person: str | None) -> Erasure:
        now = micros(self._clock.now())
        mine = [RECORD.c.tenant == self._tenant, *which]
        gone = {"wrapped_key": None, "sealed": None, "erased_at": now}
        async with self._database.write() as connection:
            refs = select(RECORD.c.ref).where(*mine)
            await connection.execute(delete(TOKEN).where(TOKEN.c.tenant == self._tenant, TOKEN.c.ref.in_(refs)))
            changed = await connection.execute(update(RECORD).where(*mine, RECORD.c.erased_at.is_(None)).values(**gone))
            if person is not None:
                at = (PERSON.c.tenant == self._tenant, PERSON.c.person == person)
                await connection.execute(update(PERSON).where(*at).values(wrapped_key=None, erased_at=now))
        await self._compact()
        return Erasure(records=changed.rowcount, at=now, master_key=self._keyring.current, complete=False, advice=ROTATE)

    async def _rewrap(self, table: Any, name: str, new: str) -> int:
        """Put a batch of keys that an older master key wraps under `new`; how many there were."""
        query = (
            select(table)
            .where(table.c.tenant == self._tenant, table.c.wrapped_key.is_not(None), table.c.master.is_not(None))
            .where(table.c.master != new)
            .limit(BATCH)
        )
        async with self._database.write() as connection:
            rows = list((await connection.execute(query)).mappings())
            for row in rows:
                place = f"{self._tenant}|{row[name]}" if name == "person" else self._place(row["ref"], row["purpose"])
                key = sealing.unwrap(self._keyring.key(row["master"]), place, bytes(row["wrapped_key"]))
                nonce = self._ids.bytes(f"rewrap/{new}", row[name], 0, NONCE_BYTES)
                wrapped = sealing.wrap(self._keyring.key(new), nonce, place, key)
                at = (table.c.tenant == self._tenant, table.c[name] == row[name])
                await connection.execute(update(table).where(*at).values(master=new, wrapped_key=wrapped))
        return len(rows)

    async def _retired(self, new: str) -> list[str]:
        """Master keys that no key of any tenant is under any more."""
        async with self._database.read() as connection:
            records = await connection.execute(
                select(RECORD.c.master).where(RECORD.c.wrapped_key.is_not(None), RECORD.c.master.is_not(None)).distinct()
            )
            persons = await connection.execute(select(PERSON.c.master).where(PERSON.c.wrapped_key.is_not(None)).distinct())
            held = {row[0] for row in records} | {row[0] for row in persons}
        candidates = (f"m{n}" for n in range(1, int(new[1:])))
        return [key_id for key_id in candidates if key_id not in held]

    async def _compact(self) -> None:
        """Leave nothing of what was erased in pages that are no longer used, nor in the write-ahead log."""
        if self._database.dialect == "sqlite":
            async with self._database.write_lock, self._database.engine.connect() as connection:
                outside = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await outside.exec_driver_sql("pragma wal_checkpoint(truncate)")
        else:
            async with self._database.engine.connect() as connection:
                own = await connection.execution_options(isolation_level="AUTOCOMMIT")
                await own.execute(text("vacuum record, person, token"))
