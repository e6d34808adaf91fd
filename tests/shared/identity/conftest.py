"""The access database of one installation, on SQLite, under a clock that the test moves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared import migrations
from shared.clock import ScriptClock
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.accounts import Accounts, Post
from shared.identity.sessions import Sessions

HUB = Post(office="VPUB", unit="TCHCQT", capacities=frozenset({Role.HUB, Role.SPECIALIST}))


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    database = Database(f"sqlite+aiosqlite:///{tmp_path / 'access.db'}")
    await migrations.upgrade(database, "access")
    yield database
    await database.close()


@pytest.fixture
def clock() -> ScriptClock:
    return ScriptClock()


@pytest.fixture
def accounts(database: Database, clock: ScriptClock) -> Accounts:
    return Accounts("sonla", database, clock=clock)


@pytest.fixture
def sessions(database: Database, clock: ScriptClock) -> Sessions:
    return Sessions("sonla", database, clock=clock)
