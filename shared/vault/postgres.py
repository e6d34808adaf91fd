"""The vault's statements on PostgreSQL: one round trip for each group, and one more where persons are concerned."""

from collections.abc import Sequence
from typing import Any, Final

import asyncpg
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncConnection

from shared.database import Database
from shared.vault.rows import Noted, Outcome, PersonRow, RecordRow, Rewrapped, Seal, SealedRow

ATTEMPTS: Final = 4
MOST_RANKED: Final = 10_000  # texts that are compared for a search
# InternalClientError: asked between the farewell of a server and the end of the connection, the driver is confused.
GONE: Final = (
    asyncpg.PostgresConnectionError, asyncpg.OperatorInterventionError, asyncpg.InterfaceError, asyncpg.InternalClientError,
    OSError,
)  # fmt: skip

# Rows are locked for share: the rotation that retires the master key, and whoever erases the person, wait for this
# statement, or it for them, and then it finds the row retired or erased.
_STANDS: Final = "stands as materialized (select id from master where id = $2 and retired_at is null for share)"
_PEOPLE: Final = f"""
with {_STANDS},
made as (
    insert into person (tenant, person, master, wrapped_key)
    select $1, fresh.person, $2, fresh.wrapped_key
    from unnest($3::text[], $4::bytea[]) fresh(person, wrapped_key) where exists (select from stands) order by 1
    on conflict do nothing returning person, master, wrapped_key)
select person, master, wrapped_key from made
union all select person, master, wrapped_key from person where tenant = $1 and person = any($3)"""
_PUT: Final = f"""
with {_STANDS},
asked as (
    select * from unnest($4::int[], $5::text[], $6::text[], $7::text[], $8::bytea[], $9::bytea[], $10::text[], $11::text[],
                         $12::bool[])
    t(asker, ref, purpose, person, wrapped_key, sealed, tokens, command_id, kept)),
alive as materialized (
    select person from person where tenant = $1 and person in (select person from asked) and wrapped_key is not null
    order by person for share),
refused as (
    select distinct asker from asked where person is not null and person not in (select person from alive)),
stored as (
    insert into record (tenant, ref, purpose, person, master, wrapped_key, sealed, tokens, command_id, stored_at, kept)
    select $1, ref, purpose, person, $2, wrapped_key, sealed, tokens::bigint[], command_id, $3, kept from asked
    where exists (select from stands) and asker not in (select asker from refused) order by ref
    on conflict (tenant, ref) do update set doubted_at = null where record.doubted_at is not null)
select exists (select from stands) as stands, array(select asker from refused) as refused"""
_OPEN: Final = """
with noted as (
    insert into access (tenant, at, reader, purpose, refs)
    select $1, $2, line.* from unnest($3::text[], $4::text[], $5::text[]) line),
wanted as (
    update record set doubted_at = null where tenant = $1 and ref = any($6::text[]) and doubted_at is not null)
select r.ref, r.purpose, r.person, r.master, r.wrapped_key, r.sealed, p.master, p.wrapped_key
from record r left join person p on p.tenant = r.tenant and p.person = r.person
where r.tenant = $1 and r.ref = any($6)"""
_SEARCH: Final = """
select ref from (select ref, n, tokens from record where tenant = $1 and tokens @> $2::bigint[] limit $5) found
order by (select count(*) from unnest(tokens) token where token = any($3::bigint[])) desc, n desc limit $4"""
_REWRAP: Final = text(
    """update record set master = :master, wrapped_key = fresh.wrapped_key, tokens = fresh.tokens::bigint[]
       from unnest(cast(:n as bigint[]), cast(:keys as bytea[]), cast(:tokens as text[])) fresh(n, wrapped_key, tokens)
       where record.n = fresh.n"""
)


class PostgresTables:
    """`Tables` over the PostgreSQL database `vault`, as the application's role."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._begun: set[str] = set()  # master keys that have their row

    async def put(self, tenant: str, master: str, now: int, fresh: Sequence[PersonRow], seal: Seal) -> Outcome:
        if master not in self._begun:
            await self._fetch("insert into master (id, begun_at) values ($1, $2) on conflict do nothing", master, now)
            self._begun.add(master)
        people: dict[str, PersonRow] = {}
        if fresh:
            names, keys = [row.person for row in fresh], [row.wrapped_key for row in fresh]
            for _ in range(ATTEMPTS):
                people = {row[0]: PersonRow(*row) for row in await self._fetch(_PEOPLE, tenant, master, names, keys)}
                # Someone who was made by another at this moment is seen the next time.
                if len(people) == len(names):
                    break
            else:
                return Outcome(retired=True)
        rows = seal(people)
        if not rows:
            return Outcome(retired=False)
        stands, refused = (await self._fetch(_PUT, tenant, master, now, *_columns(rows)))[0]
        return Outcome(retired=not stands, refused=frozenset(refused))

    async def opened(self, tenant: str, now: int, noted: Sequence[Noted], refs: Sequence[str]) -> list[SealedRow]:
        lines = [[line.reader for line in noted], [line.purpose for line in noted], [line.refs for line in noted]]
        return [SealedRow(*row) for row in await self._fetch(_OPEN, tenant, now, *lines, list(refs))]

    async def search(self, tenant: str, needed: Sequence[int], pairs: Sequence[int], limit: int) -> list[str]:
        rows = await self._fetch(_SEARCH, tenant, list(needed), list(pairs), limit, MOST_RANKED)
        return [row[0] for row in rows]

    async def untoken(self, connection: AsyncConnection, rows: Sequence[tuple[int, Any]]) -> None:
        """Nothing to do: the tokens go with their column."""

    async def rewrap(self, connection: AsyncConnection, master: str, rows: Sequence[Rewrapped]) -> None:
        fresh = {
            "n": [row.n for row in rows],
            "keys": [row.wrapped_key for row in rows],
            "tokens": [_literal(row.tokens) for row in rows],
        }
        await connection.execute(_REWRAP, {"master": master, **fresh})

    def tokens(self, stored: Any) -> list[int] | None:
        return None if stored is None else list(stored)

    async def compact(self, *, whole: bool) -> bool:
        async with self._database.engine.connect() as connection:
            driver = await _driver_of(connection)
            await driver.execute("set statement_timeout = 0")
            try:
                await driver.execute("vacuum record, person")
            finally:
                await connection.invalidate()  # with its time-out switched off it must not go back
        return True

    async def _fetch(self, query: str, *arguments: Any) -> list[Any]:
        # The driver is used directly, so the pool does not notice by itself that a connection has died. Every statement
        # of this module can be done again.
        for attempt in range(ATTEMPTS):
            async with self._database.engine.connect() as connection:
                try:
                    found: list[Any] = await (await _driver_of(connection)).fetch(query, *arguments)
                except asyncpg.QueryCanceledError:  # it took too long, and would again
                    raise
                except GONE:
                    await connection.invalidate()
                    if attempt == ATTEMPTS - 1:
                        raise
                else:
                    return found
        raise AssertionError("the loop returns or raises")


async def _driver_of(connection: AsyncConnection) -> Any:
    return (await connection.get_raw_connection()).driver_connection


def _literal(tokens: Sequence[int] | None) -> str | None:
    # Arrays of different lengths do not make one array of arrays: each goes as text.
    return None if tokens is None else f"{{{','.join(map(str, tokens))}}}"


def _columns(rows: Sequence[RecordRow]) -> list[list[Any]]:
    return [list(column) for column in zip(*(row._replace(tokens=_literal(row.tokens)) for row in rows), strict=True)]  # type: ignore[arg-type]
