"""The access database of one installation, on SQLite, under a clock that the test moves."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from shared import migrations
from shared.clock import ScriptClock
from shared.contracts.roles import Role
from shared.database import Database
from shared.identity.accounts import Accounts, Post
from shared.identity.attempts import Attempts
from shared.identity.links import Links
from shared.identity.pages import Door
from shared.identity.sealing import Seal
from shared.identity.second_step import SecondStep
from shared.identity.sessions import Sessions
from shared.identity.trail import Trail
from shared.keys import KeyedHash

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
def attempts() -> Attempts:
    return Attempts()


@pytest.fixture
def seal() -> Seal:
    return Seal(KeyedHash(bytes(32)))


@pytest.fixture
def accounts(database: Database, clock: ScriptClock, attempts: Attempts) -> Accounts:
    return Accounts("sonla", database, clock=clock, attempts=attempts)


@pytest.fixture
def codes(database: Database, clock: ScriptClock, seal: Seal, attempts: Attempts) -> SecondStep:
    return SecondStep("sonla", database, seal=seal, clock=clock, attempts=attempts, wall=clock)


@pytest.fixture
def trail(database: Database, clock: ScriptClock) -> Trail:
    return Trail("sonla", database, clock=clock)


@pytest.fixture
def links(database: Database, clock: ScriptClock) -> Links:
    return Links("sonla", database, clock=clock)


@pytest.fixture
def door(accounts: Accounts, sessions: Sessions, codes: SecondStep, links: Links, trail: Trail, attempts: Attempts) -> Door:
    return Door(accounts=accounts, sessions=sessions, codes=codes, links=links, trail=trail, attempts=attempts)


@pytest.fixture
def sessions(database: Database, clock: ScriptClock) -> Sessions:
    return Sessions("sonla", database, clock=clock)
