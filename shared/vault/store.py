"""The vault on SQLite or PostgreSQL: texts sealed under keys of their own, every opening written down."""

import sqlite3
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Final

import asyncpg
from sqlalchemy import Select, literal, select
from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from shared.clock import Clock, micros
from shared.contracts.types import Sealed
from shared.database import Database
from shared.ids import Ids
from shared.keys import KeyedHash
from shared.progress import Stand, unseen
from shared.vault import erasing, orphans, rotation, sealing
from shared.vault.beside import BESIDE
from shared.vault.beside import MOST as MOST_OPENED
from shared.vault.gathering import Gathering
from shared.vault.keyring import Keyring, KeyUnknown
from shared.vault.port import ERASED, Entry, Erased, Erasure, Known, PersonErased, Readings, VaultUnavailable
from shared.vault.postgres import GONE, PostgresTables
from shared.vault.rows import Noted, PersonRow, RecordRow, SealedRow, Tables
from shared.vault.schema import ACCESS
from shared.vault.sealing import SALT_BYTES
from shared.vault.sqlite import SqliteTables
from shared.vault.wrapping import Keys

MOST_TOGETHER: Final = 100  # puts or openings of one transaction
PAGE: Final = 500
_AWAY: Final = (
    *GONE, OperationalError, InterfaceError, PoolTimeout, TimeoutError, sqlite3.OperationalError,
    asyncpg.InsufficientResourcesError, asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Put:
    entries: Sequence[Entry]
    kept: bool


@dataclass(frozen=True, slots=True)
class _Opening:
    refs: Sequence[str]
    reader: str
    purpose: str


class DatabaseVault:
    """One tenant's vault in the database `vault`."""

    def __init__(self, tenant: str, database: Database, keyring: Keyring, *, keyed: KeyedHash, ids: Ids, clock: Clock) -> None:
        self._tenant, self._database, self._keyring = tenant, database, keyring
        self._ids, self._clock = ids, clock
        self._keys = Keys(keyring, keyed, ids)
        self._tables: Tables = SqliteTables(database) if database.dialect == "sqlite" else PostgresTables(database)
        self._puts: Gathering[_Put, None] = Gathering(self._put_all, most=MOST_TOGETHER)
        self._openings: Gathering[_Opening, dict[str, SealedRow]] = Gathering(self._open_all, most=MOST_TOGETHER)

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
        if entries:
            await self._puts.ask(_Put(tuple(entries), kept))

    async def open(self, ref: str, *, reader: str, purpose: str) -> str | Erased:
        return (await self.open_many([ref], reader=reader, purpose=purpose))[ref]

    async def open_many(self, refs: Sequence[str], *, reader: str, purpose: str) -> dict[str, str | Erased]:
        """Several texts, logged as one access that names all; unknown references are left out.

        Raises:
            ValueError: more than 5 000 at once.
            VaultDamaged, VaultUnavailable

        """
        wanted = list(dict.fromkeys(refs))
        if not wanted:
            return {}
        if len(wanted) > MOST_OPENED:
            raise ValueError(f"{len(wanted)} texts; one access opens at most {MOST_OPENED}")
        together = BESIDE.get()
        if together is not None:
            return dict(await together.texts(wanted, self._opened))
        return await self._opened(wanted, reader, purpose)

    async def _opened(self, wanted: Sequence[str], reader: str, purpose: str) -> dict[str, str | Erased]:
        rows = await self._openings.ask(_Opening(wanted, reader, purpose))
        try:
            return self._texts(wanted, rows)
        except KeyUnknown:
            # A rotation ended between reading and opening: the rows are wrapped anew.
            async with _away():
                again = await self._tables.opened(self._tenant, micros(self._clock.now()), [], wanted)
            return self._texts(wanted, {row.ref: row for row in again})

    async def accesses(
        self, *, after: int = 0, reader: str | None = None, ref: str | None = None, limit: int = PAGE
    ) -> list[Mapping[str, Any]]:
        """The access log beyond line `after`: `id`, `at` (microseconds), `reader`, `purpose`, `refs`; of one reader or text."""
        which = self._accesses(Readings(reader=reader, ref=ref)).where(ACCESS.c.id > after)
        return await self._lines(which.order_by(ACCESS.c.id).limit(limit))

    async def latest_accesses(self, of: Readings, *, before: int | None = None, limit: int = PAGE) -> list[Mapping[str, Any]]:
        """The same lines, the newest first, ahead of line `before`."""
        which = self._accesses(of)
        which = which if before is None else which.where(ACCESS.c.id < before)
        return await self._lines(which.order_by(ACCESS.c.id.desc()).limit(limit))

    def _accesses(self, of: Readings) -> Select[Any]:
        query = select(ACCESS).where(ACCESS.c.tenant == self._tenant)
        equal = ((ACCESS.c.reader, of.reader), (ACCESS.c.purpose, of.purpose))
        query = query.where(*(column == value for column, value in equal if value is not None))
        if of.ref is not None:
            query = query.where((literal(" ") + ACCESS.c.refs + " ").contains(f" {of.ref} ", autoescape=True))
        if of.since is not None:
            query = query.where(ACCESS.c.at >= of.since)
        return query if of.until is None else query.where(ACCESS.c.at < of.until)

    async def _lines(self, query: Select[Any]) -> list[Mapping[str, Any]]:
        async with _away(), self._database.read() as connection:
            rows = (await connection.execute(query)).mappings()
            return [{**row, "refs": row["refs"].split(" ")} for row in rows]

    async def search(self, words: str, *, limit: int = 200) -> list[str]:
        while True:
            current = self._keyring.current
            found = await self._found(words, current, limit)
            # Had another key taken over meanwhile, texts would be under one that was not looked under.
            if self._keyring.current == current:
                return found

    async def erase_record(self, ref: str) -> Erasure:
        async with _away():
            return await self._erasing.record(ref, micros(self._clock.now()))

    async def erase_person(self, person: str) -> Erasure:
        async with _away():
            return await self._erasing.person(person, micros(self._clock.now()))

    async def erasures(self, subject: str | None = None) -> list[Erasure]:
        async with _away():
            return await self._erasing.certificates(subject)

    async def rotate_master_key(self, stand: Stand = unseen) -> str:
        async with _away():
            return await rotation.rotate(self._database, self._tables, self._keys, micros(self._clock.now()), stand)

    async def sweep_orphans(self, known: Known, older_than: int) -> int:
        async with _away():
            return await orphans.sweep(
                self._database, self._tables, self._tenant, known, older_than=older_than, now=micros(self._clock.now())
            )

    @property
    def _erasing(self) -> erasing.Erasing:
        return erasing.Erasing(self._tenant, self._database, self._tables, self._keyring)

    async def _found(self, words: str, current: str, limit: int) -> list[str]:
        found: dict[str, None] = {}
        # While one master key takes over from another, texts are found under either; under the old ones first, so that
        # none is missed that goes over between two looks.
        for master in sorted(self._keyring.ids, key=lambda key_id: key_id == current):
            try:
                needed, pairs = self._keys.wanted(self._tenant, master, words)
            except KeyUnknown:  # destroyed just now: nothing is under it
                continue
            if needed:
                async with _away():
                    found = dict.fromkeys(await self._tables.search(self._tenant, needed, pairs, limit)) | found
        return list(found)[:limit]

    async def _put_all(self, asked: Sequence[_Put]) -> list[Exception | None]:
        persons = sorted({entry.person for put in asked for entry in put.entries if entry.person is not None})
        refused: set[int] = set()
        async with _away():
            while True:
                master = self._keyring.current

                def sealed(people: Mapping[str, PersonRow], master: str = master) -> list[RecordRow]:
                    return self._sealed(asked, master, people, refused)

                fresh = [self._keys.fresh_person(self._tenant, person, master) for person in persons]
                outcome = await self._tables.put(self._tenant, master, micros(self._clock.now()), fresh, sealed)
                if not outcome.retired:
                    break
                if self._keyring.current == master:
                    raise VaultUnavailable(f"the master key {master} is retired: start with the key that took over from it")
        return [
            PersonErased("the person's key is destroyed") if n in refused | outcome.refused else None for n in range(len(asked))
        ]

    def _sealed(self, asked: Sequence[_Put], master: str, people: Mapping[str, PersonRow], refused: set[int]) -> list[RecordRow]:
        """The rows of all puts but those for an erased person, each reference once."""
        keys = {name: self._keys.person(self._tenant, row) for name, row in people.items() if row.wrapped_key is not None}
        rows: dict[str, RecordRow] = {}
        for n, put in enumerate(asked):
            if any(entry.person is not None and entry.person not in keys for entry in put.entries):
                refused.add(n)
                continue
            for entry in put.entries:
                if entry.sealed.ref not in rows:
                    person = None if entry.person is None else keys[entry.person]
                    rows[entry.sealed.ref] = self._keys.sealed(self._tenant, n, entry, master, person, kept=put.kept)
        return list(rows.values())

    async def _open_all(self, asked: Sequence[_Opening]) -> list[dict[str, SealedRow] | Exception]:
        noted = [Noted(opening.reader, opening.purpose, " ".join(opening.refs)) for opening in asked]
        refs = list(dict.fromkeys(ref for opening in asked for ref in opening.refs))
        async with _away():
            rows = await self._tables.opened(self._tenant, micros(self._clock.now()), noted, refs)
        found = {row.ref: row for row in rows}
        return [{ref: found[ref] for ref in opening.refs if ref in found} for opening in asked]

    def _texts(self, wanted: Sequence[str], rows: Mapping[str, SealedRow]) -> dict[str, str | Erased]:
        return {ref: self._text(rows[ref]) for ref in wanted if ref in rows}

    def _text(self, row: SealedRow) -> str | Erased:
        if row.sealed is None or row.wrapped_key is None or (row.person is not None and row.person_key is None):
            return ERASED
        return self._keys.text(self._tenant, row)


@asynccontextmanager
async def _away() -> AsyncIterator[None]:
    try:
        yield
    except _AWAY as error:
        raise VaultUnavailable(f"the vault: {type(error).__name__}") from error
    except DBAPIError as error:
        # SQLAlchemy has names of its own for a few errors only; the driver's stands behind it.
        if not isinstance(error.driver_exception, _AWAY):
            raise
        raise VaultUnavailable(f"the vault: {type(error.driver_exception).__name__}") from error
