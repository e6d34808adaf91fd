"""A vault on SQLite, on PostgreSQL as the application's role, and on either."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.servers.postgres import app_url, owner_url
from shared import migrations
from shared.clock import ScriptClock
from shared.database import Database
from shared.ids import RandomIds
from shared.vault.keyring import FileKeyring
from shared.vault.store import DatabaseVault
from tests.shared.vault.strongroom import DAY, again, vault_on


@pytest.fixture
async def on_sqlite(tmp_path: Path) -> AsyncIterator[Database]:
    home = tmp_path / "home"
    await asyncio.to_thread(home.mkdir)
    database = Database(f"sqlite+aiosqlite:///{home / 'vault.db'}")
    await migrations.upgrade(database, "vault")
    yield database
    await database.close()


@pytest.fixture
async def as_owner(postgres: str, database_name: str) -> AsyncIterator[Database]:
    """The PostgreSQL database as the role that may do everything to its tables."""
    database = Database(owner_url(postgres, database_name))
    await migrations.upgrade(database, "vault")
    yield database
    await database.close()


@pytest.fixture
async def on_postgres(as_owner: Database, postgres: str, database_name: str) -> AsyncIterator[Database]:
    database = Database(app_url(postgres, database_name), tenant="sonla")
    yield database
    await database.close()


@pytest.fixture(params=["on_sqlite", pytest.param("on_postgres", marks=pytest.mark.servers)])
def database(request: pytest.FixtureRequest) -> Database:
    found: Database = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def clock() -> ScriptClock:
    return ScriptClock(DAY)


@pytest.fixture
def keyring_file(tmp_path: Path) -> Path:
    return tmp_path / "home" / "keyring.json"


@pytest.fixture
def keyring(keyring_file: Path) -> FileKeyring:
    keyring_file.parent.mkdir(exist_ok=True)
    return FileKeyring.make(keyring_file, RandomIds())


@pytest.fixture
def vault(database: Database, keyring: FileKeyring, clock: ScriptClock) -> DatabaseVault:
    return vault_on(database, keyring, clock=clock)


@pytest.fixture
def vault_on_postgres(on_postgres: Database, keyring: FileKeyring, clock: ScriptClock) -> DatabaseVault:
    return vault_on(on_postgres, keyring, clock=clock)


@pytest.fixture
async def beside(
    database: Database, keyring_file: Path, keyring: FileKeyring, clock: ScriptClock
) -> AsyncIterator[DatabaseVault]:
    """The same vault, as another process has it open."""
    opened = again(database)
    yield vault_on(opened, FileKeyring(keyring_file), clock=clock)
    await opened.close()
