"""A vault that cannot be reached says so, holds nobody up for long, and is there again by itself."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import asyncpg
import pytest
from sqlalchemy import text

from shared import database as databases
from shared.database import Database
from shared.ids import RandomIds
from shared.vault.keyring import FileKeyring
from shared.vault.port import VaultUnavailable
from shared.vault.store import DatabaseVault
from tests.shared.vault.strongroom import WORDS, again, keep, read, vault_on

pytestmark = pytest.mark.servers


@pytest.fixture(autouse=True)
def _impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "LOCK_TIMEOUT_MS", 300)


@pytest.fixture
async def administrator(postgres: str, database_name: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(f"postgresql://postgres@{postgres}/{database_name}")
    yield connection
    await connection.close()


async def cut(administrator: asyncpg.Connection) -> None:
    """End every session on the vault's database, as a failing server does."""
    others = "datname = current_database() and pid <> pg_backend_pid()"
    await administrator.execute(f"select pg_terminate_backend(pid, 5000) from pg_stat_activity where {others}")


async def test_puts_openings_and_searches_outlive_a_server_that_ends_its_sessions(
    vault_on_postgres: DatabaseVault, administrator: asyncpg.Connection
) -> None:
    vault, ref = vault_on_postgres, await keep(vault_on_postgres)
    await cut(administrator)
    assert await read(vault, ref) == WORDS
    await cut(administrator)
    assert await vault.search("sat lo") == [ref]
    await cut(administrator)
    name = await keep(vault, "Mai", command="c-2", person="s-1")
    assert await read(vault, name) == "Mai"


async def test_whatever_else_meets_such_a_server_says_so_and_can_be_done_again(
    vault_on_postgres: DatabaseVault, administrator: asyncpg.Connection
) -> None:
    vault, ref = vault_on_postgres, await keep(vault_on_postgres)
    asked: list[Callable[[], Awaitable[object]]] = [
        vault.accesses,
        vault.erasures,
        vault.rotate_master_key,
        lambda: vault.erase_person("s-1"),
        lambda: vault.erase_record(ref),
    ]
    for ask in asked:
        await vault.erasures()  # so that a session is there to be ended
        await cut(administrator)
        with pytest.raises(VaultUnavailable):
            await ask()
        await asyncio.sleep(0.05)  # until the end of the session has arrived
        await ask()


async def test_rows_that_another_holds_are_waited_for_a_moment_only(
    vault_on_postgres: DatabaseVault, on_postgres: Database
) -> None:
    vault, ref = vault_on_postgres, await keep(vault_on_postgres)
    name = await keep(vault, "Mai", command="c-2", person="s-1")
    async with on_postgres.write() as holder:
        await holder.execute(text("select * from record for update"))
        await holder.execute(text("select * from person for update"))
        for ask in (
            vault.rotate_master_key(),
            vault.erase_record(ref),
            vault.erase_person("s-1"),
            keep(vault, "0912", command="c-3", person="s-1"),
        ):
            with pytest.raises(VaultUnavailable, match="LockNotAvailable"):
                await ask
    assert await vault.open_many([ref, name], reader="p", purpose="t") == {ref: WORDS, name: "Mai"}


async def test_what_took_too_long_is_not_tried_again(
    on_postgres: Database, vault_on_postgres: DatabaseVault, administrator: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "LOCK_TIMEOUT_MS", 20_000)
    patient = again(on_postgres)
    vault = vault_on(patient, vault_on_postgres._keyring)
    await keep(vault, person="s-1")
    async with on_postgres.write() as holder:
        await holder.execute(text("select * from person for update"))
        put = asyncio.create_task(keep(vault, command="c-2", person="s-1"))
        await asyncio.sleep(0.3)
        assert await administrator.fetchval("select sum(pg_cancel_backend(pid)::int) from pg_locks where not granted") == 1
        with pytest.raises(VaultUnavailable, match="QueryCanceled"):
            async with asyncio.timeout(5):
                await put
    await patient.close()


async def test_a_mistake_of_ours_is_not_called_an_absence(as_owner: Database, keyring: FileKeyring) -> None:
    vault = vault_on(as_owner, keyring)
    async with as_owner.write() as connection:
        await connection.execute(text("alter table erasure rename to lost"))
    with pytest.raises(Exception, match="does not exist") as caught:
        await vault.erasures()
    assert not isinstance(caught.value, VaultUnavailable)


async def test_a_server_that_is_away_is_said_to_be(on_postgres: Database, keyring: FileKeyring) -> None:
    away = Database("postgresql+asyncpg://nobody@127.0.0.1:1/vault")
    vault = vault_on(away, keyring, ids=RandomIds())
    for ask in (keep(vault), read(vault, "0" * 32), vault.search("sat"), vault.erasures(), vault.erase_person("s-1")):
        with pytest.raises(VaultUnavailable):
            await ask
    await away.close()


async def test_of_openings_served_together_one_that_cannot_be_written_down_fails_alone(
    vault_on_postgres: DatabaseVault,
) -> None:
    """PostgreSQL stores no NUL; which reader has one in the name is nobody else's trouble."""
    vault, ref = vault_on_postgres, await keep(vault_on_postgres)
    opened = await asyncio.gather(
        *(vault.open(ref, reader=reader, purpose="t") for reader in ("p-1", "p\0", "p-2")), return_exceptions=True
    )
    assert (opened[0], opened[2]) == (WORDS, WORDS)
    assert isinstance(opened[1], asyncpg.PostgresError)
    assert [line["reader"] for line in await vault.accesses()] == ["p-1", "p-2"]
